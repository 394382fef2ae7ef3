"""One project with everything its page shows, read in one go."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sqlalchemy import Connection

from collabdesk.services.figures import Overtaken, overtaken
from collabdesk.services.improvement.charts import RunChart, XmrChart, xmr_chart
from collabdesk.services.improvement.queries import ProjectPage, project_page
from collabdesk.services.improvement.records import Project

WEEK: Final = 7
MONTH: Final = "month"


@dataclass(frozen=True, slots=True)
class MeasureSeen:
    """One measure as a run chart, and as an XmR chart where that was drawn up too."""

    run: RunChart
    xmr: XmrChart | None = None

    @property
    def row(self) -> bytes:
        """The measure's row."""
        return self.run.measure.row

    @property
    def period(self) -> str:
        """What each point stands for: a month, week or day."""
        return period_of([reading.period_start for reading in self.run.readings])


@dataclass(frozen=True, slots=True)
class ProjectSeen:
    """One project as it is shown; `why_shut` says why it can only be read."""

    page: ProjectPage
    measures: tuple[MeasureSeen, ...]
    lost: tuple[Overtaken, ...]
    why_shut: str


def project_seen(reads: Connection, row: bytes, me: bytes) -> ProjectSeen | None:
    """Return a project with its charts and the texts of one's own that were overtaken in it."""
    page = project_page(reads, row)
    if page is None:
        return None
    measures = tuple(MeasureSeen(run, xmr_chart(reads, run.measure)) for run in page.measures)
    lost = tuple(one for one in overtaken(reads, me) if one.row == row)
    return ProjectSeen(page, measures, lost, why_shut(page.project, me))


def why_shut(project: Project, me: bytes) -> str:
    """Return why a project cannot be changed here, or nothing when it can."""
    if project.status == "archived":
        return "Archived: it can only be read."
    if not project.shared and project.scope != me:
        return "Another trust's project: only they can change it."
    return ""


def period_of(days: list[dt.date]) -> str:
    """Return what the points stand for, from how far they lie apart."""
    if all(day.day == 1 for day in days):
        return MONTH
    weekly = all((after - before).days % WEEK == 0 for before, after in pairwise(days))
    return "week" if weekly else "day"
