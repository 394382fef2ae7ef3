"""What the tables of verdict cases share: what a case is, and how it is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from collabdesk.sync import derive
from collabdesk.sync.operations import ApproveRow, Dot, InsertRow, Value
from tests.support.bench import Bench, bench
from tests.support.paper_alliance import PaperAlliance, Written

Judgement = tuple[Written, list[int]]
"""The segment a case is about, and the verdicts on its operations."""
Case = Callable[[PaperAlliance], Judgement]


def approve(row: bytes, dot: Dot, value: Value, *, table: int = 13, column: int = 11) -> ApproveRow:
    """Return an approval of one cell."""
    digest = derive.approve_digest(table, row, [(column, *dot, value)])
    return ApproveRow(1, table, row, ((column, dot),), digest, None)


def journal(org: bytes, *pence: Value) -> list[InsertRow]:
    """Return the header and lines of a journal."""
    header = InsertRow(1, 40, org, ((1, "2026/27"), (2, 1), (3, 1), (4, 1), (5, "Opening")))
    lines = [InsertRow(1, 41, org, ((1, bytes(16)), (2, 3), (3, p))) for p in pence]
    return [header, *lines]


def cases_in(module: Mapping[str, object]) -> list[Case]:
    """Return the cases that a module's functions are."""
    return [
        value
        for value in module.values()
        if callable(value) and getattr(value, "__annotations__", {}).get("return") == "Judgement"
    ]


def everything(alliance: PaperAlliance) -> list[Written]:
    """Return every segment that the alliance's scribes wrote."""
    return [written for scribe in alliance.scribes.values() for written in scribe.written]


def check(case: Case) -> None:
    """See that a case is judged as it says, taken in at once, backwards, twice and rebuilt."""
    alliance = PaperAlliance("a", "b")
    written, expected = case(alliance)
    with bench(alliance) as whole, bench(alliance) as single:
        whole.receive(*everything(alliance))
        assert whole.of(written) == expected
        for one in reversed(everything(alliance)):
            single.receive(one)
            single.receive(one)
        same(single, whole)
        single.engine.rebuild()
        same(single, whole)


def same(one: Bench, other: Bench) -> None:
    """See that two replicas hold the same truth."""
    assert (one.verdicts(), one.root) == (other.verdicts(), other.root)
    assert one.digests() == other.digests()
