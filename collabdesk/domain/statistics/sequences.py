"""Runs of equal marks in a sequence, counted without a loop."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Marks: TypeAlias = NDArray[np.int8]
Flags: TypeAlias = NDArray[np.bool_]


def run_lengths(marks: Marks, breaks: Flags | None = None) -> NDArray[np.intp]:
    """Return for each mark the length of the run of equal marks it stands in.

    `breaks` says between which neighbours a run ends although the marks are equal.
    """
    if marks.size == 0:
        return np.zeros(0, dtype=np.intp)
    changes = marks[1:] != marks[:-1]
    if breaks is not None:
        changes |= breaks
    starts = np.concatenate(([0], np.flatnonzero(changes) + 1, [marks.size]))
    lengths = np.diff(starts)
    return np.repeat(lengths, lengths)


def as_floats(values: object) -> Floats:
    """Return numbers as an array in which a missing value (None) is not a number."""
    return np.array(values, dtype=np.float64)
