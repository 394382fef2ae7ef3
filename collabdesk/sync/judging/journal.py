"""The ledger's part of a verdict: what a post group must be, and who posts what next."""

from __future__ import annotations

from collections.abc import Sequence

from collabdesk.sync import derive
from collabdesk.sync import verdicts as v
from collabdesk.sync.authority import keeper
from collabdesk.sync.authority.cited import Cited
from collabdesk.sync.authority.keeper import Posting
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.judging.member import Member
from collabdesk.sync.judging.naming import Naming
from collabdesk.sync.judging.placed import Placed
from collabdesk.sync.names import dev16
from collabdesk.sync.operations import InsertRow, Operation, PostMark, ReleaseLedger
from collabdesk.sync.records import Term
from collabdesk.sync.registry import Registry, kinds
from collabdesk.sync.workset import AcceptedPost

_POST_AT = 1
_FIRST_INSERT = 2
_LEAST_LINES = 2


def form(registry: Registry, group: Sequence[Member], member: Member) -> int:
    """Return 32 unless a post leads a group of ledger inserts that come to nil, else 0.

    While one of them needs a newer version, nobody here can tell; the group waits anyway.
    """
    if len(group) <= _POST_AT or group[_POST_AT] is not member:
        return v.LEDGER_BALANCE
    inserts = group[_FIRST_INSERT:]
    if any(item.read == v.NEWER_REGISTRY for item in inserts):
        return v.ACCEPTED
    parts = [_part(registry, item.op) for item in inserts]
    lines, headers = parts.count("line"), parts.count("header")
    if lines + headers != len(parts) or lines < _LEAST_LINES or headers > 1:
        return v.LEDGER_BALANCE
    total = sum(_pence(registry, item.op) for item in inserts)
    return v.ACCEPTED if total == 0 else v.LEDGER_BALANCE


def led_by_post(group: Sequence[Member]) -> bool:
    """Tell whether a post leads a group, well formed or not."""
    return len(group) > _POST_AT and group[_POST_AT].raw[0] == kinds.POST


def turn(naming: Naming, rulebook: Rulebook, cited: Cited, op: PostMark) -> int:
    """Return 27 unless the author keeps the ledger, 33 unless the journal is the next, else 0."""
    work, placed = naming.work, naming.placed
    posting = Posting(placed.key, op.term, placed.seq)
    if not rulebook.keeps_ledger(cited, posting) or work.released(placed.dev16, op.term):
        return v.NOT_THE_KEEPER
    if op.term > 1 and not _took_over(naming, rulebook, op.term):
        return v.NOT_THE_KEEPER
    tail = work.tail()
    expected = (tail.number + 1, tail.link) if tail else (1, rulebook.workspace)
    if (op.number, op.prev) != expected:
        return v.JOURNAL_LINK
    used = op.source is not None and work.source_used(op.source)
    return v.JOURNAL_LINK if used else v.ACCEPTED


def _took_over(naming: Naming, rulebook: Rulebook, term: int) -> bool:
    """Tell whether the ends of all earlier terms lie in the past and stand.

    Not that of the last one alone: else a term that ended before it began would let its
    successor start a second ledger beside the first.
    """
    return all(_has_ended(naming, before) for before in rulebook.terms[: term - 1])


def _has_ended(naming: Naming, before: Term) -> bool:
    if before.end is None:
        return False
    seq, segment_id = before.end
    return seq == 0 or naming.stands(dev16(before.key), seq, segment_id)


def release(placed: Placed, cited: Cited, op: ReleaseLedger) -> int:
    """Return 27 unless the author's own roster gives it the term it lays down, else 0."""
    posting = Posting(placed.key, op.term, placed.seq)
    held = cited.rules is not None and keeper.names(cited.rules.roster, posting)
    return v.ACCEPTED if held else v.NOT_THE_KEEPER


def accepted(
    registry: Registry, placed: Placed, op: PostMark, group: Sequence[Member]
) -> AcceptedPost:
    """Return what an accepted post leaves in the ledger."""
    inserts = group[_FIRST_INSERT:]
    headers = (item.idx for item in inserts if _part(registry, item.op) == "header")
    header = next((derive.row_id(placed.key, placed.seq, idx) for idx in headers), None)
    wires = [item.raw for item in inserts]
    link = derive.journal_hash(op.prev, op.term, op.number, op.source, wires)
    return AcceptedPost(op.term, op.number, link, op.source, header)


def _part(registry: Registry, op: Operation | None) -> str:
    if not isinstance(op, InsertRow) or op.table not in registry.tables:
        return ""
    return registry.tables[op.table].ledger


def _pence(registry: Registry, op: Operation | None) -> int:
    if not isinstance(op, InsertRow) or _part(registry, op) != "line":
        return 0
    amount = registry.tables[op.table].by_name["amount_p"].number
    return sum(value for column, value in op.cells if column == amount and type(value) is int)
