"""Write the year to a file from a screen; the libraries of the formats are imported then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from collabdesk.services.budgets.papers.pack_asked import PackAsked, PackReader


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, from how many ledger lines, as at which ledger."""

    path: Path
    rows: int
    stamp: str

    @property
    def words(self) -> str:
        """What was done, as it is told."""
        return f"{self.path.name} saved: {self.stamp}"


def stamp_of(reads: Connection, fiscal_year: str) -> str:
    """Return what an export made now would be stamped with."""
    from collabdesk.services.budgets.papers.exports import stamp_words

    return stamp_words(reads, fiscal_year)


def export_year(  # noqa: PLR0913, PLR0917 - what an export is asked with
    reads: Connection,
    fiscal_year: str,
    made_on: dt.date,
    key: str,
    path: Path,
    told: Callable[[str, int, int], object],
) -> Written:
    """Read a year and write it in a format; what it is told to may raise to stop it."""
    from collabdesk.services.budgets.papers.exports import ledger_year, write_export

    return write_export(ledger_year(reads, fiscal_year, made_on, told), key, path, told)


def export_pack(  # noqa: PLR0913, PLR0917 - what an export is asked with
    reads: Connection,
    fiscal_year: str,
    asked: PackAsked,
    reader: PackReader,
    key: str,
    path: Path,
    told: Callable[[str, int, int], object],
) -> Written:
    """Read a board pack and write it in a format, whole or, if stopped, not at all."""
    from collabdesk.services.budgets.papers.pack_writing import write_pack

    told("Reading the figures", 0, 0)
    return write_pack(reads, fiscal_year, asked, reader, key, path, told)
