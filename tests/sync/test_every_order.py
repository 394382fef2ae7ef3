"""Seven segments and records in each of their 5,040 orders: one truth for each set of them."""

from __future__ import annotations

from collections.abc import Callable
from math import factorial

import pytest

from collabdesk.sync.authority.held import Held
from collabdesk.sync.operations import ResolveCell
from tests.support.every_order import Thing, follow
from tests.support.paper_alliance import amount, plan_line, service_line
from tests.support.paper_world import PaperWorld, at, device, points
from tests.support.reference import Reference

Seven = Callable[[PaperWorld], list[Thing]]


def a_contest_that_is_settled(w: PaperWorld) -> list[Thing]:
    first = w["a1"].write(plan_line(1), service_line(w.trusts["a"].org))
    row, dot = first.row(0), first.dot(0)
    one = w["b1"].write(amount(row, 2, dot), after=[first])
    two = w["lead1"].write(amount(row, 3, dot), after=[first])
    dots = tuple(sorted((one.dot(0), two.dot(0))))
    last = w["a1"].write(amount(row, 5, dot))
    settled = w["b1"].write(ResolveCell(1, 13, row, 11, 4, dots, "why"), after=[two])
    newer = w["lead1"].write([2, 99, 1])
    return [first, one, two, last, settled, newer, w["a2"].write(amount(row, 6), after=[settled])]


def a_fork_and_the_cut_that_settles_it(w: PaperWorld) -> list[Thing]:
    a, trust = w["a1"], w.trusts["a"]
    first = a.write(plan_line(1))
    twin = a.write(amount(first.row(0), 5, first.dot(0)), keep=False)
    other = a.write(amount(first.row(0), 6, first.dot(0)))
    seen = w["b1"].write(amount(first.row(0), 7, twin.dot(0)), after=[twin])
    after = w["lead1"].write(amount(first.row(0), 8, other.dot(0)), after=[other])
    cut = w.roster(trust, trust.rosters[0], cuts=points(at(other)))
    return [first, twin, other, seen, after, cut, w.prove(twin, other)]


def a_laptop_suspended_retired_and_lifted(w: PaperWorld) -> list[Thing]:
    trust, head = w.trusts["a"], w.records[-1]
    first = w["a2"].write(plan_line(1))
    second = w["a2"].write(amount(first.row(0), 2, first.dot(0)))
    third = w["b1"].write(amount(first.row(0), 3, second.dot(0)), after=[second])
    suspension = w.suspend(w["a2"], [w["lead1"].key, w["b1"].key], after=first)
    lifted = w.epoch(head, lifts=(suspension.id,))
    devices = (device(w["a1"]),)
    retired = w.roster(trust, trust.rosters[0], devices=devices, cuts=points(at(first)))
    return [first, second, third, suspension, lifted, retired, w["a1"].write(plan_line(9))]


def two_epochs_one_of_them_continued(w: PaperWorld) -> list[Thing]:
    head = w.records[-1]
    less = tuple(w.entry(t, grants=()) if t.name == "a" else w.entry(t) for t in w.trusts.values())
    one = w.epoch(head, w.admins("lead", "a"), note="one", orgs=w.entries(*less))
    other = w.epoch(head, w.admins("lead", "b"), note="other")
    first = w["a1"].write(plan_line(1))
    w.cite_all(one)
    second = w["a1"].write(amount(first.row(0), 2, first.dot(0)))
    third = w["b1"].write(amount(first.row(0), 3, first.dot(0)), after=[first])
    return [one, other, first, second, third, w.epoch(other), w["lead1"].write(plan_line(4))]


def an_attempt_that_voids_open(w: PaperWorld) -> list[Thing]:
    head, trust = w.records[-1], w.trusts["a"]
    voids: list[Held] = [w.void(w.trusts[name], head, 0, 0) for name in ("a", "b")]
    newer = w.roster(trust, trust.rosters[0], devices=(device(w["a1"]),))
    entries = w.entries(*(w.entry(t, newer if t is trust else None) for t in w.trusts.values()))
    epoch = w.epoch(head, w.admins("a", "b"), attempt=1, orgs=entries)
    first = w["a2"].write(plan_line(1))
    second = w["b1"].write(amount(first.row(0), 2, first.dot(0)), after=[first])
    return [*voids, newer, epoch, first, second, w["a2"].write(amount(first.row(0), 3))]


CASES: list[Seven] = [
    a_contest_that_is_settled,
    a_fork_and_the_cut_that_settles_it,
    a_laptop_suspended_retired_and_lifted,
    two_epochs_one_of_them_continued,
    an_attempt_that_voids_open,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_every_order_of_seven_arrivals_gives_one_truth(case: Seven) -> None:
    world = PaperWorld(lead=1, a=2, b=1)
    world.cite_all(world.admit_all())
    before = list(world.records)
    things = case(world)
    seen = follow(world.workspace, before, things)
    assert (len(things), seen.orders) == (7, factorial(7))
    assert {len(truths) for truths in seen.truths.values()} == {1}
    assert Reference(world.workspace, world.records, world.files).control.epochs
