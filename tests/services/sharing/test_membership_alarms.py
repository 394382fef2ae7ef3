"""What membership records show: decisions with equal support, two words from one mouth, forks."""

from __future__ import annotations

from dataclasses import replace

from nacl.signing import SigningKey

from collabdesk.services.sharing.alarms import DANGER, alarms
from collabdesk.storage.share_log import ShareLog
from collabdesk.sync import names, records
from collabdesk.sync.hashing import Z
from tests.support.alliance import Alliance, Desk
from tests.support.exchange import M1, a_line, an_edit, in_memory
from tests.support.memory_store import Share

DAY_MS = 24 * 3_600_000
HOUR_MS = 3_600_000
STRANGER = SigningKey(bytes([9]) * 32)


def key_of(desk: Desk) -> SigningKey:
    return desk.workspace.keys().signing


def put(kept: Share, desk: Desk, file: records.RecordFile) -> str:
    """Put a record into a laptop's slot as its own program would not."""
    content = records.write_file(file)
    root = names.workspace_folder(desk.workspace.about.workspace)
    path = f"{root}/{names.record_path(desk.workspace.about.slot, content)}"
    kept.files[path] = content
    return path


def settled(alliance: Alliance) -> tuple[bytes, Share]:
    row = a_line(alliance)
    kept = in_memory(alliance)
    alliance.share_all(3)
    return row, kept


def test_two_decisions_with_equal_support_are_told_and_work_goes_on(alliance: Alliance) -> None:
    row, kept = settled(alliance)
    lead, a, b = alliance.desks.values()
    book = lead.workspace.book
    keys = [key_of(desk) for desk in alliance.desks.values()]
    for note in ("one", "other"):
        draft = replace(
            book.epoch,
            ws=lead.workspace.about.workspace,
            n=book.epoch.n + 1,
            prev=book.head.id,
            note=note,
        )
        put(kept, lead, records.sign_record(records.encode_record(draft), *keys))
    alliance.share_all()
    for desk in alliance.desks.values():
        found = alarms(desk.workspace)
        assert [alarm.kind for alarm in found].count("tied-epochs") == 1
        assert [alarm.kind for alarm in found].count("double-statement") == 3
        tied = next(alarm for alarm in found if alarm.kind == "tied-epochs")
        assert (tied.tone, tied.action) == (DANGER, "decide-membership")
        assert "equal support" in tied.words
        twice = next(alarm for alarm in found if alarm.kind == "double-statement")
        assert "said two different things about one decision" in twice.words
        assert any(name in twice.words for name in ("Nottinghamshire", "Lincolnshire", "Leicester"))
    an_edit(a, row, 5)
    alliance.share_all()
    assert b.live(row, M1) == {5}
    assert len(alliance.roots) == 1


def test_two_lists_of_laptops_are_told_and_one_is_in_force(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    a = alliance.desks["a"]
    org = a.workspace.me().organisation
    tip, roster = a.workspace.book.roster_of(org), a.workspace.book.roster(org)
    assert tip is not None
    assert roster is not None
    for label in ("Desk one", "Desk two"):
        (device,) = roster.devices
        made = replace(
            roster,
            ws=a.workspace.about.workspace,
            m=tip[0] + 1,
            prev=tip[1],
            devices=(replace(device, label=label),),
        )
        put(kept, a, records.sign_record(records.encode_record(made), key_of(a)))
    alliance.share_all()
    for desk in alliance.desks.values():
        (alarm,) = alarms(desk.workspace)
        assert (alarm.kind, alarm.action) == ("roster-fork", "ask-partner")
        assert "Lincolnshire Partnership" in alarm.words
    assert len(alliance.roots) == 1


def a_suspension(desk: Desk) -> records.RecordFile:
    """Return a suspension, by a laptop's own trust, of a key that nobody uses."""
    about = desk.workspace.about
    made = records.Suspension(
        about.workspace,
        desk.workspace.me().organisation,
        bytes(STRANGER.verify_key),
        0,
        Z,
        0,
        "lost",
        1,
    )
    return records.sign_record(records.encode_record(made), key_of(desk))


def keep_to_oneself(desk: Desk, file: records.RecordFile) -> None:
    """Let a laptop act under a record that it neither publishes nor lists."""

    def keep() -> None:
        with desk.workspace.database.write() as connection:
            ShareLog(connection).heed([records.record_id(file.record_bytes)], bytes(16), 1)

    desk.workspace.write(lambda replica: replica.add_record(file))
    desk.workspace.threads.write(keep).result()
    desk.workspace.judge_again()


def test_a_folder_that_shows_two_laptops_two_memberships_is_told(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    lead, a, _ = alliance.desks.values()
    hidden = a_suspension(a)
    keep_to_oneself(a, hidden)
    for desk in alliance.desks.values():
        desk.clock.ms += DAY_MS
    a.share(audit=False)
    lead.share()
    assert alarms(lead.workspace) == []
    lead.clock.ms += HOUR_MS
    (alarm,) = alarms(lead.workspace)
    assert (alarm.kind, alarm.action) == ("forked-view", "compare-words")
    assert "Lincolnshire Partnership" in alarm.words
    put(kept, a, hidden)
    lead.share()
    assert alarms(lead.workspace) == []


def test_a_record_that_is_listed_and_not_shown_is_told(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    lead, a, _ = alliance.desks.values()
    made = a_suspension(a)
    put(kept, a, made)
    a.share()
    hidden = {p: f for p, f in kept.files.items() if made.record_bytes in f}
    for one in hidden:
        del kept.files[one]
    lead.share()
    lead.clock.ms += HOUR_MS
    (alarm,) = alarms(lead.workspace)
    assert (alarm.kind, alarm.action) == ("withheld", "ask-partner")
    assert "A decision that QI lead laptop 1, Lincolnshire Partnership" in alarm.words
    kept.files.update(hidden)
    lead.share()
    assert alarms(lead.workspace) == []


def test_a_suspension_is_listed_once_by_whoever_saw_it_first(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    put(kept, alliance.desks["a"], a_suspension(alliance.desks["a"]))
    before = len([path for path in kept.files if "/d/" in path])
    alliance.share_all(3)
    assert len([path for path in kept.files if "/d/" in path]) == before + 1
    assert [alarms(desk.workspace) for desk in alliance.desks.values()] == [[], [], []]
    assert len(alliance.roots) == 1


def test_a_laptop_alone_in_its_workspace_sends_no_beacon(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    beacons = [path for path in kept.files if "/d/" in path]
    assert len(beacons) == 4
    for desk in alliance.desks.values():
        desk.share()
    assert [path for path in kept.files if "/d/" in path] == beacons
