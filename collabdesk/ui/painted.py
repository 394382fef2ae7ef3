"""The parts of the navigation, drawn from the tokens as real buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy

from collabdesk.ui.connection import Connection
from collabdesk.ui.parts import follow
from collabdesk.ui.theme import Look, Theme
from collabdesk.ui.theme.icons import paint_icon


@dataclass(frozen=True)
class Workspace:
    """A collaborative this laptop takes part in."""

    key: str
    name: str
    detail: str

    @property
    def letters(self) -> str:
        """Two letters for the square."""
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class Painted(QAbstractButton):
    """A button drawn from the tokens, with the room its words need."""

    def __init__(self, look: Look, name: str) -> None:
        """Be reachable from the keyboard under a name."""
        super().__init__()
        self.look = look
        self.narrow = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(look, self, lambda _theme: self.updateGeometry())

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        return self.look.theme

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 a setter
        """Show the drawing alone; the words become the tool tip."""
        self.narrow = narrow
        self.setToolTip(self.accessibleName() if narrow else "")
        self.updateGeometry()
        self.update()

    def ground(self, painter: QPainter, role: str) -> None:
        """Fill the control, darker under the pointer."""
        hover = self.underMouse() and not self.isChecked()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("surface.hover" if hover else role))
        radius = self.theme.px("radius.control")
        painter.drawRoundedRect(self.rect(), radius, radius)

    def write(
        self, painter: QPainter, where: QRect, text: str, font: str, ink: str = "text.primary"
    ) -> None:
        """Write text at the left, in the middle of its height, cut with an ellipsis."""
        painter.setFont(self.theme.font(font))
        painter.setPen(self.theme.colour(ink))
        fitted = QFontMetrics(painter.font()).elidedText(
            text, Qt.TextElideMode.ElideRight, where.width()
        )
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(where, middle, fitted)


class NavigationItem(Painted):
    """One place: icon, words, and how many things wait there."""

    def __init__(self, look: Look, title: str, icon: str) -> None:
        """Stand for one page."""
        super().__init__(look, title)
        self._title, self._icon = title, icon
        self.count = 0
        self.alarm = ""
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def mark(self, count: int, alarm: str = "") -> None:
        """Show how many things there are to do, or in words what was kept aside."""
        self.count, self.alarm = count, alarm
        waiting = f", {count} to do" if count else ""
        self.setAccessibleName(f"{self._title}{waiting}{f', {alarm}' if alarm else ''}")
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the height of an item."""
        return QSize(self.theme.px("size.navWidthCollapsed"), self.theme.px("size.navItem"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bar, icon, words and count."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, theme = self.isChecked(), self.theme
        self.ground(painter, "surface.selected" if chosen else "surface.window")
        if chosen:
            bar = QRect(0, 0, theme.line("navBar"), self.height())
            painter.fillRect(bar, theme.colour("mark.accent"))
        side, left = theme.px("icon.nav"), theme.px("space.3")
        where = QRectF(left, (self.height() - side) / 2, side, side)
        ink = "mark.accent" if chosen else "text.secondary"
        paint_icon(painter, theme, self._icon, ink, where)
        if not self.narrow:
            start = left + side + theme.px("space.2")
            room = self.rect().adjusted(start, 0, -theme.px("space.6"), 0)
            self.write(painter, room, self._title, "bodyStrong" if chosen else "body")
        self._paint_mark(painter)

    def _paint_mark(self, painter: QPainter) -> None:
        theme, box = self.theme, self._mark_box()
        if self.alarm:
            paint_icon(painter, theme, "refused", "mark.danger", QRectF(box).adjusted(1, 1, -1, -1))
        elif self.count:
            painter.setBrush(theme.colour("surface.page"))
            painter.setPen(QPen(theme.colour("mark.control"), theme.line("control")))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setFont(theme.font("captionStrong"))
            painter.setPen(theme.colour("text.primary"))
            most = 9 if self.narrow else 99
            shown = str(self.count) if self.count <= most else f"{most}+"
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

    def _mark_box(self) -> QRect:
        theme = self.theme
        side = theme.px("icon.control" if self.narrow else "size.chip")
        edge = 2 if self.narrow else theme.px("space.2")
        return QRect(self.width() - side - edge, (self.height() - side) // 2, side, side)


class WorkspaceSwitcher(Painted):
    """The collaborative on show, and the others this laptop takes part in."""

    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        """Show no workspace yet."""
        super().__init__(look, "Workspace")
        self._here = Workspace("", "CollabDesk", "")
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        self.clicked.connect(self.open_list)

    def show_workspaces(self, all_of_them: Sequence[Workspace], here: str) -> None:
        """List the workspaces and tick the one on show."""
        self._menu.clear()
        for workspace in all_of_them:
            action = QAction(f"{workspace.name}, {workspace.detail}", self._menu)
            action.setCheckable(True)
            action.setChecked(workspace.key == here)
            action.triggered.connect(lambda _on=False, key=workspace.key: self.chosen.emit(key))
            self._group.addAction(action)
            self._menu.addAction(action)
            if workspace.key == here:
                self._here = workspace
        self.setAccessibleName(f"Workspace {self._here.name}, {self._here.detail}")
        self.update()

    @property
    def menu(self) -> QMenu:
        """The list of workspaces."""
        return self._menu

    def open_list(self) -> None:
        """Drop the list down."""
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def sizeHint(self) -> QSize:
        """Ask for two lines."""
        return QSize(self.theme.px("size.navWidthCollapsed"), self.theme.px("space.7"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the square with letters, then name and detail."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.ground(painter, "surface.window")
        theme, side = self.theme, self.theme.px("size.control")
        left = theme.px("space.3") if not self.narrow else (self.width() - side) // 2
        square = QRect(left, (self.height() - side) // 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent.fill"))
        painter.drawRoundedRect(square, theme.px("radius.card"), theme.px("radius.card"))
        painter.setFont(theme.font("bodyStrong"))
        painter.setPen(theme.colour("accent.on"))
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, self._here.letters)
        if not self.narrow:
            half = self.height() // 2
            text = self.rect().adjusted(left + side + theme.px("space.2"), 4, -4, -half)
            self.write(painter, text, self._here.name, "bodyStrong")
            self.write(
                painter,
                text.translated(0, half - 6),
                self._here.detail,
                "caption",
                "text.secondary",
            )


class ConnectionChip(Painted):
    """Connection and identity at the foot; a press opens Sharing."""

    def __init__(self, look: Look) -> None:
        """Say nothing before the connection is known."""
        super().__init__(look, "Connection")
        self._connection = Connection("opening")
        self._who: tuple[str, ...] = ()

    def tell(self, connection: Connection, *who: str) -> None:
        """Say how things stand and who is at this laptop."""
        self._connection, self._who = connection, who
        self.setAccessibleName(", ".join([connection.words, *who]))
        self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    def _lines(self, width: int) -> list[tuple[QRect, str, str, str]]:
        theme, top, lines = self.theme, self.theme.px("space.2"), []
        left, dot = theme.px("space.2"), theme.px("space.4")
        said = [(self._connection.words, "captionStrong", "text.primary", dot)]
        said += [(who, "caption", "text.secondary", 0) for who in self._who]
        for text, font, ink, indent in said:
            metrics = QFontMetrics(theme.font(font))
            room = QRect(left + indent, top, width - 2 * left - indent, 10_000)
            used = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text)
            lines.append((QRect(room.left(), top, room.width(), used.height()), text, font, ink))
            top += used.height()
        return lines

    def sizeHint(self) -> QSize:
        """Ask for as many lines as the words need."""
        theme = self.theme
        if self.narrow:
            return QSize(theme.px("size.navWidthCollapsed"), theme.px("size.control"))
        width = (
            self.width() if self.width() > theme.px("space.7") else theme.px("size.navWidth") - 16
        )
        foot = self._lines(width)[-1][0].bottom() + theme.px("space.2")
        return QSize(width, foot)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame, the dot and the lines."""
        theme, painter = self.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("border.pane"), theme.line("hairline")))
        painter.setBrush(theme.colour("surface.hover" if self.underMouse() else "surface.page"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        lines = self._lines(self.width())
        self._paint_dot(
            painter, lines[0][0].top() + QFontMetrics(theme.font("caption")).height() / 2
        )
        if self.narrow:
            return
        for where, text, font, ink in lines:
            painter.setFont(theme.font(font))
            painter.setPen(theme.colour(ink))
            painter.drawText(where, Qt.TextFlag.TextWordWrap, text)

    def _paint_dot(self, painter: QPainter, middle: float) -> None:
        theme, shared = self.theme, self._connection.state == "shared"
        role = "mark.good" if shared else "mark.neutral"
        painter.setPen(QPen(theme.colour(role), theme.line("selectedOutline")))
        painter.setBrush(theme.colour(role) if shared else Qt.BrushStyle.NoBrush)
        side, left = theme.px("space.2") - 2, theme.px("space.2") + 1
        if self.narrow:
            left, middle = (self.width() - side) // 2, self.height() / 2
        painter.drawEllipse(QRectF(left, middle - side / 2, side, side))
