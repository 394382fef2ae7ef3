from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from collabdesk.domain.metrics.catalogue import MRS08B, MRS10A, Better, PublishedMeasure, Unit
from collabdesk.domain.metrics.observation import Flag
from collabdesk.domain.metrics.standards import Attainment
from collabdesk.domain.statistics.intervals import wilson
from collabdesk.errors import Refusal
from collabdesk.services.metrics import HANDLERS, SetStandard
from collabdesk.services.metrics.compare import Row, Table, compare
from collabdesk.services.metrics.queries import (
    periods,
    published_measure,
    release_list,
    standards,
)
from collabdesk.services.metrics.reference import Reference
from collabdesk.storage.queries import metrics as stored
from collabdesk.storage.tables.durable import BLOB
from tests.services.metrics.conftest import APRIL, SEPTEMBER, Importer, bring_into
from tests.services.paper import RP7, Paper

TRUSTS = {
    "RHA": "Nottinghamshire Healthcare",
    "RP1": "Northamptonshire Healthcare",
    "RP7": "Lincolnshire Partnership",
    "RT5": "Leicestershire Partnership",
    "RXM": "Derbyshire Healthcare",
}
APRIL_END = dt.date(2024, 4, 30)
SEPTEMBER_END = dt.date(2024, 9, 30)


@pytest.fixture(scope="module")
def both(reference: Reference) -> Paper:
    """Both published files, imported; tests only read, or set standards of their own."""
    paper = Paper(HANDLERS, RP7)
    for path in (APRIL, SEPTEMBER):
        bring_into(paper, reference, path)
    return paper


def held(paper: Paper, value: str, metric: str = "MRS08b", since: int = 2024) -> None:
    day = dt.date(since, 4, 1)
    paper.run(SetStandard(metric, "target", value, "Board paper 7", day, day))


def table(
    paper: Paper, measure: PublishedMeasure = MRS08B, end: dt.date | None = SEPTEMBER_END
) -> Table:
    with paper.read() as reads:
        return compare(reads, measure, TRUSTS, end)


def row(found: Table, code: str) -> Row:
    return next(each for each in found.rows if each.code == code)


def test_the_share_is_ordered_best_first_and_suppressed_last(both: Paper) -> None:
    found = table(both)
    assert [(each.code, each.rank, each.value) for each in found.rows] == [
        ("RHA", 1, 20),
        ("RP7", 2, 7),
        ("RXM", 3, 4),
        ("RT5", None, None),
        ("RP1", None, None),
    ]
    assert {each.flag for each in found.rows[3:]} == {Flag.SUPPRESSED}
    assert found.rows[4].note == "suppressed: fewer than 5, or no data"
    assert (found.period_start, found.before_end) == (dt.date(2024, 7, 1), APRIL_END)
    assert found.national == Fraction("15.656909")


def test_the_interval_carries_the_rounding_of_the_denominator(both: Paper) -> None:
    found = row(table(both), "RXM")
    assert found.denominator == 135
    assert found.near is not None
    assert found.near.lower == 100 * min(wilson(0.04 * n, n).lower for n in (133, 137))
    assert found.near.upper == 100 * max(wilson(0.04 * n, n).upper for n in (133, 137))


def test_against_fifteen_one_clears_two_fall_short_and_two_cannot_be_told(both: Paper) -> None:
    held(both, "15")
    found = table(both)
    assert {each.code: each.attainment for each in found.rows} == {
        "RHA": Attainment.MET,
        "RP7": Attainment.NOT_MET,
        "RXM": Attainment.NOT_MET,
        "RT5": Attainment.CANNOT_TELL,
        "RP1": Attainment.CANNOT_TELL,
    }
    assert found.finding == "One clears 15%, two fall short, two cannot be told"
    assert found.standard is not None
    assert found.standard.source == "Board paper 7"


def test_an_interval_that_crosses_the_standard_cannot_tell(both: Paper) -> None:
    held(both, "18")
    assert row(table(both), "RHA").attainment is Attainment.CANNOT_TELL
    assert table(both).finding == "None clear 18%, two fall short, three cannot be told"


def test_the_standard_of_the_period_is_the_one_in_force(both: Paper) -> None:
    held(both, "15")
    held(both, "90", since=2025)
    found = table(both).standard
    assert found is not None
    assert found.value == "15"
    with both.read() as reads:
        assert [known.value for known in standards(reads, "MRS08b")] == ["15", "90"]


def test_change_is_counted_from_april_and_rounding_is_no_change(both: Paper) -> None:
    found = table(both)
    first = row(found, "RHA")
    assert (first.before, first.change) == (Fraction(17), Fraction(3))
    assert row(found, "RHA").change_words == "3 points more than in April 2024: better"
    assert row(found, "RP7").change_words == "as in April 2024"
    assert row(found, "RXM").change_words == (
        "not told apart from April 2024: the figures are rounded"
    )
    assert row(found, "RP1").change_words == ""


def test_the_median_has_no_interval_and_fewer_days_are_better(both: Paper) -> None:
    found = table(both, MRS10A)
    assert [each.code for each in found.rows] == ["RP7", "RT5", "RHA", "RXM", "RP1"]
    assert all(each.near is None and not each.note for each in found.rows)
    assert row(found, "RP7").change_words == "4 days fewer than in April 2024: better"
    assert row(found, "RP1").change_words == "98 days more than in April 2024: worse"
    assert found.finding == (
        "From 10 days (Lincolnshire Partnership) to 454 days (Northamptonshire Healthcare)"
    )
    held(both, "69", "MRS10a")
    held_to = table(both, MRS10A)
    assert row(held_to, "RT5").attainment is Attainment.MET
    assert held_to.finding == "Two are within 69 days, three fall short"


def test_without_a_period_the_latest_is_compared(both: Paper) -> None:
    assert table(both, end=None).period_end == SEPTEMBER_END
    first = table(both, end=APRIL_END)
    assert (first.period_end, first.before_end) == (APRIL_END, None)
    assert {each.change_words for each in first.rows} == {""}


@pytest.mark.parametrize(
    ("denominator", "people", "note"),
    [
        ("MRS08b", 4, "no interval: fewer than 20 people, rounded"),
        ("", None, "no interval: how many people it is of is not published"),
    ],
)
def test_without_enough_people_there_is_no_interval_and_nothing_can_be_told(
    both: Paper, denominator: str, people: int | None, note: str
) -> None:
    held(both, "15")
    measure = PublishedMeasure("MRS08b", "Share", Unit.PERCENT, Better.HIGHER, denominator)
    found = row(table(both, measure), "RXM")
    assert (found.denominator, found.near, found.note) == (people, None, note)
    assert found.attainment is Attainment.CANNOT_TELL


def test_without_trusts_all_providers_of_the_file_are_compared(both: Paper) -> None:
    with both.read() as reads:
        found = compare(reads, "MRS10a")
        with pytest.raises(Refusal) as refused:
            compare(reads, "MRS99")
    assert refused.value.code == "unknown_measure"
    assert len(found.rows) > len(TRUSTS)
    assert row(found, "RHA").name == "NOTTINGHAMSHIRE HEALTHCARE NHS FOUNDATION TRUST"


def test_nothing_imported_is_said(paper: Paper) -> None:
    found = table(paper, end=None)
    assert (found.period_end, found.standard, found.national) == (None, None, None)
    assert {each.flag for each in found.rows} == {Flag.MISSING}
    assert found.finding == "No trust has a figure that may be shown"


def test_a_measure_that_is_neither_better_nor_worse_is_only_told(both: Paper) -> None:
    count = PublishedMeasure("MRS08", "Clock stops", Unit.COUNT, Better.NEUTRAL)
    found = table(both, count)
    assert {each.rank for each in found.rows} == {None}
    assert found.finding == (
        "From 640 (Lincolnshire Partnership) to 25 (Northamptonshire Healthcare)"
    )
    assert row(found, "RP7").change_words == "30 more than in April 2024"


def test_without_a_standard_the_finding_tells_the_ends_and_the_hidden(
    paper: Paper, bring: Importer
) -> None:
    bring(SEPTEMBER)
    assert table(paper).finding == (
        "From 20% (Nottinghamshire Healthcare) to 4% (Derbyshire Healthcare); two cannot be shown"
    )
    with paper.read() as reads:
        one = compare(reads, "MRS08b", {"RHA": "Nottinghamshire Healthcare"})
    assert one.finding == "Only 20% (Nottinghamshire Healthcare)"


def test_the_reference_list_gives_the_measure_with_its_denominator(
    reference: Reference,
) -> None:
    assert published_measure(reference, "MRS08b") == PublishedMeasure(
        "MRS08b",
        "Children: clock stops within four weeks",
        Unit.PERCENT,
        Better.HIGHER,
        "MRS08",
    )


def test_releases_say_which_is_shown_and_which_waits(paper: Paper, bring: Importer) -> None:
    bring(APRIL)
    bring(SEPTEMBER)
    with paper.read() as reads:
        assert [line.state for line in release_list(reads)] == ["shown", "shown"]
        assert periods(reads) == (SEPTEMBER_END, APRIL_END)
    with paper.write() as writes:
        first = stored.releases(writes)[0]
        stored.forget(writes, [first.row])
        assert release_list(writes)[0].state == "its file cannot be read"
        writes.execute(BLOB.delete())
        assert release_list(writes)[0].state == "waiting for the file"
        assert [line.current for line in release_list(writes)] == [False, True]
