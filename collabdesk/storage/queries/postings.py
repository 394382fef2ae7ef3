"""Every line of a year's posted journals in one pass, for what leaves the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from collabdesk.storage.tables.derived import POST
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True)
class PostedRow:
    """A ledger line with its journal and the name of the file it was taken from."""

    number: int
    kind: str
    what: str
    posting_month: int
    month: int
    account: str
    service_line: bytes | None
    provider: str
    amount_p: int
    recurrence: str
    reference: str
    one_off: bool
    file: str
    file_row: int | None


def posted_rows(reads: Connection, fiscal_year: str) -> Iterator[PostedRow]:
    """Yield the lines of a year in ledger order; nil ones are left out.

    A line without a month of its own counts in the month its journal belongs to.
    """
    line, header, file = (PROJECTIONS[n] for n in ("journal_line", "journal", "source_file"))
    query: Select[Any] = (
        select(
            POST.c.number,
            header.c.kind,
            header.c.words,
            header.c.posting_month,
            func.coalesce(line.c.month, header.c.effective_month),
            line.c.account,
            line.c.service_line,
            func.coalesce(line.c.provider, ""),
            line.c.amount_p,
            func.coalesce(line.c.recurrence, ""),
            func.coalesce(line.c.reference, ""),
            func.coalesce(line.c.one_off, 0),
            func.coalesce(file.c.name, ""),
            line.c.source_row,
        )
        .select_from(line)
        .join(header, header.c.row == line.c.journal)
        .join(POST, POST.c.header == header.c.row)
        .outerjoin(file, file.c.row == header.c.source)
        .where(header.c.fiscal_year == fiscal_year, line.c.amount_p != 0)
        .order_by(
            POST.c.term,
            POST.c.seq,
            POST.c.idx,
            line.c.account,
            line.c.service_line,
            line.c.provider,
            line.c.month,
            line.c.row,
        )
    )
    for found in reads.execute(query):
        yield PostedRow(*found)
