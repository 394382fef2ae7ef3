"""The form of an uplift that was agreed late: what it will come to is said while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QComboBox, QLineEdit

from collabdesk.domain.budgets.month_states import MonthState
from collabdesk.domain.money import parse_money_or_sum
from collabdesk.errors import CollabDeskError
from collabdesk.services.budgets.planning.uplift_words import uplift_words
from collabdesk.services.budgets.planning.year_commands import RecordUplift
from collabdesk.services.budgets.planning.year_room import YearRoom
from collabdesk.ui.budgets.evidence_form import EvidenceForm
from collabdesk.ui.budgets.forms import Place
from collabdesk.ui.budgets.setup_forms import envelope_choices
from collabdesk.ui.budgets.wording import months
from collabdesk.ui.form import YES, Field, Values, day
from collabdesk.ui.parts import words

_SAID: Final = "What closed months are owed is caught up in the first open month when it is posted."
_ASKED: Final = ("baseline_p", "old_pct", "new_pct", "effective_month")


class UpliftForm(EvidenceForm):
    """Says what the uplift comes to, month by month, as soon as it can be worked out."""

    def __init__(
        self,
        place: Place,
        fields: Sequence[Field],
        make: Callable[[Values], object],
        states: Sequence[MonthState],
    ) -> None:
        """Ask; `states` are those of the year's months."""
        super().__init__(place, "Which uplift came late?", "Record the uplift", fields, make)
        self._states = states
        self.comes_to = words(_SAID, ink="secondary", wrap=True)
        self.body.insertWidget(1, self.comes_to)
        for key in _ASKED:
            control = self.boxes[key].control
            if isinstance(control, QLineEdit):
                control.textChanged.connect(lambda _text: self._tell())
            elif isinstance(control, QComboBox):
                control.currentIndexChanged.connect(lambda _at: self._tell())

    def _tell(self) -> None:
        typed = self.values
        try:
            baseline_p = parse_money_or_sum(typed["baseline_p"], "baseline_p")
            month = int(typed["effective_month"])
            told = uplift_words(baseline_p, typed["old_pct"], typed["new_pct"], month, self._states)
        except CollabDeskError:
            told = _SAID
        self.comes_to.setText(told)


def uplift_form(
    place: Place, room: YearRoom, version: bytes, states: Sequence[MonthState]
) -> UpliftForm:
    """Ask for an uplift that was agreed late."""
    old = (room.settings.cost_uplift_pct or "0") if room.settings else "0"
    fields = (
        Field("reference", "Reference of the letter", required=True),
        Field("baseline_p", "Recurrent baseline", required=True, half=True),
        Field(
            "effective_month",
            "From",
            "choice",
            choices=months(room.fiscal_year),
            half=True,
        ),
        Field("old_pct", "Uplift so far, %", value=old, required=True, half=True),
        Field("new_pct", "Uplift now, %", required=True, half=True),
        Field(
            "envelope",
            "Envelope",
            "choice",
            choices=(("", "None named"), *envelope_choices(room)),
            half=True,
        ),
        Field("letter_date", "Date of the letter", "day", half=True),
        Field("pass_on", "Pass it on to the lines, in proportion", "tick"),
    )

    def make(typed: Values) -> object:
        return RecordUplift(
            version,
            typed["reference"],
            parse_money_or_sum(typed["baseline_p"], "baseline_p"),
            typed["old_pct"],
            typed["new_pct"],
            int(typed["effective_month"]),
            day(typed, "letter_date"),
            bytes.fromhex(typed["envelope"]) or None,
            pass_on=typed["pass_on"] == YES,
        )

    return UpliftForm(place, fields, make, states)
