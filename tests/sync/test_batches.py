"""However much waits for one change set, and however large they are, few are worked on at once."""

from __future__ import annotations

from collabdesk.sync.engine.linking import BATCH, BATCH_OPERATIONS, Linking, opened
from collabdesk.sync.engine.ports import Session
from collabdesk.sync.segment import read
from tests.support.bench import Bench
from tests.support.paper_alliance import PaperAlliance, Written, plan_line

CHAIN = 4 * BATCH


def a_chain(alliance: PaperAlliance, length: int, operations: int = 1) -> list[Written]:
    lead = alliance["lead"]
    return [lead.write(*[plan_line(at)] * operations) for at in range(length)]


def session(bench: Bench) -> Session:
    return Session(bench.replica, bench.registry, bench.rulebook, None, lambda: 0)


def test_a_late_first_frees_the_others_a_few_at_a_time() -> None:
    alliance = PaperAlliance("a")
    first, *others = a_chain(alliance, CHAIN)
    bench = Bench(alliance.workspace, alliance.records)
    bench.engine.receive([one.file for one in reversed(others)])
    bench.replica.add_segment(read(first.file), first.file)
    sizes = []
    for batch in Linking(session(bench)).batches([opened(read(first.file))]):
        sizes.append(len(batch))
        for linked in batch:
            bench.replica.log.add_place(linked.link, None)
    assert (sum(sizes), max(sizes)) == (CHAIN, BATCH)


def test_a_late_first_leaves_what_an_early_one_does() -> None:
    alliance = PaperAlliance("a")
    first, *others = a_chain(alliance, CHAIN)
    late = Bench(alliance.workspace, alliance.records)
    late.engine.receive([one.file for one in reversed(others)])
    assert late.engine.receive([first.file]).linked == CHAIN
    early = Bench(alliance.workspace, alliance.records)
    early.engine.receive([first.file, *(one.file for one in others)])
    assert late.root == early.root


def test_large_change_sets_are_worked_on_one_by_one() -> None:
    alliance = PaperAlliance("a")
    written = a_chain(alliance, 6, BATCH_OPERATIONS // 2)
    bench = Bench(alliance.workspace, alliance.records)
    for one in written:
        bench.replica.add_segment(read(one.file), one.file)
    arrivals = (opened(read(one.file)) for one in written)
    sizes = []
    for batch in Linking(session(bench)).batches(arrivals):
        sizes.append(len(batch))
        for linked in batch:
            bench.replica.log.add_place(linked.link, None)
    assert sizes == [2, 2, 2]
