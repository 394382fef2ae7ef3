"""The out-of-area board: placements kept here, totals shared, and the saving by line."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.out_of_area import BANDS, average_price, distance_band, evidenced
from collabdesk.domain.budgets.placements import Placements, Saving
from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.gate import gate
from collabdesk.services.budgets.contracts.spells import (
    LocalPlacement,
    local_placements,
    placement_of,
)
from collabdesk.services.budgets.entered import service_lines
from collabdesk.services.budgets.policy import lead_of
from collabdesk.services.commands import Actor
from collabdesk.storage.queries import contracts as stored
from collabdesk.storage.queries.contracts import Baseline, PlacementTotal

PLACEMENT_TABLES: Final = frozenset({"placement_total", "saving_baseline", "local_placement"})
"""A change in one of these is a change of what the board shows."""


@dataclass(frozen=True)
class PlacementLine:
    """One placement kept on this laptop, with its nights and cost in the month on show."""

    row: LocalPlacement
    line_name: str
    band: str
    nights: int
    stay: int
    overdue: bool

    @property
    def cost_p(self) -> int:
        """What the month's nights cost."""
        return self.nights * self.row.price_p


@dataclass(frozen=True)
class SharedTotal:
    """One shared total, whose it is, and the line it is about."""

    total: PlacementTotal
    line_name: str

    @property
    def whole(self) -> bool:
        """Tell whether it is of all placements of its line."""
        return self.total.cut == "everything"


@dataclass(frozen=True)
class LineSaving:
    """The saving of a line against its baseline, for the months whose totals were shared.

    The baseline's nights are those of as many months, so like is compared with like.
    """

    line: bytes
    line_name: str
    baseline: Baseline
    months: tuple[int, ...]
    hidden: int
    nights: int
    saving: Saving

    @property
    def price_p(self) -> int:
        """The average price of a night."""
        return average_price(self.nights, self.saving.actual_cost_p)


@dataclass(frozen=True)
class PlacementBoard:
    """The board of a month."""

    year: FiscalYear
    month: Month
    kept: tuple[PlacementLine, ...]
    shared: tuple[SharedTotal, ...]
    savings: tuple[LineSaving, ...]
    line_names: Mapping[bytes, str]
    me: Actor | None
    lead: bool
    below: int = 5

    @property
    def here(self) -> tuple[PlacementLine, ...]:
        """The placements with a night in the month."""
        return tuple(one for one in self.kept if one.nights)


def placement_board(
    reads: Connection, fiscal_year: str, month: int, today: dt.date, who: Callable[[], Actor]
) -> PlacementBoard:
    """Read the board of a month."""
    year, me = FiscalYear.parse(fiscal_year), _me(who)
    names, shown = _names(reads), year.month(month)
    return PlacementBoard(
        year,
        shown,
        tuple(_kept(row, names, shown, today) for row in local_placements(reads)),
        shared_totals(reads, year, month),
        line_savings(reads, year),
        names,
        me,
        me is not None and me.is_lead,
        gate(reads).below,
    )


def shared_totals(reads: Connection, year: FiscalYear, month: int) -> tuple[SharedTotal, ...]:
    """Return the lead provider's totals of a month, line by line."""
    names = _names(reads)
    totals = [one for one in _totals(reads, year) if one.month == month]
    return tuple(
        SharedTotal(one, names.get(one.service_line, "")) for one in _ordered(totals, names)
    )


def line_savings(reads: Connection, year: FiscalYear) -> tuple[LineSaving, ...]:
    """Return the saving of each line that has a baseline."""
    names, totals, lead = _names(reads), _totals(reads, year), lead_of(reads)
    return tuple(
        _saving(base, names.get(base.service_line, ""), totals, year)
        for base in stored.baselines(reads, year.label)
        if base.scope == lead
    )


def _names(reads: Connection) -> dict[bytes, str]:
    return {row: line.name for row, line in service_lines(reads).items()}


def _totals(reads: Connection, year: FiscalYear) -> list[PlacementTotal]:
    lead = lead_of(reads)
    return [one for one in stored.placement_totals(reads, year.label) if one.scope == lead]


def _ordered(totals: list[PlacementTotal], names: Mapping[bytes, str]) -> list[PlacementTotal]:
    """Return a month's totals line by line, each line's whole first; a hidden whole alone."""
    dark = {one.service_line for one in totals if one.cut == "everything" and one.nights is None}
    cuts = ("everything", "distance", "reason")

    def place(one: PlacementTotal) -> tuple[str, bytes, int, int]:
        part = BANDS.index(one.part) if one.part in BANDS else 0
        return names.get(one.service_line, ""), one.service_line, cuts.index(one.cut), part

    shown = [t for t in totals if t.cut == "everything" or t.service_line not in dark]
    return sorted(shown, key=place)


def _me(who: Callable[[], Actor]) -> Actor | None:
    try:
        return who()
    except Refusal:
        return None


def _kept(
    row: LocalPlacement, names: Mapping[bytes, str], month: Month, today: dt.date
) -> PlacementLine:
    one = placement_of(row)
    return PlacementLine(
        row,
        names.get(row.service_line, "An unknown line"),
        distance_band(row.distance_km),
        one.nights(month),
        one.spell.nights(one.spell.admitted, today),
        one.overdue(today),
    )


def _saving(
    base: Baseline, name: str, totals: list[PlacementTotal], year: FiscalYear
) -> LineSaving:
    months: dict[int, list[PlacementTotal]] = defaultdict(list)
    for one in totals:
        if (one.service_line, one.cut) == (base.service_line, "everything"):
            months[one.month].append(one)
    seen = sorted(n for n, found in months.items() if all(t.nights is not None for t in found))
    days = sum(year.month(n).days for n in seen)
    nights = sum(t.nights or 0 for n in seen for t in months[n])
    cost_p = sum(t.cost_p or 0 for n in seen for t in months[n])
    then = Placements(_part(base.nights, days, year.days), base.price_p)
    local_p = _part(base.local_cost_p or 0, days, year.days)
    made = evidenced(then, nights, cost_p, local_p)
    hidden = len(months) - len(seen)
    return LineSaving(base.service_line, name, base, tuple(seen), hidden, nights, made)


def _part(whole: int, days: int, of: int) -> int:
    """Take the part of a whole year's figure that falls in some days, halves away from nought."""
    return (2 * whole * days + of) // (2 * of)
