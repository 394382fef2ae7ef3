"""An improvement project: its aim, and the way from registration to archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from collabdesk.domain.changes import OWN, Cell, Insert, RowRef, Scope, SetCells, Shared
from collabdesk.domain.periods import date_words
from collabdesk.domain.required import required_text
from collabdesk.errors import Refusal

JOINT_PROJECTS: Final = Shared("joint_projects")


class ProjectStatus(StrEnum):
    """Where a project stands."""

    REGISTERED = "registered"
    APPROVED = "approved"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    STOPPED = "stopped"
    ARCHIVED = "archived"


NEXT: Final[Mapping[ProjectStatus, tuple[ProjectStatus, ...]]] = {
    ProjectStatus.REGISTERED: (ProjectStatus.APPROVED, ProjectStatus.STOPPED),
    ProjectStatus.APPROVED: (ProjectStatus.ACTIVE, ProjectStatus.STOPPED),
    ProjectStatus.ACTIVE: (ProjectStatus.PAUSED, ProjectStatus.COMPLETED, ProjectStatus.STOPPED),
    ProjectStatus.PAUSED: (ProjectStatus.ACTIVE, ProjectStatus.COMPLETED, ProjectStatus.STOPPED),
    ProjectStatus.COMPLETED: (ProjectStatus.ARCHIVED,),
    ProjectStatus.STOPPED: (ProjectStatus.ARCHIVED,),
    ProjectStatus.ARCHIVED: (),
}


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A project as it is first written down; a joint one may be edited by every partner."""

    title: str
    aim: str
    code: str = ""
    population: str = ""
    rationale: str = ""
    setting: str = ""
    owner: str = ""
    start: dt.date | None = None
    target_date: dt.date | None = None
    joint: bool = False

    @property
    def scope(self) -> Scope:
        """Whom the project belongs to."""
        return JOINT_PROJECTS if self.joint else OWN


def register(draft: ProjectDraft, key: str = "project") -> Insert:
    """Register a project; it needs a title and an aim, and may not end before it starts."""
    cells: dict[str, Cell] = {
        "title": required_text(
            draft.title, "title", "The project has no title.", "Give it a short name."
        ),
        "aim": required_text(
            draft.aim,
            "aim",
            "The project has no aim.",
            "Say what will improve, by how much, for whom and by when.",
        ),
        "status": ProjectStatus.REGISTERED.value,
    }
    if draft.start and draft.target_date and draft.target_date < draft.start:
        raise Refusal(
            code="target_before_start",
            words=(
                f"The aim is set for {date_words(draft.target_date)}, before the project starts "
                f"on {date_words(draft.start)}."
            ),
            remedy="Choose a target date on or after the start.",
            field="target_date",
        )
    more: dict[str, Cell] = {
        "code": draft.code.strip(),
        "population": draft.population.strip(),
        "rationale": draft.rationale.strip(),
        "setting": draft.setting.strip(),
        "owner": draft.owner.strip(),
        "start": draft.start,
        "target_date": draft.target_date,
    }
    return Insert("project", draft.scope, cells | {k: v for k, v in more.items() if v}, key)


def set_status(row: RowRef, now: ProjectStatus, wanted: ProjectStatus) -> SetCells:
    """Move a project on; a step that is not on the way is refused."""
    if wanted not in NEXT[now]:
        allowed = ", ".join(status.value for status in NEXT[now]) or "nothing: it is read-only"
        raise Refusal(
            code="project_status",
            words=f"A project that is {now.value} cannot become {wanted.value}.",
            remedy=f"From here it can become {allowed}.",
            field="status",
        )
    return SetCells("project", row, {"status": wanted.value})
