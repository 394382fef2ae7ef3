from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from collabdesk.errors import Refusal
from collabdesk.services.budgets.commands import AmountEdit, SetPlannedAmounts
from collabdesk.services.figures import contested_cells
from collabdesk.services.notices import Notice
from collabdesk.services.sample.money import disputed_line
from collabdesk.services.workspace import Done, Workspace
from collabdesk.ui.desk import Desk


@pytest.fixture
def desk(qapp: QApplication, sample_workspace: Workspace) -> Iterator[Desk]:
    made = Desk(sample_workspace, qapp)
    yield made
    made.close()


def amount(desk: Desk, pence: int) -> SetPlannedAmounts:
    return SetPlannedAmounts((AmountEdit(disputed_line(desk.workspace), 3, pence),))


def test_a_command_runs_on_the_writer_and_calls_back_on_this_thread(
    qtbot: QtBot, desk: Desk
) -> None:
    here, seen = QThread.currentThread(), []

    def done(left: Done) -> None:
        seen.append((left.words, QThread.currentThread() is here))

    with qtbot.waitSignal(desk.noticed) as told:
        desk.submit(desk, amount(desk, 700_000), done)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][1]
    notice = told.args[0]
    assert isinstance(notice, Notice)
    assert notice.origin == "local"
    assert "plan_line" in notice.changed


def test_what_nobody_handles_is_told_by_the_window(qtbot: QtBot, desk: Desk) -> None:
    with qtbot.waitSignal(desk.refused) as told:
        desk.submit(desk, SetPlannedAmounts((AmountEdit(b"\0" * 16, 3, 1),)))
    assert isinstance(told.args[0], Refusal)


def test_what_happened_is_told_by_the_window_when_whoever_asked_has_gone(
    qtbot: QtBot, desk: Desk
) -> None:
    heard: list[object] = []
    asked = QObject()
    with qtbot.waitSignals([desk.did, desk.refused]):
        desk.submit(asked, amount(desk, 710_000), heard.append, heard.append)
        nothing = SetPlannedAmounts((AmountEdit(b"\0" * 16, 3, 1),))
        desk.submit(asked, nothing, heard.append, heard.append)
        shiboken6.delete(asked)
    assert not heard


def test_rows_of_this_laptop_are_told_too(qtbot: QtBot, desk: Desk) -> None:
    heard: list[str] = []
    for gone in (False, True):
        asked, writing = QObject(), Future[str]()
        desk.keep(asked, writing, heard.append)
        if gone:
            shiboken6.delete(asked)
        with qtbot.waitSignal(desk.did) as told:
            writing.set_result("1 row kept on this laptop")
        assert told.args == ["1 row kept on this laptop"]
    assert len(heard) == 1


def test_a_question_is_answered_on_this_thread(qtbot: QtBot, desk: Desk) -> None:
    seen: list[int] = []
    desk.ask(desk, contested_cells, done=lambda found: seen.append(len(found)))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [1]


def test_one_step_is_taken_back_and_made_again_in_words(qtbot: QtBot, desk: Desk) -> None:
    with qtbot.waitSignal(desk.did) as words:
        desk.submit(desk, amount(desk, 700_000))
    with qtbot.waitSignal(desk.did) as undone:
        desk.undo()
    assert undone.args == [f"Undone: {words.args[0]}"]
    with qtbot.waitSignal(desk.did) as again:
        desk.redo()
    assert again.args == [f"Done again: {words.args[0]}"]
    with qtbot.waitSignal(desk.did) as nothing:
        desk.redo()
    assert nothing.args == ["Nothing to redo"]


def test_people_are_named_by_role_and_trust(desk: Desk) -> None:
    roles = {member.role for member in desk.people.values()}
    assert roles == {"Finance lead", "QI lead", "Alliance manager"}
