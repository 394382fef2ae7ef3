"""Proposing a virement: two lines, both before and after, and whose approval it takes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
)

from collabdesk.domain.money import format_pence, parse_money_or_sum
from collabdesk.errors import CollabDeskError
from collabdesk.services.budgets.commands import ChangeVirement, ProposeVirement, WithdrawVirement
from collabdesk.services.budgets.entered import POTS
from collabdesk.services.budgets.queries import VirementLine
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.services.budgets.virements.preview import Move, VirementPreview, preview_virement
from collabdesk.ui.budgets.forms import Place, line_choices, plain_pounds
from collabdesk.ui.budgets.rows import RowKey
from collabdesk.ui.budgets.wording import RECURRENCES, months, people, roles
from collabdesk.ui.form import Field, FormDialog, Values
from collabdesk.ui.parts import panel, restyle, words
from collabdesk.ui.workers import Ticket

_PAUSE_MS = 120


class VirementDialog(FormDialog):
    """Ask how much moves from where to where; show what that does while it is typed."""

    def __init__(
        self, place: Place, room: Room, plan: Plan, start: RowKey | None, month: int
    ) -> None:
        """Start from a line of the grid, if one is current."""
        self._year = plan.version.fiscal_year
        super().__init__(
            place.around,
            place.desk,
            "Which money moves?",
            "Propose the virement",
            _fields(room, plan, start, month),
            self._command,
            said="Nothing moves before it is approved and posted to the ledger.",
            size="large",
            parent=place.parent,
        )
        self._place, self._me = place, room.me
        self._names = dict(_choices(room, plan))
        self._ticket: Ticket | None = None
        self._parts: dict[str, QLabel] = {}
        self.body.addWidget(self._effects())
        self._needs = words("", wrap=True)
        self.body.addWidget(self._needs)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self.preview)
        self._listen()
        self.preview()

    def _effects(self) -> QFrame:
        cells = QGridLayout()
        cells.setContentsMargins(12, 8, 12, 8)
        cells.setHorizontalSpacing(16)
        for across, title in enumerate(("Line, whole year", "Now", "", "After"), 0):
            cells.addWidget(words(title, "caption", "secondary"), 0, across, _side(across))
        for line, side in enumerate(("from", "to"), 1):
            self._parts[side] = words("", wrap=True)
            self._parts[f"{side} before"] = words("", ink="secondary")
            self._parts[f"{side} after"] = words("", "bodyStrong")
            cells.addWidget(self._parts[side], line, 0)
            cells.addWidget(self._parts[f"{side} before"], line, 1, _side(1))
            cells.addWidget(words("→", ink="secondary"), line, 2)
            cells.addWidget(self._parts[f"{side} after"], line, 3, _side(3))
        cells.setColumnStretch(0, 1)
        made = panel("foot")
        made.setLayout(cells)
        return made

    def _listen(self) -> None:
        for box in self.boxes.values():
            if isinstance(box.control, QLineEdit | QPlainTextEdit):
                box.control.textChanged.connect(lambda *_text: self._pause.start(_PAUSE_MS))
            if isinstance(box.control, QComboBox):
                box.control.currentIndexChanged.connect(lambda _at: self._pause.start(_PAUSE_MS))

    def preview(self) -> None:
        """Work out, off the window's thread, what is typed so far would do."""
        if self._ticket is not None:
            self._ticket.drop()
        if self._me is None:
            return
        try:
            command = self._command(self.values)
        except CollabDeskError as why:
            self._say(str(why), "secondary")
            return
        self._ticket = self._place.desk.ask(
            self,
            preview_virement,
            command,
            self._me,
            done=lambda found: self._show(found, command),
            failed=lambda fault: self._say(str(fault), "danger"),
        )

    def _show(self, found: VirementPreview, command: ProposeVirement) -> None:
        self._show_move("from", found.source)
        self._show_move("to", found.target)
        refusal = found.refusal
        if refusal is not None:
            self._say(f"{refusal.words} {refusal.remedy}", "danger")
            return
        said = f"Needs {people(found.needed)} by {roles(found.roles)}, none of them yours."
        if found.together_p > command.amount_p:
            said += (
                f" Together with your other moves between these lines in the month it is "
                f"{format_pence(found.together_p)}."
            )
        if found.turns_month:
            said += (
                f" M{command.month} of the line it comes from would hold "
                f"{format_pence(found.month_p or 0)}: phase that line again once this is posted."
            )
        self._say(said, "concern" if found.turns_month else "primary")

    def _show_move(self, side: str, move: Move) -> None:
        self._parts[side].setText(self._names.get(self.boxes[f"{side}_line"].text, ""))
        self._parts[f"{side} before"].setText(format_pence(move.before_p))
        after = self._parts[f"{side} after"]
        after.setText(format_pence(move.after_p))
        restyle(after, ink="concern" if move.after_p < 0 else "primary")

    def _say(self, said: str, ink: str) -> None:
        self._needs.setText(said)
        restyle(self._needs, ink=ink)

    def _command(self, typed: Values) -> ProposeVirement:
        source, target = (_side_of(typed[key]) for key in ("from_line", "to_line"))
        return ProposeVirement(
            self._year,
            source.line,
            source.provider,
            target.line,
            target.provider,
            parse_money_or_sum(typed["amount_p"], "amount_p"),
            int(typed["month"]),
            typed["reason"],
            typed["recurrence"],
            source.pot,
            target.pot,
        )


def change_form(place: Place, one: VirementLine) -> FormDialog:
    """Ask how a proposal shall be instead; its lines stay."""
    now = one.virement
    fields = (
        Field("amount_p", "Amount", value=plain_pounds(now.amount_p), required=True, half=True),
        Field(
            "month",
            "Month",
            "choice",
            choices=months(now.fiscal_year),
            value=str(now.month),
            half=True,
        ),
        Field("recurrence", "Kind", "choice", choices=RECURRENCES, value=now.recurrence, half=True),
        Field(
            "reason",
            "Reason",
            hint="Those who approve read it",
            value=now.reason,
            required=True,
            half=True,
        ),
    )

    def make(typed: Values) -> object:
        amount_p, month = parse_money_or_sum(typed["amount_p"], "amount_p"), int(typed["month"])
        return ChangeVirement(now.row, amount_p, month, typed["reason"], typed["recurrence"])

    said = (
        f"From {one.from_name}, which holds {format_pence(one.available_p)}, to {one.to_name}. "
        "What was approved before counts no more."
    )
    question, verb = "How shall the virement be?", "Change the virement"
    return FormDialog(
        place.around, place.desk, question, verb, fields, make, said=said, parent=place.parent
    )


def withdraw_form(place: Place, one: VirementLine) -> FormDialog:
    """Ask whether a proposal shall be taken back."""
    said = (
        f"{format_pence(one.virement.amount_p)} from {one.from_name} to {one.to_name}. "
        "Once somebody has approved it, it cannot be brought back: propose it anew then."
    )

    def make(_typed: Values) -> object:
        return WithdrawVirement(one.virement.row)

    question, verb = "Withdraw this virement?", "Withdraw the virement"
    return FormDialog(
        place.around, place.desk, question, verb, (), make, said=said, parent=place.parent
    )


@dataclass(frozen=True)
class _Side:
    """A line at a provider, or a pot."""

    line: bytes = b""
    provider: str = ""
    pot: str = ""


def _side_of(key: str) -> _Side:
    if key in POTS:
        return _Side(pot=key)
    line, _, provider = key.partition("/")
    return _Side(bytes.fromhex(line), provider)


def _choices(room: Room, plan: Plan) -> tuple[tuple[str, str], ...]:
    return (*line_choices(room, plan), *POTS.items())


def _fields(room: Room, plan: Plan, start: RowKey | None, month: int) -> tuple[Field, ...]:
    lines = _choices(room, plan)
    at = f"{start.service_line.hex()}/{start.provider}" if start else ""
    other = next((key for key, _name in lines if key != at), "")
    return (
        Field("from_line", "From", "choice", choices=lines, value=at),
        Field("to_line", "To", "choice", choices=lines, value=other),
        Field("amount_p", "Amount", hint="Pounds and pence", required=True, half=True),
        Field(
            "month",
            "Month",
            "choice",
            choices=months(plan.version.fiscal_year),
            value=str(month),
            half=True,
        ),
        Field("recurrence", "Kind", "choice", choices=RECURRENCES[::-1], half=True),
        Field("reason", "Reason", hint="Those who approve read it", required=True, half=True),
    )


def _side(across: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if across in {1, 3} else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
