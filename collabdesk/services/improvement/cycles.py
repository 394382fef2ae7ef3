"""Deciding on PDSA cycles: planned, begun, studied, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.changes import Cell, Delete, NewRow, SetCells
from collabdesk.domain.improvement.pdsa import (
    CyclePlan,
    CycleStatus,
    Decision,
    Scale,
    check_dates,
    close_cycle,
    move_on,
    plan_cycle,
)
from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.improvement.access import own_cycle, own_driver, own_project
from collabdesk.services.improvement.commands import (
    CloseCycle,
    PlanCycle,
    RecordStudy,
    StartCycle,
)
from collabdesk.services.improvement.entered import cycle_of, driver_of
from collabdesk.services.wording import chosen, plain
from collabdesk.storage.queries import improvement as stored

CYCLE: Final = "cycle"


def plan_project_cycle(command: PlanCycle, reads: Connection, me: Actor) -> Outcome:
    """Insert a planned cycle."""
    project = own_project(reads, command.project, me)
    idea = own_driver(reads, command.idea, "idea")
    if idea.project != project.row:
        raise Refusal(
            code="other_project",
            words=f"“{idea.text}” belongs to another project.",
            remedy="Choose a change idea of this project.",
            field="idea",
        )
    wanted = CyclePlan(
        objective=plain(command.objective, "objective"),
        prediction=plain(command.prediction, "prediction"),
        plan=plain(command.plan, "plan"),
        ramp=command.ramp,
        number=command.number,
        start=command.start,
        end=command.end,
        scale=chosen(Scale, command.scale, "scale") if command.scale else None,
    )
    existing = [cycle_of(row) for row in stored.cycles(reads, project.row)]
    planned = plan_cycle(driver_of(idea), wanted, existing, project.place, CYCLE)
    return Outcome(
        changes=(planned,),
        inverse=(Delete("pdsa_cycle", NewRow(CYCLE)),),
        words=f"Plan of a PDSA cycle on “{idea.text}”",
        record=("pdsa_cycle", NewRow(CYCLE)),
    )


def start_cycle(command: StartCycle, reads: Connection, me: Actor) -> Outcome:
    """Set a planned cycle to doing."""
    cycle = own_cycle(reads, command.cycle, me)
    start = command.start or cycle.start
    check_dates(start, cycle.end)
    moved = move_on(cycle_of(cycle), CycleStatus.DOING)
    return _set(cycle, dict(moved.cells) | {"start": start}, "Start")


def record_study(command: RecordStudy, reads: Connection, me: Actor) -> Outcome:
    """Set what was observed and learnt; the cycle is then being studied."""
    cycle = own_cycle(reads, command.cycle, me)
    written = {
        "observations": plain(command.observations, "observations"),
        "study": plain(command.study, "study"),
    }
    cells: dict[str, Cell] = {name: text for name, text in written.items() if text}
    if not cells:
        raise Refusal(
            code="study_missing",
            words="Nothing is written about the cycle.",
            remedy="Say what was observed, and how it compares with the prediction.",
            field="study",
        )
    return _set(cycle, cells | dict(_studying(cycle)), "Study")


def close_project_cycle(command: CloseCycle, reads: Connection, me: Actor) -> Outcome:
    """Set the decision; a cycle without a study stays open."""
    cycle = own_cycle(reads, command.cycle, me)
    end = command.end or cycle.end
    check_dates(cycle.start, end)
    decision = chosen(Decision, command.decision, "decision") if command.decision else None
    study = plain(command.study, "study") or cycle.study
    closed = close_cycle(cycle_of(cycle), study, decision)
    return _set(cycle, dict(closed.cells) | {"end": end}, "Closing")


def _studying(cycle: stored.Cycle) -> Mapping[str, Cell]:
    """Move a cycle to studying, through doing if nobody said that it had begun."""
    now = cycle_of(cycle)
    if now.status is CycleStatus.PLANNED:
        now = replace(now, status=CycleStatus.DOING)
    if now.status is CycleStatus.STUDYING:
        return {}
    return move_on(now, CycleStatus.STUDYING).cells


def _set(cycle: stored.Cycle, wanted: Mapping[str, Cell], what: str) -> Outcome:
    before: dict[str, Cell] = {name: _present(getattr(cycle, name)) for name in wanted}
    cells = {name: value for name, value in wanted.items() if value != before[name]}
    if not cells:
        raise Refusal(
            code="nothing_changed",
            words="Nothing differs from what is written about the cycle.",
            remedy="Change something first.",
            field="cycle",
        )
    old = {name: before[name] for name in cells}
    return Outcome(
        changes=(SetCells("pdsa_cycle", cycle.row, cells),),
        inverse=(SetCells("pdsa_cycle", cycle.row, old),),
        words=f"{what} of cycle {cycle.number}: {cycle.objective}",
        record=("pdsa_cycle", cycle.row),
    )


def _present(value: str | dt.date | None) -> Cell:
    """Return a cell as it goes back; an empty text of an enum was no member at all."""
    return value or None
