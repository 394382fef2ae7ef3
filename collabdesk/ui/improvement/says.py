"""What the chart says, in words with a sign: the signal, the aim, and a next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget

from collabdesk.domain.improvement.findings import ENOUGH, figure
from collabdesk.domain.periods import MONTH_NAMES, date_words
from collabdesk.services.improvement.charts import RunChart, XmrChart
from collabdesk.services.improvement.showing import MONTH, MeasureSeen
from collabdesk.ui.improvement.charting import XMR, longest_run
from collabdesk.ui.improvement.spc_icon import SpcIcon
from collabdesk.ui.parts import Picture, column, holder, row, words
from collabdesk.ui.theme import Look

_HEADS: Final = {"good": "Improving", "concern": "Getting worse", "neutral": "Something changed"}
_OUTSIDE: Final = "The aim of {aim} lies outside the limits of {low} to {high}: "
_ASSURED: Final = {
    "consistent_pass": ("pass", "Meets the aim", f"{_OUTSIDE}reached every time."),
    "consistent_fail": ("fail", "Would not meet the aim", f"{_OUTSIDE}out of reach as it is."),
    "inconsistent": (
        "inconsistent",
        "Meets the aim by chance",
        "The aim of {aim} lies between the limits: sometimes reached, sometimes not.",
    ),
}


@dataclass(frozen=True)
class Said:
    """One thing a chart says; `sign` is an icon of ours or of statistical process control."""

    sign: str
    head: str
    rest: str
    spc: bool = False


def signal_words(shown: RunChart) -> str:
    """Say the signal of a run chart in a few words."""
    if shown.runs is None or shown.runs.useful < ENOUGH:
        return "Too few points to tell"
    return _HEADS[shown.verdict or "neutral"] if shown.signal else "No signal"


def says(seen: MeasureSeen, kind: str) -> list[Said]:
    """Return what a chart says, the signal first."""
    if kind == XMR and seen.xmr is not None:
        return _of_xmr(seen.xmr)
    return [*_of_run(seen.run), *_against_aim(seen)]


def next_step(seen: MeasureSeen, open_cycle: int | None) -> str:
    """Suggest what to do about what the chart says."""
    run = seen.run
    if not run.readings:
        return "Add the points you have, at least 12 from before the change if you can."
    if run.runs is None or run.runs.useful < ENOUGH:
        return f"Go on collecting: a signal needs {ENOUGH} points off the median."
    if run.signal and run.verdict == "good":
        if open_cycle is not None:
            return f"Close cycle {open_cycle} with what was learnt, and say what made it hold."
        return "Say what made it hold, and plan a cycle on a larger scale."
    if run.signal:
        return "Ask what changed when the run began, before testing anything new."
    if open_cycle is not None:
        return f"No change beyond chance yet. Study cycle {open_cycle} before you scale it up."
    return "No change beyond chance yet. Test another change idea."


def point_words(seen: MeasureSeen, place: int) -> tuple[str, str, str]:
    """Return period, value and where it lies, of one point."""
    run, reading = seen.run, seen.run.readings[place]
    when = period_words(seen, place)
    if reading.value is None:
        return when, "No value", reading.note
    value = figure(reading.value, run.measure.unit)
    parts = []
    if run.median is not None:
        away = reading.value - run.median
        side = "above" if away > 0 else "below"
        size = figure(abs(away), run.measure.unit)
        parts.append(f"{size} {side} the median." if away else "On the median.")
    places = sorted(longest_run([one.value for one in run.readings], run.median))
    if run.signal and place in places:
        parts.append(f"Point {places.index(place) + 1} of {len(places)} of the shift.")
    if reading.contested:
        parts.append("Two values stand here.")
    if reading.note:
        parts.append(f"Note: {reading.note}")
    return when, value, " ".join(parts)


def period_words(seen: MeasureSeen, place: int) -> str:
    """Name the period of a point."""
    day = seen.run.readings[place].period_start
    if seen.period == MONTH:
        return f"{MONTH_NAMES[day.month - 1]} {day.year}"
    return f"Week of {date_words(day)}" if seen.period == "week" else date_words(day)


def _of_run(run: RunChart) -> list[Said]:
    found = run.runs
    if found is None or found.useful < ENOUGH:
        count = 0 if found is None else found.useful
        rest = f"{count} points off the median; a signal needs at least {ENOUGH}."
        return [Said("neutral", signal_words(run), rest)]
    longest = f"Longest run {found.longest}, chance allows {found.longest_allowed}."
    crossings = (
        f"Crosses the median {found.crossings} times, chance gives {found.crossings_needed} "
        "or more."
    )
    sign = run.verdict if run.signal and run.verdict else "neutral"
    return [Said(sign, signal_words(run), f"{longest} {crossings}")]


def _against_aim(seen: MeasureSeen) -> list[Said]:
    measure, readings = seen.run.measure, seen.run.readings
    known = [reading.value for reading in readings if reading.value is not None]
    if not measure.target or not known or measure.direction == "neutral":
        return []
    aim, last = float(measure.target), known[-1]
    met = last >= aim if measure.direction == "increase" else last <= aim
    rest = f"Latest {figure(last, measure.unit)}, aim {figure(aim, measure.unit)}."
    return [Said("good" if met else "neutral", "At the aim" if met else "Not at the aim yet", rest)]


def _of_xmr(xmr: XmrChart) -> list[Said]:
    if not xmr.variation:
        return [Said("neutral", "No limits yet", f"{xmr.finding}.")]
    tone = next((t for t in ("improvement", "concern") if xmr.variation.startswith(t)), "")
    head = {"improvement": "Improving", "concern": "Getting worse"}.get(tone, "")
    head = head or ("Common cause" if xmr.variation == "common_cause" else "Something changed")
    rest = next((mark for mark in reversed(xmr.marks) if mark), "no special cause in the points")
    last = xmr.marks[-1] if xmr.marks else ""
    rest = f"{(last or rest)[:1].upper()}{(last or rest)[1:]}."
    if xmr.variation == "common_cause":
        rest = "The latest point shows the usual variation."
    if xmr.provisional:
        rest += " Limits are provisional: fewer than 13 points."
    said = [Said(xmr.variation, head, rest, spc=True)]
    if xmr.assurance in _ASSURED and xmr.measure.target:
        sign, head, rest = _ASSURED[xmr.assurance]
        unit = xmr.measure.unit
        filled = rest.format(
            aim=figure(float(xmr.measure.target), unit),
            low=figure(round(xmr.lower or 0, 1)),
            high=figure(round(xmr.upper or 0, 1), unit),
        )
        said.append(Said(sign, head, filled, spc=True))
    return said


class SaysCard(QWidget):
    """The point somebody is at, what the chart says, and the step it suggests."""

    def __init__(self, look: Look, said: list[Said], step: str, point: str = "") -> None:
        """Lay the words out one under the other."""
        super().__init__()
        lines: list[QWidget | int | None] = []
        if point:
            lines += [words(point, "caption", "secondary", wrap=True), 4]
        lines.append(words("What the chart says", "captionStrong", "secondary"))
        lines += [_line(look, one) for one in said]
        if step:
            lines += [4, words("Suggested next step", "captionStrong", "secondary")]
            lines.append(words(step, "caption", wrap=True))
        inside = column(*lines, gap=6)
        inside.setContentsMargins(0, 0, 0, 8)
        self.setLayout(inside)


def _line(look: Look, said: Said) -> QWidget:
    sign: QWidget = (
        SpcIcon(look, said.sign)
        if said.spc
        else Picture(look, said.sign, f"mark.{said.sign}", "icon.lead")
    )
    head = words(said.head, "bodyStrong", wrap=True)
    rest = words(said.rest, "caption", "secondary", wrap=True)
    text = holder(column(head, rest, None, gap=0))
    made = row(holder(column(sign, None, gap=0)), text, gap=8)
    made.setStretch(1, 1)
    return holder(made)
