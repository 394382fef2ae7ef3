"""The sample's improvement project, entered command by command."""

from __future__ import annotations

from dataclasses import dataclass

from collabdesk.exchange.sample_content import Project
from collabdesk.services.improvement import (
    AddDriver,
    AddMeasure,
    CloseCycle,
    PlanCycle,
    PointTyped,
    RecordDataPoints,
    RecordStudy,
    RegisterProject,
)
from tests.services.paper import Paper


@dataclass(frozen=True)
class Made:
    project: bytes
    drivers: dict[str, bytes]
    measure: bytes
    cycles: tuple[bytes, ...]


def make(paper: Paper, told: Project) -> Made:
    paper.run(
        RegisterProject(
            title=told.title,
            aim=told.aim,
            code=told.code,
            rationale=told.rationale,
            setting=told.setting,
            owner=told.owner,
            start=told.start,
            target_date=told.target_date,
        )
    )
    project, drivers = paper.new["project"], {"AIM": paper.new["aim"]}
    for driver in told.drivers:
        serves = tuple(drivers[key] for key in driver.serves)
        status = driver.idea_status
        paper.run(AddDriver(project, driver.kind, driver.text, serves, idea_status=status))
        drivers[driver.key] = paper.new["driver"]
    measure = _measure(paper, project, told)
    return Made(project, drivers, measure, _cycles(paper, project, drivers, told))


def _measure(paper: Paper, project: bytes, told: Project) -> bytes:
    it = told.measure
    paper.run(
        AddMeasure(
            project,
            it.name,
            it.kind,
            it.value_kind,
            it.direction,
            it.unit,
            it.definition,
            it.target,
        )
    )
    measure = paper.new["measure"]
    typed = tuple(PointTyped(point.period_start, point.value) for point in it.points)
    paper.run(RecordDataPoints(measure, typed))
    return measure


def _cycles(
    paper: Paper, project: bytes, drivers: dict[str, bytes], told: Project
) -> tuple[bytes, ...]:
    made = []
    for cycle in told.cycles:
        paper.run(
            PlanCycle(
                project,
                drivers[cycle.idea],
                cycle.objective,
                cycle.prediction,
                cycle.plan,
                cycle.ramp,
                cycle.number,
                cycle.start,
                cycle.end,
                cycle.scale,
            )
        )
        row = paper.new["cycle"]
        paper.run(RecordStudy(row, cycle.observations, cycle.study))
        paper.run(CloseCycle(row, cycle.decision))
        made.append(row)
    return tuple(made)
