"""What every store does alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from collabdesk.errors import NotPossible
from collabdesk.sync import names
from collabdesk.sync.stores.counting import CountingStore
from collabdesk.sync.stores.port import Entry, Store, TooLarge
from tests.support.memory_store import MemoryStore
from tests.sync.stores.conftest import Place

WORKSPACE = names.workspace_folder(bytes(32))
SLOT = f"{WORKSPACE}/o/lincs"
RECORD = f"{WORKSPACE}/{names.record_path('lincs', b'a record')}"
SEGMENT = f"{WORKSPACE}/{names.segment_path('lincs', bytes(32), 1, bytes(32))}"
BLOB = f"{WORKSPACE}/{names.blob_path('lincs', bytes(32))}"
GENESIS = f"{WORKSPACE}/{names.genesis_path(bytes(32))}"
README = f"{WORKSPACE}/README.txt"
LIMIT = 1_000

VERBS: dict[str, Callable[[Store], object]] = {
    "list": lambda store: store.list(WORKSPACE),
    "list the top": lambda store: store.list(""),
    "get": lambda store: store.get(RECORD, LIMIT),
    "put_new": lambda store: store.put_new(RECORD, b"content"),
    "stat": lambda store: store.stat(RECORD),
    "remove_own": lambda store: store.remove_own(RECORD),
    "probe": lambda store: store.probe(),
}

NOT_OURS = [
    "",
    "/",
    "elsewhere",
    "elsewhere/file.cds",
    f"/{RECORD}",
    f"../{RECORD}",
    f"{SLOT}/../../x.cds",
    f"{SLOT}/c/..",
    f"{SLOT}/c/.",
    f"{SLOT}//x.cds",
    f"{SLOT}/C/x.cds",
    f"{SLOT}/c/a\\b.cds",
    f"{SLOT}/c/a\0.cds",
    f"{SLOT}/c/a:b.cds",
    f"{SLOT}/c/con.cds",
    f"{SLOT}/c/LPT1 .cds",
    f"{WORKSPACE}/o/nul/x.cds",
    f"{WORKSPACE}/o/a./x.cds",
    f"{SLOT}/1/2/3/4/5/x.cds",
    f"{SLOT}/c/{'a' * 256}.cds",
    f"{SLOT}/{'a' * 112}/x.cds",
]


def test_a_missing_folder_holds_nothing(place: Place) -> None:
    assert place.store.list("") == []
    assert place.store.list(SLOT) == []


def test_a_missing_file_is_not_here_yet(place: Place) -> None:
    assert place.store.get(RECORD, LIMIT) is None
    assert place.store.stat(RECORD) is None


@pytest.mark.parametrize("path", [RECORD, SEGMENT, BLOB, GENESIS, README])
def test_what_is_put_is_listed_and_read_back(place: Place, path: str) -> None:
    folder, _, name = path.rpartition("/")
    place.store.put_new(path, b"content")
    entry = Entry(name, 7, is_file=True)
    assert place.store.get(path, LIMIT) == b"content"
    assert place.store.stat(path) == entry
    assert [found for found in place.store.list(folder) if found.is_file] == [entry]


def test_folders_are_listed_as_folders(place: Place) -> None:
    place.store.put_new(SEGMENT, b"content")
    assert Entry("d", 0, is_file=False) in place.store.list(SLOT)
    assert place.store.list("") == [Entry(WORKSPACE, 0, is_file=False)]


def test_the_same_bytes_again_are_no_fault(place: Place) -> None:
    place.store.put_new(RECORD, b"content")
    place.store.put_new(RECORD, b"content")
    assert place.store.get(RECORD, LIMIT) == b"content"


@pytest.mark.parametrize("damaged", [b"", b"con", b"contenT", b"content and more"])
def test_a_damaged_file_is_replaced(place: Place, damaged: bytes) -> None:
    place.write(RECORD, damaged)
    place.store.put_new(RECORD, b"content")
    assert place.store.get(RECORD, LIMIT) == b"content"


def test_a_file_of_no_bytes_is_not_here_yet(place: Place) -> None:
    place.write(RECORD, b"")
    assert place.store.get(RECORD, LIMIT) is None


def test_a_file_is_read_up_to_its_cap_and_no_further(place: Place) -> None:
    place.store.put_new(RECORD, b"x" * LIMIT)
    assert place.store.get(RECORD, LIMIT) == b"x" * LIMIT
    with pytest.raises(TooLarge, match=r"larger than the 999 bytes") as refusal:
        place.store.get(RECORD, LIMIT - 1)
    assert refusal.value.code == "file-too-large"
    assert "nothing is lost" in str(refusal.value)


def test_a_renamed_copy_is_read_under_its_name(place: Place) -> None:
    copy = f"{SLOT}/c/{'a' * 26}-DESKTOP-AB12 (1).cdc"
    place.write(copy, b"content")
    assert place.store.get(copy, LIMIT) == b"content"


def test_own_files_are_removed_once_and_for_all(place: Place) -> None:
    place.store.put_new(RECORD, b"content")
    place.store.remove_own(RECORD)
    place.store.remove_own(RECORD)
    assert place.store.get(RECORD, LIMIT) is None


def test_what_is_asked_of_a_store_is_counted() -> None:
    store = CountingStore(MemoryStore())
    store.put_new(RECORD, b"content")
    store.get(RECORD, LIMIT)
    store.get(BLOB, LIMIT)
    store.list(SLOT)
    assert store.listed == [SLOT]
    assert (store.lists, store.reads, store.bytes_read, store.puts) == (1, 2, 7, 1)


def test_nothing_outside_a_slot_is_removed(place: Place) -> None:
    place.store.put_new(GENESIS, b"content")
    with pytest.raises(ValueError, match="not a path of ours"):
        place.store.remove_own(GENESIS)
    assert place.store.get(GENESIS, LIMIT) == b"content"


@pytest.mark.parametrize("path", NOT_OURS)
def test_no_other_path_is_touched(place: Place, path: str) -> None:
    verbs: list[Callable[[], object]] = [
        lambda: place.store.get(path, LIMIT),
        lambda: place.store.put_new(path, b"content"),
        lambda: place.store.stat(path),
        lambda: place.store.remove_own(path),
    ]
    for verb in verbs:
        with pytest.raises(ValueError, match="not a path of ours"):
            verb()
    assert place.store.list("") == []


@pytest.mark.parametrize("path", [RECORD.upper(), f"{SLOT}/c/copy (1).cdc", WORKSPACE])
def test_nothing_is_written_under_a_name_we_do_not_derive(place: Place, path: str) -> None:
    with pytest.raises(ValueError, match="not a path of ours"):
        place.store.put_new(path, b"content")


@pytest.mark.parametrize("folder", ["..", "/", "elsewhere", f"{SLOT}/", f"{SLOT}/../lincs"])
def test_no_other_folder_is_listed(place: Place, folder: str) -> None:
    with pytest.raises(ValueError, match="not a path of ours"):
        place.store.list(folder)


@pytest.mark.parametrize("verb", VERBS)
def test_a_vanished_share_is_named_and_nothing_is_lost(place: Place, verb: str) -> None:
    place.store.put_new(RECORD, b"content")
    place.vanish()
    with pytest.raises(NotPossible, match="cannot be reached") as refusal:
        VERBS[verb](place.store)
    assert refusal.value.code == "share-not-found"
    assert "Nothing is lost: your changes wait on this laptop." in refusal.value.words
    assert "Check the network" in refusal.value.remedy


def test_a_probe_finds_a_suitable_folder_and_leaves_no_trace(place: Place) -> None:
    report = place.store.probe()
    assert report.suitable
    assert "CollabDesk can write to this folder." in report.sentences
    assert place.store.list("") == []


def test_a_probe_tries_the_folder_one_may_write_to(place: Place) -> None:
    place.store.put_new(RECORD, b"content")
    assert place.store.probe(SLOT).suitable
    assert {entry.name for entry in place.store.list(SLOT)} <= {"c", "t"}
