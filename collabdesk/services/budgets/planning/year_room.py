"""The set-up of a year as a screen shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.errors import Refusal
from collabdesk.services.budgets.planning.revising import REVISED, money_of
from collabdesk.services.budgets.planning.summary import EnvelopeSummary, MoveLine, envelope_summary
from collabdesk.services.budgets.planning.year import year_settings
from collabdesk.services.budgets.planning.year_commands import AddEnvelope
from collabdesk.services.commands import Actor
from collabdesk.services.permission import refusal_of
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.planning import (
    EnvelopeRow,
    FiscalYearRow,
    ProviderRow,
    envelopes,
    providers,
)

__all__ = ["EnvelopeLine", "ProviderRow", "VersionLine", "YearRoom", "year_room"]


@dataclass(frozen=True, slots=True)
class EnvelopeLine:
    """An envelope with what it opens with, what came since, and its allocations in a version."""

    envelope: EnvelopeRow
    baseline_p: int
    opening_p: int
    since_p: int

    @property
    def now_p(self) -> int:
        """What the envelope holds."""
        return self.opening_p + self.since_p


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version with what it is based on and what it plans; `revised` once another took over."""

    version: stored.BudgetVersion
    based_on: str
    lines: int
    planned_p: int
    revised: bool = False


@dataclass(frozen=True, slots=True)
class YearRoom:
    """A year's rates, envelopes, providers and versions; `why_not` is why it is only read."""

    fiscal_year: str
    settings: FiscalYearRow | None
    envelopes: tuple[EnvelopeLine, ...]
    loose_p: int
    providers: tuple[ProviderRow, ...]
    versions: tuple[VersionLine, ...]
    why_not: Refusal | None


def year_room(reads: Connection, who: Callable[[], Actor], version: bytes) -> YearRoom:
    """Read the set-up of the year a version belongs to."""
    summary = envelope_summary(reads, version)
    year = summary.version.fiscal_year
    return YearRoom(
        year,
        year_settings(reads, year),
        tuple(_envelope(reads, one, summary) for one in envelopes(reads, year)),
        sum(move.amount.shown_p for move in _moves(summary) if not move.commissioner),
        providers(reads),
        tuple(_version(reads, one) for one in stored.budget_versions(reads)),
        _why_not(reads, who, year),
    )


def _moves(summary: EnvelopeSummary) -> tuple[MoveLine, ...]:
    return (*((summary.opening,) if summary.opening else ()), *summary.letters)


def _envelope(reads: Connection, one: EnvelopeRow, summary: EnvelopeSummary) -> EnvelopeLine:
    waiting = {move.row for move in summary.waiting}
    mine = [
        move
        for move in stored.allocation_moves(reads, money_of(reads, summary.version).row)
        if move.envelope == one.row and move.row not in waiting
    ]
    opening = [move for move in mine if move.kind == "opening"]
    return EnvelopeLine(
        one,
        sum(move.baseline_p or 0 for move in opening),
        sum(move.amount_p for move in opening),
        sum(move.amount_p for move in mine if move.kind != "opening"),
    )


def _version(reads: Connection, one: stored.BudgetVersion) -> VersionLine:
    lines = stored.plan_lines(reads, one.row)
    planned_p = sum(month or 0 for line in lines for month in line.months)
    source = stored.budget_version(reads, one.based_on) if one.based_on else None
    named = f"{source.name}, {source.fiscal_year}" if source else ""
    later = any(
        (each.based_on, each.kind, each.state) == (one.row, REVISED, "agreed")
        for each in stored.budget_versions(reads)
    )
    return VersionLine(one, named, len(lines), planned_p, later)


def _why_not(reads: Connection, who: Callable[[], Actor], year: str) -> Refusal | None:
    try:
        me = who()
    except Refusal as why:
        return why
    return refusal_of(reads, AddEnvelope(year, "An envelope nobody has taken"), me)
