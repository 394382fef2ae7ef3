"""What people can do to set a fiscal year up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetFiscalYear:
    """Say how uplift and efficiency meet in a year, and their rates as decimal text."""

    fiscal_year: str
    convention: str = "additive"
    cost_uplift_pct: str = "0"
    efficiency_pct: str = "0"


@dataclass(frozen=True, slots=True)
class AddEnvelope:
    """Add a commissioner's money of one kind to a year."""

    fiscal_year: str
    commissioner: str
    recurrence: str = "recurrent"


@dataclass(frozen=True, slots=True)
class KeepProvider:
    """Put a provider on the list, or change what the list says of it."""

    code: str
    name: str
    starts: dt.date | None = None
    ends: dt.date | None = None
    succeeded_by: str = ""


@dataclass(frozen=True, slots=True)
class AddOpening:
    """Record an envelope's opening allocation: its baseline, uplifted by the year's rates.

    Non-recurrent money is taken as it is.
    """

    version: bytes
    envelope: bytes
    baseline_p: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class RecordUplift:
    """Record a change of uplift agreed late; `pass_on` gives it to the lines in proportion."""

    version: bytes
    reference: str
    baseline_p: int
    old_pct: str
    new_pct: str
    effective_month: int = 1
    letter_date: dt.date | None = None
    envelope: bytes | None = None
    evidence_sha256: bytes | None = None
    evidence_name: str = ""
    pass_on: bool = False


@dataclass(frozen=True, slots=True)
class CopyVersion:
    """Start a version from another: of the same year, or next year's from this one.

    Carried into another year, recurrent money alone goes on; with `uplift_lines` every line
    is uplifted by the new year's rates.
    """

    source: bytes
    fiscal_year: str
    name: str
    kind: str = "opening"
    uplift_lines: bool = False
