"""A time that cannot be right is marked, and changes nothing."""

from __future__ import annotations

from collabdesk.services.sharing.publish import seal
from collabdesk.services.sharing.times import is_doubtful
from collabdesk.sync import names
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
