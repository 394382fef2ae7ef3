"""Each alarm is raised by what it is for, in words that name people, and by nothing else."""

from __future__ import annotations

import re

import pytest
from nacl.signing import SigningKey

from collabdesk.errors import NotPossible
from collabdesk.services.policy import SetPolicy
from collabdesk.services.sharing.alarms import CALM, CONCERN, DANGER, Alarm, acknowledge, alarms
from collabdesk.services.sharing.cycle import share
from collabdesk.services.sharing.standing import standing
from collabdesk.sync import names, segment
from collabdesk.sync.stores.port import Entries
from tests.support.alliance import Alliance, Desk
from tests.support.exchange import M1, a_line, an_edit, in_memory
from tests.support.memory_store import MemoryStore, Share

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
GRACE_MS = 10 * MINUTE_MS


def kinds(desk: Desk) -> list[str]:
    return [alarm.kind for alarm in alarms(desk.workspace)]


def only(desk: Desk) -> Alarm:
    (alarm,) = alarms(desk.workspace)
    words = f"{alarm.words} {alarm.protected} {alarm.action_words}"
    assert alarm.words.endswith(".")
    assert alarm.action
    for key in desk.workspace.book.known_keys:
        assert key.hex()[:8] not in words
    return alarm


def pass_time(alliance: Alliance, ms: int) -> None:
    for desk in alliance.desks.values():
        desk.clock.ms += ms


def settled(alliance: Alliance) -> tuple[bytes, Share]:
    row = a_line(alliance)
    kept = in_memory(alliance)
    alliance.share_all(3)
    return row, kept


def of(desk: Desk, kept: Share) -> list[str]:
    """Return where a laptop's change sets lie, the newest last."""
    folder = f"/d/{names.dev26(desk.workspace.about.key)}/"
    return sorted(path for path in kept.files if folder in path)


def test_a_calm_folder_raises_nothing(alliance: Alliance) -> None:
    row, _ = settled(alliance)
    for day in range(9):
        pass_time(alliance, DAY_MS)
        an_edit(alliance.desks["a"], row, day)
        alliance.share_all(1)
        assert [kinds(desk) for desk in alliance.desks.values()] == [[], [], []]


# --- rollback and truncation -----------------------------------------------------------------


def test_a_folder_put_back_to_an_older_state_is_named_and_mended(alliance: Alliance) -> None:
    row, kept = settled(alliance)
    _, a, b = alliance.desks.values()
    before = kept.snapshot()
    an_edit(a, row, 5)
    a.share()
    b.share()
    kept.roll_back(before)
    b.share(audit=False, grace_ms=GRACE_MS)
    assert kinds(b) == []
    b.clock.ms += 40 * MINUTE_MS
    report = b.share(audit=False, grace_ms=GRACE_MS)
    assert len(report.healed) == 1
    alarm = only(b)
    assert (alarm.kind, alarm.tone, alarm.over) == ("rollback", CONCERN, False)
    assert "Lincolnshire Partnership" in alarm.words
    lead = alliance.desks["lead"]
    lead.share()
    assert lead.live(row, M1) == {5}
    b.share(audit=False, grace_ms=GRACE_MS)
    alarm = only(b)
    assert (alarm.kind, alarm.tone, alarm.over) == ("rollback", CALM, True)
    assert alarm.action == "acknowledge"
    acknowledge(b.workspace, alarm)
    assert kinds(b) == []


def test_an_author_is_told_that_its_newest_change_was_taken_away(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    a = alliance.desks["a"]
    path = of(a, kept)[-1]
    good = kept.files.pop(path)
    assert a.share(audit=False).put_back == [path]
    assert kept.files[path] == good
    assert [(one.kind, one.over) for one in alarms(a.workspace)] == [("rollback", True)]
    a.clock.ms += 8 * DAY_MS
    assert [one.kind for one in alarms(a.workspace)] == []


def test_a_file_that_a_sync_client_renamed_is_no_rollback(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    a = alliance.desks["a"]
    kept.move_aside(of(a, kept)[-1])
    a.share(audit=False)
    a.share(audit=False)
    assert alarms(a.workspace) == []


def test_a_listing_that_leaves_a_file_out_is_no_rollback(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    b = alliance.desks["b"]

    class Stale(MemoryStore):
        def list(self, folder: str) -> Entries:
            return [e for e in super().list(folder) if not e.name.endswith((".cds", ".cdc"))]

    before = dict(kept.files)
    b.store = Stale(kept)
    for _ in range(3):
        genesis = b.share(audit=False, grace_ms=GRACE_MS)
        assert genesis.healed == genesis.put_back == []
        b.clock.ms += HOUR_MS
    assert kinds(b) == []
    assert kept.files == before


# --- withholding -----------------------------------------------------------------------------


def hide_the_middle(alliance: Alliance, row: bytes, kept: Share) -> dict[str, bytes]:
    """Let one partner sign twice, and take the first of both out of the folder."""
    a = alliance.desks["a"]
    an_edit(a, row, 1)
    a.share()
    an_edit(a, row, 2)
    a.share()
    first = of(a, kept)[-2]
    return {first: kept.files.pop(first)}


def test_a_change_that_others_name_and_nobody_shows_is_reported(alliance: Alliance) -> None:
    row, kept = settled(alliance)
    b = alliance.desks["b"]
    hidden = hide_the_middle(alliance, row, kept)
    b.share()
    assert kinds(b) == []
    b.clock.ms += HOUR_MS
    b.share()
    alarm = only(b)
    assert (alarm.kind, alarm.action) == ("withheld", "ask-partner")
    assert "QI lead laptop 1, Lincolnshire Partnership" in alarm.words
    assert "exists, but the shared folder does not show it" in alarm.words
    assert b.live(row, M1) == {100}
    kept.files.update(hidden)
    b.share()
    assert kinds(b) == []
    assert b.live(row, M1) == {2}


def test_the_policy_says_how_late_a_folder_may_be(alliance: Alliance) -> None:
    row, kept = settled(alliance)
    lead, _, b = alliance.desks.values()
    lead.run(SetPolicy("withheld_hours", "24"))
    alliance.share_all()
    hide_the_middle(alliance, row, kept)
    b.share()
    b.clock.ms += 23 * HOUR_MS
    b.share()
    assert kinds(b) == []
    b.clock.ms += HOUR_MS
    assert kinds(b) == ["withheld"]


# --- freeze ----------------------------------------------------------------------------------


def test_a_partner_not_heard_for_a_week_and_for_a_month_is_named(alliance: Alliance) -> None:
    settled(alliance)
    lead, a, b = alliance.desks.values()
    for days, tone in ((7, CONCERN), (23, DANGER)):
        pass_time(alliance, days * DAY_MS)
        lead.share()
        a.share()
        lead.share()
        alarm = only(lead)
        assert (alarm.kind, alarm.tone) == ("frozen", tone)
        assert "Leicestershire Partnership NHS Trust was last heard" in alarm.words
    b.share()
    lead.share()
    assert kinds(lead) == []


def test_whoever_was_away_themselves_does_not_call_the_others_silent(alliance: Alliance) -> None:
    settled(alliance)
    lead = alliance.desks["lead"]
    lead.clock.ms += 90 * DAY_MS
    assert kinds(lead) == []
    for name in ("a", "b"):
        alliance.desks[name].clock.ms += 90 * DAY_MS
        alliance.desks[name].share()
    lead.share()
    assert kinds(lead) == []


def test_when_somebody_was_heard_is_told_by_the_own_clock(alliance: Alliance) -> None:
    row, _ = settled(alliance)
    lead, a, _ = alliance.desks.values()
    lead.clock.ms += 3 * DAY_MS
    a.clock.ms += 3_650 * DAY_MS
    an_edit(a, row, 5)
    a.share()
    lead.share()
    lead.clock.ms += 2 * DAY_MS
    heard = {one.member.laptop: one.heard_ms for one in standing(lead.workspace).laptops}
    silent = lead.clock.ms - heard["QI lead laptop 1"]
    assert 2 * DAY_MS <= silent < 2 * DAY_MS + HOUR_MS


# --- beacons ---------------------------------------------------------------------------------


def test_a_laptop_that_gets_other_figures_from_the_same_changes_is_named(
    alliance: Alliance,
) -> None:
    row, _ = settled(alliance)
    lead, a, _ = alliance.desks.values()
    spoil = "UPDATE cell SET lamport = lamport, value = x'1903e7' WHERE row = ? AND col = ?"

    def change() -> None:
        with a.workspace.database.write() as connection:
            connection.exec_driver_sql(spoil, (row, M1))

    a.workspace.threads.write(change).result()
    pass_time(alliance, DAY_MS)
    a.share()
    lead.share()
    alarm = only(lead)
    assert (alarm.kind, alarm.action, alarm.tone) == ("divergence", "verify", DANGER)
    assert "Lincolnshire Partnership" in alarm.words
    a.workspace.rebuild().result()
    pass_time(alliance, DAY_MS)
    for desk in (lead, a, lead, a, lead):
        desk.share()
    pass_time(alliance, DAY_MS)
    for desk in (a, lead):
        desk.share()
    assert kinds(lead) == []


def test_beacons_are_compared_and_agree(alliance: Alliance) -> None:
    row, _ = settled(alliance)
    lead, a, _ = alliance.desks.values()
    pass_time(alliance, DAY_MS)
    an_edit(a, row, 9)
    a.share()
    lead.share()
    query = "SELECT found FROM beacon WHERE dev16 = ? ORDER BY seq DESC LIMIT 1"
    device = names.dev16(a.workspace.about.key)
    found = lead.workspace.query(lambda reads: reads.exec_driver_sql(query, (device,)).scalar_one())
    assert found == "same"
    assert kinds(lead) == []


# --- two ways, damage, clocks ----------------------------------------------------------------


def test_a_folder_that_damages_one_file_again_and_again_is_reported(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    a = alliance.desks["a"]
    path = of(a, kept)[-1]
    good = kept.files[path]
    for times in range(3):
        assert kinds(a) == []
        kept.flip(path, 8_000 + times)
        report = a.share()
        assert (report.damaged, report.put_back, kept.files[path]) == ([path], [path], good)
    alarm = only(a)
    assert (alarm.kind, alarm.action) == ("damaged-folder", "tell-folder-owner")
    assert "3 times" in alarm.words


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (9, "about [89] minutes fast"),
        (-9, "about [89] minutes slow"),
        (190, "about 3 hours fast"),
        (3 * 24 * 60 + 9, "about 3 days fast"),
    ],
)
def test_a_clock_that_is_off_is_told_by_the_partners_clocks(
    alliance: Alliance, minutes: int, said: str
) -> None:
    row, _ = settled(alliance)
    b = alliance.desks["b"]
    pass_time(alliance, DAY_MS)
    b.clock.ms += minutes * MINUTE_MS
    an_edit(b, row, 3)
    b.share()
    for name in ("lead", "a"):
        alliance.desks[name].share()
    b.share()
    alarm = only(b)
    assert (alarm.kind, alarm.action) == ("clock", "set-clock")
    assert re.search(said, alarm.words)
    assert kinds(alliance.desks["lead"]) == []


def test_folders_of_strangers_without_number_hide_no_partner(alliance: Alliance) -> None:
    row, kept = settled(alliance)
    lead, a, _ = alliance.desks.values()
    root = names.workspace_folder(lead.workspace.about.workspace)
    for number in range(200):
        kept.files[f"{root}/o/a{number}/j/x.cdj"] = b"x"
    an_edit(a, row, 5)
    a.share()
    lead.share(audit=False)
    assert lead.live(row, M1) == {5}
    alarm = only(lead)
    assert alarm.kind == "too-many-folders"
    kept.files = {path: file for path, file in kept.files.items() if not path.endswith("x.cdj")}
    lead.share(audit=False)
    assert kinds(lead) == []


# --- forged signs ----------------------------------------------------------------------------


def test_a_forged_beacon_raises_no_alarm(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    lead, a, _ = alliance.desks.values()
    pass_time(alliance, DAY_MS)
    a.share()
    path = of(a, kept)[-1]
    read = segment.read(kept.files.pop(path))
    forged = segment.assemble(
        read.header._replace(wall_ms=1), read.body, SigningKey(bytes([9]) * 32)
    )
    place = names.segment_path(
        "rp7", a.workspace.about.key, read.header.seq, segment.read(forged).id
    )
    kept.files[f"{names.workspace_folder(lead.workspace.about.workspace)}/{place}"] = forged
    report = lead.share()
    assert [refused.code for refused in report.refused] == ["signature"]
    assert kinds(lead) == []


def test_an_empty_folder_stops_and_alarms_nobody(alliance: Alliance) -> None:
    _, kept = settled(alliance)
    lead = alliance.desks["lead"]
    kept.files.clear()
    with pytest.raises(NotPossible, match="Nothing was deleted here"):
        share(lead.workspace, lead.store)
    assert kinds(lead) == []
