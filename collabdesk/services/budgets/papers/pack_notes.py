"""The notes of a board pack: what people wrote on the lines of the plan and on their months."""

from __future__ import annotations

from collabdesk.exchange.paper.blocks import Block, Column, Heading, Row, Table, Text
from collabdesk.services.budgets.papers.pack_reading import BoardPack


def notes_part(pack: BoardPack) -> tuple[Block, ...]:
    """Return the blocks: the notes of the service lines in the order of the pack."""
    names = {line.service_line: line.name for line in pack.figures.lines}
    order = list(names)
    notes = sorted(
        (one for one in pack.notes if one.service_line in names),
        key=lambda one: (order.index(one.service_line), one.provider, one.month),
    )
    rows = tuple(
        Row(
            (
                names[one.service_line],
                one.provider,
                f"M{one.month}" if one.month else "The year",
                one.text,
                one.by,
            )
        )
        for one in notes
    )
    columns = (
        Column("Service line"),
        Column("Trust"),
        Column("Month"),
        Column("Note"),
        Column("Written by"),
    )
    return (
        Heading("Notes"),
        Text("Written on the lines of the plan, as they stand now."),
        Table(f"Notes on the plan. {pack.stands}", columns, rows),
    )
