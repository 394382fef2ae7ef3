"""What may come: risks and opportunities, savings and investments of a board pack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from collabdesk.domain.budgets.risks import RiskKind
from collabdesk.exchange.paper.blocks import Block, Column, Heading, Kind, Note, Row, Table, Text
from collabdesk.services.budgets.papers.board_figures import BoardFigures
from collabdesk.services.budgets.papers.pack_blocks import may_not_sum, said, table
from collabdesk.services.budgets.papers.pack_reading import BoardPack
from collabdesk.services.wording import counted


def outlook_part(pack: BoardPack, found: BoardFigures) -> tuple[Block, ...]:
    """Return what may come, and where the year may end with it."""
    columns = (
        Column("Risk or opportunity"),
        Column("Kind"),
        Column("Best", Kind.POUNDS),
        Column("Likely", Kind.POUNDS),
        Column("Worst", Kind.POUNDS),
        Column("Probability", Kind.PERCENT),
        Column("Action"),
        Column("Owner"),
    )
    rows = [
        Row(
            (
                one.title,
                "Risk" if one.risk.kind is RiskKind.RISK else "Opportunity",
                *one.risk.costs_p,
                Decimal(one.risk.probability_pct),
                one.action,
                one.owner,
            )
        )
        for one in found.risks
    ]
    head = Heading("Risks and opportunities")
    known: tuple[Block, ...] = (
        (
            Table(f"What may come and is not in the forecast. {pack.stamp}", columns, tuple(rows)),
            Note("What each adds to the outturn; an amount below nought saves money."),
        )
        if rows
        else (Text("No risk or opportunity is open."),)
    )
    return head, *known, _range(found, pack.stamp)


def _range(found: BoardFigures, stamp: str) -> Table:
    out, budget_p = found.outlook, found.headline.budget.amount_p
    cases = (
        ("Best case", out.best_p),
        ("Likely case", out.likely_p),
        ("Worst case", out.worst_p),
        ("Weighed by probability", out.expected_p),
        ("Forecast without them", out.forecast_p),
    )
    rows = tuple(Row((case, end_p, budget_p - end_p)) for case, end_p in cases)
    columns = (
        Column("Where the year may end"),
        Column("Outturn", Kind.PENCE),
        Column("Variance", Kind.PENCE),
    )
    return Table(f"Best, likely and worst. {stamp}", columns, rows)


def tracker_part(pack: BoardPack, found: BoardFigures) -> tuple[Block, ...]:
    """Return the savings that are confirmed and what is invested of them."""
    plan = found.investments
    money = Kind.POUNDS
    saved = [
        Row((one.title, one.recurrent_p or 0, one.non_recurrent_p or 0, one.evidence))
        for one in plan.savings
    ]
    spent = [
        Row(
            (
                one.row.title,
                one.name,
                one.wanted.recurrent_p,
                one.part_year_p,
                one.wanted.non_recurrent_p,
                one.slippage_p,
                said(one.state.value),
            )
        )
        for one in plan.lines
    ]
    purses = (
        Row(("Confirmed savings", plan.saved.recurrent_p, plan.saved.non_recurrent_p)),
        Row(("Left after what stands", plan.left.recurrent_p, plan.left.non_recurrent_p)),
    )
    amounts = (Column("Recurrent", money), Column("Once", money))
    return (
        Heading("Investments and savings"),
        *table(
            f"Savings confirmed, net. {pack.stamp}",
            (Column("Saving"), *amounts, Column("Evidence")),
            saved,
            "No saving is confirmed yet.",
        ),
        *table(
            f"Investments. {pack.stamp}",
            (
                Column("Investment"),
                Column("Line"),
                Column("Full year, recurrent", money),
                Column("This year's part", money),
                Column("Once", money),
                Column("Slippage", money),
                Column("State"),
            ),
            spent,
            "No investment is proposed yet.",
        ),
        Table(f"What may be invested. {pack.stamp}", (Column("Purse"), *amounts), purses),
        *_evidenced(pack),
    )


def _evidenced(pack: BoardPack) -> tuple[Block, ...]:
    rows = [
        Row(
            (
                one.line_name,
                counted(len(one.months), "month"),
                one.saving.volume_p,
                one.saving.price_p,
                one.saving.gross_p,
                one.saving.local_cost_p,
                one.saving.net_p,
            )
        )
        for one in pack.placements.savings
        if one.months
    ]
    titles = ("Fewer nights", "Price", "Gross", "Local beds instead", "Net")
    columns = (
        Column("Out of area"),
        Column("Shared"),
        *(Column(title, Kind.POUNDS) for title in titles),
    )
    caption = f"Saving against the stated baseline, gross and net. {pack.stamp}"
    otherwise = "No baseline out of area is stated with shared months."
    return (*table(caption, columns, rows, otherwise), *may_not_sum(_sums(pack)))


def _sums(pack: BoardPack) -> Iterator[tuple[Sequence[int], int]]:
    for one in pack.placements.savings:
        made = one.saving
        yield (made.volume_p, made.price_p), made.gross_p
        yield (made.gross_p, -made.local_cost_p), made.net_p
