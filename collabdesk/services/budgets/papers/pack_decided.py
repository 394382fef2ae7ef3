"""What the board is asked, what was moved since it met, and how far the returns agree."""

from __future__ import annotations

from collabdesk.domain.budgets.reconciliation import Match, Reconciliation
from collabdesk.exchange.paper.blocks import Block, Column, Heading, Kind, Row, Text
from collabdesk.services.budgets.papers.pack_blocks import said, table
from collabdesk.services.budgets.papers.pack_reading import BoardPack


def decided_part(pack: BoardPack) -> tuple[Block, ...]:
    """Return what is asked for, what was moved, and how far partners' returns agree."""
    asked = [Row((one.kind, one.words, one.amount_p, one.waits_for)) for one in pack.points]
    moved = [
        Row(
            (
                f"#{one.journal}",
                f"M{one.virement.month}",
                one.from_name,
                one.to_name,
                one.virement.amount_p,
                one.virement.reason,
                "; ".join(pack.reader.named(by) for by in one.approvers),
            )
        )
        for one in pack.figures.virements
    ]
    since = f"after ledger #{pack.figures.since}" if pack.figures.since else "in the year"
    return (
        Heading("Decisions, virements and reconciliation"),
        Heading("Decisions asked for", 2),
        *table(
            f"What waits. {pack.stamp}",
            (Column("What"), Column("About"), Column("Amount", Kind.PENCE), Column("Waits for")),
            asked,
            "No decision is asked for." if pack.now else "No decision is added to this pack.",
        ),
        Heading("Virements since the last meeting", 2),
        *table(
            f"Virements posted {since}. {pack.stamp}",
            (
                Column("Journal"),
                Column("From"),
                Column("Out of"),
                Column("Into"),
                Column("Amount", Kind.PENCE),
                Column("Why"),
                Column("Approved"),
            ),
            moved,
            f"No virement was posted {since}.",
        ),
        *_returns(pack),
        *(() if pack.now else _left_out(pack)),
    )


def _returns(pack: BoardPack) -> tuple[Block, ...]:
    settled, every = pack.settled
    rows = [
        Row(
            (
                one.name,
                one.found.ledger_p,
                one.found.return_p if one.returned else None,
                one.found.difference_p if one.returned else None,
                _matched(one.found) if one.returned else "No return yet",
            )
        )
        for one in pack.returns
    ]
    columns = (
        Column("Partner"),
        Column("Ledger", Kind.PENCE),
        Column("Return", Kind.PENCE),
        Column("Difference", Kind.PENCE),
        Column("References"),
    )
    words = f"{settled:,} of {every:,} references of this month's returns are settled."
    return (
        Heading("Reconciliation", 2),
        Text(words if every else "No return of this month was taken in."),
        *table(f"Partners' month. {pack.stands}", columns, rows, "No partner spent in the month."),
    )


def _matched(found: Reconciliation) -> str:
    """Say how many references stand how, as ``10 matched, 1 differs``."""
    counts = found.counts
    return ", ".join(
        f"{counts[match]:,} {said(match.value).lower()}" for match in Match if counts[match]
    )


def _left_out(pack: BoardPack) -> tuple[Block, ...]:
    month = f"M{pack.figures.month}"
    return (
        Heading("Not in this pack", 2),
        Text(
            f"Risks and opportunities, investments and savings, and what waited to be decided are "
            f"kept as they stand now, not as they stood at {month}: the pack made then has them. "
            f"Activity and reconciliation are those of {month} as they are known now."
        ),
    )
