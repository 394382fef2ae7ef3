"""Edits of one laptop, each told on a line of its own once its command has returned.

python tests/processes/edits.py WORKSPACE NAME FIRST COUNT
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from collabdesk.app import open_workspace
from collabdesk.errors import Refusal
from collabdesk.services.budgets.commands import AmountEdit, SetPlannedAmounts
from collabdesk.services.improvement import (
    AddMeasure,
    EditProject,
    PointTyped,
    RecordDataPoints,
    RegisterProject,
)
from collabdesk.services.improvement.queries import project_list
from collabdesk.services.sample import money
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries import budgets as stored

POINTS: Final = 5
MONTHS: Final = 12
FIRST_DAY: Final = dt.date(2026, 4, 1)

Told = Mapping[str, Any]


def main(folder: str, name: str, first: str, count: str) -> None:
    """Make some edits, numbered from the first."""
    workspace = open_workspace(Path(folder))
    _tell({"ready": name})
    for number in range(int(first), int(first) + int(count)):
        try:
            _tell(EDITS[number % len(EDITS)](workspace, f"{name} {number}"))
        except Refusal as refusal:
            _tell({"refused": refusal.code})
    workspace.close()


def _tell(told: Told) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _project(workspace: Workspace, words: str) -> Told:
    done = workspace.run(RegisterProject(words, f"Aim of {words}", joint=True))
    assert done.record is not None
    return {"kind": "project", "row": done.record[1].hex(), "title": words}


def _points(workspace: Workspace, words: str) -> Told:
    """Enter five points with one command: all of them or none."""
    project = workspace.query(project_list)[0].project.row
    made = workspace.run(AddMeasure(project, words, "outcome", "count", "lower"))
    assert made.record is not None
    measure = made.record[1]
    points = (PointTyped(FIRST_DAY + dt.timedelta(days=day), str(day)) for day in range(POINTS))
    workspace.run(RecordDataPoints(measure, tuple(points)))
    return {"kind": "points", "row": measure.hex()}


def _title(workspace: Workspace, words: str) -> Told:
    project = workspace.query(project_list)[-1].project.row
    workspace.run(EditProject(project, {"title": words}))
    return {"kind": "set", "row": project.hex(), "value": words}


def _amount(workspace: Workspace, words: str) -> Told:
    """Plan an amount that nobody else plans."""
    name, number = words.rsplit(" ", 1)
    amount = 1 + int(number) * 100 + sum(name.encode()) % 100
    lines = workspace.query(stored.plan_lines, money.draft_version(workspace).row)
    at = int(number) // len(EDITS)
    line = lines[at % len(lines)].row
    workspace.run(SetPlannedAmounts((AmountEdit(line, 1 + at % MONTHS, amount),)))
    return {"kind": "set", "row": line.hex(), "value": amount}


EDITS: Final = (_project, _amount, _points, _title, _amount)

if __name__ == "__main__":
    main(*sys.argv[1:])
