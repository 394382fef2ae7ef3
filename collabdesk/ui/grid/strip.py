"""The strip above a grid: the cell's name, its exact figure, and the unit switch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from collabdesk.ui.grid.cells import CellState, GridCell
from collabdesk.ui.grid.columns import GridColumn, Unit
from collabdesk.ui.parts import Elided, Picture, follow, holder, panel, restyle, row, words
from collabdesk.ui.theme import Look, Theme
from collabdesk.ui.theme.tokens import LARGE_TEXT


class _Segment(QPushButton):
    """Wide enough for its words in bold, as they are when it is chosen."""

    def __init__(self, words_: str) -> None:
        """Offer the words."""
        super().__init__(words_)
        self._measured: QFont | None = None
        self._more = 0

    def sizeHint(self) -> QSize:
        """Ask for the width of the bold words."""
        return self._bold(super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        """Ask for no less."""
        return self._bold(super().minimumSizeHint())

    def _bold(self, asked: QSize) -> QSize:
        # A layout asks some ten times before a grid is first seen.
        if self._measured != self.font():
            self._measured, strong = self.font(), QFont(self.font())
            strong.setWeight(QFont.Weight.DemiBold)
            wide = QFontMetrics(strong).horizontalAdvance(self.text())
            self._more = max(wide - self.fontMetrics().horizontalAdvance(self.text()), 0)
        return QSize(asked.width() + self._more, asked.height())


class Segments(QWidget):
    """Two or more ways to see the same thing, one of them chosen."""

    chosen = Signal(str)

    def __init__(self, name: str, options: Sequence[str], first: str) -> None:
        """Offer the options by their words."""
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self.options = {option: self._button(option, name) for option in options}
        for place, made in enumerate(self.options.values()):
            end = "last" if place == len(self.options) - 1 else "middle"
            made.setProperty("place", "first" if place == 0 else end)
        inside = row(*self.options.values(), gap=0)
        self.setLayout(inside)
        self.options[first].setChecked(True)

    def choose(self, option: str) -> None:
        """Choose one, as a press would."""
        self.options[option].click()

    def show_chosen(self, option: str) -> None:
        """Show one as chosen without choosing it; none of them for words they do not have."""
        self._group.setExclusive(False)
        for words_, made in self.options.items():
            made.setChecked(words_ == option)
        self._group.setExclusive(True)

    def _button(self, option: str, name: str) -> QPushButton:
        made = _Segment(option)
        made.setCheckable(True)
        made.setProperty("kind", "segment")
        made.setAccessibleName(f"{name}: {option}")
        made.clicked.connect(lambda _on=False: self.chosen.emit(option))
        self._group.addButton(made)
        return made


class CellStrip(QFrame):
    """Where £k stays honest: the figure of the current cell to the penny."""

    unit_chosen = Signal(object)

    def __init__(self, look: Look, *, money: bool) -> None:
        """Offer the unit switch where there is money."""
        super().__init__()
        self.setProperty("panel", "toolStrip")
        self._least = 0
        self._name = words("", "bodyStrong")
        self._value = words("")
        self._sign = Picture(look, "contested", "mark.contested")
        self._box = panel("chip")
        self._box.setLayout(_padded(row(self._sign, self._value)))
        self._why = Elided("", "caption", "secondary")
        self._switches = row()
        self.units = Segments("Unit", [Unit.THOUSANDS.value, Unit.POUNDS.value], Unit.POUNDS.value)
        self.units.chosen.connect(lambda text: self.unit_chosen.emit(Unit(text)))
        if not money:
            self.units.hide()
        cell = row(self._name, self._box, self._why, gap=8)
        cell.setStretch(2, 1)
        switches = row(gap=8)
        switches.addLayout(self._switches)
        switches.addWidget(self.units)
        switches.addStretch(1)
        self._lines: QBoxLayout = row(holder(cell), holder(switches), gap=8)
        self._lines.setStretch(0, 1)
        self._lines.setContentsMargins(16, 3, 16, 3)
        self.setLayout(self._lines)
        follow(look, self, self._fit)
        self.say_nothing()

    def _fit(self, theme: Theme) -> None:
        large = theme.text_size >= LARGE_TEXT
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._lines.setDirection(down if large else across)
        self._least = theme.px("size.toolStrip")
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Ask for a strip's height, and for all of both lines where there are two."""
        asked = super().minimumSizeHint()
        return QSize(asked.width(), max(asked.height(), self._least))

    def add_switch(self, switch: QWidget) -> None:
        """Put a view switch before the unit."""
        self._switches.addWidget(switch)

    def say_nothing(self) -> None:
        """No cell is current."""
        self._name.setText("")
        self._box.hide()
        self._why.say("")

    def say(self, row_name: str, column: GridColumn, cell: GridCell, why_shut: str) -> None:
        """Name the current cell and write its figure in full."""
        self._name.setText(f"{row_name} / {column.name}" if row_name else column.name)
        contested = CellState.CONTESTED in cell.state and cell.other is not None
        self._sign.setVisible(contested)
        restyle(
            self._box, panel="card" if contested else "chip", tone="contested" if contested else ""
        )
        ink = "contested" if contested else "primary"
        restyle(self._value, ink=ink)
        self._value.setText(column.exact_cell(cell) if cell.value is not None else "Nothing here")
        self._box.show()
        self._why.say(cell.reason or (why_shut if CellState.LOCKED in cell.state else ""))

    @property
    def said(self) -> tuple[str, str]:
        """The name and the figure on show."""
        return self._name.text(), self._value.text()


def _padded(inside: QHBoxLayout) -> QHBoxLayout:
    inside.setContentsMargins(8, 2, 8, 2)
    return inside
