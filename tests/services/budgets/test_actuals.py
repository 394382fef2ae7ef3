"""A month of the general ledger on its way into ours: control total, mapping, waiting, posting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import pytest

from collabdesk.domain.budgets.actuals import SourceRow
from collabdesk.domain.changes import OWN, Insert
from collabdesk.errors import Refusal
from collabdesk.services.budgets.actuals import actuals
from collabdesk.services.budgets.actuals.actuals_board import ActualsBoard, actuals_board
from collabdesk.services.budgets.actuals.actuals_commands import (
    ImportTrialBalance,
    MapCode,
    PostWaiting,
)
from collabdesk.services.budgets.closing.blockers import blockers
from collabdesk.services.budgets.closing.close_commands import CloseMonth
from collabdesk.services.budgets.closing.posting_commands import CorrectJournal, TrueLine
from collabdesk.services.budgets.planning.year_commands import KeepProvider
from collabdesk.services.budgets.queries import journals, ledger_check
from collabdesk.services.needs import needs
from collabdesk.storage.queries import actuals as stored
from collabdesk.storage.queries.ledger import PostedJournal
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance

TRUST = "Trust ledger"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One alliance for the file: each test has a month, or a source, of its own."""
    alliance = found_alliance(tmp_path_factory.mktemp("actuals"), ("a",))
    made = Office(alliance)
    made.begin()
    made.plan("ASL", "RHA", 24_000_000)
    made.plan("PER", "RP7", 12_000_000)
    made.agree()
    yield made
    alliance.close()


def file(month: int, *rows: tuple[str, str, int], source: str = TRUST) -> ImportTrialBalance:
    made = tuple(
        SourceRow(number, centre, subjective, month, amount_p, words=f"{centre} spending")
        for number, (centre, subjective, amount_p) in enumerate(rows, start=2)
    )
    total_p = sum(row.amount_p for row in made)
    digest = sha256(repr(rows).encode()).digest()
    return ImportTrialBalance(f"M{month}.csv", digest, source, YEAR, month, made, total_p)


def map_code(office: Office, centre: str, line: str = "ASL", **more: object) -> None:
    asked: dict[str, object] = {
        "source": TRUST,
        "fiscal_year": YEAR,
        "from_month": 1,
        "cost_centre": centre,
        "subjective": "",
        "service_line": office.lines[line],
        "provider": "RHA",
    }
    office.run(MapCode(**(asked | more)))  # type: ignore[arg-type]


def spent(office: Office, month: int, source: str = TRUST) -> dict[tuple[str, str], int]:
    found = office.ask(stored.posted_spend, YEAR, source, month)
    return {(reference, at): p for (reference, _, at), p in found.items() if p}


def posted(office: Office, month: int) -> list[PostedJournal]:
    every = office.ask(journals, YEAR)
    return [one for one in every if one.kind == "actual" and one.effective_month == month]


def board(office: Office) -> ActualsBoard:
    return office.ask(actuals_board, office.alliance.desks["lead"].workspace.me, YEAR)


def in_the_way(office: Office, month: int) -> list[str]:
    return [one.code for one in office.ask(blockers, YEAR, month)]


def test_import_map_and_post(office: Office) -> None:
    map_code(office, "C1")
    map_code(office, "C1", "PER", subjective="7000", provider="rp7")
    tb = file(1, ("C1", "5210", 1_000), ("C1", "7000", 500), ("C2", "5210", 70), ("C3", "1", -7))
    done = office.run(tb)
    assert done.words == ("M1.csv: 2 lines posted, £15.00 in all; 2 rows of £0.63 to be mapped")
    assert spent(office, 1) == {("C1 5210", "RHA"): 1_000, ("C1 7000", "RP7"): 500}
    (journal,) = posted(office, 1)
    (kept,) = [x for x in office.ask(stored.source_files) if x.month == 1]
    assert (journal.source_file, kept.control_p, kept.rows) == (kept.row, 1_563, 4)
    assert sorted(x.source_row or 0 for x in journal.lines) == [0, 2, 3]
    assert {x.words for x in journal.lines if x.account == "spend"} == {"C1 spending"}
    assert in_the_way(office, 1) == ["rows_unmapped"]
    lead = office.alliance.desks["lead"].workspace
    assert "2 rows of the general ledger to map" in [x.title for x in office.ask(needs, lead).mine]
    with pytest.raises(Refusal, match=r"2 rows of £0\.63 without a mapping"):
        office.run(CloseMonth(YEAR, 1))
    map_code(office, "C2")
    map_code(office, "C3", service_line=None, left_out=True)
    assert office.run(PostWaiting(YEAR)).words == "1 row that waited posted, £0.70 in all"
    assert spent(office, 1)["C2 5210", "RHA"] == 70
    assert in_the_way(office, 1) == []
    assert office.ask(ledger_check).holds
    assert office.run(tb).words == "M1.csv is here already; nothing changes"
    assert office.run(PostWaiting(YEAR)).words == "No row that waits is mapped yet"


def test_a_corrected_file_posts_the_difference_alone(office: Office) -> None:
    map_code(office, "D1")
    office.run(file(2, ("D1", "1", 1_000), ("D1", "2", 300), ("X9", "1", 5)))
    office.run(file(2, ("D1", "1", 1_000), ("D1", "3", 40), ("X9", "1", 6), ("D1", "1", 1)))
    assert spent(office, 2) == {("D1 1", "RHA"): 1_001, ("D1 3", "RHA"): 40}
    last = posted(office, 2)[-1]
    amounts = sorted(line.amount_p for line in last.lines if line.account == "spend")
    assert amounts == [-300, 1, 40]
    waiting = [row.amount_p for row in office.ask(stored.waiting_rows) if row.cost_centre == "X9"]
    assert waiting == [6]
    assert in_the_way(office, 2) == ["rows_unmapped"]
    assert (in_the_way(office, 1), in_the_way(office, 3)) == ([], ["rows_unmapped"])
    map_code(office, "X9", service_line=None, left_out=True)
    office.run(PostWaiting(YEAR))
    assert in_the_way(office, 3) == []


def test_a_changed_mapping_moves_what_was_posted(office: Office) -> None:
    map_code(office, "E1")
    tb = file(3, ("E1", "1", 900), ("E2", "1", 0))
    office.run(tb)
    map_code(office, "E1", "PER", provider="RP7", from_month=3)
    map_code(office, "E2", service_line=None, left_out=True)
    assert in_the_way(office, 2) == []
    assert in_the_way(office, 3) == ["rows_unmapped", "mapping_changed"]
    (behind,) = [one for one in board(office).files if one.remapped]
    assert behind.month == 3
    office.run(tb)
    assert spent(office, 3) == {("E1 1", "RP7"): 900}
    assert in_the_way(office, 3) == []
    # What was posted after it had waited is held to the rule it was posted by as well.
    map_code(office, "E2", "PER", from_month=2)
    assert in_the_way(office, 3) == ["mapping_changed"]
    office.run(tb)
    assert (in_the_way(office, 3), spent(office, 3)) == ([], {("E1 1", "RP7"): 900})


def test_a_row_that_cannot_be_read_takes_nothing_back_and_blocks_the_close(office: Office) -> None:
    map_code(office, "U1", source="Unread")
    whole = file(4, ("U1", "1", 1_000), ("U1", "2", 500), source="Unread")
    office.run(whole)
    torn = file(4, ("U1", "1", 900), ("U1", "3", 40), source="Unread")
    office.run(replace(torn, unread=1))
    assert sum(spent(office, 4, "Unread").values()) == 1_540
    assert in_the_way(office, 4) == ["rows_unread"]
    assert [one.unread for one in board(office).files if one.source == "Unread"] == [1, 0]
    office.run(file(4, ("U1", "1", 900), ("U1", "2", 500), ("U1", "3", 40), source="Unread"))
    assert sum(spent(office, 4, "Unread").values()) == 1_440
    assert in_the_way(office, 4) == []


def test_the_same_rows_come_in_once_whatever_month_or_ledger_they_are_called(
    office: Office,
) -> None:
    """I13."""
    map_code(office, "V1", source="Once")
    april = replace(file(1, ("V1", "1", 700), source="Once"), unsaid="month")
    office.run(april)
    for other in (
        replace(april, month=2, rows=(replace(april.rows[0], month=2),)),
        replace(april, source="Another ledger"),
        replace(april, fiscal_year="2027/28"),
    ):
        with pytest.raises(Refusal, match=r"here already as M1 Apr 2026 from Once \(M1\.csv\)"):
            office.run(other)
    # A file that says its own months has other rows of another month.
    both = replace(file(5, ("V1", "1", 10), source="Once"), sha256=b"2" * 32)
    office.run(both)
    office.run(replace(both, month=6, rows=(replace(both.rows[0], month=6),)))
    with pytest.raises(Refusal, match="would count twice") as found:
        office.run(replace(both, source="Another ledger"))
    assert found.value.field == "source"
    # Once the month has a file of its own, the rows may come as what they are.
    office.run(file(1, ("V1", "1", 650), source="Once"))
    office.run(replace(april, month=2, rows=(replace(april.rows[0], month=2),)))
    assert (spent(office, 1, "Once"), spent(office, 2, "Once")) == (
        {("V1 1", "RHA"): 650},
        {("V1 1", "RHA"): 700},
    )


def test_a_month_that_is_closed_takes_its_difference_in_the_next_open_one(office: Office) -> None:
    map_code(office, "F1")
    closed = {"fiscal_year": YEAR, "state": "soft_closed"}
    earlier = [Insert("month_state", OWN, closed | {"month": n}, f"M{n}") for n in (1, 2, 3)]
    office.alliance.desks["lead"].change(*earlier)
    office.run(file(4, ("F1", "1", 900)))
    office.run(CloseMonth(YEAR, 4))
    office.run(file(4, ("F1", "1", 950)))
    late = posted(office, 4)[-1]
    assert (late.posting_month, late.effective_month) == (5, 4)
    assert spent(office, 4) == {("F1 1", "RHA"): 950}


def test_what_was_corrected_by_hand_counts_as_it_is_now(office: Office) -> None:
    map_code(office, "G1")
    office.run(file(6, ("G1", "1", 900)))
    journal = posted(office, 6)[-1]
    line = next(x for x in journal.lines if x.account == "spend")
    office.run(CorrectJournal(journal.row, (TrueLine(line.row, 800),), "An invoice twice"))
    assert spent(office, 6) == {("G1 1", "RHA"): 800}
    office.run(file(6, ("G1", "1", 800)))
    assert spent(office, 6) == {("G1 1", "RHA"): 800}
    assert in_the_way(office, 6) == []


def test_a_long_file_takes_several_steps_and_blocks_the_close_between(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actuals, "AT_ONCE", 3)
    map_code(office, "H1", source="Long")
    office.run(file(6, ("H1", "9", 50), source="long "))
    journal, line = next(
        (one, x)
        for one in posted(office, 6)
        for x in one.lines
        if (x.account, x.amount_p) == ("spend", 50)
    )
    # A month that was corrected by hand excuses no other month of its source.
    office.run(CorrectJournal(journal.row, (TrueLine(line.row, 40),), "Ten too many"))
    rows = [("H1", str(n), 100 + n) for n in range(5)]
    tb = file(7, *rows, source="Long")
    assert office.run(tb).words.endswith("2 still to come")
    assert in_the_way(office, 7) == ["file_part_posted"]
    assert (in_the_way(office, 6), in_the_way(office, 8)) == ([], ["file_part_posted"])
    office.run(tb)
    assert sum(spent(office, 7, "Long").values()) == 510
    assert in_the_way(office, 7) == []
    assert "nothing changes" in office.run(tb).words


def test_a_mapping_is_undone_as_one_step_and_is_set_anew_in_its_month(office: Office) -> None:
    map_code(office, "K1", source="Undo")
    map_code(office, "K1", "PER", source="Undo")
    (kept,) = office.ask(stored.mappings, YEAR, "Undo")
    assert kept.service_line == office.lines["PER"]
    office.alliance.desks["lead"].workspace.undo().result()
    (kept,) = office.ask(stored.mappings, YEAR, "Undo")
    assert kept.service_line == office.lines["ASL"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"control_p": 101}, "control_total"),
        ({"rows": (), "control_p": 0}, "no_rows"),
        ({"source": " "}, "source_missing"),
        ({"month": 13}, "month"),
        ({"fiscal_year": "2026"}, "fiscal_year"),
    ],
)
def test_nothing_is_posted_from_a_file_that_is_refused(
    office: Office, change: dict[str, object], code: str
) -> None:
    before = office.ask(ledger_check).journals
    with pytest.raises(Refusal) as found:
        office.run(replace(file(8, ("C1", "5210", 100)), **change))  # type: ignore[arg-type]
    assert found.value.code == code
    assert office.ask(ledger_check).journals == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cost_centre": " "}, "cost_centre"),
        ({"service_line": None}, "service_line"),
        ({"service_line": b"?" * 16}, "service_line"),
        ({"provider": "?"}, "provider"),
    ],
)
def test_a_mapping_that_says_too_little_is_refused_at_its_field(
    office: Office, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Refusal) as found:
        map_code(office, **({"centre": "C1"} | change))  # type: ignore[arg-type]
    assert found.value.field == field


def test_once_providers_are_listed_no_other_is_mapped_to(office: Office) -> None:
    for code in ("RHA", "RP7"):
        office.run(KeepProvider(code, code))
    with pytest.raises(Refusal, match="not on the list of providers") as found:
        map_code(office, "L1", provider="RT5")
    assert (found.value.code, found.value.field) == ("unknown_provider", "provider")
    map_code(office, "L1", provider="RP7")


def test_partners_neither_map_nor_post(office: Office) -> None:
    with pytest.raises(Refusal) as found:
        office.run(file(9, ("C1", "5210", 100)), "a")
    assert found.value.code == "lead_only"
    with pytest.raises(Refusal):
        office.run(MapCode(TRUST, YEAR, 1, "C1", "", left_out=True), "a")
