"""Spread total…: the months as they would be, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit

from collabdesk.domain.budgets.phasing import Profile, phase
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import CollabDeskError
from collabdesk.services.budgets.planning.grid import GridRow
from collabdesk.services.budgets.room import Plan
from collabdesk.ui.budgets.forms import Place, spread_command, spread_fields
from collabdesk.ui.form import FormDialog
from collabdesk.ui.parts import emptied, panel, words

_ACROSS = 4


class SpreadDialog(FormDialog):
    """Ask for a total and how it is phased; show the twelve months live."""

    def __init__(self, place: Place, plan: Plan, row: GridRow, name: str) -> None:
        """Start from the line as it stands."""
        super().__init__(
            place.around,
            place.desk,
            "How shall the total be spread?",
            "Spread the total",
            spread_fields(row),
            lambda typed: spread_command(row, typed),
            said=f"{name}. The twelve months are replaced, as one step to undo.",
            parent=place.parent,
        )
        self._row = row
        self._year = FiscalYear.parse(plan.version.fiscal_year)
        self._cells = QGridLayout()
        self._cells.setContentsMargins(12, 8, 12, 8)
        self._cells.setHorizontalSpacing(24)
        self._cells.setVerticalSpacing(4)
        shown = panel("foot")
        shown.setLayout(self._cells)
        self.body.addWidget(shown)
        self._listen()
        self.preview()

    def _listen(self) -> None:
        for box in self.boxes.values():
            if isinstance(box.control, QLineEdit):
                box.control.textChanged.connect(lambda _text: self.preview())
            if isinstance(box.control, QComboBox):
                box.control.currentIndexChanged.connect(lambda _place: self.preview())

    def preview(self) -> None:
        """Show the months of what is typed."""
        weights = self.boxes["weights"]
        weights.setVisible(self.boxes["profile"].text == "custom")
        try:
            command = spread_command(self._row, self.values)
            profile = Profile(command.profile)
            months = phase(command.total_p, profile, self._year, command.weights)
        except CollabDeskError as why:
            self._show([(str(why), "")])
            return
        self._show(
            [
                (month.label, format_pence(amount))
                for month, amount in zip(self._year.months, months, strict=True)
            ]
        )

    def _show(self, pairs: Sequence[tuple[str, str]]) -> None:
        emptied(self._cells)
        if len(pairs) == 1:
            self._cells.addWidget(words(pairs[0][0], ink="secondary", wrap=True), 0, 0)
            return
        for place, (month, amount) in enumerate(pairs):
            line, across = divmod(place, _ACROSS)
            self._cells.addWidget(words(month, "caption", "secondary"), 2 * line, across)
            self._cells.addWidget(words(amount, "bodyStrong"), 2 * line + 1, across)
