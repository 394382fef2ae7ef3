"""Placements out of area, followed to the nights they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.contracts.placement_board import line_savings, shared_totals
from collabdesk.services.budgets.contracts.spells import local_placements, placement_of
from collabdesk.services.budgets.forecast.outturn import Outturn
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
from collabdesk.storage.queries.positions import LedgerFilter


def placed_figures(reads: Connection, found: BoardFigures) -> Iterator[AuditRow]:
    """Yield what placements out of area cost in the month closed last, and what was saved."""
    for one in shared_totals(reads, found.year, found.month) if found.month else ():
        if one.whole and one.total.cost_p is not None:
            words = f"{one.line_name}: out of area in M{found.month}"
            source = LedgerFilter("", one.total.service_line)
            below = Stop(Level.PARTS, words, source, month=found.month, worked=Worked.PLACED)
            yield AuditRow(words, one.total.cost_p, line=one.line_name, below=below)
    for saved in line_savings(reads, found.year):
        if saved.months:
            words = f"{saved.line_name}: saved out of area, net"
            below = Stop(Level.PARTS, words, LedgerFilter("", saved.line), worked=Worked.SAVING)
            yield AuditRow(words, saved.saving.net_p, line=saved.line_name, below=below)


def _placed(reads: Connection, found: Outturn, stop: Stop) -> Listing:
    year = found.position.year
    month = year.month(stop.month or 1)
    rows = tuple(
        part(f"{nights} nights at {format_pence(row.price_p)}", nights * row.price_p, stop, None)
        for row in local_placements(reads)
        if row.service_line == stop.source.service_line
        and (nights := placement_of(row).nights(month))
    )
    told_p = stop.sign * sum(
        one.total.cost_p or 0
        for one in shared_totals(reads, year, month.number)
        if one.whole and one.total.service_line == stop.source.service_line
    )
    if told_p == sum(row.amount_p or 0 for row in rows):
        return adding(rows, "From the placements kept on this laptop; they never leave it.")
    note = (
        f"{format_pence(told_p)} was shared, rounded or by another laptop: placements never "
        "leave the laptop that keeps them, so what this one keeps need not add up to it."
    )
    return Listing(rows, note=note)


def _saving(reads: Connection, found: Outturn, stop: Stop) -> Listing:
    savings = line_savings(reads, found.position.year)
    saved = next(one for one in savings if one.line == stop.source.service_line)
    made, months = saved.saving, f"M{saved.months[0]} to M{saved.months[-1]}"
    rows = (
        part("Fewer nights, at the baseline’s price", made.volume_p, stop, None),
        part("Price of the nights there were", made.price_p, stop, None),
        part("Less local beds instead", -made.local_cost_p, stop, None),
    )
    note = (
        f"{months}: {format_pence(made.baseline_cost_p)} by the baseline, {saved.nights:,} nights "
        f"of {format_pence(made.actual_cost_p)} as shared."
    )
    return adding(rows, note)


OF_PLACEMENTS: Final[Mapping[Worked, Callable[[Connection, Outturn, Stop], Listing]]] = {
    Worked.PLACED: _placed,
    Worked.SAVING: _saving,
}
