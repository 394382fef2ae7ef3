"""Further laptops: enrolled by words, given roles, replaced, retired; honest work is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from collabdesk.domain.changes import SetCells
from collabdesk.errors import Refusal
from collabdesk.services.control import decisions, laptops, roster_signing, votes
from collabdesk.services.control.naming import Names
from collabdesk.services.sharing.enrolment import enrol
from collabdesk.sync import verdicts
from tests.services.control.desks import LINE, enrolled, key_of, sign_all, spoken, verdicts_of
from tests.support.alliance import Alliance, ask, further
from tests.support.exchange import put_back


def test_a_second_laptop_works_at_once_and_for_a_person_of_its_own(alliance: Alliance) -> None:
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    assert second.workspace.enrolled
    assert second.workspace.me().role == "Ward manager"
    row = second.change(LINE)["line"]
    alliance.share_all(2)
    assert alliance.desks["lead"].live(row, 3) == {"RHA"}
    assert len(alliance.roots) == 1
    assert not verdicts_of(alliance.desks["lead"])


def test_a_retired_laptop_put_back_from_a_copy_reads_its_own_changes_again(
    alliance: Alliance, tmp_path: Path
) -> None:
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    with put_back(second, tmp_path / "kept"):
        row = second.change(LINE)["line"]
        alliance.share_all(2)
        laptops.retire_laptop(alliance.desks["a"].workspace, key_of(second))
        alliance.share_all(2)
    for _ in range(3):
        second.share()
    assert not second.workspace.enrolled
    assert second.live(row, 3) == {"RHA"}
    assert len(alliance.roots) == 1


def test_a_second_laptop_of_the_same_person_shares_the_identity(alliance: Alliance) -> None:
    second = enrolled(alliance, "a2", "a", "QI lead", "QI laptop 2")
    assert second.workspace.me().person == alliance.desks["a"].workspace.me().person


def test_the_enrol_verb_of_the_window_enrols_ones_own_laptop(alliance: Alliance) -> None:
    desk = ask(alliance, "l2", founder=further("lead", "Accountant", "Finance laptop 2"))
    lead = alliance.desks["lead"]
    enrol(lead.workspace, lead.store, [spoken(desk)])
    alliance.share_all(2)
    assert desk.workspace.me().role == "Accountant"


def test_another_trusts_laptop_is_not_enrolled_here(alliance: Alliance) -> None:
    desk = ask(alliance, "b2", founder=further("b", "Analyst", "Laptop 2"))
    a = alliance.desks["a"]
    with pytest.raises(Refusal, match="not of Lincolnshire") as refused:
        laptops.enrol_laptop(a.workspace, a.store, spoken(desk))
    assert refused.value.code == "another-organisation"


def test_a_role_beyond_what_the_partners_grant_is_refused(alliance: Alliance) -> None:
    desk = ask(alliance, "a2", founder=further("a", "Analyst", "Laptop 2"))
    a = alliance.desks["a"]
    with pytest.raises(Refusal) as refused:
        laptops.enrol_laptop(a.workspace, a.store, spoken(desk), roles=[laptops.ADMINISTRATOR])
    assert refused.value.code == "roles-beyond-grant"


def test_only_an_administrators_laptop_enrols(alliance: Alliance) -> None:
    second = enrolled(alliance, "a2", "a", "Analyst", "Laptop 2")
    with pytest.raises(Refusal, match="does not sign for Lincolnshire") as refused:
        laptops.retire_laptop(second.workspace, key_of(alliance.desks["a"]))
    assert "QI lead laptop 1" in refused.value.remedy


def test_what_a_retired_laptop_had_shared_stands_and_what_it_hid_waits(
    alliance: Alliance,
) -> None:
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    row = second.change(LINE)["line"]
    alliance.share_all(2)
    second.change(SetCells("plan_line", row, {"m1": 7}))
    seen = roster_signing.standing_head(alliance.desks["a"].workspace, key_of(second)).seq
    said = laptops.retire_laptop(alliance.desks["a"].workspace, key_of(second))
    assert said.in_force
    assert f"up to change set {seen} stands" in said.words
    alliance.desks["a"].share()
    second.share()
    alliance.share_all(2)
    lead = alliance.desks["lead"]
    assert lead.live(row, 3) == {"RHA"}
    assert lead.live(row, 11) == set()
    assert verdicts.PAST_A_CUT in verdicts_of(lead)
    assert len(alliance.roots) == 1


def test_a_lost_laptop_is_replaced_and_its_person_keeps_everything(alliance: Alliance) -> None:
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    row = second.change(LINE)["line"]
    alliance.share_all(2)
    person = second.workspace.me().person
    third = ask(alliance, "a3", founder=further("a", "anything", "Ward laptop 2"))
    a = alliance.desks["a"]
    said = laptops.replace_laptop(a.workspace, a.store, spoken(third), key_of(second))
    assert said.words == "Ward laptop 2 of Ward manager takes the place of Ward laptop."
    alliance.share_all(2)
    assert third.workspace.me().person == person
    third.change(SetCells("plan_line", row, {"m1": 9}))
    alliance.share_all(2)
    assert alliance.desks["b"].live(row, 11) == {9}
    assert not second.workspace.enrolled
    assert len(alliance.roots) == 1


def test_a_laptop_loses_a_role_and_what_it_did_before_stands(alliance: Alliance) -> None:
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    row = second.change(LINE)["line"]
    alliance.share_all(2)
    a = alliance.desks["a"]
    said = laptops.change_roles(a.workspace, key_of(second), [2])
    assert said.words == "Ward laptop is QI lead from now on."
    alliance.share_all(2)
    assert alliance.desks["lead"].live(row, 3) == {"RHA"}
    with pytest.raises(Refusal, match="no right"):
        second.change(SetCells("plan_line", row, {"m1": 7}))


def test_two_signatures_where_two_must_sign(alliance: Alliance) -> None:
    second = enrolled(alliance, "l2", "lead", "Accountant", "Finance laptop 2")
    lead = alliance.desks["lead"]
    votes.change_administrators(lead.workspace, [key_of(lead), key_of(second)], signatures=2)
    alliance.share_all(3)
    for name in ("a", "b"):
        sign_all(alliance.desks[name])
    alliance.share_all(3)
    third = ask(alliance, "l3", founder=further("lead", "Analyst", "Laptop 3"))
    lead.share()
    said = laptops.enrol_laptop(lead.workspace, lead.store, spoken(third))
    assert not said.in_force
    assert "second administrator" in said.sentence
    alliance.share_all(2)
    (waits,) = decisions.drafted(second.workspace)
    assert waits.title == "A change of laptops"
    assert waits.can_sign
    assert any("Laptop 3 of Analyst is enrolled" in line for line in waits.changes)
    assert waits.waits_for == (
        "1 more of: Accountant, Nottinghamshire Healthcare NHS Foundation Trust",
    )
    assert votes.sign(second.workspace, waits.id).in_force
    alliance.share_all(2)
    assert third.workspace.enrolled


def test_the_only_administrator_is_not_retired(alliance: Alliance) -> None:
    a = alliance.desks["a"]
    with pytest.raises(Refusal) as refused:
        laptops.retire_laptop(a.workspace, key_of(a))
    assert refused.value.code == "last-administrator"


def test_the_keepers_laptop_is_not_simply_retired(alliance: Alliance) -> None:
    lead = alliance.desks["lead"]
    with pytest.raises(Refusal) as refused:
        laptops.retire_laptop(lead.workspace, key_of(lead))
    assert refused.value.code == "keeps-the-ledger"


def test_two_administrators_change_the_list_at_once_and_both_changes_hold(
    alliance: Alliance,
) -> None:
    second = enrolled(alliance, "l2", "lead", "Accountant", "Finance laptop 2")
    lead = alliance.desks["lead"]
    votes.change_administrators(lead.workspace, [key_of(lead), key_of(second)], signatures=1)
    alliance.share_all(3)
    for name in ("a", "b"):
        sign_all(alliance.desks[name])
    alliance.share_all(3)
    third = ask(alliance, "l3", founder=further("lead", "Analyst", "Laptop 3"))
    fourth = ask(alliance, "l4", founder=further("lead", "Planner", "Laptop 4"))
    lead.share()
    second.share()
    laptops.enrol_laptop(lead.workspace, lead.store, spoken(third))
    laptops.enrol_laptop(second.workspace, second.store, spoken(fourth))
    alliance.share_all(4)
    assert third.workspace.enrolled
    assert fourth.workspace.enrolled
    assert len(alliance.roots) == 1
    assert {roster_signing.make_again(d.workspace) for d in (lead, second)} == {()}
    assert any(alarm.kind == "roster-fork" for alarm in lead.workspace.book.alarms)


def test_laptops_are_named_by_trust_and_people_by_role(alliance: Alliance) -> None:
    names = Names(alliance.desks["b"].workspace.book)
    key = key_of(alliance.desks["a"])
    assert names.laptop(key) == "QI lead laptop 1, Lincolnshire Partnership NHS Foundation Trust"
    assert names.signer(key) == "QI lead, Lincolnshire Partnership NHS Foundation Trust"
    assert names.laptop(bytes(32)) == "a laptop that is not listed yet"
