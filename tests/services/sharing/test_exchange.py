"""Three laptops and a folder: what one signs, all hold; and what meets is settled by people."""

from __future__ import annotations

from collabdesk.domain.changes import (
    OWN,
    Approve,
    Delete,
    Insert,
    NewRow,
    Resolve,
    SetCells,
    Shared,
    Undelete,
    Withdraw,
)
from collabdesk.services.sharing.standing import standing
from collabdesk.services.sharing.verify import verify
from collabdesk.storage.queries.approvals import approvals
from tests.support.alliance import Alliance
from tests.support.exchange import LINE, M1, a_line


def contested(alliance: Alliance) -> list[int]:
    return [standing(desk.workspace).counts.contested for desk in alliance.desks.values()]


def test_what_one_signs_all_hold(alliance: Alliance) -> None:
    row = a_line(alliance)
    assert [desk.live(row, M1) for desk in alliance.desks.values()] == [{100}] * 3
    assert len(alliance.roots) == 1


def test_two_figures_are_contested_until_a_third_settles_them(alliance: Alliance) -> None:
    row = a_line(alliance)
    lead, a, b = alliance.desks.values()
    a.change(SetCells("plan_line", row, {"m1": 110}))
    b.change(SetCells("plan_line", row, {"m1": 120}))
    alliance.share_all()
    assert [desk.live(row, M1) for desk in alliance.desks.values()] == [{110, 120}] * 3
    assert [standing(desk.workspace).counts.contested for desk in alliance.desks.values()] == [
        1
    ] * 3
    lead.change(Resolve("plan_line", row, "m1", 115, "The letter says so."))
    alliance.share_all()
    assert [desk.live(row, M1) for desk in alliance.desks.values()] == [{115}] * 3
    assert [standing(desk.workspace).counts.contested for desk in alliance.desks.values()] == [
        0
    ] * 3
    assert len(alliance.roots) == 1


def test_a_figure_the_resolver_had_not_seen_stays_contested(alliance: Alliance) -> None:
    row = a_line(alliance)
    lead, a, b = alliance.desks.values()
    a.change(SetCells("plan_line", row, {"m1": 110}))
    b.change(SetCells("plan_line", row, {"m1": 120}))
    a.share()
    lead.change(SetCells("plan_line", row, {"m1": 130}))
    lead.share()
    lead.change(Resolve("plan_line", row, "m1", 115, "The letter says so."))
    alliance.share_all()
    assert lead.live(row, M1) == {115, 120}
    assert len(alliance.roots) == 1


def test_a_delete_that_had_not_seen_a_figure_leaves_it_to_be_seen(alliance: Alliance) -> None:
    row = a_line(alliance)
    lead, a, b = alliance.desks.values()
    a.change(Delete("plan_line", row))
    b.change(SetCells("plan_line", row, {"m1": 120}))
    alliance.share_all()
    kept = "SELECT kept FROM budgets_plan_line WHERE row = ?"
    for desk in alliance.desks.values():
        found = desk.workspace.query(lambda reads: reads.exec_driver_sql(kept, (row,)).all())
        assert [tuple(one) for one in found] == [(1,)]
    lead.change(Delete("plan_line", row))
    alliance.share_all()
    gone = lead.workspace.query(lambda reads: reads.exec_driver_sql(kept, (row,)).all())
    assert gone == []
    b.change(Undelete("plan_line", row))
    alliance.share_all()
    back = a.workspace.query(lambda reads: reads.exec_driver_sql(kept, (row,)).all())
    assert [tuple(one) for one in back] == [(0,)]
    assert len(alliance.roots) == 1


def test_an_approval_goes_stale_and_can_be_taken_back(alliance: Alliance) -> None:
    row = a_line(alliance)
    lead, a, b = alliance.desks.values()
    a.change(Approve("plan_line", row, ("m1",), "Agreed"))
    alliance.share_all()
    (agreed,) = lead.workspace.query(approvals, row)
    assert (agreed.current, agreed.withdrawn) == (True, False)
    b.change(SetCells("plan_line", row, {"m1": 120}))
    alliance.share_all()
    (agreed,) = lead.workspace.query(approvals, row)
    assert agreed.current is False
    a.change(Withdraw("plan_line", row))
    alliance.share_all()
    (agreed,) = b.workspace.query(approvals, row)
    assert agreed.withdrawn is True
    assert len(alliance.roots) == 1


def test_titles_meet_and_all_show_the_same_one(alliance: Alliance) -> None:
    lead, a, b = alliance.desks.values()
    project = Insert(
        "project", Shared("joint_projects"), {"title": "Flow", "aim": "Fewer"}, key="p"
    )
    status = {**project.cells, "status": "active"}
    row = a.change(Insert("project", project.scope, status, key="p"))["p"]
    alliance.share_all()
    a.change(SetCells("project", row, {"title": "Flow of beds"}))
    b.change(SetCells("project", row, {"title": "Flow of people"}))
    alliance.share_all()
    query = "SELECT title FROM improvement_project WHERE row = ?"
    shown = {
        desk.workspace.query(lambda reads: reads.exec_driver_sql(query, (row,)).scalar_one())
        for desk in alliance.desks.values()
    }
    assert len(shown) == 1
    assert shown <= {"Flow of beds", "Flow of people"}
    assert lead.live(row, 2) == {"Flow of beds", "Flow of people"}


def test_a_row_and_what_refers_to_it_come_in_one_step(alliance: Alliance) -> None:
    lead = alliance.desks["lead"]
    version = Insert(
        "budget_version", OWN, {"fiscal_year": "2026/27", "name": "v1", "state": "draft"}, key="v"
    )
    line = Insert("plan_line", LINE.scope, {**LINE.cells, "version": NewRow("v")}, key="line")
    rows = lead.change(version, line)
    alliance.share_all()
    assert alliance.desks["b"].live(rows["line"], 1) == {rows["v"]}


def test_verify_finds_nothing_wrong(alliance: Alliance) -> None:
    row = a_line(alliance)
    alliance.desks["a"].change(SetCells("plan_line", row, {"m1": 1}))
    alliance.share_all()
    for desk in alliance.desks.values():
        found = verify(desk.workspace)
        assert (found.sound, found.faults) == (True, [])
        assert found.state_root == desk.root
