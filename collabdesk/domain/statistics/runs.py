"""The run chart with the Anhøj rules: unusually long runs and unusually few crossings.

Definition: Anhøj and Olesen 2014, as in qicharts2 0.8.1. Points on the centre line and
missing ones are not counted; the rest are the useful observations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from collabdesk.domain.statistics.sequences import Flags, Floats, as_floats, run_lengths


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run chart is drawn up.

    The centre rests on the first `freeze` points, or on all; `parts_after` counts the points
    after which a new part starts, and overrules the freeze. Excluded points are numbered
    from 0. A `centre` that is given is not worked out.
    """

    freeze: int | None = None
    parts_after: tuple[int, ...] = ()
    excluded: frozenset[int] = frozenset()
    centre: float | None = None


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of one part against what chance allows; None where nothing is countable."""

    observations: int
    useful: int
    longest: int | None
    longest_allowed: int | None
    crossings: int | None
    crossings_needed: int | None
    longest_above: bool | None = None
    """Whether the longest run lies above the centre; None where runs on both sides tie."""

    @property
    def signal(self) -> bool:
        """Tell whether the part shows more than chance."""
        return self.shift or self.too_few_crossings

    @property
    def shift(self) -> bool:
        """Tell whether a run is longer than chance allows."""
        return (self.longest or 0) > (self.longest_allowed or 0)

    @property
    def too_few_crossings(self) -> bool:
        """Tell whether the line crosses the centre less often than chance allows."""
        return (self.crossings or 0) < (self.crossings_needed or 0)


@dataclass(frozen=True)
class RunChart:
    """A run chart: its values, the centre and part of each, and the runs of each part."""

    values: Floats
    centre: Floats
    part: NDArray[np.intp]
    baseline: Flags
    included: Flags
    runs: tuple[Runs, ...]

    @property
    def signal(self) -> bool:
        """Tell whether some part shows more than chance."""
        return any(part.signal for part in self.runs)


def run_chart(
    values: Sequence[float | None],
    options: RunOptions = RunOptions(),
) -> RunChart:
    """Draw up the run chart of values in order; a missing value is None."""
    numbers = as_floats(values)
    size = numbers.size
    cuts = sorted({cut for cut in options.parts_after if 0 < cut < size})
    part = np.searchsorted(np.array(cuts, dtype=np.intp), np.arange(size), side="right") + 1
    baseline = np.ones(size, dtype=np.bool_)
    if options.freeze is not None and not options.parts_after:
        baseline[options.freeze :] = False
    included = np.ones(size, dtype=np.bool_)
    included[[place for place in options.excluded if 0 <= place < size]] = False
    centre, runs = np.full(size, math.nan), []
    for number in range(1, len(cuts) + 2):
        here = part == number
        middle = options.centre
        if middle is None:
            middle = _median(numbers[here & baseline & included])
        centre[here] = middle
        runs.append(count_runs(numbers[here & included], middle))
    return RunChart(numbers, centre, part, baseline, included, tuple(runs) if size else ())


def count_runs(values: Floats, centre: float) -> Runs:
    """Count the runs of values about a centre line."""
    off = values[~np.isnan(values) & (values != centre)]
    if not off.size or math.isnan(centre):
        return Runs(values.size, 0, None, None, None, None)
    above = (off > centre).astype(np.int8)
    lengths = run_lengths(above)
    longest = int(lengths.max())
    sides = set(above[lengths == longest].tolist())
    longest_allowed, crossings_needed = critical_values(off.size)
    return Runs(
        values.size,
        off.size,
        longest,
        longest_allowed,
        int(np.count_nonzero(above[1:] != above[:-1])),
        crossings_needed,
        sides == {1} if len(sides) == 1 else None,
    )


@lru_cache(maxsize=512)
def critical_values(useful: int) -> tuple[int, int]:
    """Return the longest run allowed and the fewest crossings needed by chance at 5 %.

    The second is the 5 % quantile of a binomial of `useful` - 1 tosses of a fair coin.
    """
    tosses = useful - 1
    heads = np.arange(tosses)
    log_chance = np.concatenate(([0.0], np.cumsum(np.log((tosses - heads) / (heads + 1)))))
    chances = np.cumsum(np.exp(log_chance - tosses * math.log(2)))
    return round(math.log2(useful)) + 3, int(np.searchsorted(chances, 0.05))


def _median(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else math.nan
