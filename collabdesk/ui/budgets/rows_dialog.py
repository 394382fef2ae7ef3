"""Rows typed or pasted from a spreadsheet: each is judged, and those that can be are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtWidgets import QDialogButtonBox, QWidget

from collabdesk.errors import CollabDeskError
from collabdesk.ui.budgets.wording import counted
from collabdesk.ui.dialog import Dialog
from collabdesk.ui.grid import CellEdit, CellState, Grid, GridCell, GridColumn, GridRow
from collabdesk.ui.grid.cells import Value
from collabdesk.ui.messages import Banner
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import words

Values = Mapping[str, Value]
Done = Callable[[object], object]
Failed = Callable[[Exception], object]
BLANK_ROWS: Final = 500
"""How many rows a paste may bring beyond those that are there."""


@dataclass(frozen=True)
class Kept:
    """What the verb sends: rows that are new or other, and the keys of those emptied."""

    made: Sequence[object]
    emptied: Sequence[object]


Send = Callable[[QWidget, Kept, Done, Failed], object]
"""Sends what a sheet asks for and answers it, if it is still open then."""


@dataclass(frozen=True)
class Asked:
    """What a dialog of rows asks: `make` turns a row's values (and its key) into what is sent."""

    title: str
    verb: str
    columns: Sequence[GridColumn]
    make: Callable[[Values, object], object]
    send: Send
    said: str = ""
    there: Sequence[tuple[object, Values]] = ()


@dataclass
class _Line:
    key: object
    values: dict[str, Value] = field(default_factory=dict)
    before: Values = field(default_factory=dict)
    judged: object = None
    """What its values make, or why they make nothing; None until somebody asks."""

    @property
    def blank(self) -> bool:
        return all(value is None for value in self.values.values())

    @property
    def dirty(self) -> bool:
        return {k: v for k, v in self.values.items() if v is not None} != {
            k: v for k, v in self.before.items() if v is not None
        }


class RowsDialog(Dialog):
    """A sheet that takes what is pasted; what it refuses stays in it with the reason."""

    def __init__(self, around: Surroundings, asked: Asked, parent: QWidget | None = None) -> None:
        """Show the rows there are, and blank ones after them."""
        super().__init__(around.look, asked.title, "large", parent)
        self._around, self._asked = around, asked
        self.banner = Banner(around.look)
        self._lines = [_Line(key, dict(values), values) for key, values in asked.there]
        self._lines += [_Line(None) for _ in range(BLANK_ROWS)]
        self._nothing = (GridCell(),) * (1 + len(asked.columns))
        columns = (
            GridColumn("row", "Row"),
            GridColumn("outcome", "What happens"),
            *asked.columns,
        )
        self.grid = Grid(around.look, asked.title, columns, commit=self._commit, strip=False)
        self.body.addWidget(self.banner)
        hint = "Type, or paste cells copied from a spreadsheet with Ctrl+V; empty a row to "
        hint += "take it away." if asked.there else "leave it out."
        self.body.addWidget(words(f"{asked.said} {hint}".strip(), ink="secondary", wrap=True))
        self.body.addWidget(self.grid, 1)
        self.grid.setMinimumHeight(around.look.theme.px("size.gridRow") * 12)
        self.verb = self.add_button("", QDialogButtonBox.ButtonRole.ApplyRole, primary=True)
        self.add_button("Close", QDialogButtonBox.ButtonRole.RejectRole)
        self.verb.clicked.connect(lambda _on=False: self.send())
        self.grid.failed.connect(self.refuse)
        self._show()
        self.grid.view.go_to(len(asked.there), 2)
        self.grid.view.setFocus()

    def send(self) -> None:
        """Send the rows that can be kept."""
        self.banner.hide()
        made = [one for _, one in self._judged() if not isinstance(one, CollabDeskError)]
        emptied = [line.key for line in self._lines if line.key is not None and line.blank]
        self.verb.setEnabled(False)
        self._asked.send(self, Kept(made, emptied), self._sent, self.refuse)

    def refuse(self, fault: Exception) -> None:
        """Say over the sheet why nothing was kept."""
        self.banner.refuse(self._around.explainer.explain(fault))
        self._fit_verb()

    def _sent(self, _done: object) -> None:
        left = [line for line, one in self._judged() if isinstance(one, CollabDeskError)]
        if not left:
            self.accept()
            return
        self._lines = [*left, *(_Line(None) for _ in range(BLANK_ROWS))]
        self._show()
        self.banner.say(
            f"{counted(len(left), 'row')} stayed here.", "Mend what the last column says."
        )

    def _judged(self) -> Iterable[tuple[_Line, object]]:
        for line in self._lines:
            if not line.blank and line.dirty:
                yield line, self._made(line)

    def _made(self, line: _Line) -> object:
        if line.judged is None:
            try:
                line.judged = self._asked.make({**self._empty(), **line.values}, line.key)
            except CollabDeskError as refusal:
                line.judged = refusal
        return line.judged

    def _empty(self) -> dict[str, Value]:
        return {column.key: None for column in self._asked.columns}

    def _commit(self, edits: list[CellEdit]) -> None:
        touched = set()
        for edit in edits:
            if isinstance(edit.row, int):
                line = self._lines[edit.row]
                line.values[edit.column], line.judged = edit.new, None
                touched.add(edit.row)
        self.grid.exchange([self._row(place) for place in sorted(touched)])
        self.grid.measure()
        self._fit_verb()

    def _show(self) -> None:
        self.grid.set_rows([self._row(place) for place in range(len(self._lines))])
        self.grid.measure()
        self._fit_verb()

    def _fit_verb(self) -> None:
        judged = [one for _, one in self._judged()]
        fine = sum(not isinstance(one, CollabDeskError) for one in judged)
        gone = sum(line.key is not None and line.blank for line in self._lines)
        number = counted(fine + gone, "row") if fine + gone else "rows"
        self.verb.setText(f"{self._asked.verb} {number}")
        self.verb.setEnabled(fine + gone > 0)

    def _row(self, place: int) -> GridRow:
        line = self._lines[place]
        if line.key is None and line.blank:
            # Most rows: they share their cells.
            return GridRow(place, (GridCell(str(place + 1)), *self._nothing))
        cells = [GridCell(line.values.get(column.key)) for column in self._asked.columns]
        return GridRow(place, (GridCell(str(place + 1)), self._outcome(line), *cells))

    def _outcome(self, line: _Line) -> GridCell:
        if line.blank:
            return GridCell("Will be taken away" if line.key is not None else None)
        if not line.dirty:
            return GridCell("As it was")
        made = self._made(line)
        if isinstance(made, CollabDeskError):
            return GridCell(f"{made.words} {made.remedy}".strip(), state=CellState.REFUSED)
        return GridCell("Will be kept", state=CellState.GOOD)
