"""What the share asks: a version of the agreement with each partner's terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from collabdesk.domain.budgets.share_bases import Basis
from collabdesk.domain.decimals import parse_decimal
from collabdesk.domain.money import parse_money_or_sum
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import CollabDeskError, Refusal
from collabdesk.services.budgets.partners import Partner
from collabdesk.services.budgets.shares.share_commands import AddShareAgreement, PartnerTerms
from collabdesk.ui.budgets.forms import Place
from collabdesk.ui.budgets.wording import months
from collabdesk.ui.form import Field, FormDialog, Values

RESULTS: Final = (
    ("lines", "What the service lines leave or overspend"),
    ("envelope", "What the whole envelope leaves or overspends"),
)
_PER_CENT: Final = 100
_FREE: Final = frozenset({Basis.EQUAL, Basis.NETWORK_POT, Basis.BUDGET})
"""Bases that ask nothing of a partner; 0 leaves it out."""


class AgreementDialog(FormDialog):
    """Asks for a version; what is wrong with a partner's row is said at that partner."""

    def __init__(self, place: Place, year: FiscalYear, partners: Sequence[Partner]) -> None:
        """Ask for the terms of each of the partners there are."""
        self._partners = tuple(partners)
        self._named: list[int] = []
        self._year = year
        said = (
            "Shares are per cent and total 100; with a basis that weighs, give each partner's "
            "weight instead. A partner left empty does not share; where nothing is asked, type 0. "
            "Each partner's terms are sealed for it and the lead provider."
        )
        super().__init__(
            place.around,
            place.desk,
            "What did the partners agree?",
            "Record the agreement",
            _fields(year, self._partners),
            self._command,
            said=said,
            size="large",
            parent=place.parent,
        )

    def refuse(self, fault: Exception) -> None:
        """Say at the partner's field what is wrong with its row."""
        super().refuse(self._placed(fault))

    def _placed(self, fault: Exception) -> Exception:
        if not isinstance(fault, CollabDeskError) or not fault.field.startswith("row"):
            return fault
        number, _, column = fault.field.removeprefix("row").partition(".")
        at = self._named[int(number) - 1] if self._named else 0
        key = f"cap{at}" if column == "cap_p" else f"share{at}"
        name = self._partners[at].short
        words = fault.words.replace(f"Row {number}", name)
        return Refusal(code=fault.code, words=words, remedy=fault.remedy, field=key)

    def _command(self, typed: Values) -> object:
        basis = Basis(typed["basis"])
        terms = [
            (at, _terms(at, partner, typed, basis)) for at, partner in enumerate(self._partners)
        ]
        kept = [(at, one) for at, one in terms if one is not None]
        self._named = [at for at, _ in kept]
        return AddShareAgreement(
            self._year.label,
            typed["name"],
            int(typed["effective_month"]),
            typed["collar_pct"].strip() or "0",
            typed["cap_pct"].strip() or "0",
            tuple(one for _, one in kept),
            basis.value,
            typed["result"],
        )


def _fields(year: FiscalYear, partners: Sequence[Partner]) -> tuple[Field, ...]:
    bases = tuple((basis.value, basis.words) for basis in Basis)
    head = (
        Field(
            "name", "Name of the version", value=f"Agreement {year.label}", required=True, half=True
        ),
        Field("effective_month", "Holds from", "choice", choices=months(year.label), half=True),
        Field("collar_pct", "Collar, % of the envelope", value="0.5", half=True),
        Field("cap_pct", "Cap, % of the envelope", value="3", half=True),
        Field("basis", "Shares", "choice", choices=bases, half=True),
        Field("result", "What is shared", "choice", choices=RESULTS, half=True),
    )
    rows = [
        field
        for at, one in enumerate(partners)
        for field in (
            Field(f"share{at}", f"{one.short}: share % or weight", half=True),
            Field(f"cap{at}", f"{one.short}: largest loss", hint="Empty: no limit", half=True),
        )
    ]
    return (*head, *rows)


def _terms(
    at: int, partner: Partner, typed: Mapping[str, str], basis: Basis
) -> PartnerTerms | None:
    share, cap = typed[f"share{at}"].strip(), typed[f"cap{at}"].strip()
    if basis in _FREE and share == "0":
        return None
    if basis not in _FREE and not share and not cap:
        return None
    cap_p = parse_money_or_sum(cap, f"cap{at}") if cap else None
    made = PartnerTerms(partner.organisation, cap_p=cap_p)
    if not share:
        return made
    if basis.weighed:
        return replace(made, weight=_weight(share, f"share{at}"))
    return replace(made, share_bp=_basis_points(share, f"share{at}"))


def _basis_points(text: str, field: str) -> int:
    """Read per cent with at most two decimals as basis points."""
    found = parse_decimal(text.removesuffix("%").strip(), field) * _PER_CENT
    if found.denominator != 1:
        raise Refusal(
            code="share_too_fine",
            words=f"{text} has more than two decimals.",
            remedy="Enter a share to the hundredth of a per cent, such as 42.50.",
            field=field,
        )
    return int(found)


def _weight(text: str, field: str) -> int:
    digits = text.replace(",", "").removeprefix("£")
    if not digits.isdigit():
        raise Refusal(
            code="weight_not_whole",
            words=f"“{text}” is no weight.",
            remedy="Enter a whole number of nought or more.",
            field=field,
        )
    return int(digits)
