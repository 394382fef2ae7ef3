from __future__ import annotations

import datetime as dt

import pytest

from collabdesk.services.improvement import (
    AddMeasure,
    PointTyped,
    RecordDataPoints,
    RegisterProject,
)
from collabdesk.services.improvement.points import refused_points
from tests.services.improvement.sample import Made
from tests.services.paper import RP1, RP7, Paper

JANUARY = dt.date(2027, 1, 1)
FEBRUARY = dt.date(2027, 2, 1)


def values(paper: Paper) -> dict[str, str]:
    return {row["period_start"]: row["value"] for row in paper.rows("data_point")}


def test_a_paste_of_many_is_one_step(paper: Paper, made: Made) -> None:
    typed = (PointTyped(JANUARY, "30.50"), PointTyped(FEBRUARY, "", note="Team on strike"))
    before = values(paper)
    outcome = paper.run(RecordDataPoints(made.measure, typed))
    assert outcome.words == "Paste of 2 values into “Median days from referral to first contact”"
    assert outcome.record == ("measure", made.measure)
    assert values(paper) == before | {"2027-01-01": "30.5", "2027-02-01": None}
    paper.undo(outcome)
    assert values(paper) == before


def test_a_period_that_is_there_is_set_and_undo_brings_it_back(paper: Paper, made: Made) -> None:
    first = dt.date(2024, 11, 1)
    outcome = paper.run(RecordDataPoints(made.measure, (PointTyped(first, "50"),)))
    assert values(paper)["2024-11-01"] == "50"
    assert outcome.words == "Value of “Median days from referral to first contact”"
    paper.undo(outcome)
    assert values(paper)["2024-11-01"] == "41"


def test_what_is_there_already_is_not_written_again(paper: Paper, made: Made) -> None:
    same = RecordDataPoints(made.measure, (PointTyped(dt.date(2024, 11, 1), "41.0"),))
    assert paper.refused(same).code == "nothing_changed"
    assert paper.refused(RecordDataPoints(made.measure, ())).code == "nothing_changed"


def test_a_bad_row_is_refused_by_its_number_and_nothing_is_written(
    paper: Paper, made: Made
) -> None:
    before = values(paper)
    typed = (
        PointTyped(JANUARY, "30"),
        PointTyped(None, "30"),
        PointTyped(JANUARY, "31"),
        PointTyped(FEBRUARY, "thirty"),
        PointTyped(FEBRUARY),
    )
    refusal = paper.refused(RecordDataPoints(made.measure, typed))
    assert (refusal.code, refusal.field) == ("period_missing", "2.period_start")
    assert refusal.words.startswith("Row 2: ")
    assert values(paper) == before
    with paper.read() as reads:
        found = refused_points(RecordDataPoints(made.measure, typed), reads, RP1)
    assert [(refused.code, refused.field) for refused in found] == [
        ("period_missing", "2.period_start"),
        ("period_twice", "3.period_start"),
        ("decimal", "4.value"),
        ("point_empty", "5.value"),
    ]


def test_a_contested_value_is_resolved_before_it_is_changed(paper: Paper, made: Made) -> None:
    first = next(row for row in paper.rows("data_point") if row["period_start"] == "2024-11-01")
    paper.contest("data_point", first["row"], "value")
    wanted = RecordDataPoints(made.measure, (PointTyped(dt.date(2024, 11, 1), "50"),))
    assert paper.refused(wanted).code == "contested"


def share(paper: Paper) -> bytes:
    paper.run(RegisterProject("Joint", "Better by June", joint=True))
    paper.run(
        AddMeasure(paper.new["project"], "Seen in time", "process", "proportion", "increase", "%")
    )
    return paper.new["measure"]


def test_a_share_is_entered_by_its_parts_or_in_per_cent(paper: Paper) -> None:
    measure = share(paper)
    parts = PointTyped(JANUARY, numerator="1,200", denominator="1600")
    paper.run(RecordDataPoints(measure, (parts, PointTyped(FEBRUARY, "80 %"))), RP7)
    january, february = sorted(paper.rows("data_point"), key=lambda row: row["period_start"])
    assert (january["numerator"], january["denominator"], january["value"]) == (1200, 1600, None)
    assert february["value"] == "80"
    assert january["shared"] == "joint_projects"


@pytest.mark.parametrize(
    ("typed", "code", "field"),
    [
        (PointTyped(JANUARY, numerator="5", denominator="4"), "numerator_above_denominator", ""),
        (PointTyped(JANUARY, numerator="5.5", denominator="9"), "whole_number", "numerator"),
        (PointTyped(JANUARY, numerator="5"), "point_parts", "numerator"),
        (PointTyped(JANUARY, numerator="0", denominator="0"), "denominator", "denominator"),
        (PointTyped(JANUARY, "101"), "above_all", "value"),
    ],
)
def test_a_share_that_cannot_be_is_refused(
    paper: Paper, typed: PointTyped, code: str, field: str
) -> None:
    refusal = paper.refused(RecordDataPoints(share(paper), (typed,)))
    assert refusal.code == code
    assert refusal.field == (field or "numerator")


def test_a_measure_is_named_and_of_a_known_kind(paper: Paper, made: Made) -> None:
    outcome = paper.run(AddMeasure(made.project, "Missed visits", "balancing", "count", "decrease"))
    paper.undo(outcome)
    assert len(paper.rows("measure")) == 1
    for wrong, code in (
        (AddMeasure(made.project, "", "process", "count", "increase"), "name_missing"),
        (AddMeasure(made.project, "x", "wish", "count", "increase"), "kind_unknown"),
        (AddMeasure(made.project, "x", "process", "mood", "increase"), "value_kind_unknown"),
        (AddMeasure(made.project, "x", "process", "count", "up"), "direction_unknown"),
        (
            AddMeasure(made.project, "x", "process", "count", "increase", target="many"),
            "decimal",
        ),
    ):
        assert paper.refused(wrong).code == code
    assert paper.refused(RecordDataPoints(b"0" * 16, ())).code == "no_measure"
