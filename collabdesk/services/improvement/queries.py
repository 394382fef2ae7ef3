"""What the Improvement pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sqlalchemy import Connection

from collabdesk.services.improvement.charts import RunChart, run_chart
from collabdesk.storage.queries import improvement as stored

LEVELS: Final = ("aim", "primary_driver", "secondary_driver", "change_idea")
JOINT: Final = "joint_projects"
_FIRST: Final = ("outcome", "process", "balancing")


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One project in the list, with the run chart of its leading measure if it has one."""

    project: stored.Project
    joint: bool
    leading: RunChart | None
    open_cycles: int

    @property
    def finding(self) -> str:
        """What the leading measure shows, or that there is none."""
        return self.leading.finding if self.leading else "No measure yet"


@dataclass(frozen=True, slots=True)
class DriverNode:
    """One node of a driver diagram, what it serves, and whether it serves anything it should."""

    driver: stored.Driver
    serves: tuple[tuple[bytes, str], ...]
    orphan: bool


@dataclass(frozen=True, slots=True)
class Ramp:
    """PDSA cycles of one ramp in order."""

    number: int
    cycles: tuple[stored.Cycle, ...]


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Everything about one project; `levels` are aim, drivers and ideas, left to right."""

    project: stored.Project
    joint: bool
    levels: tuple[tuple[DriverNode, ...], ...]
    ramps: tuple[Ramp, ...]
    measures: tuple[RunChart, ...]


def project_list(reads: Connection) -> tuple[ProjectLine, ...]:
    """Return the projects by title; archived ones last."""
    lines = [_line(reads, project) for project in stored.projects(reads)]
    return tuple(sorted(lines, key=_listed))


def project_page(reads: Connection, row: bytes) -> ProjectPage | None:
    """Return one project with all that belongs to it, or None."""
    project = stored.project(reads, row)
    if project is None:
        return None
    cycles = stored.cycles(reads, row)
    return ProjectPage(
        project=project,
        joint=project.shared == JOINT,
        levels=_levels(reads, row),
        ramps=tuple(
            Ramp(number, tuple(group)) for number, group in groupby(cycles, lambda c: c.ramp)
        ),
        measures=tuple(run_chart(reads, measure) for measure in _in_order(reads, row)),
    )


def _line(reads: Connection, project: stored.Project) -> ProjectLine:
    measures = _in_order(reads, project.row)
    return ProjectLine(
        project=project,
        joint=project.shared == JOINT,
        leading=run_chart(reads, measures[0]) if measures else None,
        open_cycles=sum(c.status != "closed" for c in stored.cycles(reads, project.row)),
    )


def _listed(line: ProjectLine) -> tuple[bool, str, bytes]:
    project = line.project
    return project.status == "archived", project.title.casefold(), project.row


def _in_order(reads: Connection, project: bytes) -> list[stored.Measure]:
    return sorted(
        stored.measures(reads, project), key=lambda m: (_FIRST.index(m.kind), m.name, m.row)
    )


def _levels(reads: Connection, project: bytes) -> tuple[tuple[DriverNode, ...], ...]:
    serves: dict[bytes, list[tuple[bytes, str]]] = {}
    for link in stored.links(reads, project):
        serves.setdefault(link.to_driver, []).append((link.from_driver, link.strength or "strong"))
    nodes = [_node(driver, serves) for driver in stored.drivers(reads, project)]
    return tuple(tuple(node for node in nodes if node.driver.kind == level) for level in LEVELS)


def _node(driver: stored.Driver, serves: Mapping[bytes, list[tuple[bytes, str]]]) -> DriverNode:
    served = tuple(serves.get(driver.row, ()))
    return DriverNode(driver, served, orphan=driver.kind != "aim" and not served)
