from __future__ import annotations

import datetime as dt

import pytest

from collabdesk.services.improvement import (
    CloseCycle,
    PlanCycle,
    RecordStudy,
    RegisterProject,
    StartCycle,
)
from tests.services.improvement.sample import Made
from tests.services.paper import RP7, Paper

MONDAY = dt.date(2026, 11, 2)


@pytest.fixture
def cycle(paper: Paper, made: Made) -> bytes:
    paper.run(
        PlanCycle(made.project, made.drivers["C3"], "Does Monday release help?", start=MONDAY)
    )
    return paper.new["cycle"]


def row(paper: Paper, cycle: bytes) -> dict[str, object]:
    return dict(next(found for found in paper.rows("pdsa_cycle") if found["row"] == cycle))


def test_a_cycle_is_planned_begun_studied_and_closed(paper: Paper, cycle: bytes) -> None:
    assert row(paper, cycle)["number"] == 1
    paper.run(StartCycle(cycle))
    assert row(paper, cycle)["status"] == "doing"
    paper.run(RecordStudy(cycle, observations="Nine slots went in an hour"))
    assert row(paper, cycle)["status"] == "studying"
    again = RecordStudy(cycle, study="Yes: twice as many as predicted")
    paper.run(again)
    assert paper.refused(again).code == "nothing_changed"
    closed = paper.run(CloseCycle(cycle, "adopt", end=dt.date(2026, 11, 20)))
    found = row(paper, cycle)
    assert (found["status"], found["decision"], found["end"]) == ("closed", "adopt", "2026-11-20")
    assert found["study"] == "Yes: twice as many as predicted"
    assert closed.words == "Closing of cycle 1: Does Monday release help?"
    paper.undo(closed)
    found = row(paper, cycle)
    assert (found["status"], found["decision"], found["end"]) == ("studying", None, None)


def test_closing_needs_a_study_and_a_decision(paper: Paper, cycle: bytes) -> None:
    assert paper.refused(CloseCycle(cycle, "adopt")).code == "study_missing"
    assert paper.refused(CloseCycle(cycle, "", "Learnt much")).code == "decision_missing"
    assert paper.refused(CloseCycle(cycle, "wait", "Learnt much")).code == "decision_unknown"
    early = CloseCycle(cycle, "adopt", "Learnt much", MONDAY - dt.timedelta(days=1))
    assert paper.refused(early).code == "end_before_start"
    paper.run(CloseCycle(cycle, "adopt", "Learnt much"))
    assert paper.refused(CloseCycle(cycle, "adopt", "Again")).code == "cycle_status"
    assert paper.refused(StartCycle(cycle)).code == "cycle_status"


def test_the_next_cycle_of_a_ramp_starts_no_earlier(paper: Paper, made: Made, cycle: bytes) -> None:
    idea = made.drivers["C3"]
    early = PlanCycle(made.project, idea, "Again?", start=MONDAY - dt.timedelta(days=1))
    assert paper.refused(early).code == "cycles_out_of_order"
    outcome = paper.run(PlanCycle(made.project, idea, "Again?", start=MONDAY))
    assert row(paper, paper.new["cycle"])["number"] == 2
    assert row(paper, cycle)["number"] == 1
    paper.undo(outcome)
    assert len(paper.rows("pdsa_cycle")) == 3


def test_what_a_cycle_lacks_is_refused_at_its_field(paper: Paper, made: Made, cycle: bytes) -> None:
    idea, driver = made.drivers["C3"], made.drivers["S1"]
    for wrong, code in (
        (PlanCycle(made.project, driver, "x"), "not_an_idea"),
        (PlanCycle(made.project, b"0" * 16, "x"), "no_idea"),
        (PlanCycle(made.project, idea, " "), "objective_missing"),
        (PlanCycle(made.project, idea, "x", number=1), "cycle_number"),
        (PlanCycle(made.project, idea, "x", scale="galaxy"), "scale_unknown"),
        (RecordStudy(cycle), "study_missing"),
        (StartCycle(b"0" * 16), "no_cycle"),
    ):
        assert paper.refused(wrong).code == code
    assert paper.refused(StartCycle(cycle), RP7).code == "not_yours"
    paper.run(RegisterProject("Other", "Better"))
    assert paper.refused(PlanCycle(paper.new["project"], idea, "x")).code == "other_project"
