"""The posted ledger added up by account, line, provider and month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Connection, Select, func, select

from collabdesk.storage.packing import pack_dots
from collabdesk.storage.queries.approvals import inserted_at
from collabdesk.storage.tables.derived import POST
from collabdesk.storage.tables.projections import PROJECTIONS


def posted(fiscal_year: str) -> CTE:
    """Return the headers of a year's posted journals, found once for all of their lines.

    Joined one by one to each line, the posts would be read over and over.
    """
    header = PROJECTIONS["journal"]
    query = (
        select(
            header.c.row,
            header.c.kind,
            header.c.words,
            header.c.posting_month,
            header.c.effective_month,
            header.c.source,
            POST.c.number,
        )
        .select_from(POST)
        .join(header, header.c.row == POST.c.header)
        .where(header.c.fiscal_year == fiscal_year)
    )
    return query.cte("posted").prefix_with("MATERIALIZED")


@dataclass(frozen=True, slots=True)
class Sum:
    """Pence on one account of a line at a provider in a month; what does not come again apart.

    `seen` is the last journal's number that counts in it.
    """

    account: str
    service_line: bytes | None
    provider: str
    month: int | None
    amount_p: int
    one_off_p: int
    seen: int


def sums(reads: Connection, fiscal_year: str, through: int | None = None) -> tuple[Sum, ...]:
    """Return what the journals of a year leave, up to journal number `through` if one is given.

    A line without a month of its own counts in the month its journal belongs to.
    """
    line, header = PROJECTIONS["journal_line"], posted(fiscal_year)
    month = func.coalesce(line.c.month, header.c.effective_month)
    once = func.coalesce(line.c.one_off, 0) * line.c.amount_p
    by = (line.c.account, line.c.service_line, func.coalesce(line.c.provider, ""), month)
    query = (
        select(*by, func.sum(line.c.amount_p), func.sum(once), func.max(header.c.number))
        .select_from(line)
        .join(header, header.c.row == line.c.journal)
        .group_by(*by)
        .order_by(*by)
    )
    if through is not None:
        query = query.where(header.c.number <= through)
    return tuple(Sum(*found) for found in reads.execute(query))


def journal_that_carries_out(reads: Connection, row: bytes) -> int | None:
    """Return the number of the journal that carries out the proposal in a row, or None."""
    source = pack_dots([inserted_at(reads, row)])
    query = select(POST.c.number).where(POST.c.source == source).order_by(POST.c.number)
    found: int | None = reads.execute(query).scalars().first()
    return found


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which ledger lines make up a figure: an account, a line or all, the months it takes in.

    Without months the lines that have none are meant too. Journals after number `through` are
    not.
    """

    account: str
    service_line: bytes | None = None
    provider: str = ""
    first: int | None = None
    last: int | None = None
    through: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One journal line with what leads on from it: its journal, and the row of a file."""

    number: int
    kind: str
    words: str
    posting_month: int
    month: int
    amount_p: int
    service_line: bytes | None
    provider: str
    reference: str
    row: bytes
    source_file: bytes | None
    source_row: int | None


def entries(reads: Connection, fiscal_year: str, wanted: LedgerFilter) -> tuple[LedgerEntry, ...]:
    """Return the ledger lines that add up to a figure, in ledger order."""
    line, header = PROJECTIONS["journal_line"], posted(fiscal_year)
    month = func.coalesce(line.c.month, header.c.effective_month)
    query: Select[Any] = (
        select(
            header.c.number,
            header.c.kind,
            header.c.words,
            header.c.posting_month,
            month,
            line.c.amount_p,
            line.c.service_line,
            func.coalesce(line.c.provider, ""),
            func.coalesce(line.c.reference, ""),
            line.c.row,
            header.c.source,
            line.c.source_row,
        )
        .select_from(line)
        .join(header, header.c.row == line.c.journal)
        .where(line.c.account == wanted.account)
        .order_by(header.c.number, month, line.c.row)
    )
    if wanted.service_line is not None:
        query = query.where(line.c.service_line == wanted.service_line)
    if wanted.provider:
        query = query.where(line.c.provider == wanted.provider)
    if wanted.first is not None:
        query = query.where(month >= wanted.first)
    if wanted.last is not None:
        query = query.where(month <= wanted.last)
    if wanted.through is not None:
        query = query.where(header.c.number <= wanted.through)
    return tuple(LedgerEntry(*found) for found in reads.execute(query))
