"""The mark of keyboard focus: a ring outside the control and a halo between them."""

from __future__ import annotations

from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QWidget,
)

from collabdesk.ui.theme import Look

OWN_MARK: Final = "paintsOwnFocus"
"""Set on a widget that draws its own focus mark, such as a grid's current cell."""

_MOVES: Final = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.ParentChange,
}


class _Ring(QWidget):
    """The painted frame, a sibling of the control so that it scrolls with it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def enclose(self, control: QWidget) -> list[QWidget]:
        """Lie round a control; return the ancestors whose moves move the ring."""
        room = self._look.theme.line("focusRing") + self._look.theme.line("focusHalo")
        between: list[QWidget] = []
        host = control.parentWidget()
        if host is None or not control.isVisible():
            self.hide()
            return []
        where = control.rect().adjusted(-room, -room, room, room)
        while not self._fits(control, host, where):
            between.append(host)
            above = host.parentWidget()
            if above is None:
                break
            host = above
        self.setParent(host)
        self.setGeometry(where.translated(control.mapTo(host, QPoint(0, 0))))
        self.raise_()
        self.show()
        return between

    def _fits(self, control: QWidget, host: QWidget, where: QRect) -> bool:
        scrolled = isinstance(host.parent(), QAbstractScrollArea)
        placed = where.translated(control.mapTo(host, QPoint(0, 0)))
        return scrolled or host.isWindow() or host.rect().contains(placed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw halo and ring as two lines, so that the control shows through."""
        theme = self._look.theme
        ring, halo = theme.line("focusRing"), theme.line("focusHalo")
        radius = theme.px("radius.control")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for role, width, inset in (("focus.halo", halo, ring), ("focus.ring", ring, 0)):
            painter.setPen(QPen(theme.colour(role), width))
            away = inset + width / 2
            where = QRectF(self.rect()).adjusted(away, away, -away, -away)
            painter.drawRoundedRect(where, radius, radius)


class FocusMark(QObject):
    """Puts the ring round whatever the keyboard has reached."""

    def __init__(self, look: Look, application: QApplication) -> None:
        """Watch the application's focus."""
        super().__init__(application)
        self._look = look
        self._ring: _Ring | None = None
        self._control: QWidget | None = None
        self._watched: list[QWidget] = []
        application.focusChanged.connect(self._move)
        look.changed.connect(self._again)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the ring round its control as that moves."""
        if event.type() in _MOVES and watched in self._watched:
            self._again()
        return False

    def _move(self, _before: QWidget | None, control: QWidget | None) -> None:
        self._control = control if control is not None and _wants_ring(control) else None
        self._watch([])
        self._again()

    def _watch(self, wanted: list[QWidget]) -> None:
        for widget in self._watched:
            if shiboken6.isValid(widget) and widget not in wanted:
                widget.removeEventFilter(self)
        for widget in wanted:
            if widget not in self._watched:
                widget.installEventFilter(self)
        self._watched = wanted

    def _again(self) -> None:
        if self._control is not None and shiboken6.isValid(self._control):
            between = self._own_ring().enclose(self._control)
            self._watch([self._control, *between])
        elif self._ring is not None and shiboken6.isValid(self._ring):
            self._ring.hide()

    def _own_ring(self) -> _Ring:
        if self._ring is None or not shiboken6.isValid(self._ring):
            self._ring = _Ring(self._look)
        return self._ring


def _wants_ring(control: QWidget) -> bool:
    parent = control.parentWidget()
    in_a_cell = parent is not None and isinstance(parent.parent(), QAbstractItemView)
    if control.property(OWN_MARK) or in_a_cell:
        return False
    by_hand = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
    return not by_hand or isinstance(control, QLineEdit)
