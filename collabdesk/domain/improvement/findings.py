"""What a run chart finds, in one sentence fit for its title."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from collabdesk.domain.decimals import fixed_text
from collabdesk.domain.statistics.direction import Direction
from collabdesk.domain.statistics.runs import RunChart, Runs

ENOUGH: Final = 10
"""Fewer useful points than this cannot show a signal."""


def run_chart_sentence(name: str, chart: RunChart, direction: Direction, unit: str = "") -> str:
    """Say what the latest part of a run chart shows, and whether that is better."""
    if not chart.runs or not chart.runs[-1].observations:
        return f"{name}: no points yet"
    runs = chart.runs[-1]
    if runs.longest is None:
        return f"{name}: every point is on the median"
    if runs.useful < ENOUGH:
        return f"{name}: {runs.useful} useful points; a signal needs at least {ENOUGH}"
    median = figure(float(chart.centre[-1]), unit)
    if runs.shift:
        return _shift(name, runs, direction, median)
    if runs.too_few_crossings:
        return (
            f"{name} shows a signal: it crosses its median of {median} {_times(runs.crossings)}, "
            f"where chance gives at least {runs.crossings_needed}"
        )
    return f"{name} varies about its median of {median} as chance allows: no signal"


def _shift(name: str, runs: Runs, direction: Direction, median: str) -> str:
    where = {True: "above", False: "below", None: "on one side of"}[runs.longest_above]
    words = (
        f"{name} has shifted: {runs.longest} points in a row {where} its median of {median}, "
        f"where chance allows {runs.longest_allowed}"
    )
    if direction is Direction.NEUTRAL or runs.longest_above is None:
        return words
    better = runs.longest_above == (direction is Direction.INCREASE)
    return f"{words}: {'an improvement' if better else 'a concern'}"


def _times(count: int | None) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count or 0, f"{count} times")


def figure(value: float, unit: str = "") -> str:
    """Print a figure of a chart with at most two decimals, and its unit."""
    text = fixed_text(Fraction(value), 2).removesuffix("00").removesuffix(".")
    if "." in text:
        text = text.removesuffix("0")
    return f"{text}%" if unit in {"%", "percent"} else f"{text} {unit}".strip()
