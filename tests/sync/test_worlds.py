"""Random worlds with every kind of record: the engine says what the reference model says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import verdicts as v
from collabdesk.sync.authority.held import Held
from collabdesk.sync.registry import REGISTRY
from tests.support.bench import Bench
from tests.support.depth import examples
from tests.support.living import OLDER
from tests.support.paper_alliance import Written
from tests.support.reference import Control, Reference
from tests.support.worlds import World, worlds

RANDOM = st.randoms(use_true_random=False)
Thing = Held | Written


def told(world: World) -> Reference:
    """Return what the reference model makes of a world."""
    return Reference(world.workspace, world.records, world.files)


@contextmanager
def replica(world: World, records: Iterable[Held] = ()) -> Iterator[Bench]:
    """Open a replica that knows the record its workspace begins with, and others."""
    made = Bench(world.workspace, [world.genesis, *records])
    yield made
    made.close()


def take_in(made: Bench, things: Sequence[Thing], random: Random | None = None) -> None:
    """Let a replica take in records and segments in the order given, in batches of some size."""
    at = 0
    while at < len(things):
        size = random.randint(1, 4) if random else 1
        batch = things[at : at + size]
        records = [united(made, one) for one in batch if isinstance(one, Held)]
        if records:
            made.learn(*records)
        made.receive(*(one for one in batch if isinstance(one, Written)))
        at += size


def united(made: Bench, held: Held) -> Held:
    """Return a record with the signatures that a replica already knows of it, too."""
    known = made.rulebook.records.get(held.id)
    return replace(held, signers=held.signers | known.signers) if known else held


def partly(held: Held, random: Random) -> Held:
    """Return a record with some of its signatures."""
    return replace(held, signers=frozenset(k for k in held.signers if random.randrange(2)))


def truth(made: Bench) -> tuple[object, ...]:
    """Return all that two replicas of one set must have in common."""
    digests = sorted(made.digests().items())
    return made.verdicts(), made.cells(), (made.root, made.control), digests


@given(worlds(), RANDOM)
@settings(max_examples=examples(100))
def test_the_engine_says_what_the_model_says(world: World, random: Random) -> None:
    expected, segments = told(world), list(world.segments)
    random.shuffle(segments)
    with replica(world, world.records) as made:
        take_in(made, segments, random)
        assert made.verdicts() == expected.verdicts()
        assert made.cells() == expected.cells()
        assert (made.root, made.control) == (expected.root, expected.control_head)


@given(worlds())
@settings(max_examples=examples(40))
def test_an_older_program_says_what_the_model_says_and_is_upgraded(world: World) -> None:
    made = Bench(world.workspace, world.records, OLDER)
    made.receive(*world.segments)
    older = Reference(world.workspace, world.records, world.files, OLDER)
    assert (made.verdicts(), made.root) == (older.verdicts(), older.root)
    made.registry = REGISTRY
    made.replica = SqliteReplica(made.connection, "slot", REGISTRY)
    made.engine.rebuild()
    with replica(world, world.records) as newer:
        newer.receive(*world.segments)
        assert truth(made) == truth(newer)
    made.close()


@given(worlds(most=40))
@settings(max_examples=examples(150))
def test_the_rule_book_adopts_what_the_model_adopts(world: World) -> None:
    expected, book = Control(world.workspace, world.records), Bench(world.workspace, world.records)
    ruled = book.rulebook
    book.close()
    assert [held.id for held in ruled.epochs] == [held.id for held in expected.epochs]
    assert ruled.known_devices == expected.known
    if expected.epochs:
        assert {held.id for held in ruled.suspensions} == set(expected.suspensions)
        for org in expected.head.orgs:
            adopted = [held.id for held in expected.rosters[org.org]]
            assert [held.id for held in ruled.rosters(org.org)] == adopted


@given(worlds(most=18), RANDOM)
@settings(max_examples=examples(40))
def test_any_order_any_batches_and_from_scratch_give_one_truth(
    world: World, random: Random
) -> None:
    things: list[Thing] = [*world.records, *world.segments] * 2
    things += [partly(held, random) for held in world.records]
    random.shuffle(things)
    with replica(world) as late, replica(world, world.records) as whole:
        take_in(late, things, random)
        late.receive(*world.segments)
        whole.receive(*world.segments)
        assert truth(late) == truth(whole)
        late.engine.rebuild()
        assert truth(late) == truth(whole)


@given(worlds(most=18), RANDOM)
@settings(max_examples=examples(30))
def test_joining_two_replicas_sets_commutes_associates_and_repeats(
    world: World, random: Random
) -> None:
    things: list[Thing] = [*world.records, *world.segments]
    parts = [[one for one in things if random.randrange(2)] for _ in range(3)]
    a, b, c = parts
    truths = []
    for order in ([*a, *b, *c], [*c, *b, *a], [*b, *c, *a, *b], [*a, *a, *c, *b, *b]):
        with replica(world) as made:
            take_in(made, order, random)
            made.receive(*(one for one in order if isinstance(one, Written)))
            truths.append(truth(made))
    assert all(one == truths[0] for one in truths)


@given(worlds())
@settings(max_examples=examples(60))
def test_nothing_below_a_landmark_is_withheld_for_fork_cut_or_suspension(world: World) -> None:
    with replica(world, world.records) as made:
        made.receive(*world.segments)
        model = told(world)
        for point in made.rulebook.epoch.landmarks:
            for fixed in model.chains.path(point.key, (point.seq, point.id)) or ():
                numbers = set(made.of(next(w for w in world.segments if w.id == fixed)))
                assert not numbers & {v.PAST_A_CUT, v.SUSPENDED, v.FORKED}


@given(worlds(most=30), RANDOM)
@settings(max_examples=examples(40))
def test_a_record_takes_from_the_journals_a_suffix_or_nothing(world: World, random: Random) -> None:
    records = list(world.records)
    random.shuffle(records)
    with replica(world) as made:
        made.receive(*world.segments)
        before = journals(made)
        for record in records:
            made.learn(record)
            made.receive(*world.segments)
            after = journals(made)
            kept = [one for one in before if one in after]
            assert kept == before[: len(kept)] == after[: len(kept)]
            before = after
        assert before == told(world).journals()


def journals(made: Bench) -> list[bytes]:
    """Return the hashes of the posted journals, by number."""
    found = made.connection.exec_driver_sql("SELECT number, link FROM post ORDER BY number")
    posted = [(number, link) for number, link in found]
    total = made.connection.exec_driver_sql("SELECT SUM(amount_p) FROM budgets_journal_line")
    assert total.scalar() in {None, 0}
    assert [number for number, _ in posted] == list(range(1, len(posted) + 1))
    return [link for _, link in posted]


@given(worlds(most=30), RANDOM)
@settings(max_examples=examples(30))
def test_what_rules_is_the_same_whatever_segments_are_held(world: World, random: Random) -> None:
    some = [one for one in world.segments if random.randrange(2)]
    with replica(world, world.records) as part, replica(world, world.records) as whole:
        part.receive(*some)
        whole.receive(*world.segments)
        for name in ("epochs", "suspensions", "known_devices", "landmarks", "alarms"):
            assert getattr(part.rulebook, name) == getattr(whole.rulebook, name)
