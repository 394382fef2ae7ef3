"""What is missing or damaged in the folder is put back: by whom, where, and after how long."""

from __future__ import annotations

from nacl.signing import SigningKey

from collabdesk.sync import names, records
from collabdesk.sync.hashing import sha256
from tests.support.alliance import Alliance, Desk
from tests.support.exchange import M1, a_line, an_edit, in_memory
from tests.support.memory_store import MemoryStore, Share

MINUTE_MS = 60_000
GRACE_MS = 10 * MINUTE_MS


def settled(alliance: Alliance) -> tuple[bytes, Share]:
    row = a_line(alliance)
    kept = in_memory(alliance)
    alliance.share_all(3)
    return row, kept


def newest_of(desk: Desk, kept: Share) -> str:
    folder = f"/d/{names.dev26(desk.workspace.about.key)}/"
    return max(path for path in kept.files if folder in path)


def poll(desk: Desk) -> tuple[list[str], list[str]]:
    report = desk.share(audit=False, grace_ms=GRACE_MS)
    return report.put_back, report.healed


def in_turn(alliance: Alliance) -> list[Desk]:
    """Return the laptops in the order in which they put a partner's file back."""
    desks = alliance.desks.values()
    return sorted(desks, key=lambda desk: names.dev16(desk.workspace.about.key))


def test_an_author_puts_its_own_file_back_at_once(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    a = alliance.desks["a"]
    path = newest_of(a, kept)
    good = kept.files.pop(path)
    assert poll(a) == ([path], [])
    assert kept.files[path] == good
    assert poll(a) == ([], [])


def test_partners_take_turns_and_one_copy_is_made(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    a = alliance.desks["a"]
    good = kept.files.pop(newest_of(a, kept))
    others = [desk for desk in in_turn(alliance) if desk is not a]
    for _ in range(10):
        assert [poll(desk) for desk in others] == [([], []), ([], [])]
        for desk in others:
            desk.clock.ms += MINUTE_MS - 10
    for desk in others:
        desk.clock.ms += 200
    turns = [in_turn(alliance).index(desk) for desk in others]
    copies: list[str] = []
    for minute in range(4):
        for turn, desk in zip(turns, others, strict=True):
            _, healed = poll(desk)
            assert not healed or minute >= turn
            copies += healed
            desk.clock.ms += MINUTE_MS
    (copy,) = copies
    assert "/h/" in copy
    assert kept.files[copy] == good
    assert poll(a)[0] != []
    assert [poll(desk) for desk in others] == [([], []), ([], [])]


def test_a_file_that_comes_back_by_itself_is_not_put_back(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    a, b = alliance.desks["a"], alliance.desks["b"]
    path = newest_of(a, kept)
    good = kept.files.pop(path)
    assert poll(b) == ([], [])
    kept.files[path] = good
    b.clock.ms += 60 * MINUTE_MS
    assert poll(b) == ([], [])
    del kept.files[path]
    assert poll(b) == ([], [])


def test_what_was_missed_by_a_clock_that_ran_ahead_is_put_back(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    a, b = alliance.desks["a"], alliance.desks["b"]
    path = newest_of(a, kept)
    good = kept.files.pop(path)
    years = 10 * 365 * 24 * 60 * MINUTE_MS
    b.clock.ms += years
    assert poll(b) == ([], [])
    b.clock.ms -= years
    copies: list[str] = []
    for _ in range(4):
        copies += poll(b)[1]
        b.clock.ms += 30 * MINUTE_MS
    assert [kept.files[copy] for copy in copies] == [good]


def test_a_placeholder_of_a_sync_client_is_not_missing(alliance: Alliance) -> None:
    row, kept = settled(alliance)
    a, b = alliance.desks["a"], alliance.desks["b"]

    class Offline(MemoryStore):
        """Lists every file in full; none can be read just now."""

        def get(self, path: str, limit: int) -> bytes | None:
            return super().get(path, limit) if "/o/rt5/" in path else None

    an_edit(a, row, 5)
    a.share()
    before = dict(kept.files)
    b.store = Offline(kept)
    for _ in range(3):
        report = b.share(audit=True, grace_ms=GRACE_MS)
        assert (report.put_back, report.healed, report.refused) == ([], [], [])
        b.clock.ms += 60 * MINUTE_MS
    assert len(report.not_yet) == 1
    assert kept.files == before
    b.store = MemoryStore(kept)
    b.share()
    assert b.live(row, M1) == {5}


def test_a_file_of_no_bytes_is_not_here_yet(alliance: Alliance) -> None:
    row, kept = settled(alliance)
    a, b = alliance.desks["a"], alliance.desks["b"]
    an_edit(a, row, 5)
    a.share()
    path = newest_of(a, kept)
    good, kept.files[path] = kept.files[path], b""
    assert b.share(audit=False).refused == []
    assert poll(a) == ([path], [])
    assert kept.files[path] == good


def test_a_file_cut_short_is_noticed_by_its_size_alone(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    a, b = alliance.desks["a"], alliance.desks["b"]
    path = newest_of(a, kept)
    good = kept.files[path]
    kept.cut(path, 90)
    assert poll(a) == ([path], [])
    assert kept.files[path] == good
    kept.cut(path, 90)
    poll(b)
    b.clock.ms += 30 * MINUTE_MS
    (copy,) = poll(b)[1]
    assert (copy.endswith(".cds"), kept.files[copy]) == (True, good)


def test_records_come_back_too(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    lead, a, b = alliance.desks.values()
    root = names.workspace_folder(lead.workspace.about.workspace)
    ours = [path for path in kept.files if path.startswith(f"{root}/o/rp7/c/")]
    theirs = [path for path in kept.files if path.startswith(f"{root}/o/rha/c/")]
    for path in (*ours, *theirs):
        del kept.files[path]
    put_back, healed = poll(a)
    assert put_back
    assert all(path.startswith(f"{root}/o/rp7/c/") for path in put_back)
    a.clock.ms += 60 * MINUTE_MS
    put_back, healed = poll(a)
    held = [file for path, file in kept.files.items() if path.endswith(".cdc")]
    there = {records.record_id(records.read_file(file).record_bytes) for file in held}
    assert there >= set(a.workspace.book.records)
    assert (put_back, bool(healed)) == ([], True)
    assert poll(b)[1] == []


def test_the_founding_record_comes_back_from_its_founder_and_from_anybody(
    alliance: Alliance,
) -> None:
    _, kept = settled(alliance)
    lead, a, _ = alliance.desks.values()
    root = names.workspace_folder(lead.workspace.about.workspace)
    genesis = f"{root}/{names.genesis_path(lead.workspace.about.workspace)}"
    united = kept.files.pop(genesis)
    elsewhere = f"{root}/{names.record_path('rt5', united)}"
    kept.files[elsewhere] = united
    for _ in range(2):
        poll(a)
        a.clock.ms += 60 * MINUTE_MS
    assert genesis not in kept.files
    poll(lead)
    assert kept.files[genesis] == united


def test_attached_files_come_back_too(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    lead, a, _ = alliance.desks.values()
    chunk = b"an attached file" * 100
    for desk in (lead, a):
        desk.workspace.write(lambda replica: replica.add_blob(sha256(chunk), chunk))
    path = names.blob_path("rha", sha256(chunk))
    lead.workspace.write(lambda replica: replica.put_out(path, chunk))
    lead.share()
    place = f"{names.workspace_folder(lead.workspace.about.workspace)}/{path}"
    assert kept.files.pop(place) == chunk
    assert lead.share().put_back == [place]
    assert kept.files[place] == chunk
    kept.flip(place, 77)
    assert lead.share().damaged == [place]
    assert kept.files[place] == chunk


def test_what_is_set_aside_is_read_again_when_a_record_speaks_of_it(alliance: Alliance) -> None:
    """A change set whose laptop is not known yet waits by name, and costs nothing."""
    row, kept = settled(alliance)
    lead, a, b = alliance.desks.values()
    an_edit(a, row, 5)
    a.share()
    path = newest_of(a, kept)
    root = names.workspace_folder(lead.workspace.about.workspace)
    stranger = f"{root}/o/rt5/c/{'a' * 26}.cdc"
    kept.files[stranger] = b"CDCTL\x01\r\n"
    copy = path.rpartition("-")[2]
    kept.files[f"{root}/o/rha/h/{copy}"] = kept.files.pop(path)
    b.share(audit=False)
    assert b.live(row, M1) == {5}


def test_a_record_whose_every_copy_lacks_a_signature_is_laid_down_whole(
    alliance: Alliance,
) -> None:
    _, kept = settled(alliance)
    path = next(path for path in kept.files if "/c/" in path)
    file = records.read_file(kept.files[path])
    second = records.sign_record(file.record_bytes, SigningKey(bytes(32)))
    whole = records.unite(file, second)
    rid = records.record_id(file.record_bytes)
    folder = path.rpartition("/")[0]
    _lay_down(kept, folder, whole)
    alliance.share_all(2)
    for other in [other for other in kept.files if _id_of(kept, other) == rid]:
        del kept.files[other]
    _lay_down(kept, folder, file)
    for _ in range(4):
        for desk in alliance.desks.values():
            desk.share(audit=True, grace_ms=GRACE_MS)
            desk.clock.ms += GRACE_MS
    found = [other for other in kept.files if _id_of(kept, other) == rid]
    again = {key for other in found for key in _signers(kept, other)}
    assert dict(whole.signatures).keys() <= again


def _lay_down(kept: Share, folder: str, file: records.RecordFile) -> None:
    content = records.write_file(file)
    kept.files[f"{folder}/{names.file26(content)}.cdc"] = content


def _id_of(kept: Share, path: str) -> bytes:
    if not path.endswith(".cdc"):
        return b""
    return records.record_id(records.read_file(kept.files[path]).record_bytes)


def _signers(kept: Share, path: str) -> frozenset[bytes]:
    return records.valid_signers(records.read_file(kept.files[path]))
