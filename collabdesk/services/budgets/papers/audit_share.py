"""The risk and gain share, followed to the result it divides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from collabdesk.domain.budgets.ledger import Account
from collabdesk.domain.budgets.pots import POT_NAMES
from collabdesk.domain.budgets.share_year import Part
from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.papers.audit_forecast import budget_less_outturn
from collabdesk.services.budgets.papers.audit_stops import (
    AuditRow,
    Level,
    Listing,
    Stop,
    Worked,
    adding,
    part,
)
from collabdesk.services.budgets.papers.board_figures import BoardFigures
from collabdesk.services.budgets.shares.share_position import POTS, SharePosition
from collabdesk.storage.queries.positions import LedgerFilter

_LINE: Final = Account.LINE.value
_SPEND: Final = Account.SPEND.value
_POTS: Final = "Contingency, investment and unallocated money, as far as it is shared"


def shared_out(found: BoardFigures) -> Iterator[AuditRow]:
    """Yield the result of the year as it is shared; nothing for whoever may not know it."""
    share = found.share
    if share is None or share.shared is None:
        return
    yield _shared_figure("result", share.result_p, Worked.RESULT)
    for said, amount_p, worked in (
        ("lead provider’s reserve", share.shared.collar_p, Worked.RESERVE),
        ("shared between the partners", share.shared.band_p, Worked.BAND),
        ("commissioner’s part", share.shared.above_cap_p, Worked.COMMISSIONER),
        ("what nobody absorbs", share.shared.unabsorbed_p, Worked.UNABSORBED),
    ):
        if amount_p:
            yield _shared_figure(said, amount_p, worked)
    for partner, amount_p in share.shared.partners.items():
        yield _shared_figure(_name(share, partner), amount_p, Worked.PARTNER, partner)


def _name(share: SharePosition, partner: bytes) -> str:
    names = {one.organisation: one.short for one in share.partners}
    return names.get(partner, "a former partner")


def _shared_figure(said: str, amount_p: int, worked: Worked, partner: bytes = b"") -> AuditRow:
    words = f"Risk share: {said}"
    return AuditRow(words, amount_p, below=Stop(Level.PARTS, words, worked=worked, partner=partner))


def _result(share: SharePosition, stop: Stop) -> Listing:
    found = share.outturn
    rows = list(budget_less_outturn(found, stop))
    pots_p = _pots_p(share, None)
    if pots_p:
        rows.append(part(_POTS, pots_p, stop, Stop(Level.PARTS, _POTS, worked=Worked.POTS)))
    return adding(tuple(rows))


def _pots_p(share: SharePosition, run: Part[bytes] | None) -> int:
    """Return what of the pots is in the result of the year, or of a version's months."""
    found = share.outturn
    if run is None:
        return share.result_p - (found.budget_p - found.outturn_p)
    months = range(run.first, run.last + 1)
    return run.shared.result_p - sum(_budget_p(share, n) - found.months_p[n - 1] for n in months)


def _budget_p(share: SharePosition, month: int) -> int:
    return sum(line.held.budget_p[month - 1] for line in share.outturn.lines)


def _pots(share: SharePosition, stop: Stop) -> Listing:
    """Return the pots as they stand; each month of a version that shares them has a twelfth."""
    held = share.outturn.position.pots
    rows = tuple(
        part(
            POT_NAMES[pot],
            held[pot],
            stop,
            Stop(Level.MONTHS, POT_NAMES[pot], LedgerFilter(pot.value)),
        )
        for pot in POTS
        if held.get(pot)
    )
    shared_p = stop.sign * _pots_p(share, _run_from(share, stop) if stop.month else None)
    return Listing(rows, note=f"A twelfth a month where it is shared: {format_pence(shared_p)}.")


def _band(share: SharePosition, stop: Stop) -> Listing:
    """Return each partner's part of what is shared, and what nobody absorbs."""
    rows = []
    for partner, amount_p in share.shared.partners.items() if share.shared else ():
        words = _name(share, partner)
        below = Stop(Level.PARTS, words, worked=Worked.PARTNER, partner=partner)
        rows.append(part(words, amount_p, stop, below))
    if share.shared and share.shared.unabsorbed_p:
        words = "What nobody absorbs"
        below = Stop(Level.PARTS, words, worked=Worked.UNABSORBED)
        rows.append(part(words, share.shared.unabsorbed_p, stop, below))
    return adding(tuple(rows))


def _by_version(share: SharePosition, stop: Stop) -> Listing:
    """Return a figure version by version."""
    rows = []
    for run in share.shared.parts if share.shared else ():
        amounts = {
            Worked.RESERVE: run.shared.collar_p,
            Worked.COMMISSIONER: run.shared.above_cap_p,
            Worked.UNABSORBED: run.shared.unabsorbed_p,
            Worked.PARTNER: run.of(stop.partner),
        }
        amount_p, words = amounts[stop.worked or Worked.PARTNER], f"{run.terms.name}, {_span(run)}"
        below = Stop(Level.PARTS, words, month=run.first, worked=Worked.RUN)
        rows.append(part(words, amount_p, stop, below))
    return adding(tuple(rows))


def _span(run: Part[bytes]) -> str:
    return f"M{run.first} to M{run.last}"


def _run_from(share: SharePosition, stop: Stop) -> Part[bytes]:
    parts = share.shared.parts if share.shared else ()
    return next(run for run in parts if run.first == stop.month)


def _run(share: SharePosition, stop: Stop) -> Listing:
    """Return the result a version divides, with how it divides it; no part is its sum."""
    run = _run_from(share, stop)
    words = f"Result of {_span(run)}"
    below = Stop(Level.PARTS, words, month=run.first, worked=Worked.RUN_RESULT)
    return Listing((part(words, run.shared.result_p, stop, below),), note=_divided(share, run))


def _divided(share: SharePosition, run: Part[bytes]) -> str:
    terms, shared = run.terms.agreement, run.shared
    each = ", ".join(
        f"{_name(share, partner)} {format_pence(run.of(partner))}" for partner in run.terms.partners
    )
    return (
        f"The first {terms.collar_pct} % of {format_pence(run.envelope_p)} is the lead provider’s "
        f"({format_pence(shared.collar_p)}), up to {terms.cap_pct} % is shared "
        f"({format_pence(shared.band_p)}: {each}; nobody’s {format_pence(shared.unabsorbed_p)}), "
        f"the rest is the commissioner’s ({format_pence(shared.above_cap_p)})."
    )


def _run_result(share: SharePosition, stop: Stop) -> Listing:
    """Return the months of a version: their budget, less what was and will be spent."""
    run, found = _run_from(share, stop), share.outturn
    closed, months = min(run.last, found.month), range(run.first, run.last + 1)
    words = f"Budget of {_span(run)}"
    budget = Stop(Level.LINES, words, LedgerFilter(_LINE, first=run.first, last=run.last))
    rows = [part(words, sum(_budget_p(share, month) for month in months), stop, budget)]
    if run.first <= closed:
        words = f"Actual of M{run.first} to M{closed}"
        spent = Stop(Level.LINES, words, LedgerFilter(_SPEND, first=run.first, last=closed), -1)
        gone_p = sum(found.months_p[run.first - 1 : closed])
        rows.append(part(f"Less {words[0].lower()}{words[1:]}", -gone_p, stop, spent))
    for month in range(max(run.first, closed + 1), run.last + 1):
        words = f"Forecast of M{month}"
        ahead = Stop(Level.PARTS, words, sign=-1, month=month, worked=Worked.ALL_IN_MONTH)
        rows.append(part(f"Less forecast of M{month}", -found.months_p[month - 1], stop, ahead))
    pots_p = _pots_p(share, run)
    if pots_p:
        pots = Stop(Level.PARTS, _POTS, month=run.first, worked=Worked.POTS)
        rows.append(part(_POTS, pots_p, stop, pots))
    return adding(tuple(rows))


OF_SHARE: Final[Mapping[Worked, Callable[[SharePosition, Stop], Listing]]] = {
    Worked.RESULT: _result,
    Worked.RESERVE: _by_version,
    Worked.COMMISSIONER: _by_version,
    Worked.UNABSORBED: _by_version,
    Worked.PARTNER: _by_version,
    Worked.BAND: _band,
    Worked.RUN: _run,
    Worked.RUN_RESULT: _run_result,
    Worked.POTS: _pots,
}
