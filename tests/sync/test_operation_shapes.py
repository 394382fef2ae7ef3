"""Every operation with one part wrong: engine and reference model number it alike.

Shapes and meanings are read twice over, by code that shares nothing: what one would let pass
and the other not shows here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import pytest

from collabdesk.sync import derive
from collabdesk.sync.codec import Malformed, encode_checked
from collabdesk.sync.registry import REGISTRY_VERSION
from collabdesk.sync.segment import MAX_PLAIN
from tests.support.bench import Bench
from tests.support.paper_alliance import (
    Written,
    amount,
    fixed,
    plan_line,
    service_line,
)
from tests.support.paper_world import PaperWorld
from tests.support.reference import Reference
from tests.support.verdict_cases import approve

Wire = list[Any]
FILLERS: tuple[Any, ...] = (
    *(None, False, True, 0, 1, 2, 11, 13, 40, 99, -1, 2**32 - 1, 2**32, 2**63 - 1, -(2**63)),
    *(b"", bytes(16), bytes(31), bytes(32), "", "x", "1.50", "-0", "2026-02-29", "2026-02-28"),
    *([], [[]], [0, 1, 0], [0, 1, 1], [[1, 1, 0]], [[1, 1]], [1, REGISTRY_VERSION + 1]),
)


def world() -> tuple[PaperWorld, Written]:
    """Return a world with rows, siblings, a delete and an approval to name."""
    paper = PaperWorld(lead=1, a=1)
    paper.cite_all(paper.admit_all())
    made = paper["lead1"].write(plan_line(1, 2), service_line(paper.lead.org))
    row, dot = made.row(0), made.dot(0)
    paper["a1"].write(amount(row, 7, dot), after=[made])
    more = paper["lead1"].write(amount(row, 8, dot), [3, 1, 13, row, []], approve(row, dot, 1))
    return paper, more


def bases(paper: PaperWorld) -> dict[str, list[Wire]]:
    """Return an operation of every kind as it should be, each with the group it needs."""
    row, line = derive.row_id(paper["lead1"].public, 1, 0), paper.lead.org
    first, theirs, mine = [1, 1, 0], [0, 1, 0], [1, 2, 0]
    digest = derive.approve_digest(13, row, [(12, paper["lead1"].dev, 1, 0, 2)])
    header = [1, 1, 40, line, [[1, "2026/27"], [2, 1], [3, 1], [4, 1], [5, "x"]]]
    entry = [[1, bytes(16)], [2, 3]]
    lines = [[1, 1, 41, line, [*entry, [3, pence]]] for pence in (5, -5)]
    post = [8, 1, 1, 1, paper.workspace, first]
    month = [[1, bytes(16)], [2, bytes(16)], [3, "RHA"], [4, 1], [11, 5]]
    seen = fixed("seen", 32)
    return {
        "insert": [[1, 1, 13, 1, month]],
        "insert of its own": [[1, 1, 11, line, [[1, "A"], [2, "B"], [3, 1], [4, None]]]],
        "set": [[2, 1, 13, row, [[11, 9, [first, mine]], [12, 3, []]]]],
        "delete": [[3, 1, 13, row, [first, mine]]],
        "undelete": [[4, 1, 13, row, [[1, 2, 1]]]],
        "resolve": [[5, 1, 13, row, 11, 4, [first, mine], "why"]],
        "approve": [[6, 1, 13, row, [[12, first]], digest, "fine"]],
        "withdraw": [[7, 1, [1, 2, 2], None]],
        "post": [[0, 4], post, header, *lines],
        "release": [[9, 2, 1]],
        "beacon": [[16, 2, seen, seen]],
        "heed": [[17, 2, [seen, seen]]],
        "adopt": [[0, 2], [18, 2, seen, 1], [2, 1, 13, row, [[12, 4, []]]]],
        "others": [[2, 1, 13, row, [[11, 1, [theirs]]]]],
    }


def spoiled(ops: list[Wire]) -> Iterator[list[Wire]]:
    """Yield copies of some operations, each with one thing wrong, the right one first."""
    yield ops
    for at, op in enumerate(ops):
        for other in _others(op):
            if type(other) is list:
                yield [*ops[:at], other, *ops[at + 1 :]]


def _others(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any value of the wire
    yield from FILLERS
    if type(value) is not list:
        return
    yield [*value, 0]
    yield value[::-1]
    for at, part in enumerate(value):
        yield [*value[:at], *value[at + 1 :]]
        yield [*value[: at + 1], *value[at:]]
        for other in _others(part):
            yield [*value[:at], other, *value[at + 1 :]]


@pytest.mark.parametrize("kind", bases(world()[0]))
def test_engine_and_model_number_it_alike(kind: str) -> None:
    cases = filter(framed, spoiled(bases(world()[0])[kind]))
    numbers: set[int] = set()
    while batch := list(islice(cases, 200)):
        paper, more = world()
        _write(paper, batch, after=[])
        model = Reference(paper.workspace, paper.records, paper.files)
        made = Bench(paper.workspace, paper.records)
        made.receive(*paper.written)
        assert more.id in model.chains.past
        assert made.verdicts() == model.verdicts()
        assert made.root == model.root
        numbers.update(o.verdict for o in model.ops if o.dot[1] > 2)
        made.close()
    assert 0 in numbers
    assert numbers & {30, 31, 34}


def framed(ops: list[Wire]) -> bool:
    """Tell whether operations pass the gate of a body, so that their shapes are looked at."""
    heads = [op[:2] for op in ops]
    if not all(len(two) == 2 and all(type(v) is int and v >= 0 for v in two) for two in heads):
        return False
    try:
        encode_checked([[], ops], max_bytes=MAX_PLAIN)
    except Malformed:
        return False
    return True


def _write(paper: PaperWorld, cases: Sequence[list[Wire]], after: list[Written]) -> None:
    """Let the lead's laptop write the cases, some to a segment, having seen the other's."""
    devs = sorted(scribe.dev for scribe in paper.scribes.values())
    assert devs[1] == paper["lead1"].dev
    seen = paper["a1"].written
    for at in range(0, len(cases), 20):
        ops = [op for case in cases[at : at + 20] for op in case]
        paper["lead1"].write(*ops, devs=devs, schema=REGISTRY_VERSION, after=seen)
        seen = after
