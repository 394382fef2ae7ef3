"""The posted ledger: journals by number with their lines, and the check of their chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from collabdesk.storage.oplog import OperationLog
from collabdesk.storage.packing import unpack_dots
from collabdesk.storage.queries.authors import Author, Authors
from collabdesk.storage.tables.derived import OPERATION, POST
from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync import derive
from collabdesk.sync.operations import DeviceList, Dot, Group, PostMark, write_operation


@dataclass(frozen=True, slots=True)
class PostedLine:
    """One line of a posted journal: debits above nought, credits below."""

    row: bytes
    account: str
    amount_p: int
    service_line: bytes | None
    provider: str
    month: int | None
    recurrence: str
    reference: str = ""
    source_row: int | None = None
    one_off: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class PostedJournal:
    """A journal as posted; `source` is the row it carries out, `dot` where it was signed.

    `reverses` is the journal it cancels, `source_file` the file it was taken from.
    """

    number: int
    dot: Dot
    row: bytes
    fiscal_year: str
    kind: str
    posting_month: int
    effective_month: int
    words: str
    version: bytes | None
    source: bytes | None
    author: Author
    lines: tuple[PostedLine, ...]
    reverses: bytes | None = None
    source_file: bytes | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """How far the ledger has come: the last journal's number and the hash all earlier ones feed."""

    number: int
    link: bytes

    @property
    def words(self) -> str:
        """The stamp as it is printed, as ``Ledger #12``."""
        return f"Ledger #{self.number}" if self.number else "Nothing posted yet"


def stamp(reads: Connection) -> Stamp:
    """Return how far the ledger has come."""
    last = reads.execute(_in_order().with_only_columns(POST.c.number, POST.c.link)).all()
    return Stamp(*last[-1]) if last else Stamp(0, b"")


def _in_order() -> Select[Any]:
    return select(POST).order_by(POST.c.term, POST.c.seq, POST.c.idx)


def journals(reads: Connection, fiscal_year: str = "") -> tuple[PostedJournal, ...]:
    """Return the posted journals of a year, or of all years, in ledger order."""
    header = PROJECTIONS["journal"]
    columns = [column for column in header.c if column.name != "source"]
    query = _in_order().add_columns(*columns, header.c.source.label("source_file"))
    query = query.join(header, header.c.row == POST.c.header)
    if fiscal_year:
        query = query.where(header.c.fiscal_year == fiscal_year)
    lines, authors = _lines(reads), Authors(reads)
    return tuple(
        _journal(found, _source_row(reads, found.source), lines.get(found.row, ()), authors)
        for found in reads.execute(query).all()
    )


def _journal(
    found: Any,  # noqa: ANN401 - a row of the join above
    source: bytes | None,
    lines: tuple[PostedLine, ...],
    authors: Authors,
) -> PostedJournal:
    dot = (found.dev16, found.seq, found.idx)
    return PostedJournal(
        number=found.number,
        dot=dot,
        row=found.row,
        fiscal_year=found.fiscal_year,
        kind=found.kind,
        posting_month=found.posting_month,
        effective_month=found.effective_month,
        words=found.words,
        version=found.version,
        source=source,
        author=authors.of(dot),
        lines=lines,
        reverses=found.reverses,
        source_file=found.source_file,
    )


def _lines(reads: Connection) -> Mapping[bytes, tuple[PostedLine, ...]]:
    lines = PROJECTIONS["journal_line"]
    by_journal: dict[bytes, list[PostedLine]] = defaultdict(list)
    order = (lines.c.journal, lines.c.account, lines.c.service_line, lines.c.provider)
    for found in reads.execute(select(lines).order_by(*order, lines.c.month, lines.c.row)):
        by_journal[found.journal].append(
            PostedLine(
                found.row,
                found.account,
                found.amount_p,
                found.service_line,
                found.provider or "",
                found.month,
                found.recurrence or "",
                found.reference or "",
                found.source_row,
                bool(found.one_off),
                found.words or "",
            )
        )
    return {journal: tuple(found) for journal, found in by_journal.items()}


def _source_row(reads: Connection, packed: bytes | None) -> bytes | None:
    if packed is None:
        return None
    ((device, seq, idx),) = unpack_dots(packed)
    query = select(OPERATION.c.row).where(
        OPERATION.c.dev16 == device, OPERATION.c.seq == seq, OPERATION.c.idx == idx
    )
    found: bytes | None = reads.execute(query).scalar_one_or_none()
    return found


def broken_links(reads: Connection, workspace: bytes) -> tuple[int, ...]:
    """Work every journal's hash out again; return the numbers of those that do not fit."""
    log, broken, before = OperationLog(reads), [], workspace
    for post in reads.execute(_in_order()).all():
        again = _hash_again(log, (post.dev16, post.seq, post.idx))
        if again is None or again != (before, post.link):
            broken.append(post.number)
        before = post.link
    return tuple(broken)


def _hash_again(log: OperationLog, dot: Dot) -> tuple[bytes, bytes] | None:
    device, seq, idx = dot
    mark, group = log.read(dot), log.read((device, seq, idx - 1))
    if not isinstance(mark, PostMark) or not isinstance(group, Group):
        return None
    inserts = [log.read((device, seq, idx + n)) for n in range(1, group.size)]
    wires = [write_operation(op, DeviceList([])) for op in inserts if op is not None]
    return mark.prev, derive.journal_hash(mark.prev, mark.term, mark.number, mark.source, wires)
