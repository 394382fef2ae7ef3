"""Random histories of three laptops: any order gives one truth, and it is the reference's."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collabdesk.sync.authority.held import Held
from collabdesk.sync.operations import (
    ResolveCell,
)
from tests.support.bench import Bench, bench
from tests.support.histories import NAMES, histories
from tests.support.paper_alliance import (
    Op,
    PaperAlliance,
    Written,
    amount,
    plan_line,
    service_line,
)
from tests.support.reference import Reference
from tests.support.verdict_cases import everything, same

NEWER: Op = [2, 3, 1]


def reference(alliance: PaperAlliance) -> Reference:
    files = [written.file for written in everything(alliance)]
    return Reference(alliance.workspace, alliance.records, files)


@given(histories(14), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_engine_says_what_the_reference_says(alliance: PaperAlliance, random: Random) -> None:
    expected = reference(alliance)
    files = everything(alliance)
    random.shuffle(files)
    with bench(alliance) as made:
        half = len(files) // 2
        made.receive(*files[:half])
        for written in files[half:]:
            made.receive(written)
        assert made.verdicts() == expected.verdicts()
        assert made.cells() == expected.cells()
        assert (made.root, made.control) == (expected.root, expected.control_head)


@given(histories(12), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_any_order_and_any_batches_give_one_truth(alliance: PaperAlliance, random: Random) -> None:
    files = everything(alliance)
    arrivals: list[Held | Written] = [*alliance.records[1:], *files] * 2
    random.shuffle(arrivals)
    late = Bench(alliance.workspace, alliance.records[:1])
    take_in(late, arrivals)
    late.receive(*files)
    with bench(alliance) as whole:
        whole.receive(*files)
        same(late, whole)
        whole.engine.rebuild()
        same(late, whole)
    late.close()


def take_in(made: Bench, arrivals: Iterable[Held | Written]) -> None:
    for item in arrivals:
        if isinstance(item, Written):
            made.receive(item)
        else:
            made.learn(item)


@pytest.mark.parametrize("what", ["contest", "right taken away", "fork"])
def test_every_permutation_of_six_arrivals_gives_one_truth(what: str) -> None:
    alliance = PaperAlliance("a", "b")
    arrivals = _six(alliance, what)
    known = [record for record in alliance.records if record not in arrivals]
    truths = {_told(alliance.workspace, known, order) for order in permutations(arrivals)}
    assert len(truths) == 1


def _six(alliance: PaperAlliance, what: str) -> list[Written | Held]:
    lead, a, b = (alliance[name] for name in NAMES)
    first = a.write(plan_line(1), service_line(a.org))
    row = first.row(0)
    one = b.write(amount(row, 2, first.dot(0)), after=[first])
    two = lead.write(amount(row, 3, first.dot(0)), after=[first])
    dots = tuple(sorted((one.dot(0), two.dot(0))))
    settled = ResolveCell(1, 13, row, 11, 4, dots, "why")
    match what:
        case "contest":
            last = a.write(amount(row, 5, first.dot(0)))
            return [first, one, two, last, b.write(settled, after=[two]), lead.write(NEWER)]
        case "right taken away":
            less = alliance.adopt(orgs=alliance.orgs(a=(2,)))
            alliance.cite(less)
            return [first, one, two, less, b.write(settled, after=[two]), a.write(plan_line(2))]
    twin = a.write(amount(row, 5, first.dot(0)), keep=False)
    other = a.write(amount(row, 6, first.dot(0)))
    late = b.write(amount(row, 7, one.dot(0), twin.dot(0)), after=[two, twin])
    return [first, one, two, twin, other, late]


def _told(workspace: bytes, known: list[Held], order: Iterable[Written | Held]) -> str:
    made = Bench(workspace, known)
    take_in(made, order)
    truth = f"{made.root.hex()} {sorted(made.digests().items())}"
    made.close()
    return truth
