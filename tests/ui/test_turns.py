"""Things are done in their order, each in a turn of its own, and none keeps another from its."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from collabdesk.ui.turns import Turns


def test_nothing_is_done_at_once_and_everything_in_order(qtbot: QtBot) -> None:
    owner, done = QObject(), list[int]()
    turns = Turns(owner)
    turns.put(lambda: done.append(1), lambda: done.append(2))
    turns.put(lambda: done.append(3))
    assert done == []
    assert turns.busy
    qtbot.waitUntil(lambda: not turns.busy)
    assert done == [1, 2, 3]


def test_the_window_has_a_turn_between_two_things(qtbot: QtBot) -> None:
    owner, done = QObject(), list[int]()
    turns = Turns(owner)
    turns.put(lambda: done.append(1), lambda: done.append(2))
    while not done:
        QApplication.processEvents()
    assert done == [1]
    qtbot.waitUntil(lambda: done == [1, 2])


def test_what_is_put_while_something_is_done_comes_after_it(qtbot: QtBot) -> None:
    owner, done = QObject(), list[int]()
    turns = Turns(owner)

    def first() -> None:
        done.append(1)
        turns.put(lambda: done.append(2))

    turns.put(first)
    qtbot.waitUntil(lambda: done == [1, 2])


def test_what_raises_keeps_nothing_else_from_its_turn(qtbot: QtBot) -> None:
    owner, done = QObject(), list[int]()
    turns = Turns(owner)

    def fail() -> None:
        raise LookupError

    with qtbot.captureExceptions() as raised:
        turns.put(fail, lambda: done.append(2))
        qtbot.waitUntil(lambda: done == [2])
    assert [kind for kind, _, _ in raised] == [LookupError]
