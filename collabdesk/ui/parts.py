"""The small parts every screen is made of; their look comes from the stylesheet by property."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar, cast

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from collabdesk.ui.theme import Look, Theme
from collabdesk.ui.theme.icons import icon, pixmap

Child = TypeVar("Child", bound=QObject)
Box = TypeVar("Box", bound=QBoxLayout)
Laid = TypeVar("Laid", bound=QLayout)
Ink = Literal["primary", "secondary", "link", "good", "concern", "contested", "forecast", "danger"]
Tone = Literal["info", "good", "concern", "contested", "danger", "neutral", "selected", ""]
Kind = Literal["plain", "primary", "link", "quiet", "segment", "tab"]


def children(widget: QObject, kind: type[Child]) -> list[Child]:
    """Return everything of a kind inside a widget."""
    return cast("list[Child]", list(widget.findChildren(kind)))


def words(text: str, role: str = "body", ink: Ink = "primary", *, wrap: bool = False) -> QLabel:
    """Return a line or paragraph of plain text in a role of the type scale."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("type", role)
    label.setProperty("ink", ink)
    label.setWordWrap(wrap)
    return label


def restyle(widget: QWidget, **properties: object) -> None:
    """Set properties the stylesheet looks at and let it look again."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def panel(kind: str, tone: Tone = "") -> QFrame:
    """Return a frame whose ground and line come from the stylesheet."""
    frame = QFrame()
    frame.setProperty("panel", kind)
    frame.setProperty("tone", tone)
    return frame


def rule() -> QFrame:
    """Return a hairline."""
    line = panel("rule")
    line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return line


def chip(text: str, tone: Tone = "neutral") -> QLabel:
    """Return a label in a tinted box."""
    label = QLabel(text)
    label.setProperty("chip", True)
    label.setProperty("tone", tone)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return label


def button(
    text: str, pressed: Callable[[], object], kind: Kind = "plain", *, small: bool = False
) -> QPushButton:
    """Return a push button named by its words."""
    made = QPushButton(text)
    made.setProperty("kind", kind)
    made.setProperty("small", small)
    made.setAutoDefault(kind == "primary")
    made.setAccessibleName(text.replace("&", "").rstrip("…"))
    made.clicked.connect(lambda _checked=False: pressed())
    return made


def row(*things: QWidget | int | None, gap: int = 8) -> QHBoxLayout:
    """Return things side by side; None stretches, a number is a space."""
    return _filled(QHBoxLayout(), things, gap)


def column(*things: QWidget | int | None, gap: int = 4) -> QVBoxLayout:
    """Return things one under the other; None stretches, a number is a space."""
    return _filled(QVBoxLayout(), things, gap)


def _filled(box: Box, things: tuple[QWidget | int | None, ...], gap: int) -> Box:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(gap)
    for thing in things:
        if thing is None:
            box.addStretch(1)
        elif isinstance(thing, int):
            box.addSpacing(thing)
        else:
            box.addWidget(thing)
    return box


def emptied(box: Laid) -> Laid:
    """Take everything out of a layout and hide it until it goes.

    It keeps its parent: orphaned, it would die before the layout item that points at it.
    """
    while box.count():
        item = box.takeAt(0)
        if item.spacerItem() is None:
            widget = item.widget()
            widget.hide()
            widget.deleteLater()
    return box


def holder(inside: QBoxLayout, *margins: int) -> QWidget:
    """Return a plain widget round a layout, with margins left, top, right and bottom."""
    made = QWidget()
    if margins:
        inside.setContentsMargins(*margins)
    made.setLayout(inside)
    return made


def bring_into_sight(widget: QWidget, part: QRect) -> None:
    """Scroll what a widget stands in until a part of the widget can be seen."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None and part.isValid():
        inside = above.widget()
        for corner in (part.bottomRight(), part.topLeft()):
            spot = widget.mapTo(inside, corner)
            above.ensureVisible(spot.x(), spot.y(), 0, part.height())


class Picture(QLabel):
    """An icon of ours that follows the theme; decoration beside words."""

    def __init__(
        self, look: Look, name: str, role: str = "text.secondary", size: str = "icon.control"
    ) -> None:
        """Show the icon in the colour of a role."""
        super().__init__()
        self._look, self._name, self._role, self._size = look, name, role, size
        look.changed.connect(self._draw)
        self._draw()

    def show_icon(self, name: str, role: str) -> None:
        """Show another icon or another colour."""
        self._name, self._role = name, role
        self._draw()

    def _draw(self) -> None:
        side = self._look.theme.px(self._size)
        self.setPixmap(pixmap(self._look.theme, self._name, self._role, self._size))
        self.setFixedSize(side, side)


class _Follower(QObject):
    """Goes with its widget, and its connection with it."""

    def __init__(self, look: Look, widget: QWidget, fit: Callable[[Theme], object]) -> None:
        super().__init__(widget)
        self._look, self._fit = look, fit
        look.changed.connect(self.apply)

    def apply(self) -> None:
        self._fit(self._look.theme)


def follow(look: Look, widget: QWidget, fit: Callable[[Theme], object]) -> None:
    """Fit a widget to the theme now and whenever theme or text size change."""
    _Follower(look, widget, fit).apply()


def give_icon(look: Look, target: QAbstractButton, name: str, role: str = "text.primary") -> None:
    """Put an icon on a button and keep it in step with the theme."""

    def draw(theme: Theme) -> None:
        target.setIcon(icon(theme, name, role))
        side = theme.px("icon.control")
        target.setIconSize(QSize(side, side))

    follow(look, target, draw)


class Elided(QLabel):
    """One line that ends in an ellipsis where room ends, with the whole line as tool tip."""

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        ink: Ink = "primary",
        *,
        whole_first: bool = False,
    ) -> None:
        """Show a line in a role of the type scale; `whole_first` asks for room for all of it."""
        super().__init__()
        self.setProperty("type", role)
        self.setProperty("ink", ink)
        self.setTextFormat(Qt.TextFormat.PlainText)
        across = QSizePolicy.Policy.Maximum if whole_first else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Preferred)
        self._whole = ""
        self.say(text)

    def sizeHint(self) -> QSize:
        """Ask for the whole line."""
        whole = self.fontMetrics().horizontalAdvance(self._whole) + 2
        return QSize(whole, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Do with a few letters."""
        return QSize(0, super().minimumSizeHint().height())

    def say(self, text: str) -> None:
        """Show another line."""
        self._whole = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the line to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        fitted = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 1)
        )
        self.setText(fitted)
        self.setToolTip("" if fitted == self._whole else self._whole)
