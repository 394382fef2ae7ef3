"""The questions of contracts: terms, prices, bills, quality, invoices, balances, spells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QComboBox

from collabdesk.domain.budgets.balances import AGREED_MONTHS
from collabdesk.domain.budgets.terms import Form
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.money import format_pence, parse_money_or_sum
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.balance_board import BalanceBoard, InvoiceLine
from collabdesk.services.budgets.contracts.contract_board import (
    Contract,
    ContractLine,
    ContractsBoard,
)
from collabdesk.services.budgets.contracts.contract_commands import (
    AddContract,
    ChangeContract,
    ContractTerms,
    CopyContracts,
    RecordInvoice,
    RecordPaid,
    StateBalance,
)
from collabdesk.services.budgets.room import Room
from collabdesk.ui.budgets.contract_words import FORMS, PAYMENT_KINDS
from collabdesk.ui.budgets.forms import Place, plain_pounds, provider_choices
from collabdesk.ui.budgets.wording import PROFILES, counted, months
from collabdesk.ui.form import YES, Field, FormDialog, day, day_text
from collabdesk.ui.form import Values as Typed

_BP: Final = 100
_TOLERANCE: Final = ("within_pct", "over_pct", "under_pct")
_WHOLE: Final = (
    ("planned", "Planned quantity of a whole year"),
    ("threshold", "Threshold of cost and volume"),
    ("beds", "Beds"),
    ("staff", "Staff of a package at a time"),
    ("terms_days", "Days until an invoice is due"),
)
_DECIMAL: Final = (
    ("within_pct", "Tolerance, ± %"),
    ("over_pct", "Marginal rate above it, %"),
    ("under_pct", "Marginal rate below it, %"),
    ("hours_per_day", "Hours a day of a package"),
    ("on_cost_pct", "On-costs of a package, %"),
)


def contract_form(
    place: Place, room: Room, year: FiscalYear, line: ContractLine | None
) -> FormDialog:
    """Ask for the terms of a new contract, or for other terms of one that is there."""
    there = line.contract if line is not None else None
    fields = _contract_fields(place, room, year, there)

    def make(typed: Typed) -> object:
        terms = _terms(typed)
        return ChangeContract(there.row, terms) if there else AddContract(year.label, terms)

    question = f"What does {there.reference} say?" if there else "What does the contract say?"
    verb = "Change the contract" if there else "Add the contract"
    form = FormDialog(place.around, place.desk, question, verb, fields, make, parent=place.parent)
    choice = form.boxes["form"].control
    if isinstance(choice, QComboBox):
        choice.currentIndexChanged.connect(lambda _place: _ask_by_form(form))
    _ask_by_form(form)
    return form


_ASKED: Final[Mapping[str, frozenset[str]]] = {
    "block": frozenset({"annual_p", "profile", "quality_pct", "beds"}),
    "block_tolerance": frozenset(
        {"profile", "quality_pct", "beds", "planned", "price_p", *_TOLERANCE}
    ),
    "cost_volume": frozenset({"annual_p", "profile", "quality_pct", "threshold", "price_p"}),
    "obd": frozenset({"planned", "beds"}),
    "cost_per_case": frozenset({"planned", "price_p"}),
    "package": frozenset({"price_p", "staff", "hours_per_day", "on_cost_pct"}),
    "pass_through": frozenset({"annual_p", "profile"}),
}
_BY_FORM: Final = frozenset().union(*_ASKED.values())


def _ask_by_form(form: FormDialog) -> None:
    """Leave out what the form that is chosen does not pay by."""
    asked = _ASKED[form.boxes["form"].text]
    form.ask_only({name for name in form.boxes if name not in _BY_FORM or name in asked})


def _contract_fields(
    place: Place, room: Room, year: FiscalYear, there: Contract | None
) -> tuple[Field, ...]:
    parents = {line.parent for line in room.lines}
    lines = tuple((one.row.hex(), one.name) for one in room.lines if one.row not in parents)
    starts, ends = (there.starts, there.ends) if there else (year.start, year.end)

    def kept(name: str, otherwise: str = "0") -> str:
        value = getattr(there, name) if there else None
        return otherwise if value is None else str(value)

    quality = decimal_text(parse_decimal(kept("quality_bp")) / _BP)
    return (
        Field(
            "reference", "Contract reference", value=kept("reference", ""), required=True, half=True
        ),
        Field(
            "form",
            "Form",
            "choice",
            choices=tuple((f.value, w) for f, w in FORMS.items()),
            value=kept("form", Form.BLOCK),
            half=True,
        ),
        Field(
            "service_line",
            "Service line",
            "choice",
            choices=lines,
            half=True,
            value=there.service_line.hex() if there else "",
        ),
        Field(
            "provider",
            "Provider",
            "choice",
            choices=provider_choices(place.desk, room),
            value=kept("provider", ""),
            half=True,
        ),
        Field("starts", "First day", "day", value=day_text(starts), required=True, half=True),
        Field("ends", "Last day", "day", value=day_text(ends), required=True, half=True),
        Field(
            "annual_p",
            "Value of a whole year",
            value=_pounds(there, "annual_p"),
            half=True,
            hint="Block and fixed sum; an estimate for pass-through",
        ),
        Field(
            "profile",
            "Paid by",
            "choice",
            choices=PROFILES[:3],
            value=kept("profile", "equal"),
            half=True,
        ),
        Field(
            "price_p",
            "Price of one",
            value=_pounds(there, "price_p"),
            half=True,
            hint="Bed day, case or hour; dated prices have a list of their own",
        ),
        Field(
            "quality_pct",
            "Linked to quality, %",
            value=quality,
            half=True,
            hint="Paid when a quarter closes",
        ),
        *(
            Field(name, label, value=kept(name, "30" if name == "terms_days" else "0"), half=True)
            for name, label in (*_WHOLE, *_DECIMAL)
        ),
        Field("note", "Note", "text", value=kept("note", "")),
    )


def _pounds(there: Contract | None, name: str) -> str:
    amount = getattr(there, name) if there else None
    return plain_pounds(amount) if amount else ""


def _terms(typed: Typed) -> ContractTerms:
    linked = typed["quality_pct"] if "quality_pct" in _ASKED[typed["form"]] else ""
    quality_bp = parse_decimal(linked or "0", "quality_pct") * _BP
    if quality_bp.denominator != 1:
        raise Refusal(
            code="quality_pct",
            words="The share linked to quality has more than two decimals.",
            remedy="Enter per cent with up to two decimals, such as 2.5.",
            field="quality_pct",
        )
    return ContractTerms(
        reference=typed["reference"],
        service_line=bytes.fromhex(typed["service_line"]),
        provider=typed["provider"],
        form=typed["form"],
        starts=_day(typed, "starts"),
        ends=_day(typed, "ends"),
        annual_p=_money(typed, "annual_p"),
        profile=typed["profile"],
        price_p=_money(typed, "price_p"),
        quality_bp=int(quality_bp),
        note=typed["note"],
        planned=whole(typed, "planned"),
        threshold=whole(typed, "threshold"),
        beds=whole(typed, "beds"),
        staff=whole(typed, "staff"),
        terms_days=whole(typed, "terms_days"),
        within_pct=typed["within_pct"] or "0",
        over_pct=typed["over_pct"] or "0",
        under_pct=typed["under_pct"] or "0",
        hours_per_day=typed["hours_per_day"] or "0",
        on_cost_pct=typed["on_cost_pct"] or "0",
    )


def _day(typed: Typed, key: str) -> dt.date:
    found = day(typed, key)
    if found is None:
        raise Refusal(
            code="day_missing",
            words="There is no day here.",
            remedy="Type it as 07/04/2026.",
            field=key,
        )
    return found


def _money(typed: Typed, key: str) -> int:
    return parse_money_or_sum(typed[key], key) if typed[key].strip() else 0


def whole(typed: Typed, key: str) -> int:
    """Read a whole number as typed; nothing typed is nought. Raises Refusal."""
    text = typed[key].replace(",", "").strip() or "0"
    if not text.isdecimal():
        raise Refusal(
            code="not_whole",
            words=f"“{typed[key]}” is not a whole number.",
            remedy="Type digits, for example 1,234.",
            field=key,
        )
    return int(text)


def invoice_form(place: Place, board: ContractsBoard, line: ContractLine | None) -> FormDialog:
    """Ask for an invoice between two partners."""
    contracts = [(one.contract.row.hex(), one.contract.reference) for one in board.lines]
    codes = dict.fromkeys(
        [member.ods for member in place.desk.people.values()]
        + [one.contract.provider for one in board.lines]
    )
    partners = tuple((code, f"{board.trusts.get(code, code)} ({code})") for code in codes)
    me, there = board.me, line.contract if line is not None else None
    fields = (
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

    def make(typed: Typed) -> object:
        return RecordInvoice(
            board.year.label,
            int(typed["month"]),
            typed["payer"],
            typed["payee"],
            typed["invoice"],
            _money(typed, "amount_p"),
            _day(typed, "invoiced"),
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
            _money(typed, "owed_to_us_p"),
            _money(typed, "owed_by_us_p"),
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


def carry_form(place: Place, year: FiscalYear, count: int) -> FormDialog:
    """Ask how the contracts of the year before are carried on."""
    uplift = Field("uplift", f"Uplift sums and prices by the rates of {year.label}", "tick")

    def make(typed: Typed) -> object:
        return CopyContracts(year.label, uplift=typed["uplift"] == YES)

    said = (
        f"{counted(count, 'contract')} were in force on the last day of the year before. Terms, "
        "the prices in force and the quality measures go on; activity, bills and invoices do not. "
        "A contract that is here already stays as it is."
    )
    return FormDialog(
        place.around,
        place.desk,
        f"Carry last year’s contracts on into {year.label}?",
        "Carry them on",
        (uplift,),
        make,
        said=said,
        size="small",
        parent=place.parent,
    )
