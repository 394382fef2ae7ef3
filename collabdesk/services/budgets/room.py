"""The budgets room in one reading: a version, its envelope, the virements and the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.approvals import Tier
from collabdesk.domain.budgets.month_states import MonthState, state_of
from collabdesk.domain.periods import MONTHS_IN_YEAR, FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.month_states import states
from collabdesk.services.budgets.commands import (
    AgreeBudgetVersion,
    ApproveVirement,
    CreateBudgetVersion,
    PostReadyVirements,
    WithdrawApproval,
    WithdrawVirement,
)
from collabdesk.services.budgets.once import one_reading
from collabdesk.services.budgets.planning.months import MonthStanding, by_month
from collabdesk.services.budgets.policy import policy
from collabdesk.services.budgets.queries import (
    BudgetGrid,
    BudgetVersion,
    EnvelopeSummary,
    LedgerCheck,
    PostedJournal,
    ServiceLine,
    State,
    VirementLine,
    budget_grid,
    envelope_summary,
    journals,
    ledger_standing,
    service_lines,
    versions,
    virement_list,
)
from collabdesk.services.budgets.virements.preview import line_months
from collabdesk.services.commands import Actor
from collabdesk.services.organisations import short_names
from collabdesk.services.permission import refusal_of

TABLES: Final = frozenset(
    {
        "budget_version",
        "service_line",
        "allocation_move",
        "plan_line",
        "virement",
        "journal",
        "journal_line",
        "policy",
        "month_state",
        "envelope",
        "provider",
        "delegation",
    }
)
"""A change in one of these is a change of what the room shows."""


@dataclass(frozen=True)
class Rights:
    """What this person may do now: a refusal says why not, None says go ahead."""

    start: Refusal | None = None
    agree: Refusal | None = None
    approve: Mapping[bytes, Refusal | None] = field(default_factory=dict)
    withdraw: frozenset[bytes] = frozenset()
    own: frozenset[bytes] = frozenset()
    """The virements that may be changed or taken back: one's own organisation's, not posted."""
    post: int = 0
    post_letters: Refusal | None = None


@dataclass(frozen=True)
class Plan:
    """One version: its months, its envelope, both together, and what the ledger holds by line.

    `states` are those of the year's months, April first.
    """

    version: BudgetVersion
    grid: BudgetGrid
    summary: EnvelopeSummary
    months: tuple[MonthStanding, ...]
    held: Mapping[tuple[bytes, str], tuple[int, ...]]
    states: tuple[MonthState, ...] = (MonthState.OPEN,) * MONTHS_IN_YEAR

    @property
    def contested(self) -> int:
        """How many planned amounts are contested."""
        return sum(
            bool(cell.siblings)
            for row in self.grid.rows
            if row.level == "provider"
            for cell in row.months
        )


@dataclass(frozen=True)
class Room:
    """What the room shows; no plan means there is no version yet."""

    versions: tuple[BudgetVersion, ...]
    plan: Plan | None
    lines: tuple[ServiceLine, ...]
    virements: tuple[VirementLine, ...]
    journals: tuple[PostedJournal, ...]
    check: LedgerCheck
    trusts: Mapping[str, str]
    tiers: tuple[Tier, ...]
    me: Actor | None
    rights: Rights

    @property
    def agreed(self) -> bool:
        """Tell whether the version on show is agreed and posted."""
        return self.plan is not None and self.plan.grid.posted

    @property
    def waiting(self) -> int:
        """How many virements wait for this person's approval."""
        return sum(why is None for why in self.rights.approve.values())


def read_room(reads: Connection, who: Callable[[], Actor], wanted: bytes | None) -> Room:
    """Read a version, or the one that asks for attention; `who` says who acts, or refuses."""
    with one_reading():
        return _read(reads, who, wanted)


def _read(reads: Connection, who: Callable[[], Actor], wanted: bytes | None) -> Room:
    known = versions(reads)
    plans = {row.row: row for row in known}
    chosen = plans.get(wanted or b"") or _first(reads, known)
    year = chosen.fiscal_year if chosen else ""
    # First: what else asks for some of the year's journals takes them from these.
    posted = journals(reads, year) if year else ()
    plan = _plan(reads, chosen) if chosen else None
    moves = virement_list(reads)
    me = _me(who)
    return Room(
        known,
        plan,
        service_lines(reads),
        moves,
        posted,
        ledger_standing(reads),
        short_names(),
        policy(reads).tiers,
        me,
        _rights(reads, me, plan, moves),
    )


def _first(reads: Connection, known: Sequence[BudgetVersion]) -> BudgetVersion | None:
    """Choose a draft with something to settle, then what is agreed, then a draft."""
    drafts = [version for version in known if version.state == "draft"]
    agreed = [version for version in known if version.state == "agreed"]
    disputed = (draft for draft in drafts if _plan(reads, draft).contested)
    return next(disputed, None) or next(iter([*agreed, *drafts, *known]), None)


def _plan(reads: Connection, version: BudgetVersion) -> Plan:
    grid, summary = budget_grid(reads, version.row), envelope_summary(reads, version.row)
    held, known = line_months(reads, version.fiscal_year), states(reads, version.fiscal_year)
    months = FiscalYear.parse(version.fiscal_year).months
    closed = tuple(state_of(month, known) for month in months)
    return Plan(version, grid, summary, by_month(summary, grid), held, closed)


def _me(who: Callable[[], Actor]) -> Actor | None:
    try:
        return who()
    except Refusal:
        return None


def _rights(
    reads: Connection, me: Actor | None, plan: Plan | None, moves: Sequence[VirementLine]
) -> Rights:
    if me is None:
        why = Refusal(
            code="not-enrolled",
            words="This laptop is not enrolled yet.",
            remedy="Read its words to the administrator of the lead provider.",
        )
        approve = {one.virement.row: why for one in moves}
        return Rights(start=why, agree=why, approve=approve, post_letters=why)
    open_moves = [one for one in moves if one.state is not State.POSTED]
    rows = [one.virement.row for one in open_moves]
    agree = AgreeBudgetVersion(plan.version.row) if plan else None
    start = CreateBudgetVersion("2000/01", "A name nobody has taken")
    may_post = refusal_of(reads, PostReadyVirements(), me) is None
    return Rights(
        start=refusal_of(reads, start, me),
        agree=refusal_of(reads, agree, me) if agree else None,
        approve={row: refusal_of(reads, ApproveVirement(row), me) for row in rows},
        withdraw=frozenset(
            row for row in rows if refusal_of(reads, WithdrawApproval(row), me) is None
        ),
        own=frozenset(row for row in rows if refusal_of(reads, WithdrawVirement(row), me) is None),
        post=sum(one.state is State.READY for one in open_moves) if may_post else 0,
        post_letters=refusal_of(reads, PostReadyVirements(), me),
    )
