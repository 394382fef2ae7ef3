"""Allocations that come during the year: posted to unallocated money, or passed on to lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from collabdesk.domain.apportionment import split
from collabdesk.domain.budgets.envelope import LateUplift
from collabdesk.domain.budgets.ledger import (
    Account,
    Balances,
    JournalLine,
    LineKey,
    Recurrence,
    balances,
)
from collabdesk.domain.budgets.pots import POT_NAMES
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter brings, or takes back: pence of one kind of money from a month on."""

    reference: str
    amount_p: int
    recurrence: Recurrence
    month: int


def letter_lines(letter: Letter, held: Balances) -> tuple[JournalLine, JournalLine]:
    """Return the journal of a letter: the envelope in credit, unallocated money in debit."""
    _check_taken_back(letter, held)
    came = JournalLine(
        Account.ENVELOPE,
        -letter.amount_p,
        month=letter.month,
        recurrence=letter.recurrence,
        reference=letter.reference,
    )
    kept = JournalLine(Account.UNALLOCATED, letter.amount_p, recurrence=letter.recurrence)
    return came, kept


def _check_taken_back(letter: Letter, held: Balances) -> None:
    if held.unallocated_p + letter.amount_p < 0:
        raise Refusal(
            code="insufficient_unallocated",
            words=f"{letter.reference} takes {format_pence(-letter.amount_p)} back; "
            f"{POT_NAMES[Account.UNALLOCATED].lower()} holds {format_pence(held.unallocated_p)}.",
            remedy="Give money back from service lines first, by virements to unallocated.",
            field="amount_p",
        )


def uplift_lines(
    letter: Letter, late: LateUplift, weights: Mapping[LineKey, int]
) -> tuple[JournalLine, ...]:
    """Return the journal of a late uplift, month by month as it is posted.

    The months already closed are caught up in the month it is actioned. With weights it goes
    on to the lines, in proportion and to the penny; without, to unallocated money. The
    weights are listed in an order that is the same on every computer.
    """
    came = tuple(
        JournalLine(
            Account.ENVELOPE,
            -pence,
            month=month,
            recurrence=letter.recurrence,
            reference=letter.reference,
        )
        for month, pence in enumerate(late.posted_p, 1)
        if pence
    )
    if not weights or not late.adjustment_p:
        kept = JournalLine(Account.UNALLOCATED, late.adjustment_p, recurrence=letter.recurrence)
        return (*came, kept)
    return (*came, *_passed_on(letter, late, weights))


def check_passed_on(
    letter: Letter, lines: Iterable[JournalLine], held: Balances, names: Mapping[LineKey, str]
) -> None:
    """Refuse a cut passed on that takes more from a line than it holds."""
    for key, part_p in balances(lines).lines.items():
        holds_p = held.lines.get(key, 0)
        if part_p < 0 and holds_p + part_p < 0:
            raise Refusal(
                code="insufficient_line",
                words=f"{letter.reference} takes {format_pence(-part_p)} back from "
                f"{names.get(key, key.provider)}, which holds {format_pence(holds_p)}.",
                remedy="Take the letter back and check its baseline and its two percentages, or "
                "record it without passing it on.",
                field="amount_p",
            )


def _passed_on(
    letter: Letter, late: LateUplift, weights: Mapping[LineKey, int]
) -> tuple[JournalLine, ...]:
    """Split the year's amount over the lines first: no line drifts by a penny a month."""
    actioned = next(month for month, pence in enumerate(late.posted_p, 1) if pence)
    due = [int(month >= letter.month) for month in range(1, len(late.posted_p) + 1)]
    parts = split(late.adjustment_p, list(weights.values()))
    return tuple(
        JournalLine(Account.LINE, pence, key, month, letter.recurrence)
        for key, part in zip(weights, parts, strict=True)
        for month, pence in enumerate(_caught_up(split(part, due), actioned), 1)
        if pence
    )


def _caught_up(months: list[int], actioned: int) -> list[int]:
    return [0] * (actioned - 1) + [sum(months[:actioned])] + months[actioned:]
