"""The board pack as a paper: a page to be read upright, the tables behind it across."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from collabdesk.domain.budgets.risks import RiskKind
from collabdesk.domain.budgets.variance import Rating
from collabdesk.domain.money import format_millions, round_half_away
from collabdesk.exchange.paper.blocks import (
    Block,
    Column,
    Heading,
    Kind,
    Note,
    Paper,
    Part,
    Row,
    Table,
    Text,
)
from collabdesk.services.budgets.papers.board_figures import BoardFigures, BoardLine
from collabdesk.services.budgets.papers.pack_activity import activity_part
from collabdesk.services.budgets.papers.pack_appendix import confidential_part
from collabdesk.services.budgets.papers.pack_reading import BoardPack
from collabdesk.services.wording import counted

_POUNDS: Final = 100
FAVOURABLE: Final = "A variance above nought is favourable: less is spent than the budget allows."


def pack_paper(pack: BoardPack) -> Paper:
    """Return a pack as a paper; every table says which ledger its figures are of."""
    found = pack.figures
    parts = [
        Part(_headline(pack)),
        Part(_lines(pack), across=True),
        Part(activity_part(pack), across=True),
        Part(_outlook(pack), across=True),
        Part(_tracker(pack), across=True),
        Part(_decided(pack), across=True),
    ]
    if pack.asked.share and found.share is not None:
        parts.append(Part(confidential_part(pack, found.share), across=True))
    month = found.year.month(found.month).label if found.month else "Before the first close"
    return Paper(
        f"Board pack of {found.year.label}",
        f"{month}. Made on {pack.reader.today:%d/%m/%Y}",
        pack.stamp,
        pack.reader.today,
        tuple(parts),
    )


def rated(rating: Rating) -> str:
    """Return a rating as its letter and its word.

    >>> rated(Rating.AMBER)
    'A – Amber'
    """
    return f"{rating.value[0].upper()} – {rating.value.capitalize()}"


def may_not_sum(columns: Iterable[tuple[Sequence[int], int]]) -> tuple[Note, ...]:
    """Return the footnote if in any column the printed pounds do not add up to their total."""
    untrue = any(sum(map(_whole, parts)) != _whole(total) for parts, total in columns)
    said = "Figures may not sum: each is rounded to whole pounds by itself, totals from the pence."
    return (Note(said),) if untrue else ()


def _whole(pence: int) -> int:
    return round_half_away(Fraction(pence, _POUNDS))


def _headline(pack: BoardPack) -> tuple[Block, ...]:
    found, line = pack.figures, pack.figures.headline
    return (
        Heading("Headline"),
        *(Text(said, strong=at == 0) for at, said in enumerate(_sentences(pack))),
        Table(
            f"The year in figures. {pack.stamp}",
            (
                Column("Figure"),
                Column("Amount", Kind.PENCE),
                Column("Of budget", Kind.PERCENT),
                Column("Rating"),
            ),
            tuple(_figures(line, found.month)),
        ),
        Note(FAVOURABLE + " Rating: G – Green, A – Amber, R – Red, by the thresholds agreed."),
        *_reserves(pack),
    )


def _sentences(pack: BoardPack) -> Iterable[str]:
    found, line = pack.figures, pack.figures.headline
    if found.month:
        yield (
            f"To M{found.month} {format_millions(line.ytd.amount_p)} is spent against a budget of "
            f"{format_millions(line.ytd_budget.amount_p)}: "
            f"{_apart(line.ytd_variance.amount_p)}. Rating {rated(line.ytd_rating)}."
        )
    else:
        yield "No month is closed yet: the year to date holds nothing."
    yield (
        f"The year is forecast to end at {format_millions(line.outturn_p)} against a budget of "
        f"{format_millions(line.budget.amount_p)}: {_apart(line.variance.amount_p)}. "
        f"Rating {rated(line.rating)}."
    )
    moved = line.moved_p
    if moved is None:
        yield "No earlier forecast is kept, so there is no movement to show."
    else:
        way = "up" if moved > 0 else "down"
        size = format_millions(abs(moved))
        yield (
            f"The forecast moved {way} by {size} since the last one."
            if moved
            else ("The forecast has not moved since the last one.")
        )
    points = len(pack.points)
    yield f"{counted(points, 'decision')} asked for." if points else "No decision is asked for."


def _apart(variance_p: int) -> str:
    if not variance_p:
        return "as budgeted"
    return f"{format_millions(abs(variance_p))} {'under' if variance_p > 0 else 'over'}"


def _figures(line: BoardLine, month: int) -> Iterable[Row]:
    def row(said: str, amount_p: int | None, pct: str | None = None, rating: str = "") -> Row:
        return Row((said, amount_p, None if pct is None else Decimal(pct), rating))

    now, end = line.ytd_variance, line.variance
    upto = f"to M{month}" if month else "to date"
    yield row("Annual budget", line.budget.amount_p)
    yield row(f"Budget {upto}", line.ytd_budget.amount_p)
    yield row(f"Actual {upto}", line.ytd.amount_p)
    yield row(f"Variance {upto}", now.amount_p, now.pct, rated(line.ytd_rating))
    yield row("Forecast outturn", line.outturn_p)
    yield row("Variance at the year's end", end.amount_p, end.pct, rated(line.rating))
    yield row("Last forecast outturn", line.last_p)
    yield row("Movement of the forecast", line.moved_p)


def _reserves(pack: BoardPack) -> tuple[Block, ...]:
    kept = pack.figures.reserves
    lines_p = pack.figures.headline.budget.amount_p
    rows = (
        Row(("Service lines", lines_p)),
        Row(("Contingency", kept.contingency.amount_p)),
        Row(("Investment money, not yet placed", kept.investment.amount_p)),
        Row(("Unallocated", kept.unallocated.amount_p)),
        Row(("Envelope", kept.envelope.amount_p), strong=True),
    )
    columns = (Column("Part"), Column("Amount", Kind.PENCE))
    return (
        Heading("Contingency and uncommitted reserves", 2),
        Table(f"Where the envelope stands. {pack.stamp}", columns, rows),
    )


def _lines(pack: BoardPack) -> tuple[Block, ...]:
    found, month = pack.figures, pack.figures.month
    columns = (
        Column("Service line"),
        Column("Annual budget", Kind.POUNDS),
        Column(f"Budget to M{month}", Kind.POUNDS),
        Column(f"Actual to M{month}", Kind.POUNDS),
        Column(f"Variance to M{month}", Kind.POUNDS),
        Column("Rating"),
        Column("Forecast", Kind.POUNDS),
        Column("Year variance", Kind.POUNDS),
        Column("Last forecast", Kind.POUNDS),
        Column("Year rating"),
    )
    rows = [Row(_cells(line, f"{line.code} {line.name}")) for line in found.lines]
    total = Row(_cells(found.headline, "All lines"), strong=True)
    return (
        Heading("Service lines"),
        Table(
            f"Budget, actual and forecast by service line. {pack.stamp}", columns, (*rows, total)
        ),
        *may_not_sum(_sums(rows, total)),
        Note(FAVOURABLE + " A line without a budget that is spent on is red."),
        *_movement(pack),
    )


def _cells(line: BoardLine, name: str) -> tuple[int | str | None, ...]:
    return (
        name.strip(),
        line.budget.amount_p,
        line.ytd_budget.amount_p,
        line.ytd.amount_p,
        line.ytd_variance.amount_p,
        rated(line.ytd_rating),
        line.outturn_p,
        line.variance.amount_p,
        line.last_p,
        rated(line.rating),
    )


def _sums(rows: Sequence[Row], total: Row) -> Iterable[tuple[Sequence[int], int]]:
    for at, whole in enumerate(total.cells):
        parts = [row.cells[at] for row in rows]
        if isinstance(whole, int):
            yield [part for part in parts if isinstance(part, int)], whole


def _movement(pack: BoardPack) -> tuple[Block, ...]:
    moved = pack.figures.movement
    if moved is None:
        return ()
    given = pack.figures.by_reason
    rows = [Row((_said(reason.value), amount_p)) for reason, amount_p in given.items() if amount_p]
    rest_p = (pack.figures.headline.moved_p or 0) - sum(given.values())
    if rest_p:
        rows.append(Row(("No reason given", rest_p)))
    total = Row(("Movement of the forecast", pack.figures.headline.moved_p), strong=True)
    columns = (Column("Reason"), Column("Amount", Kind.PENCE))
    return (
        Heading("Why the forecast moved", 2),
        Table(f"Movement by reason. {pack.stamp}", columns, (*rows, total)),
    )


def _said(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _outlook(pack: BoardPack) -> tuple[Block, ...]:
    found = pack.figures
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
    rows = tuple(Row((said, end_p, budget_p - end_p)) for said, end_p in cases)
    columns = (
        Column("Where the year may end"),
        Column("Outturn", Kind.PENCE),
        Column("Variance", Kind.PENCE),
    )
    return Table(f"Best, likely and worst. {stamp}", columns, rows)


def _tracker(pack: BoardPack) -> tuple[Block, ...]:
    plan = pack.figures.investments
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
                _said(one.state.value),
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
        *_table(
            f"Savings confirmed, net. {pack.stamp}",
            (Column("Saving"), *amounts, Column("Evidence")),
            saved,
            "No saving is confirmed yet.",
        ),
        *_table(
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
    return _table(caption, columns, rows, "No baseline out of area is stated with shared months.")


def _decided(pack: BoardPack) -> tuple[Block, ...]:
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
        *_table(
            f"What waits. {pack.stamp}",
            (Column("What"), Column("About"), Column("Amount", Kind.PENCE), Column("Waits for")),
            asked,
            "No decision is asked for.",
        ),
        Heading("Virements since the last meeting", 2),
        *_table(
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
    )


def _returns(pack: BoardPack) -> tuple[Block, ...]:
    settled, every = pack.figures.returns
    rows = [
        Row(
            (
                one.name,
                one.found.ledger_p,
                one.found.return_p if one.returned else None,
                one.found.difference_p if one.returned else None,
                f"{len(one.found.items)} compared" if one.returned else "No return yet",
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
    said = f"{settled:,} of {every:,} references of this month's returns are settled."
    return (
        Heading("Reconciliation", 2),
        Text(said if every else "No return of this month was taken in."),
        *_table(f"Partners' month. {pack.stamp}", columns, rows, "No partner spent in the month."),
    )


def _table(
    caption: str, columns: tuple[Column, ...], rows: Sequence[Row], otherwise: str
) -> tuple[Block, ...]:
    return (Table(caption, columns, tuple(rows)),) if rows else (Text(otherwise),)
