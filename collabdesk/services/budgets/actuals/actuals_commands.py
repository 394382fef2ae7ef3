"""What people can do with what the general ledger says was spent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from collabdesk.domain.budgets.actuals import SourceRow


@dataclass(frozen=True, slots=True)
class ImportTrialBalance:
    """Post one month of a general ledger: what is new or differs; unmapped rows wait.

    `control_p` is the total somebody typed from the ledger itself; `reading` is what was
    answered about the file's columns: JSON text, empty where its headings are known.
    `unsaid` is what the file itself does not say of when its rows are: "month", or "year".
    `unread` of its rows may hold money and could not be read.
    """

    name: str
    sha256: bytes
    source: str
    fiscal_year: str
    month: int
    rows: tuple[SourceRow, ...]
    control_p: int
    transactions: bool = False
    reading: str = ""
    unsaid: str = ""
    unread: int = 0


@dataclass(frozen=True, slots=True)
class MapCode:
    """Say whose spending a code of a source is from a month on.

    No subjective stands for all of the cost centre; left out is nobody's here.
    """

    source: str
    fiscal_year: str
    from_month: int
    cost_centre: str
    subjective: str
    service_line: bytes | None = None
    provider: str = ""
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class PostWaiting:
    """Post the waiting rows of a year whose codes are mapped by now."""

    fiscal_year: str


@dataclass(frozen=True, slots=True)
class KeepFile:
    """Keep a published file with how it is read; every partner reads the same figures from it.

    `reading` is what was answered about it: JSON text.
    """

    kind: str
    name: str
    content: bytes
    source: str
    fiscal_year: str
    month: int | None
    rows: int
    control_p: int
    reading: str


@dataclass(frozen=True, slots=True)
class TakeFileAway:
    """Take a kept file away; its figures go with it."""

    file: bytes


@dataclass(frozen=True, slots=True)
class TakeAllocations:
    """Take rows of a kept table of allocations up into a year, named by number in the file.

    `kind` is openings, with an envelope for each body, or letters. Whether the money is
    recurrent or non_recurrent has to be said: a published table does not.
    """

    file: bytes
    version: bytes
    rows: tuple[int, ...]
    kind: str
    recurrence: str
    reference: str = ""
    effective_month: int = 1
    letter_date: dt.date | None = None
