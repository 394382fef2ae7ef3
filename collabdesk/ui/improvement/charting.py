"""A measure's run and XmR charts, handed to the one chart view; drawn off the window's thread."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from collabdesk.services.improvement.charts import Reading, RunChart
from collabdesk.services.improvement.records import Cycle
from collabdesk.services.improvement.showing import MeasureSeen
from collabdesk.ui.charts_drawn import chart
from collabdesk.ui.charts_view import Chart

if TYPE_CHECKING:
    from collabdesk.charts.drawn import Footer, Frame, Picture
    from collabdesk.charts.series import Measured
    from collabdesk.charts.series import Reading as Drawn
    from collabdesk.charts.style import Style

RUN: Final = "Run"
XMR: Final = "XmR"
_NOTE: Final = 34
_SHIFT: Final = {
    "good": "part of the shift, an improvement",
    "concern": "part of the shift, a concern",
    "neutral": "part of the shift",
}

Noted = Sequence[tuple[Cycle, str]]
"""PDSA cycles with the words of the idea each tests."""


def chart_of(seen: MeasureSeen, noted: Noted, kind: str, footer: tuple[str, dt.date]) -> Chart:
    """Return the run or XmR chart of a measure with its cycles as notes."""

    def said() -> Footer:
        from collabdesk.charts.drawn import Footer

        source, today = footer
        return Footer(source, _measured(seen, noted, "").span, today)

    def run(style: Style, frame: Frame) -> Picture:
        from collabdesk.charts.run_chart import RunChartContent, run_chart

        shown = seen.run
        content = RunChartContent(
            _measured(seen, noted, shown.finding, run_verdicts(shown)),
            (shown.median,) * len(shown.readings),
        )
        return run_chart(content, style, frame)

    shown = seen.xmr
    if kind != XMR or shown is None:
        return chart(run, said)

    def xmr(style: Style, frame: Frame) -> Picture:
        from collabdesk.charts.xmr_chart import XmrContent, xmr_chart

        count = len(shown.readings)
        verdicts = list(zip(shown.verdicts, shown.marks, strict=True))
        content = XmrContent(
            _measured(seen, noted, shown.finding, verdicts),
            (shown.mean,) * count,
            (shown.lower,) * count,
            (shown.upper,) * count,
        )
        return xmr_chart(content, style, frame)

    return chart(xmr, said)


def run_verdicts(shown: RunChart) -> list[tuple[str, str]]:
    """Return for each reading its verdict and why: those of the longest run, if it is a signal."""
    run = longest_run([reading.value for reading in shown.readings], shown.median)
    marked = run if shown.signal and shown.runs is not None and shown.runs.shift else frozenset()
    verdict = shown.verdict or "neutral"
    return [
        (verdict, _SHIFT[verdict]) if place in marked else ("", "")
        for place in range(len(shown.readings))
    ]


def longest_run(values: Sequence[float | None], median: float | None) -> frozenset[int]:
    """Return the places of the longest run on one side of the median, the latest of equal ones."""
    longest: list[int] = []
    here: list[int] = []
    side = 0
    for place, value in enumerate(values):
        if value is None or median is None or value == median:
            continue
        now = 1 if value > median else -1
        here = [*here, place] if now == side else [place]
        side = now
        longest = here if len(here) >= len(longest) else longest
    return frozenset(longest)


def _measured(
    seen: MeasureSeen,
    noted: Noted,
    title: str,
    verdicts: Sequence[tuple[str, str]] = (),
) -> Measured:
    from collabdesk.charts.series import Annotation, Measured, Target

    measure, readings = seen.run.measure, seen.run.readings
    verdicts = verdicts or [("", "")] * len(readings)
    return Measured(
        measure=measure.name,
        unit=measure.unit,
        period=seen.period,
        readings=tuple(map(_reading, readings, verdicts)),
        target=Target(float(measure.target)) if measure.target else None,
        annotations=tuple(
            Annotation(cycle.start, _note(cycle, idea)) for cycle, idea in noted if cycle.start
        ),
        title=title,
    )


def _reading(reading: Reading, told: tuple[str, str]) -> Drawn:
    from collabdesk.charts.series import Reading as Point

    verdict, why = told
    said = [why, reading.note, "two values stand here" if reading.contested else ""]
    return Point(reading.period_start, reading.value, verdict, "; ".join(filter(None, said)))


def _note(cycle: Cycle, idea: str) -> str:
    said = f"Cycle {cycle.number}: {idea}"
    return said if len(said) <= _NOTE else f"{said[: _NOTE - 1].rstrip()}…"
