"""The posted ledger: journals by number with their lines, and the check of their chain."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from threading import Lock
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Text,
    case,
    func,
    select,
    type_coerce,
)

from collabdesk.storage.oplog import OperationLog
from collabdesk.storage.packing import unpack_dots
from collabdesk.storage.queries.authors import Author, Authors
from collabdesk.storage.tables.derived import OPERATION, POST
from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync import derive
from collabdesk.sync.engine.applying import uncollected
from collabdesk.sync.operations import DeviceList, Dot, Group, PostMark, write_operation


class PostedLine(NamedTuple):
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


class PostedJournal(NamedTuple):
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


_AS_POSTED: Final[tuple[tuple[str, str | int | None, type[Any]], ...]] = (
    ("row", None, LargeBinary),
    ("account", None, Text),
    ("amount_p", None, Integer),
    ("service_line", None, LargeBinary),
    ("provider", "", Text),
    ("month", None, Integer),
    ("recurrence", "", Text),
    ("reference", "", Text),
    ("source_row", None, Integer),
    ("one_off", 0, Boolean),
    ("words", "", Text),
)
"""The columns of a line as it is read, each with what stands for nothing in it."""


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


def stamp_at(reads: Connection, number: int) -> Stamp | None:
    """Return the ledger as it stood after a journal, or None where it holds no such journal."""
    link = _link_at(reads, number)
    return None if link is None else Stamp(number, link)


def _latest_first() -> Select[Any]:
    return select(POST).order_by(POST.c.term.desc(), POST.c.seq.desc(), POST.c.idx.desc())


def _in_order() -> Select[Any]:
    return select(POST).order_by(POST.c.term, POST.c.seq, POST.c.idx)


SPENT: Final = ("actual", "accrual", "accrual_reversal")
"""The kinds of journal that never touch the budget side; most journals are of these."""
_KEPT: Final = 8
_Journals = tuple[PostedJournal, ...]
_known: OrderedDict[tuple[object, ...], _Journals] = OrderedDict()
_settled: OrderedDict[tuple[object, ...], tuple[Stamp, _Journals]] = OrderedDict()
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
    journal never changes: what was read is kept, and after another one is posted only those
    behind what was read are read, while the chain still holds the hash that all of them feed.
    """
    at = _ledger_key(reads)
    wanted = (fiscal_year, budget_only, kinds)
    found = _remembered(at, wanted)
    if found is None and budget_only and not kinds:
        wider = _remembered(at, (fiscal_year, False, ()))
        if wider is not None:
            found = tuple([one for one in wider if one.kind not in SPENT])
    if found is None and not (fiscal_year or kinds) and len(years := _years(reads)) == 1:
        found = journals(reads, years[0], budget_only=budget_only)
    if found is None:
        found = _further(reads, wanted)
    with _knowing:
        _keep(_known, (*at, *wanted), found)
    return found


def _years(reads: Connection) -> Sequence[str]:
    return reads.execute(select(PROJECTIONS["journal"].c.fiscal_year).distinct()).scalars().all()


def _remembered(at: tuple[object, ...], wanted: tuple[object, ...]) -> _Journals | None:
    with _knowing:
        found = _known.get((*at, *wanted))
        if found is not None:
            _known.move_to_end((*at, *wanted))
        return found


def _keep(kept: OrderedDict[tuple[object, ...], Any], key: tuple[object, ...], one: object) -> None:
    kept[key] = one
    kept.move_to_end(key)
    while len(kept) > _KEPT:
        kept.popitem(last=False)


def _further(reads: Connection, wanted: tuple[str, bool, tuple[str, ...]]) -> _Journals:
    """Read what is wanted behind the journals that were read before, or all of it."""
    fiscal_year, budget_only, kinds = wanted
    header = PROJECTIONS["journal"]
    where = [
        *([header.c.fiscal_year == fiscal_year] if fiscal_year else []),
        *([header.c.kind.not_in(SPENT)] if budget_only else []),
        *([header.c.kind.in_(kinds)] if kinds else []),
    ]
    with _knowing:
        known, before = _settled.get(wanted, (Stamp(0, b""), ()))
    if known.number and _link_at(reads, known.number) != known.link:
        known, before = Stamp(0, b""), ()
    found = before + _read(reads, where, known.number)
    # Who signed the last ones is known for good once their change set is sealed.
    open_ = (one.number for one in found[len(before) :] if not one.author.segment)
    last = next(open_, stamp(reads).number + 1) - 1
    settled = tuple([one for one in found if one.number <= last])
    with _knowing:
        _keep(_settled, wanted, (Stamp(last, _link_at(reads, last) or b""), settled))
    return found


def _link_at(reads: Connection, number: int) -> bytes | None:
    found: bytes | None = reads.execute(
        select(POST.c.link).where(POST.c.number == number).limit(1)
    ).scalar()
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


def _read(reads: Connection, where: Sequence[ColumnElement[bool]], after: int) -> _Journals:
    header = PROJECTIONS["journal"]
    names = ("row", "fiscal_year", "kind", "posting_month", "effective_month", "words")
    query = _in_order().with_only_columns(
        *(POST.c.number, POST.c.dev16, POST.c.seq, POST.c.idx, POST.c.source),
        *(header.c[name] for name in (*names, "version", "reverses", "source")),
    )
    query = query.join(header, header.c.row == POST.c.header)
    if after:
        query = query.where(POST.c.number > after)
    with uncollected():
        lines, authors = _lines(reads, where, after), Authors(reads)
        return tuple(_made(reads, query.where(*where), lines, authors))


def _made(
    reads: Connection,
    query: Select[Any],
    lines: Mapping[bytes, tuple[PostedLine, ...]],
    authors: Authors,
) -> Iterator[PostedJournal]:
    for found in reads.execute(query).all():
        number, dev16, seq, idx, source, row, year, kind, posting, effective, *rest = found
        said, version, reverses, source_file = rest
        dot = (dev16, seq, idx)
        yield PostedJournal(
            number,
            dot,
            row,
            year,
            kind,
            posting,
            effective,
            said,
            version,
            None if source is None else _source_row(reads, source),
            authors.of(dot),
            lines.get(row, ()),
            reverses,
            source_file,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a journal stands: its number, its year and the month it is posted in."""

    number: int
    fiscal_year: str
    posting_month: int


def posted_after(reads: Connection, number: int, fiscal_year: str, month: int) -> tuple[Place, ...]:
    """Return the journals posted in a month after one of the ledger, in ledger order."""
    header = PROJECTIONS["journal"]
    query = _in_order().with_only_columns(
        POST.c.number, header.c.fiscal_year, header.c.posting_month
    )
    found = reads.execute(
        query.join(header, header.c.row == POST.c.header).where(
            POST.c.number > number,
            header.c.fiscal_year == fiscal_year,
            header.c.posting_month == month,
        )
    )
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


def _lines(
    reads: Connection, where: Sequence[ColumnElement[bool]], after: int
) -> Mapping[bytes, tuple[PostedLine, ...]]:
    lines, header = PROJECTIONS["journal_line"], PROJECTIONS["journal"]
    order = (lines.c.journal, lines.c.account, lines.c.service_line, lines.c.provider)
    columns = [
        lines.c[name] if empty is None else type_coerce(func.coalesce(lines.c[name], empty), kind)
        for name, empty, kind in _AS_POSTED
    ]
    query = select(lines.c.journal, *columns)
    if where:
        query = query.join(header, header.c.row == lines.c.journal).where(*where)
    if after:
        query = query.where(lines.c.journal.in_(select(POST.c.header).where(POST.c.number > after)))
    found = reads.execute(query.order_by(*order, lines.c.month, lines.c.row)).all()
    made = PostedLine._make
    return {
        journal: tuple([made(one[1:]) for one in group])
        for journal, group in groupby(found, key=itemgetter(0))
    }


def _source_row(reads: Connection, packed: bytes) -> bytes | None:
    ((device, seq, idx),) = unpack_dots(packed)
    query = select(OPERATION.c.row).where(
        OPERATION.c.dev16 == device, OPERATION.c.seq == seq, OPERATION.c.idx == idx
    )
    found: bytes | None = reads.execute(query).scalar_one_or_none()
    return found


def broken_links(reads: Connection, workspace: bytes) -> tuple[int, ...]:
    """Work every journal's hash out again; return the numbers of those that do not fit."""
    posts = reads.execute(_in_order()).all()
    broken, _ = _check_links(OperationLog(reads), workspace, posts)
    return broken


@dataclass(frozen=True, slots=True)
class _Checked:
    """How far a chain was worked out, by the hash that stood there, and what did not fit."""

    to: Stamp
    broken: tuple[int, ...] = ()


_checked: dict[bytes, _Checked] = {}


def links_so_far(reads: Connection, workspace: bytes, most: int) -> tuple[tuple[int, ...], int]:
    """Return the links that do not fit among those looked at, and how far the chain was checked.

    What fitted once in this session is not worked out again while the chain still holds the hash
    up to which it was; of what did not fit, half as many as are looked at are worked out again
    each time. At most so many links are looked at, but one further one always.
    """
    start = _Checked(Stamp(0, workspace))
    known = _checked.get(workspace, start)
    if known.to.number and _link_at(reads, known.to.number) != known.to.link:
        known = start
    doubted, left = known.broken[: most // 2], known.broken[most // 2 :]
    log = OperationLog(reads)
    still = [number for number in doubted if not _fits(reads, log, workspace, number)]
    query = select(POST).where(POST.c.number > known.to.number).order_by(POST.c.number)
    posts = reads.execute(query.limit(max(1, most - len(doubted)))).all()
    broken, last = _check_links(log, known.to.link, posts)
    now = _Checked(last if posts else known.to, (*left, *still, *broken))
    _checked[workspace] = now
    return tuple(sorted(now.broken)), now.to.number


def _fits(reads: Connection, log: OperationLog, workspace: bytes, number: int) -> bool:
    post = reads.execute(select(POST).where(POST.c.number == number)).first()
    before = _link_at(reads, number - 1) if number > 1 else workspace
    return post is None or not _check_links(log, before or b"", [post])[0]


def _check_links(
    log: OperationLog, before: bytes, posts: Iterable[Any]
) -> tuple[tuple[int, ...], Stamp]:
    broken, last = [], Stamp(0, before)
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
