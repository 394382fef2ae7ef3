"""Measures of a project, and the data points entered for them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from collabdesk.domain.changes import OWN, Cell, Insert, RowRef, Scope
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.periods import date_words
from collabdesk.domain.required import required_text
from collabdesk.domain.statistics.direction import Direction
from collabdesk.errors import Refusal


class MeasureKind(StrEnum):
    """What a measure is for."""

    OUTCOME = "outcome"
    PROCESS = "process"
    BALANCING = "balancing"


class ValueKind(StrEnum):
    """What sort of number a measure holds."""

    COUNT = "count"
    PROPORTION = "proportion"
    RATE = "rate"
    CONTINUOUS = "continuous"
    DAYS_BETWEEN = "days_between"
    CASES_BETWEEN = "cases_between"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure; `target` is decimal text in its unit."""

    name: str
    kind: MeasureKind
    value_kind: ValueKind
    direction: Direction
    unit: str = ""
    definition: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One entry: a value as decimal text, or numerator and denominator; or why it is missing."""

    period_start: dt.date
    value: str | None = None
    numerator: int | None = None
    denominator: int | None = None
    note: str = ""


def add_measure(
    project: RowRef, measure: Measure, scope: Scope = OWN, key: str = "measure"
) -> Insert:
    """Add a measure to a project."""
    cells: dict[str, Cell] = {
        "project": project,
        "name": required_text(
            measure.name, "name", "The measure has no name.", "Say what is counted or timed."
        ),
        "kind": measure.kind.value,
        "value_kind": measure.value_kind.value,
        "direction": measure.direction.value,
    }
    if measure.target.strip():
        cells["target"] = decimal_text(parse_decimal(measure.target, "target"))
    more = {"unit": measure.unit.strip(), "definition": measure.definition.strip()}
    return Insert("measure", scope, cells | {k: v for k, v in more.items() if v}, key)


def add_point(
    row: RowRef,
    measure: Measure,
    point: Point,
    existing: Iterable[dt.date] = (),
    scope: Scope = OWN,
) -> Insert:
    """Enter a data point for a measure; one for each period."""
    if point.period_start in set(existing):
        raise Refusal(
            code="period_taken",
            words=f"{measure.name} already has a value for {date_words(point.period_start)}.",
            remedy="Change the value that is there.",
            field="period_start",
        )
    check_point(measure, point)
    cells: dict[str, Cell] = {"measure": row, "period_start": point.period_start}
    if point.value is not None:
        cells["value"] = decimal_text(parse_decimal(point.value, "value"))
    more: dict[str, Cell] = {
        "numerator": point.numerator,
        "denominator": point.denominator,
        "note": point.note.strip() or None,
    }
    return Insert("data_point", scope, cells | {k: v for k, v in more.items() if v is not None})


def check_point(measure: Measure, point: Point) -> None:
    """Refuse a data point that cannot be a value of its measure."""
    if point.numerator is not None or point.denominator is not None:
        _check_parts(measure, point)
    elif point.value is not None:
        _check_value(measure, parse_decimal(point.value, "value"))
    elif not point.note.strip():
        raise _refused("point_empty", "The data point has no value.", "value", _SAY_WHY)


_SAY_WHY = "Enter a value, or say in the note why it is missing."
_ENTER_BOTH = "Enter numerator and denominator, or the value alone."
_CHECK = "Check the figure against its source."


def _check_parts(measure: Measure, point: Point) -> None:
    over, under = point.numerator, point.denominator
    if over is None or under is None or point.value is not None:
        raise _refused("point_parts", "The data point is half entered.", "numerator", _ENTER_BOTH)
    if measure.value_kind not in {ValueKind.PROPORTION, ValueKind.RATE}:
        words = f"{measure.name} takes a value, not a numerator and a denominator."
        raise _refused("point_parts", words, "numerator", "Enter the value alone.")
    if under <= 0:
        words = f"The denominator of {measure.name} is {under}."
        raise _refused("denominator", words, "denominator", "It must be above nought.")
    if over < 0:
        raise _refused("negative", f"{measure.name} cannot count {over}.", "numerator", _CHECK)
    if measure.value_kind is ValueKind.PROPORTION and over > under:
        words = f"{over} of {under} is more than all of them."
        raise _refused("numerator_above_denominator", words, "numerator", _CHECK)


def _check_value(measure: Measure, value: Fraction) -> None:
    name, kind = measure.name, measure.value_kind
    if kind is ValueKind.CONTINUOUS:
        return
    if value < 0:
        raise _refused("negative", f"{name} cannot be below nought.", "value", _CHECK)
    if kind is ValueKind.COUNT and value.denominator != 1:
        raise _refused("not_whole", f"{name} counts whole ones.", "value", _CHECK)
    if kind in {ValueKind.DAYS_BETWEEN, ValueKind.CASES_BETWEEN} and value == 0:
        remedy = "Enter the time or number between two events; two on one day are one event."
        raise _refused("nothing_between", f"{name} cannot be nought.", "value", remedy)
    if kind is ValueKind.PROPORTION and value > multiplier(measure.unit):
        raise _refused("above_all", f"{name} cannot be more than all of them.", "value", _CHECK)


def _refused(code: str, words: str, field: str, remedy: str) -> Refusal:
    return Refusal(code=code, words=words, remedy=remedy, field=field)


_PER = re.compile(r"per ([0-9][0-9,]*)")


def multiplier(unit: str) -> int:
    """Return what a share is multiplied by for its unit: % is 100, ``per 1,000`` is 1,000."""
    per = _PER.match(unit.strip())
    if per:
        return int(per[1].replace(",", ""))
    return 100 if unit.strip() in {"%", "percent", "per cent"} else 1


def plotted(measure: Measure, point: Point) -> Fraction | None:
    """Return the exact value of a point in the unit of its measure; None is missing."""
    if point.numerator is not None and point.denominator:
        return Fraction(point.numerator, point.denominator) * multiplier(measure.unit)
    return None if point.value is None else parse_decimal(point.value, "value")
