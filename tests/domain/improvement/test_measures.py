"""Measures take the values they can have."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from collabdesk.domain.improvement.measures import (
    Measure,
    MeasureKind,
    Point,
    ValueKind,
    add_measure,
    add_point,
    multiplier,
    plotted,
)
from collabdesk.domain.statistics.direction import Direction
from collabdesk.errors import Refusal

DAY = dt.date(2026, 4, 1)
SHARE = Measure(
    "Seen in four weeks", MeasureKind.OUTCOME, ValueKind.PROPORTION, Direction.INCREASE, "%"
)
ROW = b"m" * 16


def of(kind: ValueKind, unit: str = "") -> Measure:
    return replace(SHARE, value_kind=kind, unit=unit)


def test_a_measure_is_added_with_its_target_as_decimal_text() -> None:
    measure = replace(SHARE, name=" Seen ", target="95.0", definition="Clock stops")
    assert add_measure(b"p" * 16, measure).cells == {
        "project": b"p" * 16,
        "name": "Seen",
        "kind": "outcome",
        "value_kind": "proportion",
        "direction": "increase",
        "target": "95",
        "unit": "%",
        "definition": "Clock stops",
    }


def test_a_measure_needs_no_target() -> None:
    assert "target" not in add_measure(b"p" * 16, SHARE).cells


def test_a_measure_without_name_or_with_a_wrong_target_is_refused() -> None:
    for measure, field in (
        (replace(SHARE, name=""), "name"),
        (replace(SHARE, target="x"), "target"),
    ):
        with pytest.raises(Refusal) as refused:
            add_measure(b"p" * 16, measure)
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("measure", "point", "cells"),
    [
        (SHARE, Point(DAY, numerator=0, denominator=5), {"numerator": 0, "denominator": 5}),
        (SHARE, Point(DAY, numerator=5, denominator=5), {"numerator": 5, "denominator": 5}),
        (SHARE, Point(DAY, "62.50", note=" late "), {"value": "62.5", "note": "late"}),
        (SHARE, Point(DAY, note="The system was down"), {"note": "The system was down"}),
        (
            of(ValueKind.RATE),
            Point(DAY, numerator=9, denominator=5),
            {"numerator": 9, "denominator": 5},
        ),
        (of(ValueKind.COUNT), Point(DAY, "12.0"), {"value": "12"}),
        (of(ValueKind.CONTINUOUS), Point(DAY, "-3.5"), {"value": "-3.5"}),
        (of(ValueKind.DAYS_BETWEEN), Point(DAY, "0.5"), {"value": "0.5"}),
    ],
)
def test_a_data_point_is_entered(measure: Measure, point: Point, cells: dict[str, object]) -> None:
    change = add_point(ROW, measure, point)
    assert change.table == "data_point"
    assert change.cells == {"measure": ROW, "period_start": DAY, **cells}


@pytest.mark.parametrize(
    ("measure", "point", "code"),
    [
        (SHARE, Point(DAY, numerator=6, denominator=5), "numerator_above_denominator"),
        (SHARE, Point(DAY, numerator=0, denominator=0), "denominator"),
        (SHARE, Point(DAY, numerator=1, denominator=-5), "denominator"),
        (SHARE, Point(DAY, numerator=-1, denominator=5), "negative"),
        (SHARE, Point(DAY, numerator=1), "point_parts"),
        (SHARE, Point(DAY, denominator=1), "point_parts"),
        (SHARE, Point(DAY, "1", 1, 2), "point_parts"),
        (SHARE, Point(DAY, "100.1"), "above_all"),
        (SHARE, Point(DAY, "NaN"), "decimal"),
        (SHARE, Point(DAY, "inf"), "decimal"),
        (SHARE, Point(DAY), "point_empty"),
        (SHARE, Point(DAY, note="  "), "point_empty"),
        (of(ValueKind.PROPORTION), Point(DAY, "1.01"), "above_all"),
        (of(ValueKind.COUNT), Point(DAY, "-1"), "negative"),
        (of(ValueKind.COUNT), Point(DAY, "1.5"), "not_whole"),
        (of(ValueKind.COUNT), Point(DAY, numerator=1, denominator=2), "point_parts"),
        (of(ValueKind.DAYS_BETWEEN), Point(DAY, "0"), "nothing_between"),
        (of(ValueKind.CASES_BETWEEN), Point(DAY, "0"), "nothing_between"),
    ],
)
def test_a_point_that_cannot_be_is_refused(measure: Measure, point: Point, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        add_point(ROW, measure, point)
    assert refused.value.code == code
    assert refused.value.remedy


def test_a_period_is_entered_once() -> None:
    with pytest.raises(Refusal, match="1 April 2026") as refused:
        add_point(ROW, SHARE, Point(DAY, "5"), [DAY])
    assert refused.value.field == "period_start"


@pytest.mark.parametrize(
    ("unit", "times"),
    [("%", 100), (" percent ", 100), ("per cent", 100), ("per 1,000 bed days", 1000), ("days", 1)],
)
def test_the_unit_says_what_a_share_is_multiplied_by(unit: str, times: int) -> None:
    assert multiplier(unit) == times


def test_the_plotted_value_is_exact() -> None:
    assert plotted(SHARE, Point(DAY, numerator=1, denominator=3)) == Fraction(100, 3)
    assert plotted(SHARE, Point(DAY, "62.5")) == Fraction(125, 2)
    assert plotted(SHARE, Point(DAY, note="missing")) is None
    assert plotted(of(ValueKind.RATE, "per 1,000"), Point(DAY, numerator=3, denominator=2)) == 1500
