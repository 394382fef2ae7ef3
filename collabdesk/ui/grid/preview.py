"""What a paste would change and what it may not, before anything is written."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from collabdesk.ui.dialog import Dialog
from collabdesk.ui.grid.cells import CellState, GridCell, GridRow, Plan, Proposed
from collabdesk.ui.grid.columns import GridColumn
from collabdesk.ui.grid.model import GridModel
from collabdesk.ui.grid.view import GridView
from collabdesk.ui.parts import words
from collabdesk.ui.theme import Look

_COLUMNS = (
    GridColumn("row", "Row"),
    GridColumn("column", "Column"),
    GridColumn("before", "Now"),
    GridColumn("after", "Pasted"),
    GridColumn("outcome", "What happens"),
)


def amount(count: int, one: str = "cell", many: str = "cells") -> str:
    """Write a count with its word."""
    return f"1 {one}" if count == 1 else f"{count:,} {many}"


class PastePreview(Dialog):
    """Refused cells first, each with its reason; the rest can still be written."""

    def __init__(self, look: Look, plan: Plan, parent: QWidget | None = None) -> None:
        """List every cell of the plan."""
        refused, fine = len(plan.refused), len(plan.edits)
        title = f"{amount(refused)} cannot be written" if refused else "Write these changes?"
        super().__init__(look, title, "large", parent)
        rest = f"{amount(fine)} can. " if fine else "Nothing else would change. "
        self.body.addWidget(words(f"{rest}Nothing has been written yet.", wrap=True))
        self.table = self._table(look, plan)
        self.body.addWidget(self.table, 1)
        verb = f"Write {amount(fine)}"
        self.write = self.add_button(verb, QDialogButtonBox.ButtonRole.AcceptRole, primary=True)
        self.write.setEnabled(fine > 0)
        self.add_button("Cancel", QDialogButtonBox.ButtonRole.RejectRole)

    def _table(self, look: Look, plan: Plan) -> GridView:
        lines = [*plan.refused, *(line for line in plan.lines if not line.refused)]

        def page(after: object | None, most: int) -> list[GridRow]:
            start = after + 1 if isinstance(after, int) else 0
            shown = lines[start : start + most]
            return [_row(place, line) for place, line in enumerate(shown, start)]

        # A page at a time: of ten thousand lines a score is in sight.
        model = GridModel(_COLUMNS, page, parent=self)
        model.fetchMore()
        view = GridView(look, model, "Cells of the paste")
        view.measure()
        view.setMinimumHeight(look.theme.px("size.gridRow") * min(len(lines) + 2, 12))
        view.go_to(0, 0)
        return view


def _row(place: int, line: Proposed) -> GridRow:
    state = CellState.REFUSED if line.refused else CellState.OPEN
    outcome = line.refused or "Will be written"
    after = GridCell(line.after, state=state)
    texts = [line.row_name, line.column_name, line.before]
    return GridRow(place, (*map(GridCell, texts), after, GridCell(outcome)))


def accepted(dialog: QDialog) -> bool:
    """Show a dialog and say whether its verb was pressed."""
    return dialog.exec() == QDialog.DialogCode.Accepted
