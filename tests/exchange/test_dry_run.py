from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from collabdesk.errors import Refusal
from collabdesk.exchange.delimited import observations
from collabdesk.exchange.dry_run import DryRun, dry_run
from collabdesk.exchange.profiles import Profile

NAME = "MHSDS_Data_4WW_AprPerf_2024_v2.csv"
UNITS = {"MRS10a": "days", "MRS08b": "percent", "MRS13": "count"}
RowWriter = Callable[..., str]
TableWriter = Callable[..., bytes]


Released = Callable[..., bytes]


@pytest.fixture
def released(table: TableWriter, row: RowWriter) -> Released:
    return lambda *rows: table(*(row(**cells) for cells in rows))


def account(data: bytes, profile: Profile, name: str = NAME, before: bytes = b"") -> DryRun:
    previous = observations(before, profile) if before else ()
    return dry_run(
        data, name, profile, known_measures=UNITS, known_orgs={"RP7", "RXM"}, previous=previous
    )


def test_the_april_file_is_accounted_for(resources: Path, profile: Profile) -> None:
    name = "MHSDS_Data_4WW_AprPerf_2024_v2.csv.gz"
    found = account((resources / "samples" / name).read_bytes(), profile, name)
    summary = found.summary
    assert (summary.status, summary.version) == ("performance", 2)
    assert f"{summary.period_start:%d/%m/%Y} {summary.period_end:%d/%m/%Y}" == (
        "01/02/2024 30/04/2024"
    )
    assert (summary.rows, summary.suppressed, summary.missing) == (19_958, 12_477, 0)
    assert (summary.measures, summary.organisations, summary.duplicates) == (44, 476, 0)
    assert (found.rows_in, found.mapped, found.parked) == (19_958, 19_958, 0)
    assert (found.blocked, found.changes.added) == ((), 19_958)
    assert found.travels == "published"


def test_what_would_change_is_told_with_the_largest_first(
    profile: Profile, table: TableWriter, row: RowWriter
) -> None:
    gone = row(code="RHA")
    before = table(row(), row(measure="MRS13", value="100"), row(code="RXM", value="*"), gone)
    after = table(
        row(name="LINCOLNSHIRE"),
        row(measure="MRS13", value="130", name="LINCOLNSHIRE"),
        row(code="RXM", value="5"),
        row(code="RXM", measure="MRS08b", value="50"),
    )
    changes = account(after, profile, before=before).changes
    assert (changes.added, changes.gone, changes.revised, changes.same) == (1, 1, 2, 1)
    assert [(c.before, c.after) for c in changes.examples] == [("100", "130"), (None, "5")]
    assert [code for code, *_ in changes.renamed] == ["RP7"]
    assert changes.organisations_gone == ("RHA",)


def test_an_identical_file_changes_nothing(profile: Profile, table: TableWriter) -> None:
    changes = account(table(), profile, before=table()).changes
    assert (changes.added, changes.gone, changes.revised, changes.same) == (0, 0, 0, 1)


def test_unknown_codes_are_counted_and_do_not_block(
    profile: Profile, table: TableWriter, row: RowWriter
) -> None:
    data = table(row(), row(measure="NEW1"), row(code="ZZZ"), row(breakdown="Moon"))
    found = account(data, profile)
    assert found.summary.unknown_measures == ("NEW1",)
    assert found.summary.unknown_organisations == ("ZZZ",)
    assert found.summary.unknown_breakdowns == ("Moon",)
    assert (found.rows_in, found.mapped, found.parked) == (4, 3, 1)
    assert found.blocked == ()
    assert found.warnings == (
        "Measures not in the catalogue: 1, in 1 rows (NEW1).",
        "Organisations not in the reference list: 1, in 1 rows (ZZZ).",
        "Breakdowns the profile does not know, left out: 1, in 1 rows (Moon).",
    )


def test_a_national_row_needs_no_organisation_code(
    profile: Profile, table: TableWriter, row: RowWriter
) -> None:
    found = account(table(row(breakdown="England", code="England")), profile)
    assert found.summary.unknown_organisations == ()


@pytest.mark.parametrize(
    ("cells", "name", "words"),
    [
        ({"measure": "MRS08b", "value": "101"}, NAME, "a percentage of 101"),
        ({"measure": "MRS08b", "value": "-1"}, NAME, "a percentage of -1"),
        ({"status": "Final"}, NAME, "name says performance, its rows say final"),
        ({}, NAME.replace("Apr", "May"), "name says May, its rows end on 30/04/2024"),
        ({}, NAME.replace("2024", "2023"), "name says 2023, its rows end on 30/04/2024"),
    ],
)
def test_what_must_not_come_in_is_blocked_with_the_reason(
    profile: Profile, released: Released, cells: dict[str, str], name: str, words: str
) -> None:
    found = account(released(cells), profile, name)
    assert [words in reason for reason in found.blocked] == [True]


def test_a_figure_stated_twice_is_blocked(profile: Profile, released: Released) -> None:
    found = account(released({}, {"value": "15"}), profile)
    assert found.blocked[0].startswith("Rows 2 and 3 both give MRS10a for RP7")
    assert found.summary.duplicates == 1


def test_rows_of_two_statuses_are_blocked(
    profile: Profile, table: TableWriter, row: RowWriter
) -> None:
    found = account(table(row(), row(code="RXM", status="Final")), profile)
    assert "more than one status: final, performance" in found.blocked[0]


def test_the_list_of_reasons_stays_readable(
    profile: Profile, table: TableWriter, row: RowWriter
) -> None:
    found = account(table(*(row() for _ in range(60))), profile)
    assert found.summary.duplicates == 59
    assert len(found.blocked) == 20


def test_an_unrounded_count_is_a_warning_below_national_level(
    profile: Profile, table: TableWriter, row: RowWriter
) -> None:
    england = row(measure="MRS13", value="12", breakdown="England", code="England")
    found = account(table(row(measure="MRS13", value="12"), england), profile)
    assert found.warnings == (
        "Counts that are not multiples of 5, though the source rounds them: 1.",
    )


def test_a_file_about_nothing_known_is_refused(
    profile: Profile, table: TableWriter, row: RowWriter
) -> None:
    with pytest.raises(Refusal, match="no row is about") as caught:
        account(table(row(breakdown="Moon")), profile)
    assert caught.value.code == "unknown-breakdown"


def test_a_dry_run_can_be_stopped(resources: Path, profile: Profile) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Refusal) as caught:
        dry_run(
            resources / "samples" / "MHSDS_Data_4WW_SepPerf_2024.csv.gz",
            "MHSDS_Data_4WW_SepPerf_2024.csv.gz",
            profile,
            known_measures=UNITS,
            known_orgs=(),
            cancel=stop,
        )
    assert caught.value.code == "cancelled"


def test_a_status_only_the_name_states_is_taken_from_there(
    profile: Profile, table: TableWriter, row: RowWriter
) -> None:
    assert account(table(row(status="")), profile).summary.status == "performance"
    assert account(table(row(status="")), profile, "mine.csv").summary.status == "local"
