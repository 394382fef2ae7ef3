"""The two charts of a board pack, as whoever draws them is asked for them."""

from __future__ import annotations

from collabdesk.domain.budgets.board_charts import LineFigure
from collabdesk.exchange.paper.blocks import Block, Chart, Text
from collabdesk.services.budgets.papers.pack_asked import Drawing, Draws
from collabdesk.services.budgets.papers.pack_reading import BoardPack


def months_chart(pack: BoardPack, draws: Draws) -> Block:
    """Return the year by month: actual and forecast against budget."""
    return _block(pack, draws.months(pack.figures.months))


def variances_chart(pack: BoardPack, draws: Draws) -> tuple[Block, ...]:
    """Return the service lines by how far each is forecast over or under its budget."""
    lines = tuple(
        LineFigure(one.name, one.variance.amount_p, one.rating) for one in pack.figures.lines
    )
    if not any(line.variance_p for line in lines):
        return (Text("Every service line is forecast to end as budgeted."),)
    return (_block(pack, draws.variances(lines)),)


def _block(pack: BoardPack, drawn: Drawing) -> Chart:
    return Chart(f"{drawn.title}. {pack.stamp}", drawn.alt, drawn.svg, drawn.png)
