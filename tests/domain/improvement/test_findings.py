"""The title of a run chart says what it finds."""

from __future__ import annotations

import pytest

from collabdesk.domain.improvement.findings import figure, run_chart_sentence
from collabdesk.domain.statistics.direction import Direction
from collabdesk.domain.statistics.runs import RunOptions, run_chart

BASE = [40.0, 44.0] * 6
UP, DOWN = Direction.INCREASE, Direction.DECREASE


@pytest.mark.parametrize(
    ("values", "options", "direction", "sentence"),
    [
        ([], RunOptions(), UP, "Waits: no points yet"),
        ([5.0] * 12, RunOptions(), UP, "Waits: every point is on the median"),
        ([1.0, 2.0, 3.0], RunOptions(), UP, "Waits: 2 useful points; a signal needs at least 10"),
        (
            BASE,
            RunOptions(),
            UP,
            "Waits varies about its median of 42 days as chance allows: no signal",
        ),
        (
            [*BASE, *[30.0] * 9],
            RunOptions(freeze=12),
            DOWN,
            (
                "Waits has shifted: 9 points in a row below its median of 42 days, where chance "
                "allows 7: an improvement"
            ),
        ),
        (
            [*BASE, *[30.0] * 9],
            RunOptions(freeze=12),
            UP,
            (
                "Waits has shifted: 9 points in a row below its median of 42 days, where chance "
                "allows 7: a concern"
            ),
        ),
        (
            [*BASE, *[50.0] * 9],
            RunOptions(freeze=12),
            Direction.NEUTRAL,
            (
                "Waits has shifted: 10 points in a row above its median of 42 days, where chance "
                "allows 7"
            ),
        ),
        (
            [1.0] * 12 + [9.0] * 12,
            RunOptions(),
            UP,
            (
                "Waits has shifted: 12 points in a row on one side of its median of 5 days, where "
                "chance allows 8"
            ),
        ),
        (
            ([1.0] * 6 + [9.0] * 6) * 2,
            RunOptions(),
            UP,
            (
                "Waits shows a signal: it crosses its median of 5 days 3 times, where chance gives "
                "at least 8"
            ),
        ),
        (
            [1.0] * 5 + [9.0] * 5,
            RunOptions(),
            UP,
            (
                "Waits shows a signal: it crosses its median of 5 days once, where chance gives "
                "at least 2"
            ),
        ),
    ],
)
def test_the_sentence_says_what_was_found(
    values: list[float], options: RunOptions, direction: Direction, sentence: str
) -> None:
    assert run_chart_sentence("Waits", run_chart(values, options), direction, "days") == sentence


def test_everything_left_out_is_no_points() -> None:
    chart = run_chart([1.0], RunOptions(excluded=frozenset({0})))
    assert run_chart_sentence("Waits", chart, UP) == "Waits: no points yet"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(42.0, "", "42"), (42.5, "%", "42.5%"), (42.126, "days", "42.13 days"), (100.0, "", "100")],
)
def test_figures_carry_no_idle_noughts(value: float, unit: str, text: str) -> None:
    assert figure(value, unit) == text
