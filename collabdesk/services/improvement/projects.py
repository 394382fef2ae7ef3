"""Deciding on projects: their registration and their edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.changes import Cell, Delete, NewRow, SetCells
from collabdesk.domain.improvement.drivers import DriverKind, add_driver
from collabdesk.domain.improvement.project import (
    ProjectDraft,
    ProjectStatus,
    register,
    set_status,
)
from collabdesk.domain.periods import date_words
from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.improvement.access import own_project
from collabdesk.services.improvement.commands import EditProject, RegisterProject
from collabdesk.services.wording import chosen, filled, plain
from collabdesk.storage.queries import improvement as stored

PROJECT: Final = "project"
AIM: Final = "aim"
_REQUIRED: Final = {
    "title": ("The project has no title.", "Give it a short name."),
    "aim": ("The project has no aim.", "Say what will improve, by how much, for whom, by when."),
}
_TEXTS: Final = frozenset(("code", "population", "rationale", "setting", "owner"))
_DATES: Final = frozenset(("start", "target_date"))
_EDITABLE: Final = _TEXTS | _DATES | frozenset((*_REQUIRED, "status"))


def register_project(command: RegisterProject, _reads: Connection, _me: Actor) -> Outcome:
    """Insert a project and the aim of its driver diagram."""
    draft = ProjectDraft(
        title=plain(command.title, "title"),
        aim=plain(command.aim, "aim"),
        code=plain(command.code, "code"),
        population=plain(command.population, "population"),
        rationale=plain(command.rationale, "rationale"),
        setting=plain(command.setting, "setting"),
        owner=plain(command.owner, "owner"),
        start=command.start,
        target_date=command.target_date,
        joint=command.joint,
    )
    project = register(draft, PROJECT)
    aim = add_driver(NewRow(PROJECT), DriverKind.AIM, draft.aim, scope=project.scope, key=AIM)
    return Outcome(
        changes=(project, aim),
        inverse=(Delete("driver", NewRow(AIM)), Delete("project", NewRow(PROJECT))),
        words=f"Registration of “{draft.title}”",
        record=("project", NewRow(PROJECT)),
    )


def edit_project(command: EditProject, reads: Connection, me: Actor) -> Outcome:
    """Set the cells that differ; the aim of the diagram follows the aim of the project."""
    project = own_project(reads, command.project, me)
    before: dict[str, Cell] = {name: getattr(project, name) for name in _EDITABLE}
    wanted = {name: _cell(name, value) for name, value in command.cells.items()}
    cells = {name: value for name, value in wanted.items() if value != before[name]}
    _check_seen(project, cells, command.seen, before)
    _check_whole(project, before | cells, cells)
    if not cells:
        raise Refusal(
            code="nothing_changed",
            words="Nothing differs from what is there.",
            remedy="Change something first.",
            field="project",
        )
    old = {name: before[name] for name in cells}
    changes = [SetCells("project", project.row, cells)]
    inverse = [SetCells("project", project.row, old)]
    aim = _aim(reads, project) if "aim" in cells else None
    if aim is not None:
        changes.append(SetCells("driver", aim.row, {"text": cells["aim"]}))
        inverse.append(SetCells("driver", aim.row, {"text": aim.text}))
    return Outcome(tuple(changes), tuple(inverse), _words(project, cells), ("project", project.row))


def _cell(name: str, value: Cell) -> Cell:
    if name in _REQUIRED and isinstance(value, str):
        return filled(value, name, *_REQUIRED[name])
    if name in _TEXTS and (value is None or isinstance(value, str)):
        return plain(value or "", name)
    if name in _DATES and (value is None or isinstance(value, dt.date)):
        return value
    if name == "status" and isinstance(value, str):
        return chosen(ProjectStatus, value, "status").value
    raise Refusal(
        code="not_editable",
        words=f"“{name}” of a project cannot be set to that.",
        remedy=f"These can be edited: {', '.join(sorted(_EDITABLE))}.",
        field=name,
    )


def _check_seen(
    project: stored.Project,
    cells: Mapping[str, Cell],
    seen: Mapping[str, Cell],
    before: Mapping[str, Cell],
) -> None:
    """Refuse to write over a change the person has not seen."""
    for name in cells:
        if name in seen and (seen[name] or "") != (before[name] or ""):
            raise Refusal(
                code="changed_elsewhere",
                words=f"The {name.replace('_', ' ')} of “{project.title}” was changed to "
                f"“{_said(before[name])}” while you were editing.",
                remedy="Look at the new text, then make your change again if it is still needed.",
                field=name,
            )


def _check_whole(
    project: stored.Project, after: Mapping[str, Cell], cells: Mapping[str, Cell]
) -> None:
    start, target = after["start"], after["target_date"]
    register(
        ProjectDraft(
            title=str(after["title"]),
            aim=str(after["aim"]),
            start=start if isinstance(start, dt.date) else None,
            target_date=target if isinstance(target, dt.date) else None,
        )
    )
    if "status" in cells:
        now = ProjectStatus(project.status)
        set_status(project.row, now, ProjectStatus(str(cells["status"])))


def _aim(reads: Connection, project: stored.Project) -> stored.Driver | None:
    drivers = stored.drivers(reads, project.row)
    return next((driver for driver in drivers if driver.kind == DriverKind.AIM), None)


def _words(project: stored.Project, cells: Mapping[str, Cell]) -> str:
    what = ", ".join(name.replace("_", " ") for name in sorted(cells))
    return f"Edit of {what} of “{project.title}”"


def _said(value: Cell) -> str:
    return date_words(value) if isinstance(value, dt.date) else str(value or "")
