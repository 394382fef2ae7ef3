"""The alliance as a picture: partners round the shared folder, each box a real control."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from collabdesk.ui.painted import Painted
from collabdesk.ui.parts import follow
from collabdesk.ui.sharing.standing_words import Partner
from collabdesk.ui.theme import Look
from collabdesk.ui.theme.icons import paint_icon

MARKS: Final = {
    "seen": ("mark.accent", Qt.PenStyle.SolidLine, "done"),
    "behind": ("mark.pending", Qt.PenStyle.DashLine, "waiting_in"),
    "silent": ("mark.concern", Qt.PenStyle.DotLine, "clock"),
    "lost": ("mark.danger", Qt.PenStyle.DotLine, "clock"),
}


class PartnerBox(Painted):
    """One partner: name, laptops, when heard, and what it has seen."""

    def __init__(self, look: Look, partner: Partner) -> None:
        """Show a partner; a press chooses it for the table below."""
        super().__init__(look, partner.spoken)
        self.partner = partner
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setToolTip(partner.spoken)

    def sizeHint(self) -> QSize:
        """Ask for three lines."""
        theme = self.theme
        return QSize(theme.px("size.inspectorMin"), theme.px("space.7") + theme.px("space.5"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame in the way the partner stands, then its three lines."""
        theme, painter = self.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role, style, icon = MARKS[self.partner.state]
        line = theme.line("selectedOutline" if self.isChecked() else "control")
        ink = "mark.accent" if self.isChecked() else "mark.control"
        frame_style = style if self.partner.state in {"silent", "lost"} else Qt.PenStyle.SolidLine
        painter.setPen(QPen(theme.colour(ink), line, frame_style))
        painter.setBrush(theme.colour("surface.selected" if self.isChecked() else "surface.page"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        pad, third = theme.px("space.3"), self.height() // 3
        room = QRect(pad, 4, self.width() - 2 * pad, third)
        self.write(painter, room, self.partner.name, "bodyStrong")
        middle = room.translated(0, third - 2)
        self.write(painter, middle, self.partner.role, "caption", "text.secondary")
        painter.drawText(
            middle, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.partner.heard
        )
        foot = room.translated(0, 2 * third - 6)
        side = theme.px("icon.inline")
        place = QRectF(pad, foot.center().y() - side / 2, side, side)
        paint_icon(painter, theme, icon, role, place)
        self.write(painter, foot.adjusted(side + 8, 0, 0, 0), self.partner.said, "caption")


class FolderBox(Painted):
    """The shared folder in the middle; a press tries it."""

    def __init__(self, look: Look) -> None:
        """Stand in the middle of the picture."""
        super().__init__(look, "Shared folder: test it")
        self.setToolTip("Test the shared folder")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a folder with its name."""
        theme, painter = self.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("mark.accent"), theme.line("selectedOutline")))
        painter.setBrush(theme.colour("surface.info"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        side = theme.px("icon.empty")
        top = QRectF((self.width() - side) / 2, self.height() / 2 - side - 2, side, side)
        paint_icon(painter, theme, "folder", "mark.accent", top)
        painter.setFont(theme.font("bodyStrong"))
        painter.setPen(theme.colour("text.primary"))
        foot = self.rect().adjusted(4, self.height() // 2, -4, -4)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, "Shared folder")


class AlliancePicture(QWidget):
    """Partners in two columns, the shared folder between them, lines as each one stands."""

    chosen = Signal(object)
    """A partner was chosen."""

    def __init__(self, look: Look) -> None:
        """Show nobody yet."""
        super().__init__()
        self._look = look
        self.boxes: list[PartnerBox] = []
        self.folder = FolderBox(look)
        self.folder.setParent(self)
        self.setAccessibleName("The alliance")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        follow(look, self, lambda _theme: self._arrange())

    def show_partners(self, partners: Sequence[Partner]) -> None:
        """Show the partners; the one chosen before stays chosen, the keyboard where it was."""
        if [box.partner for box in self.boxes] == list(partners):
            return
        focused = next((b.partner.organisation for b in self.boxes if b.hasFocus()), None)
        before = next((b.partner.organisation for b in self.boxes if b.isChecked()), b"")
        for box in self.boxes:
            box.setParent(None)
            box.deleteLater()
        self.boxes = [PartnerBox(self._look, partner) for partner in partners]
        for box in self.boxes:
            box.setParent(self)
            box.setChecked(box.partner.organisation == before or (not before and box.partner.mine))
            box.clicked.connect(lambda _on=False, box=box: self.chosen.emit(box.partner))
            box.show()
            if box.partner.organisation == focused:
                box.setFocus()
        self._arrange()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for the height of the taller column."""
        theme = self._look.theme
        lines = max(1, (len(self.boxes) + 1) // 2)
        high = theme.px("space.7") + theme.px("space.5") + theme.px("space.4")
        return QSize(600, max(lines, 2) * high + theme.px("space.4"))

    def minimumSizeHint(self) -> QSize:
        """Never be lower than the boxes."""
        return QSize(360, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the boxes where they belong."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        theme, margin = self._look.theme, self._look.theme.px("space.4")
        high = theme.px("space.7") + theme.px("space.5")
        wide = max(
            120, min(theme.px("size.inspectorWidth"), (self.width() - 2 * margin) * 36 // 100)
        )
        lines = max(1, (len(self.boxes) + 1) // 2)
        # Where the window is tall the lines of partners share its height.
        pitch = max(high + margin, (self.height() - margin) // lines)
        for place, box in enumerate(self.boxes):
            line, right = divmod(place, 2)
            left = self.width() - margin - wide if right else margin
            top = margin + line * pitch + (pitch - margin - high) // 2
            box.setGeometry(left, top, wide, high)
        middle = self.width() - 2 * (margin + wide + theme.px("space.5"))
        side = max(60, min(theme.px("size.navWidth") - 52, middle))
        centre = margin + (lines * pitch - margin) // 2
        top = max(margin, centre - high // 2)
        self.folder.setGeometry((self.width() - side) // 2, top, side, high)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a line from each box to the folder, in the way its partner stands."""
        painter, theme = QPainter(self), self._look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.folder.geometry()
        for place, box in enumerate(self.boxes):
            role, style, _ = MARKS[box.partner.state]
            painter.setPen(QPen(theme.colour(role), theme.line("selectedOutline"), style))
            where = box.geometry()
            right = place % 2
            start = QPointF(where.left() if right else where.right(), where.center().y())
            end_x = middle.right() if right else middle.left()
            end_y = min(max(start.y(), middle.top() + 8.0), middle.bottom() - 8.0)
            turn = (start.x() + end_x) / 2
            corners = [start, QPointF(turn, start.y()), QPointF(turn, end_y), QPointF(end_x, end_y)]
            painter.drawPolyline(QPolygonF(corners))


class Legend(QWidget):
    """What each kind of line means."""

    def __init__(self, look: Look) -> None:
        """Name the three lines."""
        super().__init__()
        self._look = look
        self._names = {
            "seen": "Has seen everything",
            "behind": "Some not confirmed yet",
            "silent": "Not heard for a week",
            "lost": "Not heard for a month",
        }
        self.setAccessibleName(
            "Solid: has seen everything. Dashed: some not confirmed yet. "
            "Dotted: not heard for a week or more, or for a month."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(look, self, lambda _theme: self.updateGeometry())

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(400, self._look.theme.px("space.6"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a sample of each line with its name."""
        painter, theme = QPainter(self), self._look.theme
        painter.setFont(theme.font("caption"))
        left, middle = theme.px("space.4"), self.height() // 2
        for key, name in self._names.items():
            role, style, _ = MARKS[key]
            painter.setPen(QPen(theme.colour(role), theme.line("selectedOutline"), style))
            painter.drawLine(left, middle, left + 26, middle)
            painter.setPen(theme.colour("text.secondary"))
            wide = painter.fontMetrics().horizontalAdvance(name)
            painter.drawText(left + 34, middle + painter.fontMetrics().ascent() // 2 - 1, name)
            left += 34 + wide + theme.px("space.5")
