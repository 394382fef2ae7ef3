"""Suspending at once, and lifting: one's own, others' by two, and never across two alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from collabdesk.domain.changes import SetCells
from collabdesk.errors import Refusal
from collabdesk.services.control import decisions, votes
from collabdesk.services.control import suspend as control
from collabdesk.sync import verdicts
from tests.services.control.desks import LINE, enrolled, key_of, sign_all, verdicts_of
from tests.support.alliance import Alliance, found_alliance


def test_ones_own_laptop_is_suspended_and_the_suspension_lifted(alliance: Alliance) -> None:
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    a, lead = alliance.desks["a"], alliance.desks["lead"]
    row = second.change(LINE)["line"]
    alliance.share_all(2)
    done = control.suspend(a.workspace, key_of(second), "Left in a taxi")
    assert done.in_force
    second.change(SetCells("plan_line", row, {"m1": 7}))
    second.share()
    alliance.share_all(2)
    assert verdicts_of(lead) == {verdicts.SUSPENDED}
    (told,) = control.suspended(lead.workspace)
    assert "Ward laptop, Lincolnshire" in told.words
    assert "Left in a taxi" in told.words
    assert "administrator lifts it" in told.lifted_by
    assert control.lift(a.workspace, told.id).endswith("is no longer suspended.")
    alliance.share_all(2)
    assert lead.live(row, 11) == {7}
    assert len(alliance.roots) == 1
    again = control.suspend(a.workspace, key_of(second), "Once more")
    assert again.record != done.record


def test_anothers_laptop_is_suspended_by_two_and_lifted_by_a_vote(alliance: Alliance) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    row = a.change(LINE)["line"]
    alliance.share_all(2)
    begun = control.suspend(lead.workspace, key_of(a), "It writes by itself")
    assert not begun.in_force
    assert "second organisation" in begun.words
    a.change(SetCells("plan_line", row, {"m2": 3}))
    alliance.share_all(2)
    (waits,) = decisions.drafted(b.workspace)
    assert waits.can_sign
    assert waits.changes[-1].startswith("Known here, it sets aside ")
    assert lead.live(row, 12) == {3}
    joined = control.suspend(b.workspace, key_of(a), "We see it too")
    assert joined.in_force
    assert joined.record == begun.record
    a.change(SetCells("plan_line", row, {"m1": 7}))
    alliance.share_all(2)
    assert lead.live(row, 11) == set()
    with pytest.raises(Refusal, match="laptop that is suspended"):
        a.change(SetCells("plan_line", row, {"m1": 8}))
    (told,) = control.suspended(lead.workspace)
    assert not told.by_own_organisation
    assert "proposed" in control.lift(lead.workspace, told.id)
    alliance.share_all(2)
    assert sign_all(b) == 1
    alliance.share_all(2)
    assert lead.live(row, 11) == {7}


def test_two_administrators_suspend_each_other_and_neither_lifts(alliance: Alliance) -> None:
    second = enrolled(alliance, "l2", "lead", "Accountant", "Finance laptop 2")
    lead, a = alliance.desks["lead"], alliance.desks["a"]
    votes.change_administrators(lead.workspace, [key_of(lead), key_of(second)], signatures=1)
    alliance.share_all(3)
    sign_all(a)
    alliance.share_all(3)
    control.suspend(lead.workspace, key_of(second), "I do not know it")
    control.suspend(second.workspace, key_of(lead), "Nor I that one")
    alliance.share_all(3)
    mine = next(s for s in control.suspended(lead.workspace) if s.key == key_of(lead))
    with pytest.raises(Refusal) as refused:
        control.lift(lead.workspace, mine.id)
    assert refused.value.code == "suspended-itself"
    votes.lift_by_vote(lead.workspace, *(s.id for s in control.suspended(lead.workspace)))
    alliance.share_all(2)
    sign_all(a)
    alliance.share_all(2)
    assert control.suspended(lead.workspace) == ()


def test_two_organisations_cannot_suspend_each_others_laptops(tmp_path: Path) -> None:
    alliance = found_alliance(tmp_path / "pair", ("a",))
    lead = alliance.desks["lead"]
    with pytest.raises(Refusal, match="neither can suspend the other's laptops") as refused:
        control.suspend(lead.workspace, key_of(alliance.desks["a"]), "Because")
    assert "Telephone them" in refused.value.remedy
    alliance.close()


def test_a_suspension_needs_a_reason_and_another_laptop(alliance: Alliance) -> None:
    a = alliance.desks["a"]
    with pytest.raises(Refusal, match="needs a reason"):
        control.suspend(a.workspace, key_of(a), "  ")
    with pytest.raises(Refusal, match="cannot suspend itself"):
        control.suspend(a.workspace, key_of(a), "Stolen")
    with pytest.raises(Refusal, match="not in force"):
        control.lift(a.workspace, bytes(32))
