"""The ledger lines behind a figure, of a journal or of a file's row, with who signed them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from collabdesk.storage.packing import unpack_dots
from collabdesk.storage.queries.authors import Author, Authors
from collabdesk.storage.queries.positions import LedgerFilter
from collabdesk.storage.tables.derived import POST
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True)
class SignedLine:
    """One ledger line; `people` are whoever posted its journal and whoever proposed it."""

    row: bytes
    number: int
    kind: str
    what: str
    month: int
    account: str
    amount_p: int
    service_line: bytes | None
    provider: str
    reference: str
    file: bytes | None
    file_row: int | None
    people: tuple[Author, ...]


def lines_behind(
    reads: Connection, fiscal_year: str, wanted: LedgerFilter
) -> tuple[SignedLine, ...]:
    """Return the ledger lines that add up to a figure, in ledger order."""
    line, header = PROJECTIONS["journal_line"], PROJECTIONS["journal"]
    month = func.coalesce(line.c.month, header.c.effective_month)
    query = _query().where(
        header.c.fiscal_year == fiscal_year, line.c.account == wanted.account, line.c.amount_p != 0
    )
    if wanted.service_line is not None:
        query = query.where(line.c.service_line == wanted.service_line)
    if wanted.provider:
        query = query.where(line.c.provider == wanted.provider)
    if wanted.first is not None:
        query = query.where(month >= wanted.first)
    if wanted.last is not None:
        query = query.where(month <= wanted.last)
    return tuple(_signed(reads, query))


def lines_of(reads: Connection, number: int) -> tuple[SignedLine, ...]:
    """Return the lines of one journal."""
    line = PROJECTIONS["journal_line"]
    return tuple(_signed(reads, _query().where(POST.c.number == number, line.c.amount_p != 0)))


def lines_from(reads: Connection, file: bytes, row: int) -> tuple[SignedLine, ...]:
    """Return every ledger line that was taken from one row of a file."""
    line, header = PROJECTIONS["journal_line"], PROJECTIONS["journal"]
    query = _query().where(header.c.source == file, line.c.source_row == row)
    return tuple(_signed(reads, query))


def _query() -> Select[Any]:
    line, header = PROJECTIONS["journal_line"], PROJECTIONS["journal"]
    return (
        select(
            line.c.row,
            POST.c.number,
            header.c.kind,
            header.c.words,
            func.coalesce(line.c.month, header.c.effective_month),
            line.c.account,
            line.c.amount_p,
            line.c.service_line,
            func.coalesce(line.c.provider, ""),
            func.coalesce(line.c.reference, ""),
            header.c.source,
            line.c.source_row,
            POST.c.dev16,
            POST.c.seq,
            POST.c.idx,
            POST.c.source,
        )
        .select_from(line)
        .join(header, header.c.row == line.c.journal)
        .join(POST, POST.c.header == header.c.row)
        .order_by(POST.c.term, POST.c.seq, POST.c.idx, line.c.account, line.c.row)
    )


def _signed(reads: Connection, query: Select[Any]) -> Iterator[SignedLine]:
    authors = Authors(reads)
    for found in reads.execute(query):
        *cells, device, seq, idx, source = found
        dots = [(device, seq, idx), *(unpack_dots(source) if source else ())]
        people = tuple(dict.fromkeys(authors.of(dot) for dot in dots))
        values: tuple[Any, ...] = (*cells, people)
        yield SignedLine(*values)
