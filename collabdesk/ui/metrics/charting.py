"""The league chart of a comparison, drawn off the window's thread."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from collabdesk.domain.metrics.catalogue import Unit
from collabdesk.domain.metrics.observation import Flag
from collabdesk.domain.metrics.standards import Attainment
from collabdesk.services.metrics.compare import Row, Table, month_words
from collabdesk.ui.charts_drawn import chart
from collabdesk.ui.charts_view import Chart

if TYPE_CHECKING:
    from collabdesk.charts.drawn import Footer, Frame, Picture
    from collabdesk.charts.league_chart import LeagueRow
    from collabdesk.charts.style import Style

UNITS: Final = {Unit.PERCENT: "%", Unit.DAYS: "days"}
NAMED: Final = 8
"""So many trusts without a figure are named; more are counted."""
_LONGEST: Final = 30
VERDICTS: Final = {
    Attainment.MET: "good",
    Attainment.NOT_MET: "concern",
    Attainment.CANNOT_TELL: "neutral",
    None: "",
}


def league_chart_of(
    table: Table, names: Mapping[str, str], own: str, today: dt.date, stamp: str
) -> Chart:
    """Return the chart of a table; `own` is the code of one's own trust."""
    period = month_words(table.period_end) if table.period_end else ""

    def said() -> Footer:
        from collabdesk.charts.drawn import Footer

        return Footer("NHS England, Mental Health Services Data Set", period, today, stamp)

    def build(style: Style, frame: Frame) -> Picture:
        from collabdesk.charts.league_chart import LeagueContent, league_chart

        standard = table.standard
        content = LeagueContent(
            measure=table.measure.name,
            unit=UNITS.get(table.measure.unit, ""),
            period=period,
            rows=tuple(_row(row, names, own) for row in _charted(table)),
            standard=float(standard.value) if standard else None,
            standard_name=standard.kind.capitalize() if standard else "Standard",
            before_period=month_words(table.before_end) if table.before_end else "",
            title=table.finding,
        )
        return league_chart(content, style, frame)

    return chart(build, said)


def _charted(table: Table) -> Sequence[Row]:
    """Return the trusts of the chart; where many are hidden, the page counts them instead."""
    hidden = sum(row.value is None for row in table.rows)
    return [row for row in table.rows if row.value is not None or hidden <= NAMED]


def _row(row: Row, names: Mapping[str, str], own: str) -> LeagueRow:
    from collabdesk.charts.league_chart import LeagueRow

    return LeagueRow(
        name=_fitting(names.get(row.code, row.name)),
        value=_number(row.value),
        flag=row.flag.value if row.flag is not Flag.OK else "ok",
        verdict=VERDICTS[row.attainment],
        lower=row.near.lower if row.near else None,
        upper=row.near.upper if row.near else None,
        before=_number(row.before),
        own=row.code == own,
    )


def _fitting(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
