"""Hands and eyes for the tests: real clicks and keys, and the words on show."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from collabdesk.ui.parts import children

NO_KEY = Qt.KeyboardModifier.NoModifier


def texts(widget: QWidget) -> list[str]:
    """Return the words of every label on show in a widget."""
    settle()
    shown = [label for label in children(widget, QLabel) if label.isVisibleTo(widget)]
    return [label.text() for label in shown if label.text()]


def named(widget: QWidget, words: str) -> QAbstractButton:
    """Return the button with these words, or this accessible name."""
    settle()
    buttons = [one for one in children(widget, QAbstractButton) if one.isVisibleTo(widget)]
    return next(one for one in buttons if words in {one.text(), one.accessibleName()})


def press(widget: QWidget, words: str) -> None:
    """Click the button with these words."""
    click(named(widget, words))


def click(widget: QWidget, where: QPoint | None = None) -> None:
    """Click a widget, in its middle unless told where."""
    place = where or widget.rect().center()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, NO_KEY, place)


def keys(widget: QWidget, text: str) -> None:
    """Type text."""
    QTest.keyClicks(widget, text)


def key(
    widget: QWidget, which: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press one key, with others held."""
    QTest.keyClick(widget, which, held)


def show(widget: QWidget) -> None:
    """Show a window and give it the keyboard."""
    widget.show()
    widget.activateWindow()
    assert QTest.qWaitForWindowActive(widget)


def settle() -> None:
    """Let queued signals and layouts arrive."""
    QApplication.processEvents()
