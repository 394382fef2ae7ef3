"""What a folder on a real disk may hold and say, and what is made of it in words."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import unicodedata
from pathlib import Path
from typing import Self

import pytest

from collabdesk.errors import NotPossible
from collabdesk.sync import names
from collabdesk.sync.stores import folder as folder_module
from collabdesk.sync.stores.disk import WAITS, Disk
from collabdesk.sync.stores.folder import FolderStore
from collabdesk.sync.stores.placing import LITTER_AGE
from tests.support.odd_disk import ALWAYS, OddDisk, posix, windows

WORKSPACE = names.workspace_folder(bytes(32))
SLOT = f"{WORKSPACE}/o/lincs"
RECORD = f"{WORKSPACE}/{names.record_path('lincs', b'a record')}"
LIMIT = 1_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "share"
    root.mkdir()
    return root


def refusal_of(store: FolderStore) -> NotPossible:
    with pytest.raises(NotPossible) as caught:
        store.put_new(RECORD, b"content")
    return caught.value


def staged(root: Path) -> list[str]:
    return [path.name for path in root.rglob("*.part")]


def test_only_regular_files_and_real_folders_are_seen(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.cdc"
    secret.write_bytes(b"secret")
    folder = root / SLOT / "c"
    folder.mkdir(parents=True)
    (folder / "link.cdc").symlink_to(secret)
    (folder / "door").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.cdc")
    (folder / "folder.cdc").mkdir()
    store = FolderStore(root)
    assert [entry.name for entry in store.list(f"{SLOT}/c")] == ["folder.cdc"]
    for name in ("link.cdc", "pipe.cdc", "folder.cdc"):
        assert store.get(f"{SLOT}/c/{name}", LIMIT) is None
        assert store.stat(f"{SLOT}/c/{name}") is None


def test_what_is_no_regular_file_is_not_even_opened(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / SLOT).mkdir(parents=True)
    os.mkfifo(root / SLOT / "pipe.cdc")
    opened: list[object] = []
    monkeypatch.setattr("os.open", lambda path, _: opened.append(path))
    assert FolderStore(root).get(f"{SLOT}/pipe.cdc", LIMIT) is None
    assert opened == []


def test_no_folder_is_entered_through_a_link(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside" / "c"
    outside.mkdir(parents=True)
    (outside / "a.cdc").write_bytes(b"secret")
    (root / SLOT).parent.mkdir(parents=True)
    (root / SLOT).symlink_to(tmp_path / "outside")
    store = FolderStore(root)
    assert store.list(f"{SLOT}/c") == []
    assert store.get(f"{SLOT}/c/a.cdc", LIMIT) is None
    assert store.stat(f"{SLOT}/c/a.cdc") is None
    store.remove_own(f"{SLOT}/c/a.cdc")
    refusal = refusal_of(store)
    assert refusal.code == "share-fault"
    assert f"{SLOT} in the shared folder" in refusal.words
    assert [path.name for path in outside.iterdir()] == ["a.cdc"]


def test_a_link_under_a_files_name_is_replaced_and_not_followed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"kept")
    (root / RECORD).parent.mkdir(parents=True)
    (root / RECORD).symlink_to(outside)
    FolderStore(root).put_new(RECORD, b"content")
    assert not (root / RECORD).is_symlink()
    assert (root / RECORD).read_bytes() == b"content"
    assert outside.read_bytes() == b"kept"


def test_a_folder_under_a_files_name_is_named(root: Path) -> None:
    (root / RECORD).mkdir(parents=True)
    assert RECORD in refusal_of(FolderStore(root)).words
    assert staged(root) == []


def test_a_file_in_a_folders_place_holds_nothing(root: Path) -> None:
    (root / WORKSPACE).write_bytes(b"a file")
    store = FolderStore(root)
    assert store.list(SLOT) == []
    assert store.get(RECORD, LIMIT) is None
    assert "is not a folder" in refusal_of(store).words


def test_names_that_no_system_agrees_on_are_passed_over(root: Path) -> None:
    folder = root / SLOT / "c"
    folder.mkdir(parents=True)
    for name in (b"\xff.cdc", b"a:b.cdc", b"con.cdc", b"a\x01.cdc", b"good.cdc"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(b"x")
    assert [entry.name for entry in FolderStore(root).list(f"{SLOT}/c")] == ["good.cdc"]


def test_nobodys_rights_are_changed(root: Path) -> None:
    FolderStore(root).put_new(RECORD, b"content")
    plain = root / "plain"
    plain.write_bytes(b"")
    assert stat.S_IMODE((root / RECORD).stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_nothing_is_left_of_the_staging(root: Path) -> None:
    FolderStore(root).put_new(RECORD, b"content")
    assert staged(root) == []
    assert (root / RECORD).stat().st_nlink == 1


@pytest.mark.parametrize(
    ("call", "error", "code", "words"),
    [
        ("make_folder", posix(errno.EROFS), "share-read-only", f"may not write to {RECORD}"),
        ("create", posix(errno.EACCES), "share-read-only", f"may not write to {RECORD}"),
        ("link", posix(errno.EACCES), "share-read-only", f"may not write to {RECORD}"),
        ("write", posix(errno.ENOSPC), "share-full", "is full"),
        ("write", posix(errno.EDQUOT), "share-full", "is full"),
        ("flush", posix(errno.EIO), "share-fault", "Input/output error"),
        ("write", posix(errno.ESTALE), "share-not-found", "cannot be reached"),
        ("link", posix(errno.EBUSY), "share-busy", "Another program is holding"),
        ("create", windows(19), "share-read-only", "may not write"),
        ("write", windows(112), "share-full", "is full"),
        ("write", windows(53), "share-not-found", "cannot be reached"),
        ("write", windows(32), "share-busy", "Another program is holding"),
    ],
)
def test_each_fault_has_its_own_sentence(
    root: Path, call: str, error: OSError, code: str, words: str
) -> None:
    store = FolderStore(root, disk=OddDisk(faults={call: [error] * ALWAYS}))
    refusal = refusal_of(store)
    assert refusal.code == code
    assert words in refusal.words
    assert str(root) in refusal.words
    assert "Nothing is lost: your changes wait on this laptop." in refusal.words
    assert refusal.remedy
    assert not (root / RECORD).exists()
    assert staged(root) == []


def test_a_file_the_folder_shortens_is_never_put_in_place(root: Path) -> None:
    store = FolderStore(root, disk=OddDisk(shortens=3))
    assert "the folder kept 4 of 7 bytes" in refusal_of(store).words
    assert not (root / RECORD).exists()


def test_a_share_that_vanishes_while_we_write_is_named(root: Path) -> None:
    disk = OddDisk(between={"write": lambda: shutil.rmtree(root)})
    store = FolderStore(root, disk=disk)
    assert refusal_of(store).code == "share-not-found"


@pytest.mark.parametrize("number", [5, 32, 33])
@pytest.mark.parametrize("call", ["create", "rename"])
def test_a_file_that_a_scanner_holds_is_waited_for(root: Path, call: str, number: int) -> None:
    disk = OddDisk(like_windows=True, faults={call: [windows(number)] * 3})
    FolderStore(root, disk=disk).put_new(RECORD, b"content")
    assert disk.waits == [0.05, 0.1, 0.2]
    assert (root / RECORD).read_bytes() == b"content"


def test_a_file_that_a_scanner_keeps_is_given_up_after_a_while(root: Path) -> None:
    disk = OddDisk(like_windows=True, faults={"rename": [windows(32)] * ALWAYS})
    assert refusal_of(FolderStore(root, disk=disk)).code == "share-busy"
    assert disk.waits == list(WAITS)
    assert sum(disk.waits) == pytest.approx(2.5)


def test_other_errors_of_windows_are_not_waited_for(root: Path) -> None:
    disk = OddDisk(like_windows=True, faults={"rename": [windows(112)]})
    assert refusal_of(FolderStore(root, disk=disk)).code == "share-full"
    assert disk.waits == []


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.EMLINK])
def test_without_hard_links_a_file_is_renamed(root: Path, number: int) -> None:
    disk = OddDisk(faults={"link": [posix(number)]})
    store = FolderStore(root, disk=disk)
    store.put_new(RECORD, b"content")
    store.put_new(f"{SLOT}/c/other.cdc", b"other")
    assert (root / RECORD).read_bytes() == b"content"
    assert disk.calls.count("link") == 1
    assert staged(root) == []


@pytest.mark.parametrize("like_windows", [False, True])
@pytest.mark.parametrize("synced", [False, True])
@pytest.mark.parametrize("theirs", [b"content", b"contenT"])
def test_another_laptop_may_be_first(
    root: Path, tmp_path: Path, theirs: bytes, *, like_windows: bool, synced: bool
) -> None:
    disk = OddDisk(like_windows=like_windows)
    disk.between["flush"] = lambda: (root / RECORD).write_bytes(theirs)
    store = FolderStore(root, synced=synced, staging=tmp_path / "staging", disk=disk)
    store.put_new(RECORD, b"content")
    assert (root / RECORD).read_bytes() == b"content"
    assert staged(tmp_path) == []


def test_a_laptop_that_is_always_second_gives_way(root: Path) -> None:
    disk = OddDisk(faults={"link": [FileExistsError(errno.EEXIST, "")] * ALWAYS})
    assert refusal_of(FolderStore(root, disk=disk)).code == "share-busy"


def test_a_staged_file_that_somebody_swept_is_written_again(root: Path) -> None:
    disk = OddDisk(faults={"link": [FileNotFoundError(errno.ENOENT, "")]})
    FolderStore(root, disk=disk).put_new(RECORD, b"content")
    assert (root / RECORD).read_bytes() == b"content"


def test_in_a_synced_folder_only_whole_files_are_ever_seen(root: Path, tmp_path: Path) -> None:
    staging = tmp_path / "staging"
    seen: list[str] = []
    disk = OddDisk()
    disk.between["rename"] = lambda: seen.extend(p.name for p in root.rglob("*") if p.is_file())
    FolderStore(root, synced=True, staging=staging, disk=disk).put_new(RECORD, b"content")
    assert seen == []
    assert not (root / SLOT / "t").exists()
    assert list(staging.iterdir()) == []
    assert (root / RECORD).read_bytes() == b"content"


@pytest.mark.parametrize(
    ("call", "number"),
    [("rename", errno.EXDEV), ("create", errno.EACCES), ("create", errno.ENOENT)],
)
def test_where_nothing_can_be_moved_in_the_slot_itself_must_do(
    root: Path, tmp_path: Path, call: str, number: int
) -> None:
    disk = OddDisk(faults={call: [posix(number)]})
    store = FolderStore(root, synced=True, staging=tmp_path / "staging", disk=disk)
    store.put_new(RECORD, b"content")
    assert (root / RECORD).read_bytes() == b"content"
    assert (root / SLOT / "t").exists()
    assert staged(root) == []


def test_a_synced_folder_needs_no_staging_folder_of_its_own(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    FolderStore(root, synced=True).put_new(RECORD, b"content")
    assert (root / RECORD).read_bytes() == b"content"
    assert not (root / SLOT / "t").exists()
    assert list(tmp_path.glob("*.part")) == []


def test_litter_is_swept_after_seven_days_of_our_own_clock(root: Path) -> None:
    disk = OddDisk()
    folder = root / SLOT / "t"
    folder.mkdir(parents=True)
    old = folder / f"collabdesk-{disk.clock - LITTER_AGE - 1}-{'0' * 16}.part"
    young = folder / f"collabdesk-{disk.clock - LITTER_AGE}-{'0' * 16}.part"
    foreign = folder / "notes.txt"
    for path in (old, young, foreign):
        path.write_bytes(b"x")
        os.utime(path, (0, 0))
    FolderStore(root, disk=disk).put_new(RECORD, b"content")
    assert sorted(folder.iterdir()) == sorted([young, foreign])


def test_litter_that_cannot_be_listed_stops_nothing(root: Path) -> None:
    disk = OddDisk(faults={"scan": [posix(errno.EACCES)]})
    FolderStore(root, disk=disk).put_new(RECORD, b"content")
    assert (root / RECORD).read_bytes() == b"content"


@pytest.mark.parametrize(
    "error",
    [posix(errno.EIO), posix(errno.EACCES), posix(errno.EDEADLK), windows(32), windows(362)],
)
def test_a_file_that_cannot_be_read_is_not_here_yet(root: Path, error: OSError) -> None:
    disk = OddDisk(faults={"read": [error]})
    store = FolderStore(root, disk=disk)
    store.put_new(RECORD, b"content")
    assert store.get(RECORD, LIMIT) is None
    assert store.get(RECORD, LIMIT) == b"content"
    assert disk.waits == []


def test_a_laptop_in_trouble_does_not_blame_the_file(root: Path) -> None:
    store = FolderStore(root, disk=OddDisk(faults={"read": [posix(errno.EMFILE)]}))
    store.put_new(RECORD, b"content")
    with pytest.raises(OSError, match="Too many open files"):
        store.get(RECORD, LIMIT)


def test_a_published_file_that_cannot_be_read_is_left_alone(root: Path) -> None:
    (root / RECORD).parent.mkdir(parents=True)
    (root / RECORD).write_bytes(b"content")
    disk = OddDisk(faults={"read": [posix(errno.EAGAIN)]})
    assert refusal_of(FolderStore(root, disk=disk)).code == "share-busy"


def test_a_folder_that_cannot_be_listed_is_named(root: Path) -> None:
    (root / SLOT).mkdir(parents=True)
    store = FolderStore(root, disk=OddDisk(faults={"scan": [posix(errno.EACCES)]}))
    with pytest.raises(NotPossible, match=rf"{SLOT} of the shared folder .* cannot be read"):
        store.list(SLOT)


def test_a_flooded_folder_is_left_out(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "MAX_ENTRIES", 3)
    for number in range(4):
        (root / f"file{number}").write_bytes(b"x")
    with pytest.raises(NotPossible, match="more than 3 files"):
        FolderStore(root).list("")


def test_what_cannot_be_removed_is_named(root: Path) -> None:
    disk = OddDisk()
    store = FolderStore(root, disk=disk)
    store.put_new(RECORD, b"content")
    disk.faults["remove"] = [posix(errno.EACCES), FileNotFoundError(errno.ENOENT, "")]
    with pytest.raises(NotPossible, match="may not write to"):
        store.remove_own(RECORD)
    store.remove_own(RECORD)


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.ENOENT, errno.EACCES])
def test_a_folder_that_cannot_be_flushed_is_no_fault(
    root: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    refuse_flushing(monkeypatch, folders=posix(number), files=posix(errno.ENOTSUP))
    FolderStore(root).put_new(RECORD, b"content")
    assert (root / RECORD).read_bytes() == b"content"


def test_a_folder_whose_disk_fails_is_a_fault(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_flushing(monkeypatch, folders=posix(errno.EIO))
    assert refusal_of(FolderStore(root)).code == "share-fault"


def test_a_file_whose_disk_fails_is_a_fault(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_flushing(monkeypatch, files=posix(errno.EINVAL))
    assert refusal_of(FolderStore(root)).code == "share-fault"


def test_a_file_that_goes_while_it_is_listed_is_passed_over(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "gone").write_bytes(b"x")

    class Going:
        name = "gone"

        def stat(self, *, follow_symlinks: bool) -> os.stat_result:
            assert not follow_symlinks
            raise FileNotFoundError

    class Entries(list[Going]):
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return

    monkeypatch.setattr("os.scandir", lambda _: Entries([Going()]))
    assert list(Disk().scan(root)) == []


def test_a_root_that_may_not_be_looked_at_cannot_be_reached(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_: Path) -> bool:
        raise PermissionError

    monkeypatch.setattr(Path, "is_dir", forbidden)
    assert not Disk().is_root(root)


def test_a_probe_says_what_a_folder_cannot_do(root: Path) -> None:
    report = FolderStore(root, disk=OddDisk(faults={"write": [posix(errno.EROFS)]})).probe()
    assert not report.suitable
    (sentence,) = report.sentences
    assert sentence.startswith("CollabDesk cannot write to this folder: ask its administrator")


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ("read", "What is written is not read back unchanged: choose another folder."),
        ("rename", "Files cannot be renamed in this folder"),
        ("free", "This folder does not say how much space is free."),
    ],
)
def test_a_probe_says_what_fails(root: Path, call: str, sentence: str) -> None:
    report = FolderStore(root, disk=OddDisk(faults={call: [posix(errno.EIO)]})).probe()
    assert report.creates
    assert report.suitable == (call == "free")
    assert any(said.startswith(sentence) for said in report.sentences)
    assert list(root.iterdir()) == []


class Doubling(Disk):
    """A file system without exclusive creation, in which capitals count as small letters."""

    def create(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT, 0o666)

    def look(self, path: Path) -> os.stat_result:
        return super().look(path.parent / path.name.lower())

    def free(self, folder: Path) -> int:
        return super().free(folder) and 20_000_000


def test_a_probe_tells_of_what_it_can_live_with(root: Path) -> None:
    report = FolderStore(root, disk=Doubling()).probe()
    assert report.suitable
    assert not report.creates_once
    assert report.folds_case
    assert "Only 20 MB are free: ask the administrator for more space." in report.sentences


class Decomposing(Disk):
    """A file system that spells accents its own way and knows no second names."""

    def look(self, path: Path) -> os.stat_result:
        return super().look(path.parent / unicodedata.normalize("NFD", path.name))

    def link(self, source: Path, target: Path) -> None:
        raise posix(errno.EPERM)


def test_a_probe_says_how_names_are_given_and_spelt(root: Path) -> None:
    report = FolderStore(root, disk=Decomposing()).probe()
    assert (report.suitable, report.links, report.accents) == (True, False, True)
    assert any(said.startswith("A finished file is moved to its name") for said in report.sentences)
    plain = FolderStore(root).probe()
    assert (plain.links, plain.accents) == (True, False)
    assert plain.sentences[-1] == "The folder's clock is never asked: no rule depends on it."
    assert list(root.iterdir()) == []


def test_a_probe_that_may_create_but_once_is_not_believed(root: Path) -> None:
    class Tired(Doubling):
        tries = 0

        def create(self, path: Path) -> int:
            self.tries += 1
            if self.tries > 1:
                raise posix(errno.EIO)
            return super().create(path)

    assert not FolderStore(root, disk=Tired()).probe().creates_once


def refuse_flushing(
    monkeypatch: pytest.MonkeyPatch,
    *,
    folders: OSError | None = None,
    files: OSError | None = None,
) -> None:
    flush = os.fsync

    def refusing(descriptor: int) -> None:
        error = folders if stat.S_ISDIR(os.fstat(descriptor).st_mode) else files
        if error is not None:
            raise error
        flush(descriptor)

    monkeypatch.setattr("os.fsync", refusing)
