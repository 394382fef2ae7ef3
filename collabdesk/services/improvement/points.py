"""Deciding on measures and their data; a paste of many rows is one step."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.changes import Cell, Change, Delete, Insert, NewRow, SetCells
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.improvement.measures import (
    Measure,
    MeasureKind,
    Point,
    ValueKind,
    add_measure,
    add_point,
    check_point,
)
from collabdesk.domain.periods import date_words
from collabdesk.domain.statistics.direction import Direction
from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.improvement.access import own_measure, own_project
from collabdesk.services.improvement.commands import AddMeasure, PointTyped, RecordDataPoints
from collabdesk.services.improvement.entered import measure_of
from collabdesk.services.wording import chosen, counted, plain
from collabdesk.storage.queries import improvement as stored

MEASURE: Final = "measure"
_WHOLE: Final = re.compile(r"[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}")
_SAID: Final = ("value", "numerator", "denominator", "note")


def add_project_measure(command: AddMeasure, reads: Connection, me: Actor) -> Outcome:
    """Insert a measure."""
    project = own_project(reads, command.project, me)
    measure = Measure(
        name=plain(command.name, "name"),
        kind=chosen(MeasureKind, command.kind, "kind"),
        value_kind=chosen(ValueKind, command.value_kind, "value_kind"),
        direction=chosen(Direction, command.direction, "direction"),
        unit=plain(command.unit, "unit"),
        definition=plain(command.definition, "definition"),
        target=command.target,
    )
    return Outcome(
        changes=(add_measure(project.row, measure, project.place, MEASURE),),
        inverse=(Delete("measure", NewRow(MEASURE)),),
        words=f"New measure “{measure.name}”",
        record=("measure", NewRow(MEASURE)),
    )


def record_data_points(command: RecordDataPoints, reads: Connection, me: Actor) -> Outcome:
    """Insert points of new periods and set those of periods already there."""
    entry = _entry(command, reads, me)
    decided: list[tuple[Change, Change]] = []
    for change in _decisions(entry, command):
        if isinstance(change, Refusal):
            raise change
        if change is not None:
            decided.append(change)
    if not decided:
        raise Refusal(
            code="nothing_changed",
            words="No value differs from what is there.",
            remedy="Enter or paste the values first.",
            field="value",
        )
    return Outcome(
        changes=tuple(change for change, _ in decided),
        inverse=tuple(inverse for _, inverse in reversed(decided)),
        words=_words(entry, command, len(decided)),
        record=("measure", command.measure),
    )


def refused_points(command: RecordDataPoints, reads: Connection, me: Actor) -> tuple[Refusal, ...]:
    """Return every refusal a paste would meet, row by row, before anything is written."""
    decisions = _decisions(_entry(command, reads, me), command)
    return tuple(refusal for refusal in decisions if isinstance(refusal, Refusal))


@dataclass(frozen=True, slots=True)
class _Entry:
    """What points are entered into."""

    project: stored.Project
    row: bytes
    measure: Measure
    there: Mapping[dt.date, stored.DataPoint]


def _entry(command: RecordDataPoints, reads: Connection, me: Actor) -> _Entry:
    project, measure = own_measure(reads, command.measure, me)
    there = {point.period_start: point for point in stored.points(reads, measure.row)}
    return _Entry(project, measure.row, measure_of(measure), there)


def _decisions(
    entry: _Entry, command: RecordDataPoints
) -> Iterator[tuple[Change, Change] | Refusal | None]:
    taken: dict[dt.date, int] = {}
    for number, typed in enumerate(command.points, 1):
        try:
            point = _point(typed, entry.measure)
            first = taken.setdefault(point.period_start, number)
            if first != number:
                raise _twice(point, first)
            yield _decision(entry, point, f"point{number}")
        except Refusal as refusal:
            yield _at_row(refusal, number) if len(command.points) > 1 else refusal


def _decision(entry: _Entry, point: Point, key: str) -> tuple[Change, Change] | None:
    """Return the change for one point and its inverse; None where nothing differs."""
    there = entry.there.get(point.period_start)
    if there is None:
        added = add_point(entry.row, entry.measure, point, (), entry.project.place)
        insert = Insert(added.table, added.scope, added.cells, key)
        return insert, Delete("data_point", NewRow(key))
    check_point(entry.measure, point)
    wanted: dict[str, Cell] = {name: getattr(point, name) for name in _SAID}
    before: dict[str, Cell] = {name: getattr(there, name) for name in _SAID}
    cells = {name: value for name, value in wanted.items() if value != before[name]}
    if there.contested & cells.keys():
        raise Refusal(
            code="contested",
            words=f"Two trusts entered different values for {date_words(point.period_start)}.",
            remedy="Resolve the contested value first, with a reason.",
            field="value",
        )
    if not cells:
        return None
    old = {name: before[name] for name in cells}
    return SetCells("data_point", there.row, cells), SetCells("data_point", there.row, old)


def _point(typed: PointTyped, measure: Measure) -> Point:
    if typed.period_start is None:
        raise Refusal(
            code="period_missing",
            words="There is no period.",
            remedy="Enter the first day of the period, for example 01/11/2026.",
            field="period_start",
        )
    value = typed.value.strip()
    if measure.unit.strip() == "%":
        value = value.removesuffix("%").rstrip()
    return Point(
        period_start=typed.period_start,
        value=decimal_text(parse_decimal(value, "value")) if value else None,
        numerator=_whole(typed.numerator, "numerator"),
        denominator=_whole(typed.denominator, "denominator"),
        note=plain(typed.note, "note"),
    )


def _whole(text: str, field: str) -> int | None:
    trimmed = text.strip()
    if not trimmed:
        return None
    if not _WHOLE.fullmatch(trimmed):
        raise Refusal(
            code="whole_number",
            words=f"“{trimmed[:40]}” is not a whole number.",
            remedy="Enter digits only, for example 1240.",
            field=field,
        )
    return int(trimmed.replace(",", ""))


def _twice(point: Point, first: int) -> Refusal:
    return Refusal(
        code="period_twice",
        words=f"{date_words(point.period_start)} stands in row {first} already.",
        remedy="Keep one row for each period.",
        field="period_start",
    )


def _at_row(refusal: Refusal, number: int) -> Refusal:
    return Refusal(
        code=refusal.code,
        words=f"Row {number}: {refusal.words}",
        remedy=refusal.remedy,
        field=f"{number}.{refusal.field}",
    )


def _words(entry: _Entry, command: RecordDataPoints, count: int) -> str:
    if len(command.points) == 1:
        return f"Value of “{entry.measure.name}”"
    return f"Paste of {counted(count, 'value')} into “{entry.measure.name}”"
