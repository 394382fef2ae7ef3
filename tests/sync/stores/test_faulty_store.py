"""The faults that other tests rely on do happen, pass, and are the same for one seed."""

from __future__ import annotations

from collections import Counter

import pytest

from collabdesk.errors import NotPossible
from collabdesk.sync import names
from collabdesk.sync.hashing import sha256
from tests.support.faulty_store import OF_A_FILE, Crashed, Fault, FaultyStore
from tests.support.memory_store import MemoryStore, Share

FOLDER = f"{names.workspace_folder(bytes(32))}/o/lincs/c"
PATHS = [f"{FOLDER}/{names.first26(sha256(bytes([n])))}.cdc" for n in range(40)]
CONTENT = b"the content of a file"
LIMIT = 1_000
ALL = dict.fromkeys(Fault, 120)


def run(store: FaultyStore) -> list[object]:
    """Publish, list and read for a while, and return everything that was seen."""
    seen: list[object] = []
    for path in PATHS:
        try:
            store.put_new(path, CONTENT)
        except (NotPossible, Crashed) as fault:
            seen.append(getattr(fault, "code", "crashed"))
    for _ in range(4):
        for path in PATHS[::4]:
            store.share.write(path, CONTENT + b"!")
        try:
            seen.extend(store.list(FOLDER))
            seen.extend((store.get(path, LIMIT), store.stat(path)) for path in PATHS)
        except NotPossible as fault:
            seen.append(fault.code)
    return seen


def test_one_seed_gives_one_run() -> None:
    first, second, other = (FaultyStore(Share(), seed, ALL) for seed in (7, 7, 8))
    assert run(first) == run(second)
    assert first.struck == second.struck
    assert run(other) != run(FaultyStore(Share(), 7, ALL))


def test_every_fault_happens() -> None:
    struck: Counter[Fault] = Counter()
    for seed in range(20):
        store = FaultyStore(Share(), seed, ALL)
        run(store)
        struck += store.struck
    assert set(struck) == set(Fault)


def test_a_store_without_faults_behaves() -> None:
    store = FaultyStore(Share(), 1, {})
    for path in PATHS:
        store.put_new(path, CONTENT)
    assert len(store.list(FOLDER)) == len(PATHS)
    assert all(store.get(path, LIMIT) == CONTENT for path in PATHS)
    store.remove_own(PATHS[0])
    assert store.get(PATHS[0], LIMIT) is None
    assert store.probe().suitable
    assert not store.struck


@pytest.mark.parametrize("fault", OF_A_FILE)
def test_a_file_comes_through_in_the_end(fault: Fault) -> None:
    share = Share()
    MemoryStore(share).put_new(PATHS[0], CONTENT)
    store = FaultyStore(share, 3, {fault: 1_000})
    reads = [store.get(PATHS[0], LIMIT) for _ in range(5)]
    assert reads[0] != CONTENT
    assert reads[-1] == CONTENT


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.CUT_SHORT, Fault.BIT_FLIP, Fault.RENAMED])
def test_damage_stays_until_the_file_is_put_back(fault: Fault) -> None:
    store = FaultyStore(Share(), 3, {fault: 1_000})
    store.put_new(PATHS[0], CONTENT)
    store.calm()
    assert store.get(PATHS[0], LIMIT) != CONTENT
    store.put_new(PATHS[0], CONTENT)
    assert store.get(PATHS[0], LIMIT) == CONTENT


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.VANISHED, "share-not-found"),
        (Fault.READ_ONLY, "share-read-only"),
        (Fault.FULL, "share-full"),
        (Fault.BUSY, "share-busy"),
    ],
)
def test_a_share_that_refuses_says_so_as_a_real_one_does(fault: Fault, code: str) -> None:
    store = FaultyStore(Share(), 3, {fault: 1_000})
    with pytest.raises(NotPossible) as refusal:
        store.put_new(PATHS[0], CONTENT)
    assert refusal.value.code == code
    store.calm()
    assert store.get(PATHS[0], LIMIT) is None


def test_a_share_is_rolled_back_forked_and_merged() -> None:
    share = Share()
    share.write(PATHS[0], CONTENT)
    before = share.snapshot()
    other = share.fork()
    share.write(PATHS[1], CONTENT)
    other.write(PATHS[2], CONTENT)
    share.merge(other)
    assert set(share.files) == set(PATHS[:3])
    share.roll_back(before)
    assert set(share.files) == set(PATHS[:1])
