"""The board pack as a paper: a page to be read upright, the tables behind it across."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from collabdesk.domain.budgets.variance import Rating
from collabdesk.domain.money import format_millions
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
from collabdesk.services.budgets.papers.board_figures import BoardLine, Reserves
from collabdesk.services.budgets.papers.board_reported import ReportedFigures
from collabdesk.services.budgets.papers.pack_activity import activity_part
from collabdesk.services.budgets.papers.pack_appendix import confidential_part
from collabdesk.services.budgets.papers.pack_asked import Draws
from collabdesk.services.budgets.papers.pack_blocks import may_not_sum, said
from collabdesk.services.budgets.papers.pack_charts import months_chart, variances_chart
from collabdesk.services.budgets.papers.pack_decided import decided_part
from collabdesk.services.budgets.papers.pack_notes import notes_part
from collabdesk.services.budgets.papers.pack_outlook import outlook_part, tracker_part
from collabdesk.services.budgets.papers.pack_reading import BoardPack
from collabdesk.services.wording import counted

_DIFFERENCES: Final = ((2, 3, 4), (1, 6, 7))
"""Budget, figure and variance among the columns of the lines: to date, and of the year."""
FAVOURABLE: Final = "A variance above nought is favourable: less is spent than the budget allows."


def pack_paper(pack: BoardPack, draws: Draws) -> Paper:
    """Return a pack as a paper; every table and chart says which ledger its figures are of."""
    found = pack.figures
    parts = [
        Part(_headline(pack, draws)),
        Part(_lines(pack), across=True),
        Part(_forecast(pack, draws), across=True),
        Part(activity_part(pack), across=True),
    ]
    if pack.now is not None:
        parts.append(Part(outlook_part(pack, pack.now), across=True))
        parts.append(Part(tracker_part(pack, pack.now), across=True))
    parts.append(Part(decided_part(pack), across=True))
    if pack.notes:
        parts.append(Part(notes_part(pack), across=True))
    if pack.share is not None:
        parts.append(Part(confidential_part(pack, pack.share), across=True))
    month = found.year.month(found.month).label if found.month else "Before the first close"
    reported = ", as it was reported" if pack.now is None else ""
    return Paper(
        f"Board pack of {found.year.label}",
        f"{month}{reported}. Made on {pack.reader.today:%d/%m/%Y}",
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


def _headline(pack: BoardPack, draws: Draws) -> tuple[Block, ...]:
    found, line = pack.figures, pack.figures.headline
    return (
        Heading("Headline"),
        *(Text(words, strong=at == 0) for at, words in enumerate(_sentences(pack))),
        months_chart(pack, draws),
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
    if isinstance(found, ReportedFigures):
        yield (
            f"As M{found.month} was reported: the ledger it was closed with, and the forecast kept "
            f"for it at ledger #{found.kept_at}. Ratings are by the thresholds agreed now."
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
        Row(("Not committed to a line, in all", _uncommitted(kept)), strong=True),
        Row(("Envelope", kept.envelope.amount_p), strong=True),
    )
    columns = (Column("Part"), Column("Amount", Kind.PENCE))
    return (
        Heading("Contingency and uncommitted reserves", 2),
        Table(f"Where the envelope stands. {pack.stamp}", columns, rows),
    )


def _uncommitted(kept: Reserves) -> int:
    return sum(one.amount_p for one in (kept.contingency, kept.investment, kept.unallocated))


def _lines(pack: BoardPack) -> tuple[Block, ...]:
    found = pack.figures
    upto = f"to M{found.month}" if found.month else "to date"
    columns = (
        Column("Service line"),
        Column("Annual budget", Kind.POUNDS),
        Column(f"Budget {upto}", Kind.POUNDS),
        Column(f"Actual {upto}", Kind.POUNDS),
        Column(f"Variance {upto}", Kind.POUNDS),
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
    for row in (*rows, total):
        yield from _across(row)


def _across(row: Row) -> Iterable[tuple[Sequence[int], int]]:
    """Yield what of a row adds up: budget less actual, and budget less forecast."""
    for budget, spent, left in _DIFFERENCES:
        first, less, whole = (row.cells[at] for at in (budget, spent, left))
        if isinstance(first, int) and isinstance(less, int) and isinstance(whole, int):
            yield (first, -less), whole


def _forecast(pack: BoardPack, draws: Draws) -> tuple[Block, ...]:
    return (
        Heading("Where the forecast leaves the budget"),
        *variances_chart(pack, draws),
        *_movement(pack),
    )


def _movement(pack: BoardPack) -> tuple[Block, ...]:
    moved = pack.figures.movement
    if moved is None:
        return ()
    given = pack.figures.by_reason
    rows = [Row((said(reason.value), amount_p)) for reason, amount_p in given.items() if amount_p]
    rest_p = (pack.figures.headline.moved_p or 0) - sum(given.values())
    if rest_p:
        rows.append(Row(("No reason given", rest_p)))
    total = Row(("Movement of the forecast", pack.figures.headline.moved_p), strong=True)
    columns = (Column("Reason"), Column("Amount", Kind.PENCE))
    return (
        Heading("Why the forecast moved", 2),
        Table(f"Movement by reason. {pack.stamp}", columns, (*rows, total)),
    )
