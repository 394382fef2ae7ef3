"""Undo takes back one's own steps, and never what somebody else has entered."""

from __future__ import annotations

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.improvement.commands import EditProject, RegisterProject
from tests.support.alliance import Alliance, Desk

TITLE = "SELECT title FROM improvement_project"


def titles(desk: Desk) -> list[str]:
    return desk.workspace.query(lambda reads: list(reads.exec_driver_sql(TITLE).scalars()))


def a_project(desk: Desk) -> bytes:
    record = desk.run(RegisterProject("Flow", "Fewer people wait", joint=True)).record
    assert record is not None
    return record[1]


def test_an_edit_is_taken_back_and_made_again_in_words(alliance: Alliance) -> None:
    a = alliance.desks["a"]
    row = a_project(a)
    done = a.run(EditProject(row, {"title": "Flow of beds"}))
    assert a.workspace.undo_stack.undo_words == done.words
    assert a.workspace.undo().result() == done.words
    assert titles(a) == ["Flow"]
    assert a.workspace.redo().result() == done.words
    assert titles(a) == ["Flow of beds"]
    alliance.share_all()
    assert titles(alliance.desks["b"]) == ["Flow of beds"]
    assert len(alliance.roots) == 1


def test_a_new_record_is_taken_back_and_comes_back_as_itself(alliance: Alliance) -> None:
    a, b = alliance.desks["a"], alliance.desks["b"]
    row = a_project(a)
    a.workspace.undo().result()
    assert titles(a) == []
    a.workspace.redo().result()
    assert titles(a) == ["Flow"]
    a.run(EditProject(row, {"title": "Flow again"}))
    alliance.share_all()
    assert titles(b) == ["Flow again"]


def test_a_new_step_ends_what_could_be_redone(alliance: Alliance) -> None:
    a = alliance.desks["a"]
    row = a_project(a)
    a.run(EditProject(row, {"title": "One"}))
    a.workspace.undo().result()
    a.run(EditProject(row, {"title": "Two"}))
    with pytest.raises(Refusal, match="nothing to redo"):
        a.workspace.redo().result()


def test_what_somebody_else_has_changed_since_is_not_undone(alliance: Alliance) -> None:
    a, b = alliance.desks["a"], alliance.desks["b"]
    row = a_project(a)
    a.run(EditProject(row, {"title": "Mine"}))
    alliance.share_all()
    b.run(EditProject(row, {"title": "Theirs"}))
    alliance.share_all()
    with pytest.raises(Refusal, match="somebody else has changed") as refused:
        a.workspace.undo().result()
    assert refused.value.code == "changed-since"
    assert titles(a) == ["Theirs"]
    assert a.workspace.undo_stack.undo_words


def test_a_record_that_somebody_else_worked_on_is_not_taken_back(alliance: Alliance) -> None:
    a, b = alliance.desks["a"], alliance.desks["b"]
    row = a_project(a)
    alliance.share_all()
    b.run(EditProject(row, {"owner": "Ward manager"}))
    alliance.share_all()
    with pytest.raises(Refusal, match="somebody else has changed"):
        a.workspace.undo().result()
    assert titles(b) == ["Flow"]


def test_another_laptops_step_is_not_ones_own(alliance: Alliance) -> None:
    a, b = alliance.desks["a"], alliance.desks["b"]
    a_project(a)
    alliance.share_all()
    with pytest.raises(Refusal, match="nothing of yours to undo"):
        b.workspace.undo().result()
