from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from collabdesk.services.improvement import (
    AddMeasure,
    PointTyped,
    RecordDataPoints,
    RegisterProject,
)
from collabdesk.services.improvement.charts import RunChart, XmrChart, run_chart, xmr_chart
from collabdesk.storage.queries import improvement as stored
from collabdesk.storage.tables.projections import PROJECTIONS
from tests.services.improvement.sample import Made
from tests.services.paper import Paper


def charts(paper: Paper, measure: bytes) -> tuple[RunChart, XmrChart]:
    with paper.read() as reads:
        found = stored.measure(reads, measure)
        assert found is not None
        return run_chart(reads, found), xmr_chart(reads, found)


def entered(
    paper: Paper, values: Sequence[int], direction: str = "increase", target: str = ""
) -> bytes:
    paper.run(RegisterProject("Calls", "More calls answered by June"))
    paper.run(
        AddMeasure(
            paper.new["project"],
            "Calls",
            "process",
            "count",
            direction,
            "calls",
            target=target,
        )
    )
    measure = paper.new["measure"]
    first = dt.date(2026, 1, 5)
    typed = tuple(
        PointTyped(first + dt.timedelta(weeks=week), str(value))
        for week, value in enumerate(values)
    )
    if typed:
        paper.run(RecordDataPoints(measure, typed))
    return measure


def test_the_sample_has_shifted_for_the_better(paper: Paper, made: Made) -> None:
    run, xmr = charts(paper, made.measure)
    assert (run.median, len(run.readings)) == (40.0, 24)
    assert run.runs is not None
    assert (run.runs.longest, run.runs.longest_allowed) == (10, 7)
    assert (run.signal, run.verdict) == (True, "good")
    assert "10 points in a row below its median of 40 days" in run.finding
    assert run.finding.endswith("an improvement")
    assert (xmr.variation, xmr.provisional) == ("improvement_low", False)
    assert xmr.marks[-1]
    assert xmr.verdicts[-1] == "good"
    assert xmr.finding.startswith("Special cause, last in October 2026")
    assert xmr.finding.endswith("an improvement")


def test_a_shift_the_wrong_way_is_a_concern(paper: Paper) -> None:
    run, xmr = charts(paper, entered(paper, [9, 9, 9, 9, 9, 9, 9, 2, 2, 2, 2, 2, 2, 2, 2]))
    assert run.median == 2.0
    assert xmr.verdicts[-1] == "concern"


@pytest.mark.parametrize("direction", ["increase", "neutral"])
def test_chance_alone_is_no_signal(paper: Paper, direction: str) -> None:
    run, xmr = charts(paper, entered(paper, [5, 7, 4, 8, 5, 7, 3, 6, 8, 4, 7, 5], direction, "6"))
    assert (run.signal, run.verdict) == (False, "")
    assert "no signal" in run.finding
    assert set(xmr.marks) == {""}
    assert xmr.provisional
    assert xmr.assurance == ("inconsistent" if direction == "increase" else "")
    assert xmr.finding == "Common cause variation: no special cause among the points"


def test_too_few_crossings_are_a_signal_without_a_side(paper: Paper) -> None:
    ten = [1, 2, 1, 2, 1, 9, 8, 9, 8, 9, 1, 2, 1, 2, 1, 9, 8, 9, 8, 9]
    run, _ = charts(paper, entered(paper, ten))
    assert (run.signal, run.verdict) == (True, "neutral")


def test_few_values_are_dots_without_rules(paper: Paper) -> None:
    for values in ([], [5], [5, 7, 6]):
        run, xmr = charts(paper, entered(paper, values))
        assert (run.signal, xmr.lower, xmr.variation) == (False, None, "")
        assert str(len(values)) in xmr.finding


def test_equal_values_show_no_variation(paper: Paper) -> None:
    run, xmr = charts(paper, entered(paper, [7] * 14))
    assert not run.signal
    assert (xmr.mean, xmr.lower, xmr.variation) == (7.0, None, "")
    assert xmr.finding == "No variation: all values are the same"


def test_a_missing_value_and_a_contested_one_are_marked(paper: Paper, made: Made) -> None:
    gap = PointTyped(dt.date(2026, 11, 1), note="Not collected")
    paper.run(RecordDataPoints(made.measure, (gap,)))
    first = next(row for row in paper.rows("data_point") if row["period_start"] == "2024-11-01")
    paper.contest("data_point", first["row"], "value")
    run, _ = charts(paper, made.measure)
    assert (run.readings[-1].value, run.readings[-1].note) == (None, "Not collected")
    assert [reading.contested for reading in run.readings[:2]] == [True, False]


def test_a_period_two_trusts_entered_apart_is_shown_once_and_marked(
    paper: Paper, made: Made
) -> None:
    points = PROJECTIONS["data_point"]
    first = next(row for row in paper.rows("data_point") if row["period_start"] == "2024-11-01")
    with paper.write() as writes:
        writes.execute(points.insert().values(dict(first) | {"row": b"\xff" * 16, "value": "99"}))
    run, _ = charts(paper, made.measure)
    assert len(run.readings) == 24
    assert (run.readings[0].value, run.readings[0].contested) == (99.0, True)


def test_special_cause_of_a_neutral_measure_is_neither_good_nor_bad(paper: Paper) -> None:
    _, xmr = charts(paper, entered(paper, [5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 40], "neutral"))
    assert xmr.verdicts[-1] == "neutral"
    assert xmr.marks[-1] == "a point outside the natural process limits"
