"""Notes written at the same time: nothing either wrote is lost, and order of arrival is nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.notes import merge_notes

LINES = st.lists(st.sampled_from(["Plan", "Ward A", "Ward B", "Two weeks", "Stop"]), max_size=7)
TEXTS = LINES.map("\n".join)


@pytest.mark.parametrize(
    ("base", "one", "other", "merged", "clashes"),
    [
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC", 0),
        ("a\nb", "a\nb\nmine", "a\nb", "a\nb\nmine", 0),
        ("a\nb", "a\nmine", "a\nyours", "a\nmine\nyours", 1),
        ("a\nb", "a\nsame", "a\nsame", "a\nsame", 0),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd", 0),
        ("", "mine", "yours", "mine\nyours", 1),
    ],
)
def test_two_versions(base: str, one: str, other: str, merged: str, clashes: int) -> None:
    found = merge_notes(base, [one, other])
    assert (found.text, found.clashes) == (merged, clashes)


@given(TEXTS, TEXTS)
def test_what_one_alone_changed_stands(base: str, one: str) -> None:
    assert merge_notes(base, [one, base]).text == one
    assert merge_notes(base, [base, one]).text == one
    assert merge_notes(base, [one, one]).text == one


@given(TEXTS, TEXTS, TEXTS)
def test_no_line_that_somebody_added_is_lost(base: str, one: str, other: str) -> None:
    merged = merge_notes(base, [one, other])
    for version in (one, other):
        added = [line for line in version.splitlines() if line not in base.splitlines()]
        assert all(line in merged.text.splitlines() for line in added)
    assert merge_notes(base, [other, one]).clashes == merged.clashes


def test_three_versions_are_merged_one_after_another() -> None:
    merged = merge_notes("a\nb\nc", ["A\nb\nc", "a\nB\nc", "a\nb\nC"])
    assert merged.text.splitlines()[0] == "A"
    assert set(merged.text.splitlines()) >= {"A", "B", "C"}
