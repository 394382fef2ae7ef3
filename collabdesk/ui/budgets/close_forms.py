"""What is asked while a month is closed: evidence, an accrual, and the words of a lock."""

from __future__ import annotations

from collections.abc import Callable

from collabdesk.domain.money import parse_money_or_sum
from collabdesk.services.budgets.closing.close_board import CloseBoard, StepLine
from collabdesk.services.budgets.closing.close_commands import ApproveLock, LockMonth, TickStep
from collabdesk.services.budgets.closing.posting_commands import Expected, PostAccrual
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.ui.budgets.evidence_form import EvidenceForm, hash_only
from collabdesk.ui.budgets.forms import Place, line_choices
from collabdesk.ui.form import YES, Field, FormDialog, Values

_FOR_EVER = (
    "A locked month never changes again. What belongs to it and comes later is posted in an "
    "open month."
)


def tick_form(place: Place, board: CloseBoard, line: StepLine) -> FormDialog:
    """Ask what shows that a step is done."""
    fields = (
        Field("done", "Done", "tick", value="" if line.done else YES),
        Field("owner", "Owner", value=line.owner),
        Field("evidence", "What shows it", "text", value=line.evidence),
    )

    def make(typed: Values) -> object:
        return TickStep(
            board.fiscal_year,
            board.month.number,
            line.step.key,
            done=typed["done"] == YES,
            evidence=typed["evidence"],
            owner=typed["owner"],
        )

    question = f"{line.step.words}?"
    return EvidenceForm(place, question, "Keep", fields, make, keep=hash_only)


def accrual_form(place: Place, room: Room, plan: Plan, board: CloseBoard) -> FormDialog:
    """Ask what was received and not yet billed."""
    fields = (
        Field("service_line", "Line", "choice", choices=line_choices(room, plan)),
        Field("amount_p", "Amount", hint="Pounds and pence", required=True, half=True),
        Field("reference", "Reference", hint="Order or contract", half=True),
        Field("words", "What was received and not billed", required=True),
        Field("one_off", "It does not come again", "tick"),
    )

    def make(typed: Values) -> object:
        line, _, provider = typed["service_line"].partition("/")
        expected = Expected(
            bytes.fromhex(line),
            provider,
            parse_money_or_sum(typed["amount_p"], "amount_p"),
            typed["reference"],
            one_off=typed["one_off"] == YES,
        )
        return PostAccrual(board.fiscal_year, board.month.number, (expected,), typed["words"])

    said = "It is posted at once and takes itself back on the first day of the next month."
    question = f"What is accrued in {board.month.label}?"
    return _form(place, question, "Post the accrual", fields, make, said)


def agree_form(place: Place, board: CloseBoard) -> FormDialog:
    """Ask for the words with which somebody agrees to a lock."""

    def make(typed: Values) -> object:
        return ApproveLock(board.fiscal_year, board.month.number, typed["typed"])

    said = f"{_FOR_EVER} Two different people agree before the ledger keeper locks."
    return _confirm(place, board, "Agree to lock", "Agree", make, said)


def lock_form(place: Place, board: CloseBoard) -> FormDialog:
    """Ask for the words that lock a month."""

    def make(typed: Values) -> object:
        return LockMonth(board.fiscal_year, board.month.number, typed["typed"])

    return _confirm(place, board, "Lock", "Lock for ever", make, _FOR_EVER)


def _confirm(  # noqa: PLR0913, PLR0917 what a confirmation is made of
    place: Place,
    board: CloseBoard,
    what: str,
    verb: str,
    make: Callable[[Values], object],
    said: str,
) -> FormDialog:
    typed = Field("typed", f"Type {board.lock_words}", required=True)
    return _form(place, f"{what} {board.month.label}?", verb, (typed,), make, said)


def _form(  # noqa: PLR0913, PLR0917 what a form is made of
    place: Place,
    question: str,
    verb: str,
    fields: tuple[Field, ...],
    make: Callable[[Values], object],
    said: str,
) -> FormDialog:
    return FormDialog(
        place.around, place.desk, question, verb, fields, make, said=said, parent=place.parent
    )
