"""The questions of contracts: their terms, and copying them into another year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from PySide6.QtWidgets import QComboBox

from collabdesk.domain.budgets.terms import Form
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_board import (
    Contract,
    ContractLine,
)
from collabdesk.services.budgets.contracts.contract_commands import (
    AddContract,
    ChangeContract,
    ContractTerms,
    CopyContracts,
)
from collabdesk.services.budgets.room import Room
from collabdesk.ui.budgets.contract_words import FORMS
from collabdesk.ui.budgets.forms import Place, plain_pounds, provider_choices
from collabdesk.ui.budgets.typed import day_needed, money, whole
from collabdesk.ui.budgets.wording import PROFILES, counted
from collabdesk.ui.form import YES, Field, FormDialog, day_text
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
    def kept(name: str, otherwise: str = "0") -> str:
        value = getattr(there, name) if there else None
        return otherwise if value is None else str(value)

    return (
        *_parties(place, room, there, kept),
        *_days(year, there),
        *_paying(there, kept),
        *(
            Field(name, label, value=kept(name, "30" if name == "terms_days" else "0"), half=True)
            for name, label in (*_WHOLE, *_DECIMAL)
        ),
        Field("note", "Note", "text", value=kept("note", "")),
    )


def _parties(
    place: Place, room: Room, there: Contract | None, kept: Callable[..., str]
) -> Iterator[Field]:
    parents = {line.parent for line in room.lines}
    lines = tuple((one.row.hex(), one.name) for one in room.lines if one.row not in parents)
    reference = kept("reference", "")
    yield Field("reference", "Contract reference", value=reference, required=True, half=True)
    forms = tuple((form.value, words) for form, words in FORMS.items())
    now = kept("form", Form.BLOCK)
    yield Field("form", "Form", "choice", choices=forms, value=now, half=True)
    line = there.service_line.hex() if there else ""
    yield Field("service_line", "Service line", "choice", choices=lines, value=line, half=True)
    providers, provider = provider_choices(place.desk, room), kept("provider", "")
    yield Field("provider", "Provider", "choice", choices=providers, value=provider, half=True)


def _days(year: FiscalYear, there: Contract | None) -> Iterator[Field]:
    starts, ends = (there.starts, there.ends) if there else (year.start, year.end)
    yield Field("starts", "First day", "day", value=day_text(starts), required=True, half=True)
    yield Field("ends", "Last day", "day", value=day_text(ends), required=True, half=True)


def _paying(there: Contract | None, kept: Callable[..., str]) -> Iterator[Field]:
    said = "Block and fixed sum; an estimate for pass-through"
    annual = _pounds(there, "annual_p")
    yield Field("annual_p", "Value of a whole year", value=annual, half=True, hint=said)
    profile, profiles = kept("profile", "equal"), PROFILES[:3]
    yield Field("profile", "Paid by", "choice", choices=profiles, value=profile, half=True)
    said = "Bed day, case or hour; dated prices have a list of their own"
    yield Field("price_p", "Price of one", value=_pounds(there, "price_p"), half=True, hint=said)
    quality = decimal_text(parse_decimal(kept("quality_bp")) / _BP)
    said = "Paid when a quarter closes"
    yield Field("quality_pct", "Linked to quality, %", value=quality, half=True, hint=said)


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
        starts=day_needed(typed, "starts"),
        ends=day_needed(typed, "ends"),
        annual_p=money(typed, "annual_p"),
        profile=typed["profile"],
        price_p=money(typed, "price_p"),
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
