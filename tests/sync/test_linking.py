"""Which segments are linked: lies about the past end a chain, missing ancestors are waited for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from collabdesk.sync.authority.held import Held
from collabdesk.sync.chain import is_ancestor
from collabdesk.sync.records import ChainPoint
from tests.support.bench import Bench, bench
from tests.support.paper_alliance import PaperAlliance, Written, fixed, plan_line
from tests.support.verdict_cases import everything, same

Lie = Callable[[PaperAlliance], Written]


def a_lamport_too_high(a: PaperAlliance) -> Written:
    return a["a"].write(plan_line(1), lamport=9)


def a_lamport_too_low(a: PaperAlliance) -> Written:
    first = a["b"].write(plan_line(1))
    return a["a"].write(plan_line(1), after=[first], lamport=1)


def a_number_left_out(a: PaperAlliance) -> Written:
    a["a"].write(plan_line(1))
    return a["a"].write(plan_line(1), seq=3)


def anothers_segment_before_it(a: PaperAlliance) -> Written:
    first = a["b"].write(plan_line(1))
    return a["a"].write(plan_line(1), seq=2, prev=first.id, lamport=2)


def its_own_segment_as_a_parent(a: PaperAlliance) -> Written:
    first = a["a"].write(plan_line(1))
    return a["a"].write(plan_line(1), parents=(first.place,))


def a_parent_under_a_wrong_number(a: PaperAlliance) -> Written:
    first = a["b"].write(plan_line(1))
    return a["a"].write(plan_line(1), parents=((first.dev, 2, first.id),), lamport=2)


def a_parent_it_had_seen(a: PaperAlliance) -> Written:
    first = a["b"].write(plan_line(1))
    a["a"].write(plan_line(1), after=[first])
    return a["a"].write(plan_line(1), parents=(first.place,))


LIES: list[Lie] = [
    a_lamport_too_high,
    a_lamport_too_low,
    a_number_left_out,
    anothers_segment_before_it,
    its_own_segment_as_a_parent,
    a_parent_under_a_wrong_number,
    a_parent_it_had_seen,
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lie_about_the_past_ends_the_chain(lie: Lie) -> None:
    alliance = PaperAlliance("a", "b")
    written = lie(alliance)
    after = alliance["a"].write(plan_line(2))
    with bench(alliance) as made, bench(alliance) as backwards:
        received = made.receive(*everything(alliance))
        assert received.broken == [written.id]
        assert (made.of(written), made.of(after)) == ([], [])
        for one in reversed(everything(alliance)):
            backwards.receive(one)
        same(made, backwards)
        backwards.engine.rebuild()
        same(made, backwards)


def test_what_misses_an_ancestor_waits_and_is_linked_when_it_comes() -> None:
    alliance = PaperAlliance("a", "b")
    first = alliance["a"].write(plan_line(1))
    second = alliance["a"].write(plan_line(2))
    third = alliance["b"].write(plan_line(3), after=[second])
    with bench(alliance) as made:
        assert made.receive(third).linked == 0
        assert made.receive(second).linked == 0
        assert made.replica.waiting() == {second.id: [third.id], first.id: [second.id]}
        assert made.receive(first).linked == 3
        assert made.replica.waiting() == {}
        assert made.receive(first, second).linked == 0


def test_a_segment_of_a_device_nobody_named_is_a_strangers() -> None:
    alliance, other = PaperAlliance("a"), PaperAlliance("a", "b")
    stranger = other["b"]
    stranger.workspace = alliance.workspace
    with bench(alliance) as made:
        received = made.receive(stranger.write(plan_line(1)))
        assert (received.strangers, received.stored) == ([0], 0)


def test_ancestors_are_found_through_any_line() -> None:
    alliance = PaperAlliance("a", "b")
    first = alliance["a"].write()
    second = alliance["b"].write(after=[first])
    third = alliance["lead"].write(after=[second])
    apart = alliance["a"].write()
    with bench(alliance) as made:
        made.receive(*everything(alliance))
        log = made.replica.log
        assert is_ancestor(log, first.id, [third.id])
        assert is_ancestor(log, third.id, [third.id])
        assert not is_ancestor(log, apart.id, [third.id])
        assert not is_ancestor(log, bytes(32), [third.id])
        assert log.ancestors(third.id) == (second.id,)


# --- which epochs stand ---------------------------------------------------------------------------


def book(alliance: PaperAlliance, *records: Held) -> Bench:
    return Bench(alliance.workspace, records or alliance.records)


def epochs(alliance: PaperAlliance) -> list[bytes]:
    return [held.id for held in alliance.rulebook.epochs]


def test_an_epoch_stands_when_enough_have_voted() -> None:
    alliance = PaperAlliance("a", "b")
    before = epochs(alliance)
    alliance.adopt(signers=["a", "b"])
    assert epochs(alliance) == before, "the lead owns the first attempt"
    alliance.adopt(signers=["lead"])
    assert epochs(alliance) == before, "two of three must vote"
    both = alliance.adopt(signers=["lead", "a"])
    assert epochs(alliance) == [*before, both.id]


@pytest.mark.parametrize(
    "changes",
    [{"k": 1}, {"k": 4}, {"n": 3}, {"prev": bytes(32)}],
    ids=["too few", "too many", "a number left out", "of nothing"],
)
def test_an_epoch_of_a_wrong_form_does_not_stand(changes: dict[str, int]) -> None:
    alliance = PaperAlliance("a", "b")
    before = epochs(alliance)
    alliance.adopt(signers=["lead", "a", "b"], **changes)
    assert epochs(alliance) == before


def test_a_newcomer_must_have_agreed() -> None:
    alliance = PaperAlliance("a", "b")
    without = PaperAlliance("a")
    made = without.adopt(orgs=alliance.orgs(), signers=["lead", "a"])
    without.records.append(alliance.rosters["b"])
    assert made.id not in epochs(without)


def test_of_two_epochs_neither_stands_until_one_is_continued() -> None:
    alliance = PaperAlliance("a", "b")
    before = epochs(alliance)
    alliance.adopt(signers=["lead", "a"], note="one")
    other = alliance.adopt(signers=["lead", "b"], note="other")
    assert epochs(alliance) == before
    alliance.epochs.append(other)
    last = alliance.adopt()
    assert epochs(alliance) == [*before, other.id, last.id]


def test_landmarks_never_fall() -> None:
    alliance = PaperAlliance("a", "b")
    point = ChainPoint(alliance["a"].public, 2, fixed("segment", 32))
    alliance.adopt(landmarks=(point,))
    standing = epochs(alliance)
    for fallen in (
        (),
        (ChainPoint(point.key, 1, point.id),),
        (ChainPoint(point.key, 2, bytes(32)[1:] + b"x"),),
    ):
        alliance.adopt(signers=["lead", "a", "b"], landmarks=fallen)
        assert epochs(alliance) == standing
    higher = alliance.adopt(landmarks=(ChainPoint(point.key, 3, point.id),))
    assert epochs(alliance) == [*standing, higher.id]


def test_nothing_is_adopted_before_genesis_is_signed() -> None:
    alliance = PaperAlliance()
    unsigned = Held(alliance.genesis.id, alliance.genesis.record, frozenset())
    made = book(alliance, unsigned, *alliance.rosters.values())
    assert made.rulebook.epochs == []
    made.close()
