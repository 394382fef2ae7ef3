"""A quiet exchange lists little and reads nothing; once a day everything is looked at."""

from __future__ import annotations

import pytest

from collabdesk.services.sharing.report import SyncReport
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import names
from collabdesk.sync.stores.counting import CountingStore
from tests.support.alliance import Alliance, Desk
from tests.support.exchange import M1, a_line, an_edit, in_memory
from tests.support.memory_store import MemoryStore, Share

DAY_MS = 24 * 3_600_000


def counted(desk: Desk, kept: Share) -> CountingStore:
    store = CountingStore(MemoryStore(kept))
    desk.store = store
    return store


def settled(alliance: Alliance) -> tuple[bytes, Share]:
    row = a_line(alliance)
    kept = in_memory(alliance)
    alliance.share_all(3)
    return row, kept


def test_a_quiet_exchange_lists_what_it_may_and_reads_nothing(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    before = dict(kept.files)
    for desk in alliance.desks.values():
        store = counted(desk, kept)
        report = desk.share(audit=False)
        slots, laptops = 3, 3
        assert store.lists <= 1 + 4 * slots + laptops
        assert (store.reads, store.puts) == (0, 0)
        assert report.ok
        assert report.sentence() == "nothing new"
    assert kept.files == before


def test_what_is_set_aside_or_damaged_costs_a_quiet_exchange_nothing(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    root = names.workspace_folder(alliance.desks["lead"].workspace.about.workspace)
    for number in range(5):
        stranger = f"{root}/o/rp7/c/{'a' * 25}{'abcde'[number]}.cdc"
        kept.files[stranger] = b"CDCTL\x01\r\n nothing that can be read"
        kept.files[f"{root}/o/rp7/h/{'a' * 25}{'abcde'[number]}.cds"] = b"PK\x03\x04"
    lead = alliance.desks["lead"]
    assert len(lead.share(audit=False).refused) == 10
    store = counted(lead, kept)
    assert lead.share(audit=False).refused == []
    assert store.reads == 0
    kept.files[stranger] += b"!"
    assert len(lead.share(audit=False).refused) == 1
    lead.clock.ms += 11 * 60_000
    assert len(lead.share(audit=False).refused) == 10


def test_the_next_bucket_is_looked_into_when_one_is_full(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, kept = settled(alliance)
    lead, a, _ = alliance.desks.values()
    monkeypatch.setattr(names, "BUCKET_SIZE", 4)
    for pence in range(10):
        an_edit(a, row, pence)
        a.share(audit=False)
        if pence % 3 == 0:
            lead.share(audit=False)
    assert any("/000002/" in path for path in kept.files)
    lead.share(audit=False)
    assert lead.live(row, M1) == {9}
    store = counted(lead, kept)
    lead.share(audit=False)
    assert store.reads == 0


def test_what_arrives_late_in_an_older_bucket_is_found_at_the_next_poll(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, kept = settled(alliance)
    lead, a, _ = alliance.desks.values()
    monkeypatch.setattr(names, "BUCKET_SIZE", 4)
    before = dict(kept.files)
    for pence in range(9):
        an_edit(a, row, pence)
        a.share(audit=False)
    new = sorted(path for path in kept.files if path not in before)
    late = kept.files.pop(new[0])
    for _ in range(2):
        lead.share(audit=False)
    assert lead.live(row, M1) == {100}
    kept.files[new[0]] = late
    lead.share(audit=False)
    assert lead.live(row, M1) == {8}


def test_a_laptop_that_goes_on_in_another_place_is_followed(alliance: Alliance) -> None:
    row, kept = settled(alliance)
    lead, a, _ = alliance.desks.values()
    an_edit(a, row, 5)
    a.share()
    (path,) = [p for p in kept.files if p not in _seen(lead) and p.endswith(".cds")]
    # As a folder that was moved by hand into another trust's place.
    kept.files[path.replace("/o/rp7/", "/o/rt5/")] = kept.files.pop(path)
    a.store = MemoryStore(Share())
    lead.share(audit=False)
    assert lead.live(row, M1) == {5}


def test_a_copy_in_another_place_does_not_lead_away_from_a_laptop(alliance: Alliance) -> None:
    row, kept = settled(alliance)
    lead, a, _ = alliance.desks.values()
    an_edit(a, row, 5)
    a.share()
    (path,) = [p for p in kept.files if p not in _seen(lead) and p.endswith(".cds")]
    held_back = kept.files.pop(path)
    # A partner lays the newest change set into its own place before the lead has seen it.
    kept.files[path.replace("/o/rp7/", "/o/rt5/")] = held_back
    lead.share(audit=False)
    kept.files[path] = held_back
    an_edit(a, row, 6)
    a.share()
    lead.share(audit=False)
    assert lead.live(row, M1) == {6}


def test_everything_is_looked_at_once_a_day(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, _ = settled(alliance)
    lead, a, _ = alliance.desks.values()
    monkeypatch.setattr(names, "BUCKET_SIZE", 4)
    for pence in range(9):
        an_edit(a, row, pence)
        a.share(audit=False)
    for _ in range(4):
        lead.share(audit=False)
    first = f"/d/{names.dev26(a.workspace.about.key)}/000000"
    assert not _looked_into(lead.share(audit=False), first)
    lead.clock.ms += DAY_MS
    report = lead.share(audit=False)
    assert report.survey
    assert _looked_into(report, first)


def _looked_into(report: SyncReport, folder: str) -> bool:
    return any(path.endswith(folder) for path in report.looked_into)


def _seen(desk: Desk) -> frozenset[str]:
    return desk.workspace.write(SqliteReplica.seen_paths)


def test_it_is_well_only_once_the_folder_shows_the_newest_own_change(alliance: Alliance) -> None:
    row, kept = settled(alliance)
    lead = alliance.desks["lead"]

    class Late(MemoryStore):
        """Shows nothing of what was put while it looks away."""

        def list(self, folder: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
            return [e for e in super().list(folder) if f"{folder}/{e.name}" in shown]

    shown = set(kept.files)
    an_edit(lead, row, 7)
    lead.store = Late(kept)
    report = lead.share(audit=False)
    assert report.sent == 1
    assert not report.ok
    assert "does not show this laptop's newest change yet" in report.sentence()
    shown = set(kept.files)
    assert lead.share(audit=False).ok
