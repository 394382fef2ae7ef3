"""One published figure, and what a whole release of them amounts to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Flag(StrEnum):
    """Whether a figure is there, and if not, why."""

    OK = "ok"
    SUPPRESSED = "suppressed"
    MISSING = "missing"


class Key(NamedTuple):
    """What may occur once in a release."""

    measure: str
    org_kind: str
    org_code: str
    period_start: dt.date
    period_end: dt.date
    secondary: str


class Observation(NamedTuple):
    """One figure as published; a tuple, so that a million of them cost little.

    `value` is the one decimal text of the number and None unless `flag` is ok; `source_row`
    counts the file's rows from 1, the header being row 1, as a spreadsheet shows them.
    """

    measure: str
    org_kind: str
    org_code: str
    org_name: str
    period_start: dt.date
    period_end: dt.date
    secondary: str
    value: str | None
    flag: Flag
    source_row: int

    @property
    def key(self) -> Key:
        """What no other figure of the release may share."""
        return Key(
            self.measure,
            self.org_kind,
            self.org_code,
            self.period_start,
            self.period_end,
            self.secondary,
        )


@dataclass(frozen=True, slots=True)
class ReleaseSummary:
    """What one file holds, counted."""

    profile_id: str
    title: str
    status: str
    version: int
    period_start: dt.date
    period_end: dt.date
    rows: int
    suppressed: int
    missing: int
    measures: int
    organisations: int
    duplicates: int
    unknown_measures: tuple[str, ...]
    unknown_organisations: tuple[str, ...]
    unknown_breakdowns: tuple[str, ...]
