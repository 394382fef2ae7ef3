"""Run and XmR charts of a measure, with the sentence that says what they show."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.improvement.findings import ENOUGH, run_chart_sentence
from collabdesk.domain.improvement.measures import plotted
from collabdesk.domain.periods import MONTH_NAMES
from collabdesk.domain.statistics import runs, xmr
from collabdesk.domain.statistics.direction import Direction
from collabdesk.services.improvement.entered import measure_of, point_of
from collabdesk.storage.queries import improvement as stored

PROVISIONAL: Final = xmr.SHORT_GROUP
_BETTER: Final = {Direction.INCREASE: 1, Direction.DECREASE: -1, Direction.NEUTRAL: 0}
_RULES: Final = {
    xmr.OUTSIDE: "a point outside the natural process limits",
    xmr.TREND: "seven points in a row, each further the same way",
    xmr.TWO_IN_THREE: "two of three points close to a limit",
    xmr.SHIFT: "seven or more points in a row on one side of the mean",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One point as drawn: what was entered, and its value; contested values are marked."""

    row: bytes
    period_start: dt.date
    value: float | None
    note: str
    contested: bool


@dataclass(frozen=True, slots=True)
class RunChart:
    """A run chart of a measure; `verdict` is good, concern or neutral where there is a signal."""

    measure: stored.Measure
    readings: tuple[Reading, ...]
    median: float | None
    runs: runs.Runs | None
    signal: bool
    verdict: str
    finding: str


@dataclass(frozen=True, slots=True)
class XmrChart:
    """An XmR chart of a measure; lines are None where they are not defined.

    `marks` holds for each reading the rule it breaks, or nothing, and `verdicts` good,
    concern or neutral for it.
    """

    measure: stored.Measure
    readings: tuple[Reading, ...]
    mean: float | None
    lower: float | None
    upper: float | None
    marks: tuple[str, ...]
    verdicts: tuple[str, ...]
    variation: str
    assurance: str
    provisional: bool
    finding: str


def run_chart(reads: Connection, measure: stored.Measure) -> RunChart:
    """Draw up the run chart of a measure about its median, by the Anhøj rules."""
    readings = readings_of(reads, measure)
    chart = runs.run_chart([reading.value for reading in readings])
    found = chart.runs[-1] if chart.runs else None
    signal = found is not None and found.useful >= ENOUGH and found.signal
    direction = Direction(measure.direction)
    return RunChart(
        measure=measure,
        readings=readings,
        median=_number(float(chart.centre[-1])) if readings else None,
        runs=found,
        signal=signal,
        verdict=_shift_verdict(found, direction) if found and signal else "",
        finding=run_chart_sentence(measure.name, chart, direction, measure.unit),
    )


def xmr_chart(reads: Connection, measure: stored.Measure) -> XmrChart:
    """Draw up the XmR chart of a measure, by the NHS rules."""
    readings = readings_of(reads, measure)
    target = None if measure.target is None else float(measure.target)
    chart = xmr.xmr(
        [reading.period_start for reading in readings],
        [reading.value for reading in readings],
        xmr.XmrOptions(direction=Direction(measure.direction), target=target),
    )
    known = sum(reading.value is not None for reading in readings)
    limits = chart.groups[0].limits if known >= ENOUGH else None
    flat = limits is not None and len({r.value for r in readings if r.value is not None}) == 1
    ruled = limits is not None and not flat
    causes = [int(mark) for mark in chart.cause] if ruled else [0] * len(readings)
    better = _BETTER[Direction(measure.direction)]
    return XmrChart(
        measure=measure,
        readings=readings,
        mean=_number(limits.mean) if limits else None,
        lower=_number(limits.lower) if limits and not flat else None,
        upper=_number(limits.upper) if limits and not flat else None,
        marks=tuple(_RULES.get(abs(mark), "") for mark in causes),
        verdicts=tuple(_point_verdict(mark, better) for mark in causes),
        variation=chart.variation if ruled else "",
        assurance=chart.assurance if ruled else "",
        provisional=known < PROVISIONAL,
        finding=_xmr_finding(chart, causes, better) if ruled else _no_rules(readings, flat=flat),
    )


def readings_of(reads: Connection, measure: stored.Measure) -> tuple[Reading, ...]:
    """Return the points of a measure in order, one for each period, with their values.

    Two trusts may each have entered a period of a joint project; the later row is shown
    and marked as contested.
    """
    by_period: dict[dt.date, Reading] = {}
    entered = measure_of(measure)
    for point in stored.points(reads, measure.row):
        twice = point.period_start in by_period
        value = plotted(entered, point_of(point))
        by_period[point.period_start] = Reading(
            point.row,
            point.period_start,
            None if value is None else float(value),
            point.note,
            twice or bool(point.contested),
        )
    return tuple(by_period.values())


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _shift_verdict(found: runs.Runs, direction: Direction) -> str:
    better = _BETTER[direction]
    if not found.shift or found.longest_above is None or not better:
        return "neutral"
    return "good" if found.longest_above == (better > 0) else "concern"


def _point_verdict(mark: int, better: int) -> str:
    if not mark:
        return ""
    if not better:
        return "neutral"
    return "good" if (mark > 0) == (better > 0) else "concern"


_SAID: Final = {"good": ", an improvement", "concern": ", a concern", "neutral": "", "": ""}


def _xmr_finding(chart: xmr.Xmr, causes: Sequence[int], better: int) -> str:
    marked = [place for place, mark in enumerate(causes) if mark]
    if not marked:
        return "Common cause variation: no special cause among the points"
    last = marked[-1]
    when = f"{MONTH_NAMES[chart.dates[last].month - 1]} {chart.dates[last].year}"
    which = _RULES[abs(causes[last])]
    return f"Special cause, last in {when}: {which}{_SAID[_point_verdict(causes[last], better)]}"


def _no_rules(readings: Sequence[Reading], *, flat: bool) -> str:
    return "No variation: all values are the same" if flat else _too_few(readings)


def _too_few(readings: Sequence[Reading]) -> str:
    known = sum(reading.value is not None for reading in readings)
    return f"{known} values; natural process limits need at least {ENOUGH}"
