"""What is found in a workspace's folder by names alone, and what a look costs."""

from __future__ import annotations

import pytest

from collabdesk.errors import NotPossible
from collabdesk.sync import blobs, join, listing, names, records, segment
from collabdesk.sync.hashing import sha256
from collabdesk.sync.listing import CAPS, Found, Kind, Listing, Newest
from collabdesk.sync.stores.counting import CountingStore
from collabdesk.sync.stores.port import Entries
from collabdesk.sync.stores.refusals import folder_not_readable
from tests.support.memory_store import CONFLICTS, ROOT, MemoryStore, Share

WS = sha256(b"workspace")
WS26 = names.ws26(WS)
TOP = names.workspace_folder(WS)
SLOTS = ["derby", "lincs", "notts"]
KEYS = {slot: sha256(slot.encode()) for slot in SLOTS}
DEVICES = {names.dev26(key) for key in KEYS.values()}


def path_of(path: str) -> str:
    return f"{TOP}/{path}"


def segment_path(slot: str, seq: int, of: str = "") -> str:
    key = KEYS[of or slot]
    return path_of(names.segment_path(slot, key, seq, sha256(f"{of or slot}{seq}".encode())))


def some_hash(text: str) -> bytes:
    return sha256(text.encode())


@pytest.fixture
def share() -> Share:
    share = Share()
    share.write(path_of("README.txt"), b"A folder of CollabDesk.")
    share.write(path_of(names.genesis_path(WS)), b"genesis")
    for slot in SLOTS:
        share.write(path_of(names.record_path(slot, slot.encode())), b"record")
        share.write(path_of(names.join_path(slot, KEYS[slot])), b"join")
        share.write(path_of(names.healed_path(slot, some_hash(slot))), b"healed")
        share.write(path_of(names.blob_path(slot, some_hash(slot))), b"blob")
        for seq in (1, 2, 255, 256):
            share.write(segment_path(slot, seq), b"segment")
    return share


def look(share: Share, known: frozenset[str] = frozenset(), turn: int = 0) -> Listing:
    return Listing(MemoryStore(share), WS26, known.__contains__, turn=turn)


def paths(found: list[Found]) -> list[str]:
    return [one.path for one in found]


def everything(look: Listing) -> list[Found]:
    wanted = [some_hash(slot) for slot in SLOTS]
    found = [*look.genesis(), *look.records(), *look.segments(DEVICES)]
    return [*found, *look.healed(), *look.joins(), *look.blobs(wanted)]


def test_workspaces_and_slots_are_found_by_name(share: Share) -> None:
    share.write("cd1-short/x.cdc", b"x")
    share.write("Photographs/x.jpg", b"x")
    share.write(path_of("o/not a slot/x"), b"x")
    share.write(path_of("o/file"), b"x")
    store = MemoryStore(share)
    assert listing.workspaces(store) == [WS26]
    assert listing.slots(store, WS26) == SLOTS


def test_only_a_workspace_has_a_folder() -> None:
    with pytest.raises(ValueError, match="not a workspace"):
        listing.slots(MemoryStore(), "../elsewhere")


def test_every_file_is_found_once_and_the_note_for_people_never(share: Share) -> None:
    found = everything(look(share))
    assert sorted(paths(found)) == sorted(set(share.files) - {path_of("README.txt")})
    assert all(one.strict for one in found)


def test_every_kind_is_told_with_its_claims_and_its_cap(share: Share) -> None:
    by_path = {one.path: one for one in everything(look(share))}
    device = names.dev26(KEYS["lincs"])
    said = names.SegmentName(255, names.id26(some_hash("lincs255")))
    path = segment_path("lincs", 255)
    assert by_path[path] == Found(path, "lincs", Kind.SEGMENT, 7, said, True, device)  # noqa: FBT003 - strict
    genesis = by_path[path_of(names.genesis_path(WS))]
    assert (genesis.kind, genesis.slot, genesis.name_says) == (Kind.GENESIS, "", WS26)
    caps = {one.kind: one.cap for one in by_path.values()}
    assert caps == CAPS
    assert caps == {
        Kind.GENESIS: records.MAX_FILE,
        Kind.RECORD: records.MAX_FILE,
        Kind.SEGMENT: segment.MAX_FILE,
        Kind.HEALED: segment.MAX_FILE,
        Kind.BLOB: blobs.MAX_CHUNK,
        Kind.JOIN: join.MAX_FILE,
    }


def test_the_segments_of_a_chain_come_in_order(share: Share) -> None:
    found = look(share).segments({names.dev26(KEYS["lincs"])})
    assert paths(list(found)) == [segment_path("lincs", seq) for seq in (1, 2, 255, 256)]


def test_what_is_known_by_name_is_not_found_again(share: Share) -> None:
    known = frozenset(share.files) - {segment_path("notts", 2)}
    assert paths(everything(look(share, known))) == [segment_path("notts", 2)]


def test_devices_nobody_enrolled_are_not_looked_into(share: Share) -> None:
    store = CountingStore(MemoryStore(share))
    assert list(Listing(store, WS26, lambda _: False).segments(set())) == []
    assert store.lists == 1 + len(SLOTS)


def test_an_idle_poll_reads_nothing_and_lists_little(share: Share) -> None:
    store = CountingStore(MemoryStore(share))
    idle = Listing(store, WS26, frozenset(share.files).__contains__)
    newest = {names.dev26(key): Newest(slot, 256) for slot, key in KEYS.items()}
    found = [*idle.records(), *idle.segments(DEVICES, newest), *idle.healed(), *idle.joins()]
    assert found == []
    assert store.lists == 1 + 4 * len(SLOTS) + len(DEVICES)
    assert len(set(store.listed)) == store.lists
    assert (store.reads, store.bytes_read, store.puts) == (0, 0, 0)


def test_the_next_bucket_is_looked_into_while_the_one_before_is_full(share: Share) -> None:
    device = names.dev26(KEYS["lincs"])
    full = look(share).segments({device}, {device: Newest("lincs", 255)})
    assert segment_path("lincs", 256) in paths(list(full))
    onward = look(share).segments({device}, {device: Newest("lincs", 254)})
    assert paths(list(onward)) == [segment_path("lincs", seq) for seq in (1, 2, 255, 256)]
    filled = segment_path("lincs", 255)
    half = look(share, frozenset({filled})).segments({device}, {device: Newest("lincs", 254)})
    assert paths(list(half)) == [segment_path("lincs", seq) for seq in (1, 2)]


def test_a_device_not_heard_yet_is_looked_for_in_every_slot(share: Share) -> None:
    for seq in (1, 3):
        share.write(segment_path("derby", seq, of="lincs"), b"segment")
    device = names.dev26(KEYS["lincs"])
    elsewhere = {names.dev26(KEYS["notts"]): Newest("notts", 256)}
    found = paths(list(look(share).segments({device}, elsewhere)))
    assert found[:2] == [segment_path("derby", seq, of="lincs") for seq in (1, 3)]
    assert segment_path("lincs", 256) in found


@pytest.mark.parametrize("pattern", CONFLICTS)
def test_renamed_copies_are_found_and_their_names_say_nothing(share: Share, pattern: str) -> None:
    known = frozenset(share.files)
    copies = {share.copy_aside(path, pattern) for path in known if not path.endswith(".txt")}
    found = everything(look(share, known))
    assert set(paths(found)) == copies
    assert not any(one.strict or one.name_says for one in found)
    assert {one.kind for one in found} == set(Kind)


def test_a_copy_in_capitals_is_found(share: Share) -> None:
    folded = share.fold(segment_path("lincs", 2))
    (found,) = look(share, frozenset(share.files) - {folded}).segments(DEVICES)
    assert (found.path, found.strict, found.kind) == (folded, False, Kind.SEGMENT)


@pytest.mark.parametrize(
    ("folder", "name", "kind"),
    [
        ("c", "a.cds", Kind.SEGMENT),
        ("h", "b (1).CDC", Kind.RECORD),
        ("j", "c.cdb", Kind.BLOB),
        ("c", "d.cdj", Kind.JOIN),
    ],
)
def test_a_file_in_a_wrong_folder_goes_by_its_suffix(
    share: Share, folder: str, name: str, kind: Kind
) -> None:
    known = frozenset(share.files)
    share.write(path_of(f"o/lincs/{folder}/{name}"), b"x")
    found = everything(look(share, known))
    assert [(one.kind, one.strict) for one in found] == [(kind, False)]


def test_a_segment_in_a_wrong_bucket_is_no_more_than_a_copy(share: Share) -> None:
    known = frozenset(share.files)
    right = segment_path("lincs", 256)
    share.write(right.replace("/000001/", "/000000/"), b"segment")
    (found,) = look(share, known).segments(DEVICES)
    assert (found.strict, found.name_says) == (False, None)


@pytest.mark.parametrize(
    "name", ["con.cds", "a:b.cds", "a.cds.tmp", "a.txt", ".cds", "t", "a.cds~", "x\x01.cds"]
)
def test_other_names_are_passed_over(share: Share, name: str) -> None:
    known = frozenset(share.files)
    share.write(path_of(f"o/lincs/h/{name}"), b"x")
    assert everything(look(share, known)) == []


def test_a_file_of_no_bytes_is_not_here_yet(share: Share) -> None:
    known = frozenset(share.files)
    share.write(path_of(names.record_path("lincs", b"new")), b"")
    assert everything(look(share, known)) == []


def test_a_join_request_is_found_by_the_beginning_of_its_name(share: Share) -> None:
    wanted = names.dev26(KEYS["lincs"])[:17]
    (found,) = look(share).joins(wanted)
    assert found.name_says == names.dev26(KEYS["lincs"])


def test_only_the_chunks_asked_for_are_looked_for(share: Share) -> None:
    store = CountingStore(MemoryStore(share))
    wanted = [some_hash("lincs")]
    (found,) = Listing(store, WS26, lambda _: False).blobs(wanted)
    assert found.path == path_of(names.blob_path("lincs", wanted[0]))
    assert store.lists == 1 + len(SLOTS)


def test_a_flood_is_read_in_turns_and_hides_nobody(share: Share) -> None:
    flood = {names.record_path("derby", bytes([n, m])) for n in range(8) for m in range(160)}
    for path in flood:
        share.write(path_of(path), b"flood")
    seen: set[str] = set()
    for turn in range(3):
        found = [one for one in look(share, turn=turn).records() if one.slot == "derby"]
        assert len(found) == 500
        seen.update(paths(found))
        assert [one.slot for one in look(share, turn=turn).records()].count("notts") == 1
    assert seen == {path for path in share.files if "/derby/c/" in path}


def test_a_flood_of_copies_is_read_in_turns(share: Share) -> None:
    for number in range(100):
        share.write(path_of(f"o/derby/h/copy ({number}).cds"), b"flood")
    first = [one for one in look(share).healed() if not one.strict]
    second = [one for one in look(share, turn=1).healed() if not one.strict]
    assert len(first) == len(second) == listing.MAX_SALVAGED
    assert len({*paths(first), *paths(second)}) == 100


def test_too_many_slots_are_an_alarm_and_ours_are_always_read(share: Share) -> None:
    assert not look(share).crowded
    for number in range(100):
        share.write(path_of(f"o/a{number}/c/x"), b"x")
    seen: set[str] = set()
    for turn in range(2):
        crowd = Listing(MemoryStore(share), WS26, lambda _: False, homes=SLOTS, turn=turn)
        assert crowd.crowded
        assert len(crowd.slots) == listing.MAX_SLOTS + len(SLOTS)
        assert set(SLOTS) <= set(crowd.slots)
        seen.update(crowd.slots)
    assert len(seen) == 103


class Closed(MemoryStore):
    """A store in which one slot's folders cannot be listed."""

    def list(self, folder: str) -> Entries:
        if "/derby/" in folder:
            raise folder_not_readable(ROOT, folder, "Permission denied")
        return super().list(folder)


def test_one_closed_folder_does_not_hide_the_others(share: Share) -> None:
    closed = Listing(Closed(share), WS26, lambda _: False)
    assert {one.slot for one in closed.records()} == {"lincs", "notts"}
    (refusal,) = closed.left_out
    assert "o/derby/c of the shared folder" in refusal.words


def test_a_vanished_share_ends_the_look(share: Share) -> None:
    gone = look(share)
    assert gone.slots == SLOTS
    share.reachable = False
    with pytest.raises(NotPossible, match="cannot be reached"):
        list(gone.records())
