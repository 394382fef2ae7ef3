"""What the year can be taken away as: each format, whole or not at all, stamped with its ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.exchange.beancount_journal import beancount_of
from collabdesk.exchange.fiscal_package import package_of
from collabdesk.exchange.ledger_csv import csv_of
from collabdesk.exchange.ledger_workbook import workbook_of
from collabdesk.exchange.ledger_year import (
    LedgerYear,
    LineName,
    LineNote,
    Months,
    Posting,
    Told,
    unheard,
)
from collabdesk.exchange.paper.docx import docx_of
from collabdesk.exchange.paper.pdf import pdf_of
from collabdesk.host.atomic_file import write_whole
from collabdesk.services.budgets.closing.month_states import locked_to
from collabdesk.services.budgets.papers.exporting import Written
from collabdesk.services.budgets.papers.year_paper import year_paper
from collabdesk.services.budgets.planning.line_notes import year_notes
from collabdesk.services.budgets.planning.revising import REVISED
from collabdesk.storage.queries.budgets import budget_versions, plan_lines, service_lines
from collabdesk.storage.queries.ledger import stamp
from collabdesk.storage.queries.postings import PostedRow, posted_rows

_EVERY: Final = 5_000


def _pdf(ledger: LedgerYear, told: Told) -> bytes:
    told("Laying the pages", 0, 0)
    return pdf_of(year_paper(ledger))


def _docx(ledger: LedgerYear, told: Told) -> bytes:
    told("Laying the pages", 0, 0)
    return docx_of(year_paper(ledger))


def _fiscal(ledger: LedgerYear, told: Told) -> bytes:
    told("Packing", 0, 0)
    return package_of(ledger)


_WRITERS: Final[Mapping[str, Callable[[LedgerYear, Told], bytes]]] = {
    "xlsx": workbook_of,
    "pdf": _pdf,
    "docx": _docx,
    "csv": csv_of,
    "beancount": beancount_of,
    "fiscal": _fiscal,
}


def stamp_words(reads: Connection, fiscal_year: str) -> str:
    """Return what every export is stamped with.

    As ``Ledger as at #1842, locked to M5``.
    """
    number, locked = stamp(reads).number, locked_to(reads, fiscal_year)
    upto = f"locked to M{locked}" if locked else "no month locked"
    return f"Ledger as at #{number}, {upto}"


def ledger_year(
    reads: Connection, fiscal_year: str, made_on: dt.date, told: Told = unheard
) -> LedgerYear:
    """Read a year of the ledger as exports are written from; refused while nothing is posted."""
    year = FiscalYear.parse(fiscal_year)
    codes = {line.row: (line.code, line.name) for line in service_lines(reads)}

    def named(row: bytes | None, provider: str) -> LineName | None:
        if row is None:
            return None
        code, name = codes.get(row, ("", "Unknown service line"))
        return LineName(code, provider, name, row)

    postings: list[Posting] = []
    for one in posted_rows(reads, year.label):
        if len(postings) % _EVERY == 0:
            told("Reading the ledger", 0, 0)
        postings.append(_posting(one, named(one.service_line, one.provider)))
    if not postings:
        raise Refusal(
            code="nothing_posted",
            words=f"Nothing is posted in {year.label} yet, so there is no ledger to take away.",
            remedy="Agree a version first; a draft can be copied out of the grid.",
        )
    return LedgerYear(
        f"Devolved budget of {year.label}",
        year,
        stamp_words(reads, year.label),
        made_on,
        locked_to(reads, year.label),
        tuple(postings),
        _planned(reads, year.label, named),
        _notes(reads, year.label, named),
    )


def _posting(one: PostedRow, line: LineName | None) -> Posting:
    return Posting(
        one.number,
        one.kind,
        one.what,
        one.posting_month,
        one.month,
        one.account,
        line,
        one.amount_p,
        one.recurrence,
        one.reference,
        bool(one.one_off),
        one.file,
        one.file_row,
    )


Named = Callable[[bytes | None, str], LineName | None]


def _notes(reads: Connection, year: str, named: Named) -> tuple[LineNote, ...]:
    """Return what is written on the lines of the agreed versions of a year."""
    found: dict[tuple[LineName, int, str], LineNote] = {}
    for one in year_notes(reads, year):
        line = named(one.service_line, one.provider)
        if line is not None:
            # A version made from another has its notes too; the first to have them is named.
            note = LineNote(line, one.month, one.text, one.by)
            found.setdefault((line, one.month, one.text), note)
    return tuple(sorted(found.values()))


def _planned(reads: Connection, year: str, named: Named) -> dict[LineName, Months]:
    """Return the months of the version that was agreed first, as people planned them."""
    agreed = [
        version
        for version in budget_versions(reads)
        if (version.fiscal_year, version.state) == (year, "agreed") and version.kind != REVISED
    ]
    planned: dict[LineName, Months] = {}
    for version in sorted(agreed, key=lambda one: one.row)[:1]:
        for line in plan_lines(reads, version.row):
            key = named(line.service_line, line.provider)
            if key is not None:
                planned[key] = tuple(month or 0 for month in line.months)
    return planned


def write_export(ledger: LedgerYear, key: str, path: Path, told: Told = unheard) -> Written:
    """Write a year in a format: the whole file or, after Cancel or a fault, none at all."""
    content = _WRITERS[key](ledger, told)
    told("Saving", 0, 0)
    write_whole(path, content)
    return Written(path, len(ledger.postings), ledger.stamp)
