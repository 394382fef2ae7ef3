"""The activity of a board pack: bed days, occupancy, out of area and long stays, as shared."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from collabdesk.domain.budgets.terms import Counted
from collabdesk.exchange.paper.blocks import Block, Column, Heading, Kind, Note, Row, Table, Text
from collabdesk.services.budgets.contracts.contract_board import ContractLine
from collabdesk.services.budgets.papers.pack_reading import BoardPack

HIDDEN: Final = "hidden"


def activity_part(pack: BoardPack) -> tuple[Block, ...]:
    """Return the blocks: what is hidden from partners' screens is hidden here too."""
    return (
        Heading("Activity"),
        *_counted(pack),
        *_placed(pack),
        *_stayed(pack),
        Note(
            f"Figures that rest on fewer than {pack.stays.below} people are hidden. Activity "
            "is the freeze of a month, and until there is one its flex"
            + (", as it is known now." if pack.now is None else ".")
        ),
    )


def _counted(pack: BoardPack) -> tuple[Block, ...]:
    month = pack.figures.month
    rows = [
        _row(line, measure, month)
        for line in pack.contracts
        for measure in line.measures
        if month and measure in line.activity
    ]
    if not rows:
        return (Text("No activity was shared yet."),)
    columns = (
        Column("Service line"),
        Column("Trust"),
        Column("Contract"),
        Column("Counted"),
        Column("Plan", Kind.NUMBER),
        Column("Actual", Kind.NUMBER),
        Column("Difference", Kind.NUMBER),
        Column("Months"),
        Column(f"Occupancy M{month}", Kind.PERCENT),
    )
    return (
        Table(
            f"Plan and actual of the months that are shared. {pack.stands}", columns, tuple(rows)
        ),
    )


def _row(line: ContractLine, measure: Counted, month: int) -> Row:
    months = line.activity[measure][:month]
    seen = [at for at, one in enumerate(months) if one.quantity is not None]
    actual = sum(months[at].quantity or 0 for at in seen) if seen else None
    planned = measure is line.measures[0] and any(line.planned)
    plan = sum(line.planned[at] for at in seen) if planned and seen else None
    dark = sum(one.hidden for one in months)
    known = f"{len(seen)} of {month}" + (f", {dark} {HIDDEN}" if dark else "")
    share = line.occupancy(month) if measure is Counted.BED_DAYS else None
    return Row(
        (
            line.line_name,
            line.trust,
            line.contract.reference,
            measure.value.replace("_", " ").capitalize(),
            plan,
            HIDDEN if actual is None and dark else actual,
            None if plan is None or actual is None else actual - plan,
            known,
            None if share is None else Decimal(share),
        )
    )


def _placed(pack: BoardPack) -> tuple[Block, ...]:
    rows = [
        Row(
            (
                one.line_name,
                _or_hidden(one.total.people),
                _or_hidden(one.total.nights),
                _or_hidden(one.total.cost_p),
            )
        )
        for one in pack.placements.shared
        if one.total.cut == "everything"
    ]
    head = Heading("Out of area", 2)
    if not rows:
        return head, Text("No total of placements out of area was shared for the month.")
    columns = (
        Column("Service line"),
        Column("People, rounded", Kind.NUMBER),
        Column("Nights", Kind.NUMBER),
        Column("Cost", Kind.PENCE),
    )
    month = pack.placements.month.label
    return head, Table(f"Placements of {month}. {pack.stands}", columns, tuple(rows))


def _or_hidden(figure: int | None) -> int | str:
    return HIDDEN if figure is None else figure


def _stayed(pack: BoardPack) -> Iterator[Block]:
    yield Heading("Longest stays", 2)
    bands = pack.stays.bands
    if not bands:
        yield Text("No stay of the month is kept on this laptop.")
        return
    columns = (Column("Where"), Column("Stayed so far"), Column("People, rounded", Kind.NUMBER))
    rows = tuple(Row((one.place, one.band, _or_hidden(one.people))) for one in bands[::-1])
    yield Table(f"People by the length of their stay. {pack.stands}", columns, rows)
    yield Note("Counted from the rows on this laptop, which never leave it.")
