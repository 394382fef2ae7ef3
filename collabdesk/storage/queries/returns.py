"""Partners' returns, the ledger's side of them, and what was asked and answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, func, select

from collabdesk.storage.queries.authors import Authors
from collabdesk.storage.queries.records import Record, record, records
from collabdesk.storage.tables.derived import POST, ROW
from collabdesk.storage.tables.projections import PROJECTIONS

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerReturn(Record):
    """What a partner says it charged in a month; its scope is whoever brought it in."""

    fiscal_year: str
    month: int
    partner: str
    name: str
    sha256: bytes
    rows: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnItem(Record):
    """One row of a return."""

    partner_return: bytes
    source_row: int
    reference: str
    amount_p: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnMatch(Record):
    """Two references that somebody says are the same."""

    fiscal_year: str
    month: int
    partner: str
    ledger_reference: str
    return_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTolerance(Record):
    """The difference that is let pass."""

    fiscal_year: str
    month: int
    partner: str
    tolerance_p: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnQuery(Record):
    """A question about one reference, with both figures as they stood then."""

    fiscal_year: str
    month: int
    partner: str
    reference: str
    question: str
    ledger_p: int | None
    return_p: int | None
    settled: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryAnswer(Record):
    """An answer; its scope is whoever gave it."""

    query: bytes
    answer: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of spending at a partner, with the journal it stands in."""

    journal: int
    reference: str
    amount_p: int
    words: str
    source_row: int | None
    service_line: bytes


def in_order(reads: Connection, found: Sequence[R]) -> tuple[R, ...]:
    """Return records in the order they were written, the newest last."""
    dots = select(ROW.c.row, ROW.c.dev16, ROW.c.seq, ROW.c.idx).where(
        ROW.c.row.in_([one.row for one in found])
    )
    authors = Authors(reads)
    made = {
        row: (authors.of((dev16, seq, idx)).lamport, seq, idx)
        for row, dev16, seq, idx in reads.execute(dots)
    }
    return tuple(sorted(found, key=lambda one: (made[one.row], one.row)))


def returns(reads: Connection, fiscal_year: str) -> tuple[PartnerReturn, ...]:
    """Return the returns of a year, the newest last."""
    where = PROJECTIONS["partner_return"].c.fiscal_year == fiscal_year
    return in_order(reads, records(reads, "partner_return", PartnerReturn, where))


def return_items(reads: Connection, partner_return: bytes) -> tuple[ReturnItem, ...]:
    """Return the rows of a return in the order of its file."""
    where = PROJECTIONS["return_item"].c.partner_return == partner_return
    found = records(reads, "return_item", ReturnItem, where)
    return tuple(sorted(found, key=lambda item: item.source_row))


def matches(
    reads: Connection, fiscal_year: str, month: int, partner: str
) -> tuple[ReturnMatch, ...]:
    """Return the references that were matched by hand."""
    return _of_month(reads, "return_match", ReturnMatch, (fiscal_year, month, partner))


def match(reads: Connection, row: bytes) -> ReturnMatch | None:
    """Return one match made by hand, or None."""
    return record(reads, "return_match", ReturnMatch, row)


def tolerances(
    reads: Connection, fiscal_year: str, month: int, partner: str
) -> tuple[ReturnTolerance, ...]:
    """Return the tolerances set for a month and partner; one, unless two were set at once."""
    return _of_month(reads, "return_tolerance", ReturnTolerance, (fiscal_year, month, partner))


def queries(
    reads: Connection, fiscal_year: str, month: int, partner: str
) -> tuple[ReturnQuery, ...]:
    """Return what was asked about a month of a partner, the newest last."""
    return _of_month(reads, "return_query", ReturnQuery, (fiscal_year, month, partner))


def query(reads: Connection, row: bytes) -> ReturnQuery | None:
    """Return one query, or None."""
    return record(reads, "return_query", ReturnQuery, row)


def unanswered(reads: Connection, partner: str) -> tuple[ReturnQuery, ...]:
    """Return the queries put to a partner that are neither answered nor settled."""
    where = PROJECTIONS["return_query"].c.partner == partner
    answered = {one.query for one in answers(reads)}
    found = in_order(reads, records(reads, "return_query", ReturnQuery, where))
    return tuple(one for one in found if not one.settled and one.row not in answered)


def answers(reads: Connection) -> tuple[QueryAnswer, ...]:
    """Return every answer, the newest last."""
    return in_order(reads, records(reads, "query_answer", QueryAnswer))


def _of_month(
    reads: Connection, table: str, made: type[R], at: tuple[str, int, str]
) -> tuple[R, ...]:
    cells = PROJECTIONS[table].c
    where = (cells.fiscal_year == at[0], cells.month == at[1], cells.partner == at[2])
    return in_order(reads, records(reads, table, made, *where))


def ledger_lines(
    reads: Connection, fiscal_year: str, month: int, partner: str
) -> tuple[LedgerLine, ...]:
    """Return the lines of spending of a month at a partner, in ledger order."""
    line, header = PROJECTIONS["journal_line"], PROJECTIONS["journal"]
    reference, words = func.coalesce(line.c.reference, ""), func.coalesce(line.c.words, "")
    query_ = (
        select(
            POST.c.number, reference, line.c.amount_p, words, line.c.source_row, line.c.service_line
        )
        .select_from(line)
        .join(header, header.c.row == line.c.journal)
        .join(POST, POST.c.header == header.c.row)
        .where(header.c.fiscal_year == fiscal_year, line.c.account == "spend")
        .where(line.c.month == month, line.c.provider == partner)
        .order_by(POST.c.number, line.c.source_row, line.c.row)
    )
    return tuple(LedgerLine(*found) for found in reads.execute(query_))


def partners_spent_at(reads: Connection, fiscal_year: str, month: int) -> tuple[str, ...]:
    """Return the providers at which a month has spending, in order."""
    line, header = PROJECTIONS["journal_line"], PROJECTIONS["journal"]
    query_ = (
        select(line.c.provider)
        .distinct()
        .select_from(line)
        .join(header, header.c.row == line.c.journal)
        .join(POST, POST.c.header == header.c.row)
        .where(header.c.fiscal_year == fiscal_year, line.c.account == "spend")
        .where(line.c.month == month, line.c.provider.is_not(None))
    )
    return tuple(sorted(reads.execute(query_).scalars()))


def last_month_spent(reads: Connection, fiscal_year: str) -> int:
    """Return the latest month of a year that has spending, the first where none has."""
    header, line = PROJECTIONS["journal"], PROJECTIONS["journal_line"]
    query_ = (
        select(func.max(line.c.month))
        .join(header, header.c.row == line.c.journal)
        .where(header.c.fiscal_year == fiscal_year, line.c.account == "spend")
    )
    return reads.execute(query_).scalar_one() or 1
