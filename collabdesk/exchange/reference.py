"""The lists CollabDesk ships: organisations with their codes, and published measures."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass

from collabdesk.errors import NotPossible
from collabdesk.exchange.delimited import parse_date


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """One organisation; a day is None where the source does not state it."""

    code: str
    kind: str
    name: str
    short_name: str
    region: str
    icb: str
    opened: dt.date | None
    closed: dt.date | None


@dataclass(frozen=True, slots=True)
class KnownMeasure:
    """One published measure; `short_name` is empty where the name is short enough."""

    code: str
    name: str
    short_name: str
    theme: str
    unit: str
    numerator: str
    denominator: str
    period_kind: str
    direction: str
    aggregation: str


def read_organisations(content: bytes) -> tuple[KnownOrganisation, ...]:
    """Return the organisations of a shipped list."""
    rows = _rows(content, "the list of organisations", width=8)
    return tuple(
        KnownOrganisation(code, kind, name, short, region, icb, _day(opened), _day(closed))
        for code, kind, name, short, region, icb, opened, closed in rows
    )


def read_measures(content: bytes) -> tuple[KnownMeasure, ...]:
    """Return the measures of a shipped list."""
    return tuple(KnownMeasure(*row) for row in _rows(content, "the list of measures", width=10))


def _rows(content: bytes, name: str, *, width: int) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise NotPossible(
                code="damaged-resource",
                words=f"Row {number} of {name} that came with CollabDesk is damaged.",
                remedy="Install CollabDesk again.",
            )
        if number > 1:
            yield row


def _day(text: str) -> dt.date | None:
    return parse_date(text, ("yyyy-mm-dd",))
