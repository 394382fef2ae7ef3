"""PDSA cycles: small tests of a change idea, one after another on a ramp."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from collabdesk.domain.changes import OWN, Cell, Insert, RowRef, Scope, SetCells
from collabdesk.domain.improvement.drivers import Driver, DriverKind
from collabdesk.domain.periods import date_words
from collabdesk.domain.required import required_text
from collabdesk.errors import Refusal


class CycleStatus(StrEnum):
    """Where a cycle stands: plan, do, study, and act by closing it."""

    PLANNED = "planned"
    DOING = "doing"
    STUDYING = "studying"
    CLOSED = "closed"


NEXT: Final[Mapping[CycleStatus, tuple[CycleStatus, ...]]] = {
    CycleStatus.PLANNED: (CycleStatus.DOING,),
    CycleStatus.DOING: (CycleStatus.STUDYING,),
    CycleStatus.STUDYING: (CycleStatus.CLOSED,),
    CycleStatus.CLOSED: (),
}


class Decision(StrEnum):
    """What is done with the change after a cycle."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    ABANDON = "abandon"


class Scale(StrEnum):
    """How far a test reaches."""

    ONE_PERSON = "one_person"
    ONE_DAY = "one_day"
    WARD = "ward"
    SERVICE = "service"
    TRUST = "trust"


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle as it stands."""

    row: RowRef
    idea: RowRef
    ramp: int
    number: int
    status: CycleStatus
    start: dt.date | None = None
    end: dt.date | None = None


@dataclass(frozen=True, slots=True)
class CyclePlan:
    """A cycle about to be planned; without a number it takes the next one of its ramp."""

    objective: str
    prediction: str = ""
    plan: str = ""
    ramp: int = 1
    number: int | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    scale: Scale | None = None


def plan_cycle(
    idea: Driver,
    wanted: CyclePlan,
    existing: Iterable[Cycle] = (),
    scope: Scope = OWN,
    key: str = "cycle",
) -> Insert:
    """Plan a cycle that tests a change idea."""
    if idea.kind is not DriverKind.CHANGE_IDEA:
        raise Refusal(
            code="not_an_idea",
            words=f"A cycle tests a change idea, not a {idea.kind.words}.",
            remedy="Choose one of the change ideas of the project.",
            field="idea",
        )
    ramp = [one for one in existing if one.idea == idea.row and one.ramp == wanted.ramp]
    number = wanted.number or 1 + max((one.number for one in ramp), default=0)
    _check_number(number, wanted.ramp, ramp)
    check_dates(wanted.start, wanted.end)
    _check_order(number, wanted.start, ramp)
    cells: dict[str, Cell] = {
        "project": idea.project,
        "idea": idea.row,
        "ramp": wanted.ramp,
        "number": number,
        "objective": required_text(
            wanted.objective,
            "objective",
            "The cycle has no objective.",
            "Say what you want to find out.",
        ),
        "status": CycleStatus.PLANNED.value,
    }
    more: dict[str, Cell] = {
        "prediction": wanted.prediction.strip(),
        "plan": wanted.plan.strip(),
        "start": wanted.start,
        "end": wanted.end,
        "scale": wanted.scale.value if wanted.scale else None,
    }
    return Insert("pdsa_cycle", scope, cells | {k: v for k, v in more.items() if v}, key)


def _check_number(number: int, ramp: int, existing: Iterable[Cycle]) -> None:
    if number < 1 or ramp < 1 or any(one.number == number for one in existing):
        raise Refusal(
            code="cycle_number",
            words=f"Ramp {ramp} cannot have another cycle {number}.",
            remedy="Leave the number empty to take the next one.",
            field="number",
        )


def check_dates(start: dt.date | None, end: dt.date | None) -> None:
    """Refuse a cycle that ends before it starts."""
    if start and end and end < start:
        raise Refusal(
            code="end_before_start",
            words=f"The cycle ends on {date_words(end)}, before it starts on {date_words(start)}.",
            remedy="Choose an end on or after the start.",
            field="end",
        )


def _check_order(number: int, start: dt.date | None, ramp: Iterable[Cycle]) -> None:
    for one in ramp:
        early, late = (one.start, start) if one.number < number else (start, one.start)
        if early and late and late < early:
            raise Refusal(
                code="cycles_out_of_order",
                words=(
                    f"Cycle {one.number} of this ramp starts on "
                    f"{date_words(one.start or early)}; cycle {number} would be out of order."
                ),
                remedy="A later cycle starts on or after the one before it.",
                field="start",
            )


def move_on(cycle: Cycle, wanted: CycleStatus) -> SetCells:
    """Move a cycle to doing or studying; closing it is done with what was learnt."""
    if wanted not in NEXT[cycle.status] or wanted is CycleStatus.CLOSED:
        raise Refusal(
            code="cycle_status",
            words=f"A cycle that is {cycle.status.value} does not become {wanted.value} like this.",
            remedy="Plan, do, study in this order, then close it with what you learnt.",
            field="status",
        )
    return SetCells("pdsa_cycle", cycle.row, {"status": wanted.value})


def close_cycle(cycle: Cycle, study: str, decision: Decision | None) -> SetCells:
    """Close a cycle; it needs what was learnt and what is done with the change."""
    if cycle.status is CycleStatus.CLOSED:
        raise Refusal(
            code="cycle_status",
            words="The cycle is closed already.",
            remedy="Plan the next cycle of the ramp.",
            field="status",
        )
    learnt = required_text(
        study,
        "study",
        "The cycle has no study.",
        "Say what was learnt and how it compares with the prediction.",
    )
    if decision is None:
        raise Refusal(
            code="decision_missing",
            words="The cycle has no decision.",
            remedy="Choose to adopt, adapt or abandon the change.",
            field="decision",
        )
    return SetCells(
        "pdsa_cycle",
        cycle.row,
        {"study": learnt, "decision": decision.value, "status": CycleStatus.CLOSED.value},
    )
