"""A partner's return against the ledger, as it stands now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.reconciliation import (
    Item,
    Match,
    Reconciliation,
    grouped,
    reconcile,
)
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.entered import line_name, service_lines
from collabdesk.services.budgets.partners import partners as members
from collabdesk.services.budgets.policy import lead_of
from collabdesk.services.commands import Actor
from collabdesk.storage.queries import returns as stored
from collabdesk.storage.queries.authors import Author
from collabdesk.storage.queries.common import siblings

NO_REFERENCE: Final = "(no reference)"


@dataclass(frozen=True, slots=True)
class Query:
    """A question about a reference, its author, and the answers to it in order."""

    row: bytes
    question: str
    author: Author
    settled: bool
    stale: bool
    answers: tuple[tuple[str, Author], ...] = ()


@dataclass(frozen=True, slots=True)
class ReconLine:
    """One reference: how it stands, the return's reference matched to it, and its query."""

    item: Item
    matched: tuple[tuple[bytes, str], ...] = ()
    queries: tuple[Query, ...] = ()

    @property
    def query(self) -> Query | None:
        """The newest question about it."""
        return self.queries[-1] if self.queries else None

    @property
    def settled(self) -> bool:
        """Tell whether nothing more needs to be done about it."""
        if self.item.match in {Match.MATCHED, Match.WITHIN_TOLERANCE}:
            return True
        return self.query is not None and self.query.settled and not self.query.stale


@dataclass(frozen=True, slots=True)
class ReconBoard:
    """One partner's month: every reference, and what both sides consist of.

    `mine` tells that the partner is the person's own organisation, `lead` that it is the lead's.
    """

    fiscal_year: str
    month: int
    partner: str
    partners: tuple[str, ...]
    found: Reconciliation
    lines: tuple[ReconLine, ...]
    tolerance_p: int
    returned: stored.PartnerReturn | None
    ledger: tuple[tuple[stored.LedgerLine, str], ...]
    items: tuple[stored.ReturnItem, ...]
    lead: bool
    mine: bool
    reference: str = ""

    @property
    def unsettled(self) -> int:
        """How many references still ask for something."""
        return sum(not line.settled for line in self.lines)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which month and partner somebody asks for; a query's, where `record` is one."""

    month: int | None = None
    partner: str = ""
    record: bytes | None = None


def recon_board(
    reads: Connection, who: Callable[[], Actor], fiscal_year: str, wanted: Wanted
) -> ReconBoard:
    """Return one partner's month; none named, that of the newest return and one's own or first."""
    me = _me(who)
    asked = stored.query(reads, wanted.record) if wanted.record else None
    partner = asked.partner if asked is not None else wanted.partner
    month = (asked.month if asked is not None else wanted.month) or _newest(reads, fiscal_year)
    known = partners(reads, fiscal_year, month)
    own = me.ods if me is not None and not me.is_lead else ""
    chosen = partner or (own or next(iter(known), ""))
    every = tuple(sorted({*known, *([chosen] if chosen else [])}))
    ledger = stored.ledger_lines(reads, fiscal_year, month, chosen)
    returned = standing_return(reads, fiscal_year, month, chosen)
    items = stored.return_items(reads, returned.row) if returned else ()
    tolerance_p = tolerance_of(reads, fiscal_year, month, chosen)
    matched = stored.matches(reads, fiscal_year, month, chosen)
    found = _compared(ledger, items, matched, tolerance_p)
    names = service_lines(reads)
    return ReconBoard(
        fiscal_year,
        month,
        chosen,
        every,
        found,
        _lines(reads, found, matched, (fiscal_year, month, chosen)),
        tolerance_p,
        returned,
        tuple((x, line_name(names.get(x.service_line), chosen)) for x in ledger),
        items,
        me is not None and me.is_lead,
        me is not None and me.ods == chosen,
        asked.reference if asked is not None else "",
    )


def _newest(reads: Connection, fiscal_year: str) -> int:
    returned = stored.returns(reads, fiscal_year)
    return returned[-1].month if returned else stored.last_month_spent(reads, fiscal_year)


def _me(who: Callable[[], Actor]) -> Actor | None:
    try:
        return who()
    except Refusal:
        return None


def partners(reads: Connection, fiscal_year: str, month: int) -> tuple[str, ...]:
    """Return the partners with spending or a return in a month; the lead owes itself none."""
    returned = {one.partner for one in stored.returns(reads, fiscal_year) if one.month == month}
    spent = {*stored.partners_spent_at(reads, fiscal_year, month)}
    lead = {one.ods for one in members(reads) if one.is_lead}
    return tuple(sorted(returned | (spent - lead)))


def not_returned(reads: Connection, fiscal_year: str, month: int) -> tuple[str, ...]:
    """Return the partners with spending in a month whose return is not in."""
    return tuple(
        partner
        for partner in partners(reads, fiscal_year, month)
        if standing_return(reads, fiscal_year, month, partner) is None
    )


def standing_return(
    reads: Connection, fiscal_year: str, month: int, partner: str
) -> stored.PartnerReturn | None:
    """Return the return that counts: the newest, the partner's own before the lead's copy."""
    lead = lead_of(reads)
    found = [
        one
        for one in stored.returns(reads, fiscal_year)
        if (one.month, one.partner) == (month, partner)
    ]
    own = [one for one in found if one.scope != lead]
    return next(iter([*reversed(own), *reversed(found)]), None)


def tolerance_of(reads: Connection, fiscal_year: str, month: int, partner: str) -> int:
    """Return the difference that is let pass; of several that were set at once, the least."""
    found = stored.tolerances(reads, fiscal_year, month, partner)
    return min((one.tolerance_p for one in found), default=0)


def reconciliation(reads: Connection, fiscal_year: str, month: int, partner: str) -> Reconciliation:
    """Compare one partner's month with the ledger, references matched by hand as one."""
    returned = standing_return(reads, fiscal_year, month, partner)
    return _compared(
        stored.ledger_lines(reads, fiscal_year, month, partner),
        stored.return_items(reads, returned.row) if returned else (),
        stored.matches(reads, fiscal_year, month, partner),
        tolerance_of(reads, fiscal_year, month, partner),
    )


def counts(reads: Connection, fiscal_year: str, month: int) -> Counter[Match]:
    """Return how many references of all partners stand how, in one month."""
    found: Counter[Match] = Counter()
    for partner in partners(reads, FiscalYear.parse(fiscal_year).label, month):
        found += reconciliation(reads, fiscal_year, month, partner).counts
    return found


def settled_of(reads: Connection, fiscal_year: str, month: int) -> tuple[int, int]:
    """Return how many references of a month's returns are settled, and how many there are."""
    settled = every = 0
    for partner in {
        one.partner for one in stored.returns(reads, fiscal_year) if one.month == month
    }:
        matched = stored.matches(reads, fiscal_year, month, partner)
        found = reconciliation(reads, fiscal_year, month, partner)
        lines = _lines(reads, found, matched, (fiscal_year, month, partner))
        settled += sum(line.settled for line in lines)
        every += len(lines)
    return settled, every


def key_of(reference: str) -> str:
    """Return what a reference is matched by: without outer spaces."""
    return reference.strip() or NO_REFERENCE


def _compared(
    ledger: tuple[stored.LedgerLine, ...],
    items: tuple[stored.ReturnItem, ...],
    matched: tuple[stored.ReturnMatch, ...],
    tolerance_p: int,
) -> Reconciliation:
    same = {key_of(one.return_reference): key_of(one.ledger_reference) for one in matched}
    returned = grouped(
        (same.get(key_of(item.reference), key_of(item.reference)), item.amount_p) for item in items
    )
    spent = grouped((key_of(line.reference), line.amount_p) for line in ledger)
    # What was posted and taken back in full is not missed by anybody.
    kept = {key: p for key, p in spent.items() if p or key in returned}
    return reconcile(kept, returned, tolerance_p)


def _lines(
    reads: Connection,
    found: Reconciliation,
    matched: tuple[stored.ReturnMatch, ...],
    at: tuple[str, int, str],
) -> tuple[ReconLine, ...]:
    asked = stored.queries(reads, *at)
    answers = stored.answers(reads) if asked else ()
    return tuple(
        ReconLine(
            item,
            tuple(
                (one.row, one.return_reference)
                for one in matched
                if key_of(one.ledger_reference) == item.key
            ),
            tuple(_query(reads, one, item, answers) for one in asked if one.reference == item.key),
        )
        for item in found.items
    )


def _query(
    reads: Connection,
    asked: stored.ReturnQuery,
    item: Item,
    answers: tuple[stored.QueryAnswer, ...],
) -> Query:
    given = tuple(
        (one.answer, siblings(reads, one.row, "answer")[0].author)
        for one in answers
        if one.query == asked.row
    )
    return Query(
        asked.row,
        asked.question,
        siblings(reads, asked.row, "question")[0].author,
        bool(asked.settled),
        (asked.ledger_p, asked.return_p) != (item.ledger_p, item.return_p),
        given,
    )
