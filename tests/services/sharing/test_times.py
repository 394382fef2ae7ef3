"""A time that cannot be right is marked, and changes nothing."""

from __future__ import annotations

from collabdesk.domain.changes import SetCells
from collabdesk.services.control import adopting, audit, laptops, votes
from collabdesk.services.figures import history
from collabdesk.services.home import changed, heads
from collabdesk.services.sharing.publish import seal
from collabdesk.services.sharing.times import is_doubtful
from collabdesk.sync import names
from tests.services.control.desks import enrolled, key_of, sign_all
from tests.support.alliance import Alliance, Desk
from tests.support.exchange import M1, a_line, an_edit

DAY_MS = 24 * 3_600_000
YEARS_MS = 3_650 * DAY_MS


def newest(desk: Desk) -> bytes:
    mine = names.dev16(desk.workspace.about.key)
    heads = desk.workspace.write(lambda replica: replica.heads())
    return next(segment for dev, _, segment in heads if dev == mine)


def doubted(alliance: Alliance, segment: bytes) -> list[bool]:
    return [d.workspace.query(is_doubtful, segment) for d in alliance.desks.values()]


def test_honest_times_are_not_doubted(alliance: Alliance) -> None:
    row = a_line(alliance)
    made = [newest(desk) for desk in alliance.desks.values()]
    for desk in alliance.desks.values():
        desk.clock.ms += 3 * DAY_MS
    an_edit(alliance.desks["a"], row, 5)
    alliance.share_all()
    made.append(newest(alliance.desks["a"]))
    assert [doubted(alliance, segment) for segment in made] == [[False] * 3] * 4


def test_a_time_long_before_what_it_had_seen_is_doubtful(alliance: Alliance) -> None:
    row = a_line(alliance)
    a = alliance.desks["a"]
    a.clock.ms -= YEARS_MS
    an_edit(a, row, 5)
    seal(a.workspace)
    segment = newest(a)
    alliance.share_all()
    assert doubted(alliance, segment) == [True] * 3
    assert alliance.desks["b"].live(row, M1) == {5}
    assert len(alliance.roots) == 1


def test_a_time_long_after_others_had_it_is_doubtful(alliance: Alliance) -> None:
    row = a_line(alliance)
    lead, a, b = alliance.desks.values()
    a.clock.ms += YEARS_MS
    an_edit(a, row, 5)
    seal(a.workspace)
    segment = newest(a)
    a.share()
    lead.share()
    assert lead.workspace.query(is_doubtful, segment) is False
    for desk in (lead, b):
        desk.clock.ms += DAY_MS
    for desk in (lead, b, lead, b):
        desk.share()
    assert lead.workspace.query(is_doubtful, segment)
    assert b.live(row, M1) == {5}


def test_a_records_history_marks_what_was_made_by_a_wrong_clock(alliance: Alliance) -> None:
    row = a_line(alliance)
    a, b = alliance.desks["a"], alliance.desks["b"]
    a.clock.ms -= YEARS_MS
    an_edit(a, row, 5)
    seal(a.workspace)
    alliance.share_all()
    made = b.workspace.query(history, row)
    assert [one.author.doubtful for one in made] == [False, True]
    assert [one.kind for one in made] == ["insert", "set"]


def test_home_marks_what_was_made_by_a_wrong_clock(alliance: Alliance) -> None:
    row = a_line(alliance)
    a, b = alliance.desks["a"], alliance.desks["b"]
    seen = b.workspace.query(heads)
    a.clock.ms -= YEARS_MS
    an_edit(a, row, 5)
    seal(a.workspace)
    alliance.share_all()
    told = b.workspace.query(changed, b.workspace, {})
    assert {one.doubtful for one in told} == {True, False}
    late = b.workspace.query(changed, b.workspace, seen)
    assert {one.doubtful for one in late} == {True}


def test_what_was_kept_aside_is_marked_too(alliance: Alliance) -> None:
    row = a_line(alliance)
    ward = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    alliance.share_all()
    ward.clock.ms -= YEARS_MS
    ward.change(SetCells("plan_line", row, {"m1": 5}))
    a = alliance.desks["a"]
    laptops.retire_laptop(a.workspace, key_of(ward))
    for desk in (a, ward, a):
        desk.share()
    (item,) = [one for one in adopting.quarantined(a.workspace) if one.lines]
    assert item.doubtful


def test_decisions_seen_out_of_order_tell_of_this_laptops_own_clock(alliance: Alliance) -> None:
    lead, a, b = alliance.desks.values()
    audit.note_first_seen(b.workspace)
    assert not any(one.doubtful for one in audit.decisions(b.workspace))
    b.clock.ms -= YEARS_MS
    votes.review(lead.workspace)
    alliance.share_all()
    sign_all(a)
    alliance.share_all()
    audit.note_first_seen(b.workspace)
    found = {one.title: one.doubtful for one in audit.decisions(b.workspace)}
    assert found["Membership 2"]
    assert not found["Membership 1"]
