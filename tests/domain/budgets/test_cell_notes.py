"""Notes on single months within the one note of a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.cell_notes import WHOLE, cell_notes, with_cell_note
from collabdesk.domain.notes import merge_notes

texts = st.text("aM4: \n", max_size=12)


@pytest.mark.parametrize(
    ("note", "parts"),
    [
        ("", {}),
        ("Agreed by letter", {0: "Agreed by letter"}),
        ("M12: Late\nand more", {12: "Late\nand more"}),
        ("By letter\nM4: One\nM9:\nTwo", {0: "By letter", 4: "One", 9: "Two"}),
        ("M4: One\nM4: Two", {4: "One\nTwo"}),
        ("M0: no month\nM13: none\nm4: none", {0: "M0: no month\nM13: none\nm4: none"}),
    ],
)
def test_a_line_that_begins_with_a_month_begins_its_note(note: str, parts: dict[int, str]) -> None:
    assert cell_notes(note) == parts


@given(texts, st.integers(1, 12), texts)
def test_writing_one_part_leaves_the_others_as_they_were(note: str, month: int, text: str) -> None:
    before, after = cell_notes(note), cell_notes(with_cell_note(note, month, text))
    assert {at: said for at, said in after.items() if at != month} == {
        at: said for at, said in before.items() if at != month
    }
    assert after.get(month, "").split() == text.split()


def test_a_part_is_taken_away_with_its_head() -> None:
    both = with_cell_note("By letter\nM4: One", 9, "Two")
    assert with_cell_note(both, 4, " ") == "By letter\nM9: Two"
    assert with_cell_note(both, WHOLE, "") == "M4: One\nM9: Two"


def test_notes_on_two_months_written_at_once_both_stand_in_what_is_proposed() -> None:
    base = "By letter"
    versions = [with_cell_note(base, 4, "One"), with_cell_note(base, 9, "Two")]
    assert cell_notes(merge_notes(base, versions).text) == {0: base, 4: "One", 9: "Two"}
