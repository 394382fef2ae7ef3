"""A slot of two laptops, floods, strangers' files: what is in a folder hides nobody."""

from __future__ import annotations

import pytest

from collabdesk.errors import NotPossible
from collabdesk.services.control.laptops import retire_laptop
from collabdesk.services.sharing.alarms import alarms
from collabdesk.services.sharing.enrolment import find_request, laptop_words
from collabdesk.services.sharing.standing import standing
from collabdesk.services.sharing.verify import verify
from collabdesk.sync import names, records, segment
from collabdesk.sync.stores.counting import CountingStore
from tests.services.control.desks import enrolled
from tests.support.alliance import Alliance, Desk, ask, further
from tests.support.exchange import M1, a_line, an_edit, in_memory
from tests.support.memory_store import CONFLICTS, MemoryStore, Share

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


def test_a_colleagues_laptop_puts_a_file_back_in_its_place_after_its_author_had_a_turn(
    alliance: Alliance,
) -> None:
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    row = a_line(alliance)
    kept = in_memory(alliance)
    alliance.share_all(2)
    a = alliance.desks["a"]
    an_edit(a, row, 5)
    a.share()
    second.share()
    path = newest_of(a, kept)
    good = kept.files.pop(path)
    assert second.share(audit=False, grace_ms=GRACE_MS).put_back == []
    second.clock.ms += 3 * MINUTE_MS
    assert second.share(audit=False, grace_ms=GRACE_MS).put_back == [path]
    assert kept.files[path] == good
    kept.cut(path, 100)
    assert second.share(audit=False, grace_ms=GRACE_MS).damaged == [path]
    assert kept.files[path] == good


def test_a_retired_laptop_costs_a_quiet_exchange_nothing(alliance: Alliance) -> None:
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    line = a_line(alliance)
    kept = in_memory(alliance)
    an_edit(second, line, 5)
    alliance.share_all(2)
    a, lead = alliance.desks["a"], alliance.desks["lead"]
    retire_laptop(a.workspace, second.workspace.about.key)
    alliance.share_all(2)
    store = CountingStore(MemoryStore(kept))
    lead.store = store
    lead.share(audit=False)
    folder = f"/d/{names.dev26(second.workspace.about.key)}/"
    assert not any(folder in listed for listed in store.listed)
    assert store.reads == 0
    lead.share(audit=True)
    assert any(folder in listed for listed in store.listed)


def test_a_flood_of_requests_hides_nobody(alliance: Alliance) -> None:
    lead = alliance.desks["lead"]
    root = alliance.share_folder / names.workspace_folder(lead.workspace.about.workspace)
    for slot in ("rha", "rp7", "rt5"):
        (root / "o" / slot / "j").mkdir(exist_ok=True)
        for number in range(500):
            name = names.first26(number.to_bytes(32, "big"))
            (root / "o" / slot / "j" / f"{name}.cdj").write_bytes(b"not a request")
    newcomer = ask(alliance, "b2", founder=further("b", "Analyst", "Laptop 2"))
    typed = " ".join(laptop_words(newcomer.workspace))
    found = find_request(lead.workspace, lead.store, typed)
    assert found.key == newcomer.workspace.about.key


def test_what_no_record_speaks_of_yet_is_read_again_when_one_does(alliance: Alliance) -> None:
    late = alliance.desks.pop("b")
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    line = a_line(alliance)
    an_edit(second, line, 77)
    second.share()
    kept = in_memory(alliance)
    alliance.desks["b"] = late
    known = {record.hex() for record in late.workspace.book.records}
    new = {
        path: file
        for path, file in kept.files.items()
        if path.endswith(".cdc") and record_in(file) not in known
    }
    root = names.workspace_folder(late.workspace.about.workspace)
    healed: list[str] = []
    for path in newest_to_oldest(second, kept):
        file = kept.files.pop(path)
        healed.append(f"{root}/{names.healed_path('rha', segment.read(file).id)}")
        kept.files[healed[-1]] = file
    for path in new:
        del kept.files[path]
    store = CountingStore(MemoryStore(kept))
    late.store = store
    assert sorted(late.share(audit=False).set_aside) == sorted(healed)
    late.share(audit=False)
    reads = store.reads
    late.share(audit=False)
    assert store.reads == reads
    assert late.live(line, M1) == set()
    kept.files.update(new)
    late.share(audit=False)
    assert late.live(line, M1) == {77}
    assert late.root == second.root


def record_in(file: bytes) -> str:
    return records.record_id(records.read_file(file).record_bytes).hex()


def newest_to_oldest(desk: Desk, kept: Share) -> list[str]:
    folder = f"/d/{names.dev26(desk.workspace.about.key)}/"
    return sorted((path for path in kept.files if folder in path), reverse=True)


@pytest.mark.parametrize("pattern", CONFLICTS)
def test_a_copy_under_a_conflict_name_is_taken_in(alliance: Alliance, pattern: str) -> None:
    row, kept = settled(alliance)
    a, b = alliance.desks["a"], alliance.desks["b"]
    an_edit(a, row, 5)
    a.share()
    copy = kept.move_aside(newest_of(a, kept), pattern)
    report = b.share(audit=False)
    assert report.salvaged == [copy]
    assert b.live(row, M1) == {5}
    assert b.share(audit=False).salvaged == []
    assert alarms(b.workspace) == []


def test_a_change_set_of_another_incarnation_of_this_laptop_stops_it(alliance: Alliance) -> None:
    row, kept = settled(alliance)
    a, b = alliance.desks["a"], alliance.desks["b"]
    an_edit(a, row, 5)
    a.share()
    path = newest_of(a, kept)
    read = segment.read(kept.files[path])
    header = read.header._replace(
        seq=read.header.seq + 1,
        prev=read.id,
        parents=(),
        lamport=read.header.lamport + 1,
        incarnation=bytes(16),
    )
    twin = segment.assemble(header, read.body, a.workspace.keys().signing)
    root = names.workspace_folder(a.workspace.about.workspace)
    place = names.segment_path("rp7", header.dev, header.seq, segment.read(twin).id)
    kept.files[f"{root}/{place}"] = twin
    with pytest.raises(NotPossible, match="Another copy of this laptop") as refused:
        a.share()
    assert refused.value.code == "copied-laptop"
    before = dict(kept.files)
    with pytest.raises(NotPossible, match="Another copy"):
        an_edit(a, row, 6)
    with pytest.raises(NotPossible, match="Another copy"):
        a.share()
    assert kept.files == before
    b.share()
    assert verify(b.workspace).sound
    a.reopen()
    with pytest.raises(NotPossible, match="Another copy"):
        an_edit(a, row, 6)


def test_what_the_folder_can_do_is_tried_kept_and_shown(alliance: Alliance) -> None:
    settled(alliance)
    for desk in alliance.desks.values():
        assert "CollabDesk can write to this folder." in standing(desk.workspace).folder
