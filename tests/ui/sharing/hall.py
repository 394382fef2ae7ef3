"""One laptop of a real alliance in the real window; the others are worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from collabdesk.ui.parts import children
from collabdesk.ui.sharing.page import SharingPage
from collabdesk.ui.shell import Shell
from collabdesk.ui.sign_in import SignInDialog
from tests.support.alliance import Alliance, Desk
from tests.support.shell import House, enter, until, visit
from tests.ui.hands import keys, press, settle, show, texts

D = TypeVar("D", bound=QDialog)


class Hall:
    """The window on one laptop of an alliance, with hands."""

    def __init__(self, qtbot: QtBot, shell: Shell, page: SharingPage, alliance: Alliance) -> None:
        self.qtbot, self.shell, self.page, self.alliance = qtbot, shell, page, alliance

    def desk(self, name: str) -> Desk:
        """Return another laptop."""
        return self.alliance.desks[name]

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds."""
        until(self.qtbot, lambda: bool(holds()))

    def dialog(self, kind: type[D]) -> D:
        """Wait for the dialog that opens over the page."""
        self.until(lambda: isinstance(self.page.decider.dialog, kind))
        found = self.page.decider.dialog
        assert isinstance(found, kind)
        return found

    def sign_in(self, role: str) -> None:
        """Wait until somebody has to sign in, and type a role."""
        dialog = self.asked()
        keys(dialog.answer, role)
        press(dialog, "Sign in")

    def asked(self) -> SignInDialog:
        """Wait until somebody has to sign in."""
        self.until(self._sign_ins)
        return self._sign_ins()[-1]

    def _sign_ins(self) -> list[SignInDialog]:
        return [one for one in children(self.shell.window, SignInDialog) if one.isVisible()]

    @property
    def asks(self) -> bool:
        """Whether somebody has to sign in now."""
        return bool(self._sign_ins())

    def says(self, said: str) -> None:
        """Wait until the banner of the page says something."""
        self.until(lambda: any(said in one for one in texts(self.page.banner)))

    def shows(self, where: QWidget, said: str) -> None:
        """Wait until some words stand in a part of the page."""
        self.until(lambda: any(said in one for one in texts(where)))

    def press_enter(self) -> None:
        """Press Enter where the keyboard is."""
        self._press(Qt.Key.Key_Return)

    def press_space(self) -> None:
        """Press the button where the keyboard is."""
        self._press(Qt.Key.Key_Space)

    def _press(self, which: Qt.Key) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, which)
        settle()

    def type(self, text: str) -> None:
        """Type where the keyboard is."""
        focus = QApplication.focusWidget()
        assert isinstance(focus, QLineEdit)
        QTest.keyClicks(focus, text)

    def tab_to(self, words: str, most: int = 60) -> None:
        """Press Tab until the control with these words has the keyboard."""
        for _ in range(most):
            focus = QApplication.focusWidget()
            if focus is not None and words in {focus.accessibleName(), _text(focus)}:
                return
            QTest.keyClick(focus or self.shell.window, Qt.Key.Key_Tab)
            settle()
        raise AssertionError(words)


def _text(widget: QWidget) -> str:
    return str(widget.property("text") or "")


def sit_down(qtbot: QtBot, house: House, shell: Shell, alliance: Alliance, name: str) -> Hall:
    """Open one laptop of an alliance in the window, as a workspace in earnest."""
    desk = alliance.desks.pop(name)
    store = str(alliance.share_folder)
    about = replace(desk.workspace.about, sample=False, store=store)
    desk.workspace.write(lambda replica: replica.set_setting("about", about.to_json()))
    desk.workspace.close()
    house.keys[desk.workspace.folder] = desk.keys
    enter(qtbot, shell, desk.workspace.folder)
    show(shell.window)
    page = visit(qtbot, shell, "sharing")
    assert isinstance(page, SharingPage)
    return Hall(qtbot, shell, page, alliance)
