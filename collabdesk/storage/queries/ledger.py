"""The posted ledger: journals by number with their lines, and the check of their chain."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

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
    last = reads.execute(_latest_first().limit(1)).first()
    return Stamp(last.number, last.link) if last else Stamp(0, b"")


def _latest_first() -> Select[Any]:
    return select(POST).order_by(POST.c.term.desc(), POST.c.seq.desc(), POST.c.idx.desc())


def _in_order() -> Select[Any]:
    return select(POST).order_by(POST.c.term, POST.c.seq, POST.c.idx)


SPENT: Final = ("actual", "accrual", "accrual_reversal")
"""The kinds of journal that never touch the budget side; most journals are of these."""
_KEPT: Final = 8
_known: OrderedDict[tuple[object, ...], tuple[PostedJournal, ...]] = OrderedDict()
_knowing = Lock()


def journals(
    reads: Connection,
    fiscal_year: str = "",
    *,
    budget_only: bool = False,
    kinds: tuple[str, ...] = (),
) -> tuple[PostedJournal, ...]:
    """Return the posted journals of a year, or of all years, in ledger order.

    `budget_only` leaves out those of what was spent; `kinds` asks for some alone. A posted
    journal never changes: what was read is kept until another one is posted, by the hash that
    all of them feed.
    """
    key = (*_ledger_key(reads), fiscal_year, budget_only, kinds)
    with _knowing:
        found = _known.get(key)
        if found is not None:
            _known.move_to_end(key)
            return found
    header = PROJECTIONS["journal"]
    where = [
        *([header.c.fiscal_year == fiscal_year] if fiscal_year else []),
        *([header.c.kind.not_in(SPENT)] if budget_only else []),
        *([header.c.kind.in_(kinds)] if kinds else []),
    ]
    found = _read(reads, where)
    with _knowing:
        _known[key] = found
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return found


def _ledger_key(reads: Connection) -> tuple[object, ...]:
    last = reads.execute(_latest_first().limit(1)).first()
    if last is None:
        return (0,)
    # Who signed says the change set, and that has a name only once it is sealed.
    at = reads.exec_driver_sql(
        "SELECT id FROM place WHERE dev16 = ? AND seq = ? ORDER BY id", (last.dev16, last.seq)
    )
    return (last.number, last.link, at.scalar())


def _read(reads: Connection, where: Sequence[ColumnElement[bool]]) -> tuple[PostedJournal, ...]:
    header = PROJECTIONS["journal"]
    columns = [column for column in header.c if column.name != "source"]
    query = _in_order().add_columns(*columns, header.c.source.label("source_file"))
    query = query.join(header, header.c.row == POST.c.header)
    lines, authors = _lines(reads, where), Authors(reads)
    return tuple(
        _journal(found, _source_row(reads, found.source), lines.get(found.row, ()), authors)
        for found in reads.execute(query.where(*where)).all()
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a journal stands: its number, its year and the month it is posted in."""

    number: int
    fiscal_year: str
    posting_month: int


def places(reads: Connection) -> tuple[Place, ...]:
    """Return where every journal stands, in ledger order."""
    header = PROJECTIONS["journal"]
    query = _in_order().with_only_columns(
        POST.c.number, header.c.fiscal_year, header.c.posting_month
    )
    found = reads.execute(query.join(header, header.c.row == POST.c.header))
    return tuple(Place(*one) for one in found)


def out_of_balance(reads: Connection, actual: Collection[str]) -> tuple[int, ...]:
    """Return the numbers of the journals of which a side does not sum to nought.

    `actual` names the accounts of the actual side.
    """
    line = PROJECTIONS["journal_line"]
    spent = func.sum(case((line.c.account.in_(actual), line.c.amount_p), else_=0))
    # Added up first and named after: few are out, and the ledger may be long.
    out = (
        select(line.c.journal)
        .group_by(line.c.journal)
        .having((spent != 0) | (func.sum(line.c.amount_p) != 0))
    )
    headers = reads.execute(out).scalars().all()
    if not headers:
        return ()
    query = _in_order().with_only_columns(POST.c.number).where(POST.c.header.in_(headers))
    return tuple(reads.execute(query).scalars())


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


def _lines(
    reads: Connection, where: Sequence[ColumnElement[bool]]
) -> Mapping[bytes, tuple[PostedLine, ...]]:
    lines, header = PROJECTIONS["journal_line"], PROJECTIONS["journal"]
    order = (lines.c.journal, lines.c.account, lines.c.service_line, lines.c.provider)
    names = (
        *("journal", "row", "account", "amount_p", "service_line", "provider", "month"),
        *("recurrence", "reference", "source_row", "one_off", "words"),
    )
    query = select(*(lines.c[name] for name in names))
    if where:
        query = query.join(header, header.c.row == lines.c.journal).where(*where)
    by_journal: dict[bytes, list[PostedLine]] = defaultdict(list)
    for found in reads.execute(query.order_by(*order, lines.c.month, lines.c.row)):
        journal, row, account, pence, line, provider, month, recurrence, *rest = found
        reference, source_row, one_off, words = rest
        by_journal[journal].append(
            PostedLine(
                row,
                account,
                pence,
                line,
                provider or "",
                month,
                recurrence or "",
                reference or "",
                source_row,
                bool(one_off),
                words or "",
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
    broken, _ = _check_links(reads, workspace, reads.execute(_in_order()).all())
    return broken


_fits: dict[bytes, Stamp] = {}


def links_so_far(reads: Connection, workspace: bytes, most: int) -> tuple[tuple[int, ...], int]:
    """Return the links that do not fit among those looked at, and how far the chain was checked.

    What fitted once in this session is not worked out again while the chain still holds it; at
    most so many further ones are at a time.
    """
    known = _fits.get(workspace, Stamp(0, workspace))
    held = select(POST.c.link).where(POST.c.number == known.number)
    if known.number and reads.execute(held).scalar() != known.link:
        known = Stamp(0, workspace)
    query = _in_order().where(POST.c.number > known.number).limit(most)
    broken, last = _check_links(reads, known.link, reads.execute(query).all())
    if not broken:
        _fits[workspace] = Stamp(last.number or known.number, last.link)
    return broken, max(last.number, known.number)


def _check_links(
    reads: Connection, before: bytes, posts: Iterable[Any]
) -> tuple[tuple[int, ...], Stamp]:
    log, broken, last = OperationLog(reads), [], Stamp(0, before)
    for post in posts:
        again = _hash_again(log, (post.dev16, post.seq, post.idx))
        if again is None or again != (last.link, post.link):
            broken.append(post.number)
        last = Stamp(post.number, post.link)
    return tuple(broken), last


def _hash_again(log: OperationLog, dot: Dot) -> tuple[bytes, bytes] | None:
    device, seq, idx = dot
    mark, group = log.read(dot), log.read((device, seq, idx - 1))
    if not isinstance(mark, PostMark) or not isinstance(group, Group):
        return None
    inserts = [log.read((device, seq, idx + n)) for n in range(1, group.size)]
    wires = [write_operation(op, DeviceList([])) for op in inserts if op is not None]
    return mark.prev, derive.journal_hash(mark.prev, mark.term, mark.number, mark.source, wires)
