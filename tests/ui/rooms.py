"""One room in the real window over a real workspace, with hands for what people do in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

import shiboken6
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from collabdesk.services.workspace import Workspace
from collabdesk.ui.desk import Desk
from collabdesk.ui.focus import FocusMark
from collabdesk.ui.form import FormDialog
from collabdesk.ui.navigation import PageEntry
from collabdesk.ui.page import Page, Surroundings
from collabdesk.ui.parts import children
from collabdesk.ui.window import Window
from tests.ui.hands import keys, press, settle, show, texts

P = TypeVar("P", bound=Page)
D = TypeVar("D", bound=QDialog)
Build = Callable[[Surroundings, Desk], P]
WAIT_MS = 20_000


class Room(Generic[P]):
    """The window with one page on show."""

    def __init__(self, qtbot: QtBot, window: Window, page: P, desk: Desk) -> None:
        self.qtbot, self.window, self.page, self.desk = qtbot, window, page, desk

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds."""
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=WAIT_MS)

    def press(self, words: str) -> None:
        """Click a button of the window by its words."""
        self.until(lambda: any(one.isVisible() and one.isEnabled() for one in self.found(words)))
        press_now(next(one for one in self.found(words) if one.isVisible()))

    def found(self, words: str) -> list[QAbstractButton]:
        """Return the buttons with these words."""
        buttons = children(self.window, QAbstractButton)
        return [one for one in buttons if words in {one.text(), one.accessibleName()}]

    def dialog(self, kind: type[D]) -> D:
        """Wait for the dialog that opens."""
        self.until(lambda: self._dialogs(kind))
        return self._dialogs(kind)[-1]

    def _dialogs(self, kind: type[D]) -> list[D]:
        return [one for one in children(self.page, kind) if one.isVisible()]

    def says(self, words: str) -> bool:
        """Say whether some words stand on the page or in the inspector."""
        return any(words in text for text in texts(self.window))

    def shows(self, words: str) -> None:
        """Wait until some words stand on the page or in the inspector."""
        self.until(lambda: self.says(words))


def press_now(one: QAbstractButton) -> None:
    """Click a button."""
    press(one.parentWidget() or one, one.accessibleName() or one.text())
    settle()


def fill(form: FormDialog, **typed: str) -> None:
    """Type into the fields of a form; a choice is chosen by its key."""
    for key, text in typed.items():
        control = form.boxes[key].control
        if isinstance(control, QComboBox):
            control.setCurrentIndex(control.findData(text))
        elif isinstance(control, QLineEdit):
            control.selectAll()
            keys(control, text)
        else:
            form.boxes[key].text = ""
            keys(control, text)


def send(room: Room[P], form: FormDialog) -> None:
    """Press the verb and wait until the form has closed."""
    press(form, form.verb.text())
    room.until(lambda: not form.isVisible())


def refused(room: Room[P], form: FormDialog, key: str) -> str:
    """Press the verb and return what is said at a field."""
    press(form, form.verb.text())
    room.until(lambda: form.boxes[key].fault)
    return form.boxes[key].fault


@contextmanager
def opened(
    qtbot: QtBot, around: Surroundings, workspace: Workspace, key: str, build: Build[P]
) -> Iterator[Room[P]]:
    """Open a room and wait until it has read; it goes before the workspace closes."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    desk = Desk(workspace)
    mark = FocusMark(around.look, application)
    window = Window(
        around.look, [PageEntry(key, key.capitalize(), key, lambda: build(around, desk))]
    )
    window.resize(1366, 768)
    show(window)
    window.go(key)
    page = window.page
    assert page is not None
    room: Room[P] = Room(qtbot, window, page, desk)  # type: ignore[arg-type] # the one it built
    room.until(lambda: page.state in {"full", "empty"})
    yield room
    desk.close()
    shiboken6.delete(mark)
    shiboken6.delete(window)
    settle()
