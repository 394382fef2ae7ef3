"""Cycles follow one another on a ramp and close with what was learnt."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from collabdesk.domain.changes import SetCells
from collabdesk.domain.improvement.drivers import Driver, DriverKind
from collabdesk.domain.improvement.pdsa import (
    Cycle,
    CyclePlan,
    CycleStatus,
    Decision,
    Scale,
    close_cycle,
    move_on,
    plan_cycle,
)
from collabdesk.errors import Refusal

IDEA = Driver(b"i" * 16, b"p" * 16, DriverKind.CHANGE_IDEA, "Text reminders")
FIRST = Cycle(b"1" * 16, IDEA.row, 1, 1, CycleStatus.PLANNED, dt.date(2026, 5, 4))
ASKED = CyclePlan(" Do reminders help one clinic? ")


def test_a_cycle_takes_the_next_number_of_its_ramp() -> None:
    others = [replace(FIRST, ramp=2, number=8), replace(FIRST, idea=b"x" * 16, number=9)]
    change = plan_cycle(IDEA, ASKED, [FIRST, *others])
    assert change.cells == {
        "project": IDEA.project,
        "idea": IDEA.row,
        "ramp": 1,
        "number": 2,
        "objective": "Do reminders help one clinic?",
        "status": "planned",
    }


def test_what_is_planned_is_kept() -> None:
    wanted = replace(
        ASKED,
        prediction="Fewer missed",
        plan="One clinic",
        start=dt.date(2026, 5, 4),
        end=dt.date(2026, 5, 4),
        scale=Scale.ONE_DAY,
    )
    cells = plan_cycle(IDEA, wanted).cells
    assert (cells["number"], cells["scale"], cells["end"]) == (1, "one_day", dt.date(2026, 5, 4))
    assert (cells["prediction"], cells["plan"]) == ("Fewer missed", "One clinic")


@pytest.mark.parametrize(
    ("wanted", "code", "field"),
    [
        (replace(ASKED, objective=" "), "objective_missing", "objective"),
        (replace(ASKED, number=1), "cycle_number", "number"),
        (replace(ASKED, number=-1), "cycle_number", "number"),
        (replace(ASKED, ramp=0), "cycle_number", "number"),
        (
            replace(ASKED, start=dt.date(2026, 6, 2), end=dt.date(2026, 6, 1)),
            "end_before_start",
            "end",
        ),
        (replace(ASKED, start=dt.date(2026, 5, 3)), "cycles_out_of_order", "start"),
    ],
)
def test_a_cycle_that_breaks_a_rule_is_refused(wanted: CyclePlan, code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        plan_cycle(IDEA, wanted, [FIRST])
    assert (refused.value.code, refused.value.field) == (code, field)


def test_an_earlier_cycle_may_not_start_later() -> None:
    third = replace(FIRST, number=3)
    with pytest.raises(Refusal) as refused:
        plan_cycle(IDEA, replace(ASKED, number=2, start=dt.date(2026, 5, 5)), [third])
    assert refused.value.code == "cycles_out_of_order"
    same_day = plan_cycle(IDEA, replace(ASKED, number=2, start=dt.date(2026, 5, 4)), [third])
    assert same_day.cells["number"] == 2


def test_only_a_change_idea_is_tested() -> None:
    with pytest.raises(Refusal, match="not a primary driver"):
        plan_cycle(replace(IDEA, kind=DriverKind.PRIMARY_DRIVER), ASKED)


def test_a_cycle_moves_from_plan_to_do_to_study() -> None:
    doing = move_on(FIRST, CycleStatus.DOING)
    assert doing == SetCells("pdsa_cycle", FIRST.row, {"status": "doing"})
    studying = move_on(replace(FIRST, status=CycleStatus.DOING), CycleStatus.STUDYING)
    assert studying.cells == {"status": "studying"}


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (CycleStatus.PLANNED, CycleStatus.STUDYING),
        (CycleStatus.STUDYING, CycleStatus.CLOSED),
        (CycleStatus.CLOSED, CycleStatus.PLANNED),
    ],
)
def test_other_moves_are_refused(now: CycleStatus, wanted: CycleStatus) -> None:
    with pytest.raises(Refusal) as refused:
        move_on(replace(FIRST, status=now), wanted)
    assert refused.value.code == "cycle_status"


def test_closing_needs_what_was_learnt_and_what_is_done() -> None:
    closed = close_cycle(FIRST, " Half as many missed ", Decision.ADAPT)
    assert closed.cells == {
        "study": "Half as many missed",
        "decision": "adapt",
        "status": "closed",
    }
    for study, decision, code in (
        (" ", Decision.ADOPT, "study_missing"),
        ("Learnt", None, "decision_missing"),
    ):
        with pytest.raises(Refusal) as refused:
            close_cycle(FIRST, study, decision)
        assert refused.value.code == code


def test_a_closed_cycle_stays_closed() -> None:
    with pytest.raises(Refusal) as refused:
        close_cycle(replace(FIRST, status=CycleStatus.CLOSED), "Learnt", Decision.ADOPT)
    assert refused.value.code == "cycle_status"
