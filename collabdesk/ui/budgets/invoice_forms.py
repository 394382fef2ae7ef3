"""The questions of what is owed: invoices, when they were paid, and balances between partners."""

from __future__ import annotations

from collabdesk.domain.budgets.balances import AGREED_MONTHS
from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.contracts.balance_board import BalanceBoard, InvoiceLine
from collabdesk.services.budgets.contracts.contract_board import ContractLine, ContractsBoard
from collabdesk.services.budgets.contracts.contract_commands import (
    RecordInvoice,
    RecordPaid,
    StateBalance,
)
from collabdesk.ui.budgets.contract_words import PAYMENT_KINDS
from collabdesk.ui.budgets.forms import Place
from collabdesk.ui.budgets.typed import day_needed, money
from collabdesk.ui.budgets.wording import months
from collabdesk.ui.form import Field, FormDialog, day, day_text
from collabdesk.ui.form import Values as Typed


def invoice_form(place: Place, board: ContractsBoard, line: ContractLine | None) -> FormDialog:
    """Ask for an invoice between two partners."""
    fields = _invoice_fields(place, board, line)

    def make(typed: Typed) -> object:
        return RecordInvoice(
            board.year.label,
            int(typed["month"]),
            typed["payer"],
            typed["payee"],
            typed["invoice"],
            money(typed, "amount_p"),
            day_needed(typed, "invoiced"),
            day(typed, "due"),
            typed["kind"],
            bytes.fromhex(typed["contract"]) or None,
        )

    return FormDialog(
        place.around,
        place.desk,
        "Which invoice came in?",
        "Record the invoice",
        fields,
        make,
        parent=place.parent,
    )


def _invoice_fields(
    place: Place, board: ContractsBoard, line: ContractLine | None
) -> tuple[Field, ...]:
    contracts = [(one.contract.row.hex(), one.contract.reference) for one in board.lines]
    codes = dict.fromkeys(
        [member.ods for member in place.desk.people.values()]
        + [one.contract.provider for one in board.lines]
    )
    partners = tuple((code, f"{board.trusts.get(code, code)} ({code})") for code in codes)
    me, there = board.me, line.contract if line is not None else None
    return (
        Field("invoice", "Invoice number", required=True, half=True),
        Field(
            "amount_p", "Amount", required=True, half=True, hint="A credit note is less than nought"
        ),
        Field(
            "contract",
            "Contract",
            "choice",
            half=True,
            choices=(*contracts, ("", "None: a recharge")),
            value=there.row.hex() if there else "",
        ),
        Field(
            "kind",
            "Kind",
            "choice",
            choices=tuple(PAYMENT_KINDS.items()),
            half=True,
            value="instalment" if there else "recharge",
        ),
        Field(
            "payer", "Owed by", "choice", choices=partners, value=me.ods if me else "", half=True
        ),
        Field(
            "payee",
            "Owed to",
            "choice",
            choices=partners,
            value=there.provider if there else "",
            half=True,
        ),
        Field("month", "For", "choice", choices=months(board.year.label), half=True),
        Field(
            "invoiced",
            "Written on",
            "day",
            required=True,
            half=True,
            value=day_text(place.desk.workspace.clock.today()),
        ),
        Field(
            "due",
            "Due on",
            "day",
            half=True,
            hint="Left empty: by the contract's terms, 30 days without any",
        ),
    )


def paid_form(place: Place, one: InvoiceLine) -> FormDialog:
    """Ask when an invoice was paid."""
    paid = one.payment
    today = place.desk.workspace.clock.today()
    field = Field(
        "paid_on", "Paid on", "day", "Left empty: it is not paid", day_text(paid.paid_on or today)
    )

    def make(typed: Typed) -> object:
        return RecordPaid((paid.row,), day(typed, "paid_on"))

    question = f"When was invoice {paid.invoice} paid?"
    return FormDialog(
        place.around,
        place.desk,
        question,
        "Write it down",
        (field,),
        make,
        said=format_pence(paid.amount_p),
        size="small",
        parent=place.parent,
    )


def balance_form(place: Place, board: BalanceBoard, month: int) -> FormDialog:
    """Ask what is owed between a partner and oneself at a month end."""
    own = board.me.ods if board.me else ""
    partners = tuple(
        (code, f"{board.trusts.get(code, code)} ({code})") for code in board.partners if code != own
    )
    ends = tuple((str(n), board.year.month(n).label) for n in AGREED_MONTHS)
    fields = (
        Field("month", "At the end of", "choice", choices=ends, value=str(month), half=True),
        Field("partner", "Balance with", "choice", choices=partners, half=True),
        Field("owed_to_us_p", "It owes us", required=True, half=True, value="0"),
        Field("owed_by_us_p", "We owe it", required=True, half=True, value="0"),
        Field("note", "Note", "text"),
    )

    def make(typed: Typed) -> object:
        return StateBalance(
            board.year.label,
            int(typed["month"]),
            typed["partner"],
            money(typed, "owed_to_us_p"),
            money(typed, "owed_by_us_p"),
            typed["note"],
        )

    said = "The partner states its own figure; a difference is shown until both say the same."
    return FormDialog(
        place.around,
        place.desk,
        "Which balance do you state?",
        "State the balance",
        fields,
        make,
        said=said,
        parent=place.parent,
    )
