"""Files figures were taken from, the mapping of their codes, rows that wait, what was posted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from collabdesk.storage.queries.records import Record, record, records
from collabdesk.storage.queries.returns import in_order
from collabdesk.storage.tables.derived import POST
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile(Record):
    """A file that figures were taken from; `file` names the bytes of one that travels."""

    kind: str
    name: str
    sha256: bytes
    source: str
    fiscal_year: str
    month: int | None
    rows: int | None
    control_p: int | None
    left_out_p: int | None
    file: bytes | None
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMapping(Record):
    """Whose a code of a source is from a month on; no line and not left out: contested away."""

    source: str
    fiscal_year: str
    from_month: int
    cost_centre: str
    subjective: str
    service_line: bytes | None
    provider: str
    left_out: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow(Record):
    """A row of a file that waits until its code is mapped."""

    source_file: bytes
    source_row: int
    cost_centre: str
    subjective: str
    month: int
    amount_p: int
    reference: str
    words: str


def source_files(reads: Connection, *kinds: str) -> tuple[SourceFile, ...]:
    """Return the files figures were taken from, of some kinds or all, the oldest first."""
    table = PROJECTIONS["source_file"]
    where = (table.c.kind.in_(kinds),) if kinds else ()
    found = records(reads, "source_file", SourceFile, *where)
    return in_order(reads, found)


def source_file(reads: Connection, row: bytes) -> SourceFile | None:
    """Return one file, or None."""
    return record(reads, "source_file", SourceFile, row)


def mappings(reads: Connection, fiscal_year: str, source: str = "") -> tuple[CodeMapping, ...]:
    """Return the mappings of a year, of one source or all."""
    table = PROJECTIONS["code_mapping"]
    where = [table.c.fiscal_year == fiscal_year]
    if source:
        where.append(table.c.source == source)
    return records(reads, "code_mapping", CodeMapping, *where)


def waiting_rows(reads: Connection) -> tuple[WaitingRow, ...]:
    """Return every row that waits, in the order of its file."""
    found = records(reads, "waiting_row", WaitingRow)
    return tuple(sorted(found, key=lambda row: (row.source_file, row.source_row)))


def posted_spend(
    reads: Connection, fiscal_year: str, source: str, month: int
) -> dict[tuple[str, bytes, str], int]:
    """Return what files of a source have put in the ledger for a month.

    By reference, service line and provider, in pence. What was cancelled and corrected since
    counts as it is now.
    """
    line = PROJECTIONS["journal_line"]
    by = (func.coalesce(line.c.reference, ""), line.c.service_line, line.c.provider)
    wanted, _corrected = _journals_of(reads, fiscal_year, source)
    totals: dict[tuple[str, bytes, str], int] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = (
            select(*by, func.sum(line.c.amount_p))
            .where(line.c.journal.in_(wanted[start : start + _AT_ONCE]))
            .where(line.c.account == "spend", line.c.month == month)
            .group_by(*by)
        )
        for reference, service_line, provider, amount_p in reads.execute(query):
            key = (reference, service_line, provider)
            totals[key] = totals.get(key, 0) + amount_p
    return totals


_AT_ONCE = 500


def was_corrected(reads: Connection, fiscal_year: str, source: str, month: int) -> bool:
    """Tell whether anything that files of a source posted of a month was cancelled since."""
    return month in _journals_of(reads, fiscal_year, source)[1]


def _journals_of(
    reads: Connection, fiscal_year: str, source: str
) -> tuple[list[bytes], frozenset[int]]:
    """Return a source's journals with those that cancel or replace them; the months cancelled."""
    header, files = PROJECTIONS["journal"], PROJECTIONS["source_file"]
    query = (
        select(
            header.c.effective_month,
            header.c.row,
            header.c.kind,
            header.c.reverses,
            files.c.source,
        )
        .select_from(POST)
        .join(header, header.c.row == POST.c.header)
        .join(files, files.c.row == header.c.source, isouter=True)
        .where(header.c.fiscal_year == fiscal_year)
        .order_by(POST.c.number)
    )
    found: dict[bytes, None] = {}
    corrects, corrected = False, set()
    for month, row, kind, reverses, of_source in reads.execute(query):
        mine = of_source == source and source != ""
        cancels = reverses is not None and reverses in found
        # A correction is posted right after what it cancels.
        if mine or cancels or (corrects and kind == "correction"):
            found[row] = None
        corrects = cancels and kind == "reversal"
        if cancels:
            corrected.add(month)
    return list(found), frozenset(corrected)
