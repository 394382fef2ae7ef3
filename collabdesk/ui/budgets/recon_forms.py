"""The forms of a reconciliation: which references are the same, what is asked, what is let pass."""

from __future__ import annotations

from collections.abc import Sequence

from collabdesk.domain.money import format_pence, parse_money_or_sum
from collabdesk.services.budgets.returns.reconciling import Query, ReconBoard, ReconLine
from collabdesk.services.budgets.returns.returns_commands import (
    AnswerQuery,
    AskPartner,
    MatchReferences,
    SetTolerance,
)
from collabdesk.ui.budgets.forms import Place
from collabdesk.ui.form import Field, FormDialog, Make, Values


def match_form(
    place: Place, board: ReconBoard, line: ReconLine, others: Sequence[ReconLine]
) -> FormDialog:
    """Ask which reference of the other side is the same."""
    in_ledger = line.item.ledger_p is not None
    key = "return_reference" if in_ledger else "ledger_reference"
    side = "return" if in_ledger else "ledger"
    choices = tuple((one.item.key, f"{one.item.key}: {_amount(one)}") for one in others)
    fields = (Field(key, f"The same in the {side}", "choice", choices=choices, required=True),)

    def make(typed: Values) -> object:
        other = typed[key]
        pair = (line.item.key, other) if in_ledger else (other, line.item.key)
        return MatchReferences(board.fiscal_year, board.month, board.partner, *pair)

    said = f"{line.item.key}, {_amount(line)}, is missing in the {side}."
    return _form(place, f"What is {line.item.key} called there?", "Match", fields, make, said)


def _amount(line: ReconLine) -> str:
    item = line.item
    return format_pence(item.ledger_p if item.ledger_p is not None else item.return_p or 0)


def query_form(place: Place, board: ReconBoard, line: ReconLine, whom: str) -> FormDialog:
    """Ask what the partner is asked."""
    fields = (Field("question", "Question", "text", required=True),)

    def make(typed: Values) -> object:
        return AskPartner(
            board.fiscal_year, board.month, board.partner, line.item.key, typed["question"]
        )

    said = f"It goes to {whom} when you next share, with both figures as they stand now."
    return _form(place, f"What do you ask about {line.item.key}?", "Send", fields, make, said)


def answer_form(place: Place, query: Query) -> FormDialog:
    """Ask for the answer to a query."""
    fields = (Field("answer", "Answer", "text", required=True),)

    def make(typed: Values) -> object:
        return AnswerQuery(query.row, typed["answer"])

    return _form(place, "What is your answer?", "Answer", fields, make, f"“{query.question}”")


def tolerance_form(place: Place, board: ReconBoard) -> FormDialog:
    """Ask which difference is not worth a query."""
    value = format_pence(board.tolerance_p)
    hint = "For this month and partner; nought lets no difference pass"
    fields = (Field("tolerance_p", "Differences up to", hint=hint, value=value, required=True),)

    def make(typed: Values) -> object:
        tolerance_p = parse_money_or_sum(typed["tolerance_p"], "tolerance_p")
        return SetTolerance(board.fiscal_year, board.month, board.partner, tolerance_p)

    question = "Which difference is not worth a query?"
    return _form(place, question, "Let it pass", fields, make)


def _form(  # noqa: PLR0913, PLR0917 what a form is made of
    place: Place, question: str, verb: str, fields: Sequence[Field], make: Make, said: str = ""
) -> FormDialog:
    return FormDialog(
        place.around,
        place.desk,
        question,
        verb,
        fields,
        make,
        said=said,
        parent=place.parent,
    )
