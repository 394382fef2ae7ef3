"""Column headings in two tiers: the band over several columns, then each column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from collabdesk.ui.grid.columns import GridColumn
from collabdesk.ui.parts import follow
from collabdesk.ui.theme import Look
from collabdesk.ui.theme.icons import paint_icon


class Headings(QHeaderView):
    """Titles in one or two lines, with bands such as Closed, Soft and Forecast."""

    filter_wanted = Signal(int)

    def __init__(self, look: Look, columns: Sequence[GridColumn], parent: QWidget) -> None:
        """Show a heading for each column."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self._columns = columns
        self._band_ends = [_band_ends(columns, place) for place in range(len(columns))]
        self._banded = any(column.band for column in columns)
        self.frozen = 0
        self.filtered: set[int] = set()
        self.setAccessibleName("Column headings")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(look.theme.px("size.targetMin"))
        follow(look, self, lambda _theme: self.updateGeometry())

    def sizeHint(self) -> QSize:
        """Ask for the heights of both tiers."""
        theme = self._look.theme
        band = theme.px("size.gridHeaderBand") if self._banded else 0
        # Not what Qt would say: it asks every heading for its text, and takes no width from here.
        return QSize(self.length(), theme.px("size.gridHeader") + band)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint the part of the band and the title over one column."""
        theme, column = self._look.theme, self._columns[section]
        painter.save()
        painter.fillRect(rect, theme.colour("surface.total"))
        title = QRect(rect)
        if column.band:
            band = QRect(rect)
            band.setHeight(theme.px("size.gridHeaderBand"))
            title.setTop(band.bottom() + 1)
            self._paint_band(painter, band, section)
        self._paint_title(painter, title, column, section)
        role = "border.pane" if section == self.frozen - 1 else "border.hairline"
        painter.setPen(QPen(theme.colour(role), theme.line("hairline")))
        inner = title if self._band_goes_on(section) else rect
        painter.drawLine(inner.topRight(), inner.bottomRight())
        painter.setPen(QPen(theme.colour("border.pane"), theme.line("hairline")))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press on a heading asks for its filter."""
        super().mouseReleaseEvent(event)
        section = self.logicalIndexAt(event.position().toPoint())
        resizing = self.cursor().shape() == Qt.CursorShape.SplitHCursor
        if section >= 0 and not resizing and event.button() == Qt.MouseButton.LeftButton:
            self.filter_wanted.emit(section)

    def _paint_title(
        self, painter: QPainter, room: QRect, column: GridColumn, section: int
    ) -> None:
        theme, pad = self._look.theme, self._look.theme.px("space.cellPaddingX")
        left = pad + (theme.px("space.2") if section == 0 else 0)
        room = room.adjusted(left, 0, -pad - 1, 0)
        side = Qt.AlignmentFlag.AlignRight if column.is_figure else Qt.AlignmentFlag.AlignLeft
        strong, plain = theme.font("captionStrong"), self._caption(column)
        painter.setPen(theme.colour("text.primary"))
        painter.setFont(strong)
        if not column.second:
            flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(flags.value), column.title)
        else:
            half = room.height() // 2
            painter.drawText(
                room.adjusted(0, 1, 0, -half),
                int((side | Qt.AlignmentFlag.AlignVCenter).value),
                column.title,
            )
            painter.setFont(plain)
            painter.setPen(theme.colour("text.secondary"))
            painter.drawText(
                room.adjusted(0, half - 1, 0, -1),
                int((side | Qt.AlignmentFlag.AlignVCenter).value),
                column.second,
            )
        if section in self.filtered:
            icon = theme.px("icon.inline")
            spot = QRectF(room.left() - 2, room.bottom() - icon - 1, icon, icon)
            paint_icon(painter, theme, "filter", "mark.accent", spot)

    def _paint_band(self, painter: QPainter, part: QRect, section: int) -> None:
        theme, column = self._look.theme, self._columns[self._band_ends[section][0]]
        ground = "surface.closed" if column.band_icon else "surface.softClosed"
        painter.fillRect(part, theme.colour("surface.page" if column.italic else ground))
        painter.setFont(self._caption(column))
        words = self._band_rect(section, part)
        icon = theme.px("icon.inline") + 3 if column.band_icon else 0
        words.setLeft(words.left() + theme.px("space.1"))
        # Few columns are reached by the words over them.
        if (
            words.left() + icon + painter.fontMetrics().horizontalAdvance(column.band)
            >= part.left()
        ):
            self._paint_words(painter, part, words, column)
        painter.setPen(QPen(theme.colour("border.hairline"), theme.line("hairline")))
        painter.drawLine(part.bottomLeft(), part.bottomRight())

    def _paint_words(
        self, painter: QPainter, part: QRect, words: QRect, column: GridColumn
    ) -> None:
        theme = self._look.theme
        painter.save()
        painter.setClipRect(part)
        if column.band_icon:
            side = theme.px("icon.inline")
            spot = QRectF(words.left(), words.center().y() - side / 2 + 1, side, side)
            paint_icon(painter, theme, column.band_icon, "mark.locked", spot)
            words.setLeft(words.left() + side + 3)
        painter.setPen(theme.colour("text.forecast" if column.italic else "text.primary"))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter.value), column.band)
        painter.restore()

    def _caption(self, column: GridColumn) -> QFont:
        upright = self._look.theme.font("caption")
        if not column.italic:
            return upright
        slanted = QFont(upright)
        slanted.setItalic(True)
        return slanted

    def _band_goes_on(self, section: int) -> bool:
        return bool(self._columns[section].band) and section < self._band_ends[section][1]

    def _band_rect(self, section: int, part: QRect) -> QRect:
        first, last = self._band_ends[section]
        shift = sum(self.sectionSize(place) for place in range(first, section))
        width = sum(self.sectionSize(place) for place in range(first, last + 1))
        return QRect(part.left() - shift, part.top(), width, part.height())


def _band_ends(columns: Sequence[GridColumn], section: int) -> tuple[int, int]:
    band = columns[section].band
    first = last = section
    while first > 0 and columns[first - 1].band == band:
        first -= 1
    while last + 1 < len(columns) and columns[last + 1].band == band:
        last += 1
    return first, last
