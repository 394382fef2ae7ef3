"""A virement: planned money moved from one service line to another during the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collabdesk.domain.budgets.approvals import (
    Decision,
    Proposer,
    Standing,
    Tally,
    Tier,
    check_amount,
    tally,
    tier_index,
)
from collabdesk.domain.budgets.ledger import (
    Account,
    Balances,
    Heading,
    JournalKind,
    JournalLine,
    LineKey,
    Recurrence,
    post,
)
from collabdesk.domain.budgets.month_states import States, check_open, posting_month
from collabdesk.domain.budgets.pots import check_draw, pot_of
from collabdesk.domain.changes import OWN, Insert, PostJournal
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Virement:
    """What is proposed: so much, from here to there, in this month and for this reason.

    With a pot, money is released from it or given back to it; the key on that side then
    only repeats the other one.
    """

    fiscal_year: str
    source: LineKey
    target: LineKey
    amount_p: int
    month: int
    recurrence: Recurrence
    reason: str
    from_pot: Account | None = None
    to_pot: Account | None = None

    @property
    def draws(self) -> LineKey | Account:
        """Where the money comes from."""
        return self.from_pot or self.source

    @property
    def feeds(self) -> LineKey | Account:
        """Where the money goes."""
        return self.to_pot or self.target


def propose(
    virement: Virement,
    source_recurrence: Recurrence,
    held: Balances,
    states: States | None = None,
) -> Insert:
    """Propose a virement out of what the ledger holds; refused if a rule is broken.

    A month that is closed, softly or for ever, takes no more money.
    """
    check(virement, source_recurrence, held)
    check_open(FiscalYear.parse(virement.fiscal_year).month(virement.month), states or {})
    pots = {"from_pot": virement.from_pot, "to_pot": virement.to_pot}
    named = {name: pot.value for name, pot in pots.items() if pot is not None}
    return Insert(
        "virement",
        OWN,
        named
        | {
            "fiscal_year": virement.fiscal_year,
            "from_line": virement.source.service_line,
            "from_provider": virement.source.provider,
            "to_line": virement.target.service_line,
            "to_provider": virement.target.provider,
            "amount_p": virement.amount_p,
            "month": virement.month,
            "recurrence": virement.recurrence.value,
            "reason": virement.reason.strip(),
        },
    )


def check(virement: Virement, source_recurrence: Recurrence, held: Balances) -> None:
    """Refuse a virement that breaks a rule or overdraws the line it comes from."""
    check_amount(virement.amount_p)
    FiscalYear.parse(virement.fiscal_year).month(virement.month)
    if virement.draws == virement.feeds:
        raise Refusal(
            code="same_line",
            words="The money would come from and go to the same place.",
            remedy="Choose another service line, provider or pot to receive it.",
            field="to_line",
        )
    if not virement.reason.strip():
        raise Refusal(
            code="reason_missing",
            words="The virement has no reason.",
            remedy="Say in a sentence why the money moves; the approver reads it.",
            field="reason",
        )
    if virement.from_pot is None:
        _check_recurrence(virement.recurrence, source_recurrence)
    _check_available(virement, held)
    if virement.from_pot is not None and virement.to_pot is None:
        _check_recurrent_release(virement, held)


def available_p(virement: Virement, held: Balances) -> int:
    """Return what the place a virement draws on holds, in pence."""
    drawn = virement.draws
    return held.lines.get(drawn, 0) if isinstance(drawn, LineKey) else pot_of(held, drawn)


def _check_recurrence(moved: Recurrence, source: Recurrence) -> None:
    if moved is Recurrence.RECURRENT and source is Recurrence.NON_RECURRENT:
        raise Refusal(
            code="recurrent_from_non_recurrent",
            words="Recurrent money cannot come from a non-recurrent line.",
            remedy="Make the virement non-recurrent, or take it from a recurrent line.",
            field="recurrence",
        )


def _check_recurrent_release(virement: Virement, held: Balances) -> None:
    """Refuse to promise every year what a pot holds for this year alone."""
    if virement.recurrence is Recurrence.NON_RECURRENT or held.recurrent_p is None:
        return
    if virement.amount_p > max(0, held.recurrent_p):
        raise Refusal(
            code="recurrent_from_non_recurrent",
            words=(
                f"{format_pence(max(0, held.recurrent_p))} of the recurrent envelope is not on "
                f"lines yet; {format_pence(virement.amount_p)} cannot be released as recurrent."
            ),
            remedy="Make it non-recurrent, or release at most that.",
            field="recurrence",
        )


def _check_available(virement: Virement, held: Balances) -> None:
    holds_p = available_p(virement, held)
    if virement.from_pot is not None:
        check_draw(virement.amount_p, holds_p, virement.from_pot)
    elif virement.amount_p > holds_p:
        raise Refusal(
            code="overdrawn",
            words=(
                f"The line at {virement.source.provider} holds {format_pence(holds_p)} "
                f"for the year; {format_pence(virement.amount_p)} cannot be taken from it."
            ),
            remedy=f"Move at most {format_pence(max(0, holds_p))}, or choose another line.",
            field="amount_p",
        )


def approvals(
    virement: Virement, scheme: Sequence[Tier], proposer: Proposer, decisions: Sequence[Decision]
) -> Tally:
    """Count the approvals a virement has against what its tier asks for."""
    tier = scheme[tier_index(scheme, virement.amount_p)]
    return tally(proposer, decisions, tier.needed, tier.roles)


def ready_to_post(
    virement: Virement, scheme: Sequence[Tier], proposer: Proposer, decisions: Sequence[Decision]
) -> bool:
    """Tell whether enough people have approved a virement for the ledger keeper to post it."""
    return approvals(virement, scheme, proposer, decisions).standing is Standing.APPROVED


def post_virement(
    row: bytes,
    virement: Virement,
    source_recurrence: Recurrence,
    held: Balances,
    states: States | None = None,
) -> PostJournal:
    """Make the journal of an approved virement: debit where the money goes, credit its source.

    A month closed since it was proposed keeps its published figures: the money then moves in
    the earliest open month, and the month it was meant for stands beside it.
    """
    check(virement, source_recurrence, held)
    meant = FiscalYear.parse(virement.fiscal_year).month(virement.month)
    month = posting_month(meant, states or {}).number
    pot = virement.from_pot or virement.to_pot
    heading = Heading(
        virement.fiscal_year,
        JournalKind.RELEASE if pot else JournalKind.VIREMENT,
        month,
        f"{_VERBS[pot is not None]} of {format_pence(virement.amount_p)}: "
        f"{virement.reason.strip()}",
        effective_month=virement.month,
    )
    return post(heading, journal_lines(virement, month), ("virement", row))


_VERBS = ("Virement", "Release")


def journal_lines(virement: Virement, month: int | None = None) -> tuple[JournalLine, JournalLine]:
    """Return the two sides of a virement, debit first, in its month unless another is given."""
    return (
        _side(virement, virement.feeds, virement.amount_p, month or virement.month),
        _side(virement, virement.draws, -virement.amount_p, month or virement.month),
    )


def _side(virement: Virement, place: LineKey | Account, amount_p: int, month: int) -> JournalLine:
    if isinstance(place, LineKey):
        return JournalLine(Account.LINE, amount_p, place, month, virement.recurrence)
    return JournalLine(place, amount_p, recurrence=virement.recurrence)
