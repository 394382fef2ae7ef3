"""Everything a board pack says, in one reading of what the screens show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.budgets.closing import NEEDED_TO_LOCK
from collabdesk.domain.budgets.month_states import MonthState, state_of
from collabdesk.domain.budgets.reconciliation import Reconciliation
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.close_board import month_to_close
from collabdesk.services.budgets.closing.closing import kept_state, standing
from collabdesk.services.budgets.closing.month_states import states
from collabdesk.services.budgets.contracts.contract_board import ContractLine, contracts_board
from collabdesk.services.budgets.contracts.placement_board import PlacementBoard, placement_board
from collabdesk.services.budgets.once import one_reading
from collabdesk.services.budgets.papers.board_figures import (
    BoardFigures,
    LedgerFigures,
    board_figures,
)
from collabdesk.services.budgets.papers.board_reported import closed_to, reported_figures
from collabdesk.services.budgets.papers.exports import stamp_words
from collabdesk.services.budgets.papers.pack_asked import PackAsked, PackReader
from collabdesk.services.budgets.papers.pack_stays import Stays, stays_of
from collabdesk.services.budgets.planning.line_notes import YearNote, year_notes
from collabdesk.services.budgets.returns.reconciling import (
    partners,
    reconciliation,
    settled_of,
    standing_return,
)
from collabdesk.services.budgets.shares.investment_plan import InvestmentPlan, InvestmentState
from collabdesk.services.budgets.shares.share_position import SharePosition, share_position
from collabdesk.services.budgets.virements.inbox import State, virement_list
from collabdesk.services.organisations import short_names
from collabdesk.storage.queries.budgets import budget_versions


@dataclass(frozen=True, slots=True)
class Point:
    """A decision that is asked for: what, how much it is about, and what it waits for."""

    kind: str
    words: str
    amount_p: int | None
    waits_for: str


@dataclass(frozen=True, slots=True)
class PartnerMonth:
    """One partner's month against the ledger; without a return, nothing was compared."""

    name: str
    found: Reconciliation
    returned: bool


@dataclass(frozen=True, slots=True)
class BoardPack:
    """What a pack says; people's names are words already.

    `now` is there for the month closed last alone: of an earlier one only `figures` can be
    told as they were. `stamp` is their ledger, `stands` the one that stands now.
    """

    figures: LedgerFigures
    now: BoardFigures | None
    share: SharePosition | None
    stamp: str
    stands: str
    asked: PackAsked
    reader: PackReader
    contracts: tuple[ContractLine, ...]
    placements: PlacementBoard
    stays: Stays
    points: tuple[Point, ...]
    returns: tuple[PartnerMonth, ...]
    settled: tuple[int, int]
    notes: tuple[YearNote, ...]


def board_pack(
    reads: Connection, fiscal_year: str, asked: PackAsked, reader: PackReader
) -> BoardPack:
    """Read a pack of the month closed last, or of an earlier one as it was reported.

    Refused while nothing is posted, and where what was reported cannot be told.
    """
    with one_reading():
        fiscal_year = FiscalYear.parse(fiscal_year).label
        figures, share = _figures(reads, fiscal_year, asked, reader)
        if not figures.lines:
            raise Refusal(
                code="nothing_posted",
                words=f"Nothing is posted in {fiscal_year} yet, so there is no board pack to make.",
                remedy="Agree a version of the budget first.",
            )
        year, month = figures.year.label, max(figures.month, 1)
        stands = stamp_words(reads, year)
        now = figures if isinstance(figures, BoardFigures) else None
        contracts = contracts_board(reads, year, reader.who)
        board = placement_board(reads, year, month, reader.today, reader.who)
        return BoardPack(
            figures,
            now,
            share,
            stands if now else figures.as_at,
            stands,
            asked,
            reader,
            contracts.lines,
            board,
            stays_of(reads, figures.year.month(month)),
            tuple(_points(reads, now, asked)),
            tuple(_returns(reads, figures)),
            settled_of(reads, year, month) if now is None else now.returns,
            year_notes(reads, year),
        )


def _figures(
    reads: Connection, fiscal_year: str, asked: PackAsked, reader: PackReader
) -> tuple[LedgerFigures, SharePosition | None]:
    opener = reader.opener if asked.share else None
    if asked.month is None or 0 < asked.month == closed_to(reads, fiscal_year):
        found = board_figures(reads, fiscal_year, opener, asked.since)
        return found, _may_be_read(found.share)
    earlier = reported_figures(reads, fiscal_year, asked.month, asked.since)
    if opener is None:
        return earlier, None
    return earlier, _may_be_read(share_position(reads, opener, fiscal_year))


def _may_be_read(share: SharePosition | None) -> SharePosition | None:
    """Refuse the confidential part where none of it may be opened on this laptop."""
    if share is None or not share.agreements:
        return share
    terms = any(line.share_bp is not None for one in share.agreements for line in one.partners)
    if not terms and all(one.share_p is None for one in share.statements):
        raise Refusal(
            code="share_not_open",
            words="Nothing of the risk and gain share may be opened on this laptop.",
            remedy="Leave the confidential appendix out, or let a finance lead make the pack.",
            field="share",
        )
    return share


def _points(reads: Connection, figures: BoardFigures | None, asked: PackAsked) -> Iterator[Point]:
    for words in asked.points:
        yield Point("Decision", words, None, "The board")
    if figures is not None:
        yield from _waiting(reads, figures)


def _waiting(reads: Connection, figures: BoardFigures) -> Iterator[Point]:
    year = figures.year.label
    for line in virement_list(reads):
        if line.virement.fiscal_year == year and line.state not in {
            State.POSTED,
            State.NOT_ALLOWED,
        }:
            said = f"{line.from_name} to {line.to_name}"
            reason = line.virement.reason
            words = f"{said}: {reason}" if reason else said
            yield Point("Virement", words, line.virement.amount_p, line.words)
    yield from _investments(figures.investments)
    for version in budget_versions(reads):
        if (version.fiscal_year, version.state) == (year, "draft") and version.kind != "what_if":
            yield Point("Agreement", f"Budget “{version.name}”", None, "To be agreed and posted")
    yield from _lock(reads, figures.year)


def _investments(plan: InvestmentPlan) -> Iterator[Point]:
    for line in plan.lines:
        if line.state in {InvestmentState.PROPOSED, InvestmentState.CONTESTED}:
            have = len(line.count.counted) if line.count else 0
            waits = f"{have} of {line.tier.needed} approvals" if line.tier else "No tier holds it"
            about = f"{line.row.title}, {line.name}"
            yield Point("Investment", about, line.this_year_p, waits)


def _lock(reads: Connection, year: FiscalYear) -> Iterator[Point]:
    month = year.month(month_to_close(reads, year.label))
    if state_of(month, states(reads, year.label)) is MonthState.SOFT_CLOSED:
        kept = kept_state(reads, month)
        have = len(standing(reads, kept)) if kept else 0
        waits = f"{have} of {NEEDED_TO_LOCK} agreements"
        yield Point("Lock", f"Lock M{month.number} for ever", None, waits)


def _returns(reads: Connection, figures: LedgerFigures) -> Iterator[PartnerMonth]:
    year, month = figures.year.label, figures.month
    if not month:
        return
    names = short_names()
    for partner in partners(reads, year, month):
        found = reconciliation(reads, year, month, partner)
        returned = standing_return(reads, year, month, partner) is not None
        yield PartnerMonth(names.get(partner, partner), found, returned)
