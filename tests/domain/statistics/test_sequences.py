"""Runs of equal marks."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.statistics.sequences import run_lengths

MARKS = st.lists(st.integers(-1, 1), max_size=30)


@given(MARKS)
def test_lengths_are_those_of_plain_grouping(marks: list[int]) -> None:
    expected = [
        length for _, run in groupby(marks) for length in [len(list(run))] for _ in range(length)
    ]
    assert run_lengths(np.array(marks, dtype=np.int8)).tolist() == expected


def test_a_break_ends_a_run_of_equal_marks() -> None:
    marks = np.ones(4, dtype=np.int8)
    breaks = np.array([False, True, False])
    assert run_lengths(marks, breaks).tolist() == [2, 2, 2, 2]
