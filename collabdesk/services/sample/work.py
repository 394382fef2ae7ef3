"""The sample's improvement project, published metrics and pilot."""

from __future__ import annotations

import threading

from sqlalchemy import Connection

from collabdesk.errors import Refusal
from collabdesk.exchange.sample_content import Cycle as SampleCycle
from collabdesk.exchange.sample_content import StatedFigure
from collabdesk.host.paths import resource
from collabdesk.services.improvement import (
    AddDriver,
    AddMeasure,
    CloseCycle,
    PlanCycle,
    PointTyped,
    RecordDataPoints,
    RecordStudy,
    RegisterProject,
    StartCycle,
)
from collabdesk.services.metrics import SetStandard
from collabdesk.services.metrics.compare import Table, compare
from collabdesk.services.metrics.importing import ReleaseImport
from collabdesk.services.metrics.queries import published_measure
from collabdesk.services.metrics.reference import Reference
from collabdesk.services.metrics.shipped import shipped_reference
from collabdesk.services.pilots import FigureStated, RecordPilot, RecordProgramme
from collabdesk.services.sample.money import made
from collabdesk.services.sample.partners import sample
from collabdesk.services.workspace import Workspace


def make_project(workspace: Workspace) -> bytes:
    """Register the joint project with its drivers, measure, data and PDSA cycles."""
    wanted = sample().project
    project = made(
        workspace,
        RegisterProject(
            title=wanted.title,
            aim=wanted.aim,
            joint=True,
            code=wanted.code,
            population=wanted.for_whom,
            rationale=wanted.rationale,
            setting=wanted.setting,
            owner=wanted.owner,
            start=wanted.start,
            target_date=wanted.target_date,
        ),
    )
    nodes = _drivers(workspace, project)
    measure = wanted.measure
    made_measure = made(
        workspace,
        AddMeasure(
            project=project,
            name=measure.name,
            kind=measure.kind,
            value_kind=measure.value_kind,
            direction=measure.direction,
            unit=measure.unit,
            definition=measure.definition,
            target=measure.target,
        ),
    )
    points = tuple(PointTyped(p.period_start, p.value) for p in measure.points)
    workspace.run(RecordDataPoints(made_measure, points))
    for cycle in wanted.cycles:
        _cycle(workspace, project, nodes[cycle.idea], cycle)
    return project


def _drivers(workspace: Workspace, project: bytes) -> dict[str, bytes]:
    nodes: dict[str, bytes] = {}
    for driver in sample().project.drivers:
        nodes[driver.key] = made(
            workspace,
            AddDriver(
                project=project,
                kind=driver.kind,
                text=driver.text,
                serves=tuple(nodes[key] for key in driver.serves if key in nodes),
                idea_status=driver.idea_status,
            ),
        )
    return nodes


def _cycle(workspace: Workspace, project: bytes, idea: bytes, wanted: SampleCycle) -> None:
    cycle = made(
        workspace,
        PlanCycle(
            project=project,
            idea=idea,
            objective=wanted.objective,
            prediction=wanted.prediction,
            plan=wanted.plan,
            ramp=wanted.ramp,
            number=wanted.number,
            start=wanted.start,
            end=wanted.end,
            scale=wanted.scale,
        ),
    )
    workspace.run(StartCycle(cycle, wanted.start))
    workspace.run(RecordStudy(cycle, wanted.observations, wanted.study))
    if wanted.status == "closed":
        workspace.run(CloseCycle(cycle, wanted.decision, wanted.study, wanted.end))


def reference() -> Reference:
    """Return the shipped import profiles, measures and organisations."""
    return shipped_reference()


def import_releases(workspace: Workspace) -> list[str]:
    """Import the shipped published files through the wizard's own steps; return their words."""
    told = []
    for release in sample().releases:
        wizard = ReleaseImport(workspace.database.read, reference())
        wizard.choose(resource(f"samples/{release.file}"), cancel=threading.Event())
        told.append(workspace.run(wizard.confirm()).words)
    return told


def league(reads: Connection, code: str) -> Table:
    """Compare the alliance's trusts on a measure of the reference list; Refusal if unknown."""
    known = reference()
    if code not in known.measures:
        raise Refusal(
            code="unknown-measure",
            words=f"There is no measure {code} in the reference list.",
            remedy="Give a code as published, for example MRS08b.",
            field="measure",
        )
    codes = [partner.code for partner in sample().partners]
    names = {code: known.organisations[code] for code in codes}
    return compare(reads, published_measure(known, code), names)


def set_standards(workspace: Workspace) -> None:
    """Type in the standards with their source and date."""
    for standard in sample().standards:
        workspace.run(
            SetStandard(
                metric=standard.metric,
                kind=standard.kind,
                value=standard.value,
                source=standard.source,
                source_date=standard.source_date,
                effective_from=standard.effective_from,
            )
        )


def record_pilots(workspace: Workspace) -> None:
    """Record the programmes and pilots of the public announcements."""
    for wanted in sample().programmes:
        programme = made(
            workspace,
            RecordProgramme(
                title=wanted.title,
                kind=wanted.kind,
                host=wanted.host,
                aims=wanted.aims,
                source=wanted.source,
                figures=_figures(wanted.figures, ""),
            ),
        )
        for pilot in wanted.pilots:
            workspace.run(
                RecordPilot(
                    programme=programme,
                    reference=pilot.reference,
                    name=pilot.name,
                    lead=pilot.lead,
                    partners=pilot.partners,
                    theme=pilot.theme,
                    population=pilot.population,
                    idea=pilot.idea,
                    aims=pilot.aims,
                    state=pilot.state,
                    start=pilot.start,
                    end=pilot.end,
                    figures=_figures(wanted.figures, pilot.reference),
                )
            )


def _figures(figures: tuple[StatedFigure, ...], pilot: str) -> tuple[FigureStated, ...]:
    return tuple(
        FigureStated(f.name, f.value, f.unit, f.qualifier, f.basis, f.source)
        for f in figures
        if f.pilot == pilot
    )
