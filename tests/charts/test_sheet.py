from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collabdesk.charts.drawn import Frame
from collabdesk.charts.sheet import Sheet, spread
from collabdesk.charts.style import Style


@given(st.lists(st.integers(0, 100), max_size=6))
def test_labels_stand_apart_within_the_plot(places: list[int]) -> None:
    moved = spread([float(place) for place in sorted(places)], 12, 0, 100)
    assert len(moved) == len(places)
    assert all(high - low >= 12 - 0.5 for low, high in pairwise(moved))
    assert all(-0.5 <= place <= 100.5 for place in moved)


def test_labels_that_have_room_stay_where_their_lines_are() -> None:
    assert spread([10.0, 40.0, 90.0], 12, 0, 100) == [10.0, 40.0, 90.0]


def test_a_long_text_is_broken_into_lines_that_fit(style: Style) -> None:
    sheet = Sheet(Frame(300, 200), style)
    lines = sheet.wrapped("Contains public sector information licensed under the Licence", 120)
    assert len(lines) > 1
    assert " ".join(lines).endswith("under the Licence")
    assert all(sheet.text_width(line) <= 120 for line in lines)


def test_text_is_measured_alike_on_a_fine_screen(style: Style) -> None:
    coarse, fine = (Sheet(Frame(300, 200, scale), style) for scale in (1.0, 2.0))
    assert abs(coarse.text_width("Average 42") - fine.text_width("Average 42")) < 2
