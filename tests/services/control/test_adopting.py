"""Honest work past a cut is never lost: listed in words, adopted under another's name."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from collabdesk.domain.changes import Approve, Delete, Insert, NewRow, SetCells, Shared
from collabdesk.errors import Refusal
from collabdesk.services.control import adopting, laptops
from collabdesk.services.control.reissue import why_not
from collabdesk.storage.queries.quarantine import Part, SetAside
from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync.operations import InsertRow
from tests.services.control.desks import LINE, enrolled, key_of
from tests.support.alliance import Alliance, Desk


def rows_of(desk: Desk) -> dict[bytes, str]:
    """Return the plan lines a laptop shows, with their providers."""
    table = PROJECTIONS["plan_line"]
    found = desk.workspace.query(lambda reads: reads.execute(select(table)).all())
    return {row.row: row.provider for row in found}


def row_of(desk: Desk, provider: str) -> bytes:
    (row,) = (row for row, shown in rows_of(desk).items() if shown == provider)
    return row


def test_what_a_cut_set_aside_and_no_program_would_write_is_not_adopted() -> None:
    line = InsertRow(1, 13, 1, ((1, bytes(16)), (2, bytes(16)), (3, "RHA"), (4, "many")))
    kept = SetAside(bytes(32), bytes(16), 2, None, None, 0, 22, (Part(0, line, bytes(16)),))
    refusal = why_not(kept, keeps_ledger=True)
    assert refusal is not None
    assert refusal.code == "not-readable"


@pytest.fixture
def offline(alliance: Alliance) -> Desk:
    """A further laptop of a partner that has shared a plan line and gone away."""
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    second.change(LINE)
    alliance.share_all(2)
    return second


def retire(alliance: Alliance, desk: Desk) -> None:
    """Retire a laptop while it is away, then let it come back."""
    a = alliance.desks["a"]
    laptops.retire_laptop(a.workspace, key_of(desk))
    a.share()
    desk.share()
    alliance.share_all(2)


def test_work_past_a_cut_is_listed_and_adopted_in_one_step(
    alliance: Alliance, offline: Desk
) -> None:
    a, lead = alliance.desks["a"], alliance.desks["lead"]
    row = row_of(offline, "RHA")
    offline.change(SetCells("plan_line", row, {"m1": 700, "m2": 900}))
    retire(alliance, offline)
    (late,) = [q for q in adopting.quarantined(a.workspace) if q.lines]
    assert late.who == "Ward manager, Ward laptop, Lincolnshire Partnership NHS Foundation Trust"
    assert late.reason == "it was made after its author's rights were lessened"
    assert late.lines[0].endswith("m1 £7.00, m2 £9.00")
    assert late.can_adopt
    done = adopting.adopt(a.workspace, [late.id])
    assert done.words == "1 change adopted"
    alliance.share_all(2)
    assert lead.live(row, 11) == {700}
    assert len(alliance.roots) == 1
    (after,) = [q for q in adopting.quarantined(lead.workspace) if q.lines]
    assert after.adopted.startswith("QI lead laptop 1, Lincolnshire")
    with pytest.raises(Refusal, match="adopted already"):
        adopting.adopt(a.workspace, [late.id])


def test_new_rows_are_made_anew_and_what_named_them_follows(
    alliance: Alliance, offline: Desk
) -> None:
    a, lead = alliance.desks["a"], alliance.desks["lead"]
    made = offline.change(
        Insert(
            "plan_line",
            Shared("draft_plan"),
            {
                "version": bytes(16),
                "service_line": bytes(16),
                "provider": "RP7",
                "profile": "equal",
            },
            key="new",
        ),
        SetCells("plan_line", NewRow("new"), {"m1": 5}),
    )["new"]
    offline.change(SetCells("plan_line", made, {"m2": 6}))
    retire(alliance, offline)
    items = [q for q in adopting.quarantined(a.workspace) if q.lines]
    assert [len(q.lines) for q in items] == [2, 1]
    adopting.adopt(a.workspace, [items[0].id])
    alliance.share_all(2)
    new = row_of(lead, "RP7")
    assert new != made
    assert lead.live(new, 11) == {5}
    adopting.adopt(a.workspace, [items[1].id])
    alliance.share_all(2)
    assert lead.live(new, 12) == {6}


def test_what_a_change_builds_on_comes_with_it(alliance: Alliance, offline: Desk) -> None:
    a, lead = alliance.desks["a"], alliance.desks["lead"]
    first = row_of(offline, "RHA")
    made = offline.change(LINE)["line"]
    offline.change(SetCells("plan_line", made, {"provider": "RT5"}))
    offline.change(Delete("plan_line", first))
    retire(alliance, offline)
    items = [q for q in adopting.quarantined(a.workspace) if q.lines]
    done = adopting.adopt(a.workspace, [items[1].id, items[2].id])
    assert done.words == "3 changes adopted"
    alliance.share_all(2)
    assert lead.live(row_of(lead, "RT5"), 3) == {"RT5"}


def test_an_approval_is_nobody_elses_to_adopt(alliance: Alliance, offline: Desk) -> None:
    a = alliance.desks["a"]
    row = row_of(offline, "RHA")
    offline.change(Approve("plan_line", row, ("provider",)))
    retire(alliance, offline)
    (late,) = [q for q in adopting.quarantined(a.workspace) if q.lines]
    assert not late.can_adopt
    assert "own word" in late.why_not
    with pytest.raises(Refusal, match="own word"):
        adopting.adopt(a.workspace, [late.id])
    with pytest.raises(Refusal, match="no longer set aside"):
        adopting.adopt(a.workspace, [(bytes(32), 0)])


def test_adopted_twice_is_a_finding(alliance: Alliance, offline: Desk) -> None:
    a, lead = alliance.desks["a"], alliance.desks["lead"]
    row = row_of(offline, "RHA")
    offline.change(SetCells("plan_line", row, {"m1": 700}))
    retire(alliance, offline)
    (late,) = [q for q in adopting.quarantined(a.workspace) if q.lines]
    assert adopting.findings(lead.workspace) == ()
    adopting.adopt(a.workspace, [late.id])
    adopting.adopt(lead.workspace, [late.id])
    alliance.share_all(2)
    (said,) = adopting.findings(lead.workspace)
    assert said.startswith("A change was adopted 2 times, by ")
    assert "Finance lead laptop 1" in said
    assert "QI lead laptop 1" in said
