"""Projects are registered with an aim and go one way."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import product

import pytest

from collabdesk.domain.changes import OWN, SetCells
from collabdesk.domain.improvement.project import (
    JOINT_PROJECTS,
    NEXT,
    ProjectDraft,
    ProjectStatus,
    register,
    set_status,
)
from collabdesk.errors import Refusal

DRAFT = ProjectDraft(
    " Shorter waits ", "Halve the wait for children by March 2027", setting="CAMHS"
)
ROW = b"p" * 16


def test_a_project_is_registered_with_what_was_filled_in() -> None:
    change = register(replace(DRAFT, start=dt.date(2026, 4, 1), target_date=dt.date(2026, 4, 1)))
    assert (change.table, change.scope, change.key) == ("project", OWN, "project")
    assert change.cells == {
        "title": "Shorter waits",
        "aim": "Halve the wait for children by March 2027",
        "status": "registered",
        "setting": "CAMHS",
        "start": dt.date(2026, 4, 1),
        "target_date": dt.date(2026, 4, 1),
    }


def test_a_joint_project_belongs_to_the_workspace() -> None:
    assert register(replace(DRAFT, joint=True)).scope == JOINT_PROJECTS


@pytest.mark.parametrize(
    ("draft", "code", "field"),
    [
        (replace(DRAFT, title=" "), "title_missing", "title"),
        (replace(DRAFT, aim=""), "aim_missing", "aim"),
        (
            replace(DRAFT, start=dt.date(2026, 4, 2), target_date=dt.date(2026, 4, 1)),
            "target_before_start",
            "target_date",
        ),
    ],
)
def test_a_project_without_its_essentials_is_refused(
    draft: ProjectDraft, code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        register(draft)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(("now", "wanted"), list(product(ProjectStatus, ProjectStatus)))
def test_a_project_moves_only_along_the_way(now: ProjectStatus, wanted: ProjectStatus) -> None:
    if wanted in NEXT[now]:
        assert set_status(ROW, now, wanted) == SetCells("project", ROW, {"status": wanted.value})
        return
    with pytest.raises(Refusal) as refused:
        set_status(ROW, now, wanted)
    assert all(status.value in refused.value.remedy for status in NEXT[now])


def test_an_archived_project_is_read_only() -> None:
    with pytest.raises(Refusal, match="read-only"):
        set_status(ROW, ProjectStatus.ARCHIVED, ProjectStatus.ACTIVE)
