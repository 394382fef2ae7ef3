"""Totals of placements out of area as they may be shared, and baselines of their saving."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.budgets.out_of_area import Part, shared_parts
from collabdesk.domain.budgets.placements import Placements
from collabdesk.domain.changes import Cell
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_commands import SetBaseline, SharePlacements
from collabdesk.services.budgets.contracts.gate import gate
from collabdesk.services.budgets.contracts.spells import placement_of
from collabdesk.services.budgets.entered import service_line_named
from collabdesk.services.budgets.put import Putting
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import filled
from collabdesk.storage.queries import contracts as stored
from collabdesk.storage.queries.local_rows import local_placements

_FIGURES = ("people", "nights", "cost_p", "overdue")


def share_placements(command: SharePlacements, reads: Connection, me: Actor) -> Outcome:
    """Share a month's totals; what was shared and is no longer so is taken away."""
    year = FiscalYear.parse(command.fiscal_year)
    month = year.month(command.month)
    parts = shared_parts(map(placement_of, local_placements(reads)), month, gate(reads))
    there = {
        (one.service_line, one.cut, one.part): one
        for one in stored.placement_totals(reads, year.label)
        if (one.scope, one.month) == (me.organisation, command.month)
    }
    if not parts and not there:
        raise Refusal(
            code="no_placements",
            words=f"No placement on this laptop has a night in {month.label}.",
            remedy="Add the month's placements first.",
            field="month",
        )
    step = Putting()
    for part in parts:
        cells = _cells(part) | {"fiscal_year": year.label, "month": command.month}
        step.put("placement_total", there.pop((part.line, part.cut, part.part), None), cells)
    step.take_away("placement_total", there.values())
    return step.outcome(f"Placements out of area, {month.label}")


def _cells(part: Part) -> dict[str, Cell]:
    figures: dict[str, Cell] = {name: getattr(part, name) for name in _FIGURES}
    return figures | {"service_line": part.line, "cut": part.cut, "part": part.part}


def set_baseline(command: SetBaseline, reads: Connection, me: Actor) -> Outcome:
    """State the baseline of a line's saving; it is nothing without what shows it."""
    check_lead(me, "states baselines")
    year = FiscalYear.parse(command.fiscal_year).label
    line = service_line_named(reads, command.service_line, "service_line")
    Placements(command.nights, command.price_p)
    if command.price_p < 0 or command.local_cost_p < 0:
        raise Refusal(
            code="negative_price",
            words="A price or cost of the baseline is less than nought.",
            remedy="Enter what a night cost, and what the local beds cost now.",
            field="price_p" if command.price_p < 0 else "local_cost_p",
        )
    evidence = filled(
        command.evidence,
        "evidence",
        "Nothing says where the baseline was taken from.",
        "Name the source, such as the contract monitoring of the year before.",
    )
    there = next(
        (
            one
            for one in stored.baselines(reads, year)
            if (one.scope, one.service_line) == (me.organisation, line.row)
        ),
        None,
    )
    step = Putting()
    cells: dict[str, Cell] = {
        "fiscal_year": year,
        "service_line": line.row,
        "nights": command.nights,
        "price_p": command.price_p,
        "local_cost_p": command.local_cost_p,
        "evidence": evidence,
    }
    step.put("saving_baseline", there, cells)
    words = f"Baseline of placements, {line.name}"
    return step.outcome(words, ("saving_baseline", there.row) if there else None)
