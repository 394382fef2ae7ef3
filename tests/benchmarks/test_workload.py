"""The committed workload is what it says: accepted, five moved heads, nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

import pytest

from benchmarks.bytes_per_operation import run
from benchmarks.options import Options
from benchmarks.workload import LAPTOPS, ledger_share, mix, on_paper
from collabdesk.sync.operations import InsertRow, Operation, SetRow, read_operation
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Kind
from collabdesk.sync.segment import open_body, read
from tests.support.bench import Bench
from tests.support.paper_alliance import Written

ROUNDS = 4
SEGMENTS = ROUNDS * (1 + len(LAPTOPS))


@pytest.fixture(scope="module")
def written() -> list[Written]:
    return list(on_paper()[1].segments(SEGMENTS, 100))


def operations(written: list[Written]) -> Iterator[Operation]:
    for one in written:
        body = open_body(read(one.file))
        yield from (read_operation(raw, body.devs) for raw in body.ops)


@pytest.mark.parametrize("together", [100, 1])
def test_everything_is_accepted_under_full_authority(together: int) -> None:
    alliance, workload = on_paper()
    bench = Bench(alliance.workspace, alliance.records)
    received = bench.engine.receive([one.file for one in workload.segments(SEGMENTS, together)])
    assert (received.linked, received.refused) == (SEGMENTS, [])
    verdicts = bench.connection.exec_driver_sql("SELECT DISTINCT verdict FROM operation")
    assert [tuple(row) for row in verdicts] == [(0,)]


def test_every_header_names_five_heads_that_moved(written: list[Written]) -> None:
    assert {len(one.header.parents) for one in written[5:]} == {5}
    assert {one.header.n_ops for one in written} == {100}


def test_no_two_amounts_are_equal(written: list[Written]) -> None:
    amounts = Counter(chain.from_iterable(map(amounts_of, operations(written))))
    # What brings a journal to nil is reckoned from its other lines.
    assert len(amounts) > 500
    assert [amount for amount, count in amounts.items() if count > 1] == []


def amounts_of(op: Operation) -> Iterator[int]:
    if not isinstance(op, InsertRow | SetRow):
        return
    columns = REGISTRY.tables[op.table].by_number
    for column, value, *_ in op.cells:
        if columns[column].kind is Kind.PENCE and isinstance(value, int):
            yield value


def test_the_mix_is_what_the_demonstration_did() -> None:
    made = Counter((shape.kind, shape.table) for shape in mix() for _ in range(shape.count))
    assert made["insert", "plan_line"] == 52
    assert made["insert", "journal_line"] == 320
    assert 0.6 < ledger_share() < 0.7


def test_an_operation_takes_few_bytes() -> None:
    report = run(Options())
    assert report.met, [line for line in report.lines if line.met is False]
