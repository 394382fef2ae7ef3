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
from collabdesk.domain.changes import OWN, Insert, PostJournal
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Virement:
    """What is proposed: so much, from here to there, in this month and for this reason."""

    fiscal_year: str
    source: LineKey
    target: LineKey
    amount_p: int
    month: int
    recurrence: Recurrence
    reason: str


def propose(virement: Virement, source_recurrence: Recurrence, held: Balances) -> Insert:
    """Propose a virement out of what the ledger holds; refused if a rule is broken."""
    check(virement, source_recurrence, held)
    return Insert(
        "virement",
        OWN,
        {
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
    if virement.source == virement.target:
        raise Refusal(
            code="same_line",
            words="The money would come from and go to the same line.",
            remedy="Choose another service line or provider to receive it.",
            field="to_line",
        )
    if not virement.reason.strip():
        raise Refusal(
            code="reason_missing",
            words="The virement has no reason.",
            remedy="Say in a sentence why the money moves; the approver reads it.",
            field="reason",
        )
    _check_recurrence(virement.recurrence, source_recurrence)
    _check_available(virement, held.lines.get(virement.source, 0))


def _check_recurrence(moved: Recurrence, source: Recurrence) -> None:
    if moved is Recurrence.RECURRENT and source is Recurrence.NON_RECURRENT:
        raise Refusal(
            code="recurrent_from_non_recurrent",
            words="Recurrent money cannot come from a non-recurrent line.",
            remedy="Make the virement non-recurrent, or take it from a recurrent line.",
            field="recurrence",
        )


def _check_available(virement: Virement, available_p: int) -> None:
    if virement.amount_p > available_p:
        raise Refusal(
            code="overdrawn",
            words=(
                f"The line at {virement.source.provider} holds {format_pence(available_p)} "
                f"for the year; {format_pence(virement.amount_p)} cannot be taken from it."
            ),
            remedy=f"Move at most {format_pence(max(0, available_p))}, or choose another line.",
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
    row: bytes, virement: Virement, source_recurrence: Recurrence, held: Balances
) -> PostJournal:
    """Make the journal of an approved virement: debit the target, credit the source."""
    check(virement, source_recurrence, held)
    heading = Heading(
        virement.fiscal_year,
        JournalKind.VIREMENT,
        virement.month,
        f"Virement of {format_pence(virement.amount_p)}: {virement.reason.strip()}",
    )
    return post(heading, journal_lines(virement), ("virement", row))


def journal_lines(virement: Virement) -> tuple[JournalLine, JournalLine]:
    """Return the two sides of a virement, debit first."""
    return (
        _side(virement, virement.target, virement.amount_p),
        _side(virement, virement.source, -virement.amount_p),
    )


def _side(virement: Virement, key: LineKey, amount_p: int) -> JournalLine:
    return JournalLine(Account.LINE, amount_p, key, virement.month, virement.recurrence)
