"""The XmR chart of the NHS "making data count" method, with its four rules and two icons.

Definition: NHSRplotthedots 0.2.2. Individual values; limits at the mean ± 2.66 times the
average moving range, which may be screened once at 3.267 times itself (Nelson 1982).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from collabdesk.domain.statistics.direction import Direction
from collabdesk.domain.statistics.sequences import Flags, Floats, Marks, as_floats, run_lengths
from collabdesk.errors import Refusal

LIMIT: Final = 2.66
NEAR_LIMIT: Final = 2 * (LIMIT / 3)
SCREEN: Final = 3.267
POINTS_IN_RULE: Final = 7
SHORT_GROUP: Final = 13
"""A group with fewer points than this has provisional limits."""

OUTSIDE, TREND, TWO_IN_THREE, SHIFT = 1, 2, 3, 4
_CAUSES: Final = {
    0: "Common Cause",
    OUTSIDE: "Above UCL",
    -OUTSIDE: "Below LCL",
    TREND: "7 Point Trend (Increasing)",
    -TREND: "7 Point Trend (Decreasing)",
    TWO_IN_THREE: "2 in 3 Above CL",
    -TWO_IN_THREE: "2 in 3 Below CL",
    SHIFT: "7 Points Above CL",
    -SHIFT: "7 Points Below CL",
}
_BETTER: Final = {Direction.INCREASE: 1, Direction.DECREASE: -1}


@dataclass(frozen=True, slots=True)
class XmrOptions:
    """How a chart is drawn up.

    A group of limits starts at each re-base date that is a date of the chart; its limits
    rest on its first `fix_after` points, or on all. Ghosted points (numbered from 0 as
    given) are left out as if they were never there.
    """

    direction: Direction = Direction.NEUTRAL
    target: float | None = None
    rebase: tuple[dt.date, ...] = ()
    fix_after: int | None = None
    screen: bool = True
    ghosted: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """The lines of one group; a line that is not defined is not a number."""

    mean: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a chart between re-base dates: points `start` up to `stop`."""

    number: int
    start: int
    stop: int
    limits: Limits

    @property
    def size(self) -> int:
        """How many points the group has, missing ones included."""
        return self.stop - self.start

    @property
    def short(self) -> bool:
        """Tell whether the limits are provisional."""
        return self.size < SHORT_GROUP


def _point_type(mark: int, better: int) -> str:
    if not mark:
        return "common_cause"
    if not better:
        return f"special_cause_neutral_{'high' if mark > 0 else 'low'}"
    return "special_cause_improvement" if mark * better > 0 else "special_cause_concern"


@dataclass(frozen=True)
class Xmr:
    """A chart: its points in order of date, its groups, and the special causes found.

    `kept` numbers the points as they were given. `side` is 1 above the mean, -1 below and
    0 on it; `cause` holds the number of the rule, negative below or falling; where a value
    or a limit is missing, `known` is false and `outside` and `near` mean nothing.
    """

    options: XmrOptions
    dates: tuple[dt.date, ...]
    kept: tuple[int, ...]
    values: Floats
    groups: tuple[Group, ...]
    mean: Floats
    lower: Floats
    upper: Floats
    side: Marks
    known: Flags
    outside: Flags
    near: Flags
    cause: Marks

    @cached_property
    def causes(self) -> tuple[str, ...]:
        """Name the special cause of each point, or Common Cause."""
        return tuple(_CAUSES[mark] for mark in self.cause.tolist())

    @cached_property
    def point_types(self) -> tuple[str, ...]:
        """Say of each point whether it is common cause, improvement, concern or neutral."""
        better = _BETTER.get(self.options.direction, 0)
        return tuple(_point_type(mark, better) for mark in self.cause.tolist())

    @property
    def variation(self) -> str:
        """The variation icon of the last point, as ``concern_high``; "" without points."""
        if not self.dates:
            return ""
        kind, last = self.point_types[-1], int(self.cause[-1])
        if kind in {"special_cause_improvement", "special_cause_concern"}:
            kind = f"{kind}_{'high' if last > 0 else 'low'}"
        return kind.removeprefix("special_cause_")

    @property
    def assurance(self) -> str:
        """Whether the last limits meet the target: consistent_pass, consistent_fail or neither.

        Empty without target, direction or points; undefined limits are inconsistent.
        """
        target, better = self.options.target, _BETTER.get(self.options.direction, 0)
        if target is None or not better or not self.groups:
            return ""
        limits = self.groups[-1].limits
        above, below = target > limits.upper, target < limits.lower
        if not (above or below):
            return "inconsistent"
        return "consistent_fail" if above == (better > 0) else "consistent_pass"

    @property
    def short_group(self) -> bool:
        """Tell whether some group has provisional limits."""
        return any(group.short for group in self.groups)


def xmr(
    dates: Sequence[dt.date],
    values: Sequence[float | None],
    options: XmrOptions = XmrOptions(),
) -> Xmr:
    """Draw up the chart of values by date; a missing value is None."""
    days, numbers, kept = _in_order(dates, values, options.ghosted)
    groups = _groups(days, numbers, options)
    sizes = [group.size for group in groups]
    lines = [group.limits for group in groups]

    def along(line: Sequence[float]) -> Floats:
        return np.repeat(as_floats(line), sizes)

    mean = along([line.mean for line in lines])
    lower, upper = along([line.lower for line in lines]), along([line.upper for line in lines])
    near_lower = along([line.near_lower for line in lines])
    near_upper = along([line.near_upper for line in lines])
    away = numbers - mean
    side = (away > 0).astype(np.int8) - (away < 0).astype(np.int8)
    known = ~np.isnan(numbers - lower)
    outside = (numbers > upper) | (numbers < lower)
    near = ~outside & ((numbers > near_upper) | (numbers < near_lower))
    breaks = np.zeros(max(0, len(days) - 1), dtype=np.bool_)
    breaks[[group.start - 1 for group in groups[1:]]] = True
    cause = _causes(numbers, side, outside, near, breaks)
    return Xmr(
        options,
        days,
        kept,
        numbers,
        groups,
        mean,
        lower,
        upper,
        side,
        known,
        outside,
        near,
        cause,
    )


def limits(values: Floats, *, screen: bool = True) -> Limits:
    """Work out the lines of one group from the values its baseline rests on."""
    mean = _mean(values[~np.isnan(values)])
    ranges = np.abs(np.diff(values))
    ranges = ranges[~np.isnan(ranges)]
    average = _mean(ranges)
    if screen:
        average = _mean(ranges[ranges < SCREEN * average])
    wide, narrow = LIMIT * average, NEAR_LIMIT * average
    return Limits(mean, mean - wide, mean + wide, mean - narrow, mean + narrow)


def _mean(values: Floats) -> float:
    # Summed exactly, so that a point on the mean is on it on every computer.
    return math.fsum(values.tolist()) / values.size if values.size else math.nan


def _in_order(
    dates: Sequence[dt.date], values: Sequence[float | None], ghosted: frozenset[int]
) -> tuple[tuple[dt.date, ...], Floats, tuple[int, ...]]:
    shown = [place for place in range(len(dates)) if place not in ghosted]
    order = sorted(shown, key=dates.__getitem__)
    days = tuple(dates[place] for place in order)
    if len(set(days)) != len(days):
        raise Refusal(
            code="duplicate_dates",
            words="Two points of the chart have the same date.",
            remedy="Keep one value for each date, or chart each series on its own.",
            field="period_start",
        )
    return days, as_floats([values[place] for place in order]), tuple(order)


def _groups(days: tuple[dt.date, ...], values: Floats, options: XmrOptions) -> tuple[Group, ...]:
    if not days:
        return ()
    starts = sorted(set(options.rebase).intersection(days)) if options.rebase else []
    places = [days.index(day) for day in starts]
    numbered = list(enumerate(places, 1))
    if not places or places[0] > 0:
        numbered.insert(0, (0, 0))
    stops = [place for _, place in numbered[1:]] + [len(days)]
    return tuple(
        Group(
            number,
            start,
            stop,
            limits(values[start:stop][: options.fix_after], screen=options.screen),
        )
        for (number, start), stop in zip(numbered, stops, strict=True)
    )


def _causes(values: Floats, side: Marks, outside: Flags, near: Flags, breaks: Flags) -> Marks:
    trend = _trend(values, breaks)
    pairs = _two_in_three(side, near, breaks)
    shift = run_lengths(side, breaks) >= POINTS_IN_RULE
    cause: NDArray[np.int8] = np.where(shift, SHIFT * side, 0).astype(np.int8)
    cause = np.where(pairs, TWO_IN_THREE * side, cause)
    cause = np.where(trend != 0, TREND * trend, cause)
    return np.where(outside, OUTSIDE * side, cause).astype(np.int8)


def _trend(values: Floats, breaks: Flags) -> Marks:
    """Mark points in six successive steps the same way; a turning point follows its next step."""
    change = np.diff(values)
    steps = (change > 0).astype(np.int8) - (change < 0).astype(np.int8)
    steps[breaks] = 0
    steps[run_lengths(steps) < POINTS_IN_RULE - 1] = 0
    after = np.append(steps, np.int8(0))[: values.size]
    before = np.append(np.int8(0), steps)[: values.size]
    return np.where(after != 0, after, before)


def _two_in_three(side: Marks, near: Flags, breaks: Flags) -> Flags:
    """Flag the near points of any three successive ones on one side, two of them near."""
    flagged = np.zeros(side.size + 2, dtype=np.bool_)
    together = (side[1:] == side[:-1]) & ~breaks & (side[1:] != 0)
    close = near.astype(np.int8)
    windows = together[1:] & together[:-1] & (close[:-2] + close[1:-1] + close[2:] >= 2)  # noqa: PLR2004
    count = windows.size
    for place in range(3):
        flagged[place : place + count] |= windows
    return flagged[: side.size] & near
