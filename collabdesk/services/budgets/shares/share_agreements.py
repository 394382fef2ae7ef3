"""Share agreements, recorded in versions that hold from a month on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from collabdesk.domain.budgets.share import Agreement
from collabdesk.domain.budgets.share_bases import Basis, shares_of
from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow, Undelete
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.partners import Partner, partners
from collabdesk.services.budgets.position import position
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.budgets.shares.share_commands import (
    AddShareAgreement,
    PartnerTerms,
    RemoveShareAgreement,
)
from collabdesk.services.budgets.shares.share_position import in_force
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import filled
from collabdesk.storage.queries import shares as stored

_RESULTS = ("lines", "envelope")


def add_agreement(command: AddShareAgreement, reads: Connection, me: Actor) -> Outcome:
    """Record a version; its partners' terms are sealed for each of them and the lead provider."""
    check_lead(me, "records what the partners agreed")
    year = FiscalYear.parse(command.fiscal_year)
    year.month(command.effective_month)
    name = filled(command.name, "name", "The version has no name.", "Name it, such as 2026/27.")
    _check_month_free(reads, year.label, command.effective_month)
    known = partners(reads)
    terms = _weighed(reads, year.label, command, known)
    basis = _basis(command.basis)
    lead_at = next((at for at, one in enumerate(terms) if one.partner == me.organisation), 0)
    given = [one.weight if basis.weighed else one.share_bp for one in terms]
    shares = shares_of(basis, given, len(terms), lead_at)
    collar, cap = _pct(command.collar_pct, "collar_pct"), _pct(command.cap_pct, "cap_pct")
    _check_caps(terms)
    Agreement(collar, cap, shares, tuple(one.cap_p for one in terms))
    cells: dict[str, Cell] = {
        "fiscal_year": year.label,
        "name": name,
        "effective_month": command.effective_month,
        "collar_pct": collar,
        "cap_pct": cap,
        "basis": basis.value,
        "result": _result(command.result),
    }
    head = Insert("share_agreement", OWN, cells, "agreement")
    rows = tuple(
        _partner(one, share, at)
        for at, (one, share) in enumerate(zip(terms, shares, strict=True), 1)
    )
    back = tuple(Delete(one.table, NewRow(one.key)) for one in reversed((head, *rows)))
    record = ("share_agreement", NewRow("agreement"))
    return Outcome((head, *rows), back, f"Share agreement “{name}” recorded", record)


def _partner(terms: PartnerTerms, share_bp: int, at: int) -> Insert:
    cells: dict[str, Cell] = {
        "agreement": NewRow("agreement"),
        "partner": terms.partner,
        "position": at,
        "share_bp": share_bp,
    }
    if terms.cap_p is not None:
        cells["cap_p"] = terms.cap_p
    if terms.weight is not None:
        cells["weight"] = terms.weight
    return Insert("share_partner", OWN, cells, f"partner-{at}")


def _check_month_free(reads: Connection, year: str, month: int) -> None:
    taken = next((one for one in in_force(reads, year) if one.effective_month == month), None)
    if taken is not None:
        raise Refusal(
            code="two_versions_from_one_month",
            words=f"“{taken.name}” holds from M{month} already.",
            remedy="Let the new version begin in another month, or take that one out.",
            field="effective_month",
        )


def _weighed(
    reads: Connection, year: str, command: AddShareAgreement, known: Sequence[Partner]
) -> tuple[PartnerTerms, ...]:
    """Return the terms with each partner's budget as its weight where shares follow budgets."""
    ods = {one.organisation: one.ods for one in known}
    for at, one in enumerate(command.partners, 1):
        if one.partner not in ods:
            raise _row(at, "partner", "unknown_partner", "is no partner of this alliance")
        if one.partner in [other.partner for other in command.partners[: at - 1]]:
            raise _row(at, "partner", "partner_twice", "names a partner a second time")
    if command.basis != Basis.BUDGET:
        return command.partners
    budgets: dict[str, int] = {}
    for key, line in position(reads, year).lines.items():
        budgets[key.provider] = budgets.get(key.provider, 0) + sum(line.budget_p)
    return tuple(
        one
        if one.weight is not None
        else PartnerTerms(one.partner, None, max(budgets.get(ods[one.partner], 0), 0), one.cap_p)
        for one in command.partners
    )


def _row(at: int, column: str, code: str, said: str) -> Refusal:
    return Refusal(
        code=code,
        words=f"Row {at} {said}.",
        remedy="Choose each partner once.",
        field=f"row{at}.{column}",
    )


def _check_caps(terms: Sequence[PartnerTerms]) -> None:
    for at, one in enumerate(terms, 1):
        if one.cap_p is not None and one.cap_p < 0:
            raise Refusal(
                code="negative_cap",
                words=f"Row {at} has a largest loss below nought.",
                remedy="Enter its size, or leave it empty for no limit.",
                field=f"row{at}.cap_p",
            )


def _basis(name: str) -> Basis:
    try:
        return Basis(name)
    except ValueError:
        raise _not_a_choice("basis", name) from None


def _result(name: str) -> str:
    if name not in _RESULTS:
        raise _not_a_choice("result", name)
    return name


def _not_a_choice(field: str, name: str) -> Refusal:
    return Refusal(
        code="not_a_choice",
        words=f"“{name}” is not one of the choices.",
        remedy="Choose one of the list.",
        field=field,
    )


def _pct(text: str, field: str) -> str:
    return decimal_text(parse_decimal(text, field))


def remove_agreement(command: RemoveShareAgreement, reads: Connection, me: Actor) -> Outcome:
    """Take a version out that no statement was made by."""
    check_lead(me, "records what the partners agreed")
    row = stored.agreement(reads, command.agreement)
    if row is None:
        raise Refusal(
            code="unknown_agreement",
            words="This version is not there any more.",
            remedy="Choose one of the list.",
            field="agreement",
        )
    if any(one.agreement == row.row for one in stored.statements(reads, row.fiscal_year)):
        raise Refusal(
            code="statement_made",
            words=f"Statements were made by “{row.name}”.",
            remedy="Record a version from a later month instead.",
            field="agreement",
        )
    inside = stored.partners_in(reads, row.row)
    changes = (
        *(Delete("share_partner", one.row) for one in inside),
        Delete("share_agreement", row.row),
    )
    back = (
        Undelete("share_agreement", row.row),
        *(Undelete("share_partner", one.row) for one in inside),
    )
    return Outcome(changes, back, f"Share agreement “{row.name}” taken out", None)
