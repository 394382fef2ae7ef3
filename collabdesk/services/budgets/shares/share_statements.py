"""Statements of the risk and gain share: one for each partner, sealed for it and the lead."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.share_year import Part, YearShare
from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow
from collabdesk.domain.decimals import fixed_text
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.services.budgets.forecast.outturn import Outturn, outturn
from collabdesk.services.budgets.partners import partners
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.budgets.shares.share_commands import IssueStatements
from collabdesk.services.budgets.shares.share_position import in_force, shared_by
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import counted
from collabdesk.storage.queries import shares as stored

_BP_IN_PERCENT: Final = 100


def issue(command: IssueStatements, reads: Connection, me: Actor) -> Outcome:
    """Make a statement for every partner from the result as forecast now."""
    check_lead(me, "makes the share statements")
    found = outturn(reads, command.fiscal_year)
    _check_can_state(found, command)
    shared = shared_by(reads, found, command.terms)
    year = found.position.year
    versions = {one.effective_month: one.row for one in in_force(reads, year.label)}
    before = (one.issue or 0 for one in stored.statements(reads, year.label))
    number = 1 + max(before, default=0)
    present = {one.organisation for one in partners(reads)}
    inserts = tuple(
        _statement(found, shared, partner, versions, number)
        for partner in shared.partners
        if partner in present
    )
    back = tuple(Delete("share_statement", NewRow(one.key)) for one in inserts)
    label = year.month(found.month).label
    words = f"Share statements of {label} made for {counted(len(inserts), 'partner')}"
    return Outcome(inserts, back, words, ("share_statement", NewRow(inserts[0].key)))


def _check_can_state(found: Outturn, command: IssueStatements) -> None:
    if not found.month:
        raise Refusal(
            code="no_month_closed",
            words=f"No month of {found.position.year.label} is closed yet.",
            remedy="Close M1 softly; a statement says what is forecast from then on.",
            field="month",
        )
    if not command.terms:
        raise Refusal(
            code="no_agreement",
            words=f"No share agreement is recorded for {found.position.year.label}.",
            remedy="Record what the partners agreed first.",
            field="terms",
        )
    if found.without:
        raise Refusal(
            code="without_forecast",
            words=f"{found.without[0].name} has no forecast, so the result is not known.",
            remedy="Choose a method that needs no closed month, such as budget remaining.",
            field="method",
        )


def _statement(
    found: Outturn,
    shared: YearShare[bytes],
    partner: bytes,
    versions: dict[int, bytes],
    number: int,
) -> Insert:
    last = _parts(shared, partner)[-1]
    cells: dict[str, Cell] = {
        "fiscal_year": found.position.year.label,
        "month": found.month,
        "partner": partner,
        "journal_number": found.position.stamp.number,
        "agreement": versions[last.first],
        "issue": number,
        "share_bp": _share_bp(last, partner),
        "share_p": shared.partners[partner],
        "beyond_cap_p": shared.beyond_cap(partner),
        "statement": "\n".join(_said(found, shared, partner)),
    }
    return Insert("share_statement", OWN, cells, partner.hex())


def _parts(shared: YearShare[bytes], partner: bytes) -> list[Part[bytes]]:
    return [part for part in shared.parts if partner in part.terms.partners]


def _share_bp(part: Part[bytes], partner: bytes) -> int:
    places = enumerate(part.terms.partners)
    return sum(part.terms.agreement.shares_bp[at] for at, one in places if one == partner)


def _said(found: Outturn, shared: YearShare[bytes], partner: bytes) -> Iterator[str]:
    """Say how a partner's part was reached, without any other partner's terms."""
    year = found.position.year
    result = shared.result_p
    which = "underspend" if result >= 0 else "overspend"
    basis = "final" if found.month == len(year.months) else f"forecast at M{found.month}"
    yield f"{year.label}, {basis}: an {which} of {format_pence(abs(result))}."
    yield (
        f"Lead provider's reserve {format_pence(shared.collar_p)}, between the partners "
        f"{format_pence(shared.band_p)}, commissioner {format_pence(shared.above_cap_p)}."
    )
    for part in _parts(shared, partner):
        months = f"M{part.first} to M{part.last}" if part.first < part.last else f"M{part.first}"
        pct = fixed_text(Fraction(_share_bp(part, partner), _BP_IN_PERCENT), 2)
        yield (
            f"{months}, “{part.terms.name}”: {pct} % of {format_pence(part.shared.band_p)} "
            f"is {format_pence(part.of(partner))}."
        )
    beyond = shared.beyond_cap(partner)
    if beyond:
        yield f"The agreed cap keeps {format_pence(abs(beyond))} of the loss from you."
    yield f"Figures as at {found.position.as_at}."
