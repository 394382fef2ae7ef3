"""Readers who join later are let in by those who can read; nobody else is, whatever is tried."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from collabdesk.domain.changes import OWN, Cell, Insert
from collabdesk.errors import Refusal
from collabdesk.services.control import votes
from collabdesk.services.control.laptops import change_roles, retire_laptop
from collabdesk.services.control.suspend import lift, suspend
from collabdesk.services.policy import SetPolicy
from collabdesk.services.sealed.letting_in import let_own_laptops_read, let_read, prepared
from collabdesk.services.sealed.opening import Standing
from collabdesk.sync.registry import ROLES
from tests.services.sealed.scenes import STATEMENT, Scene

NUMBER = {role.name: role.number for role in ROLES}


def test_a_laptop_enrolled_later_waits_until_a_reader_lets_it_in(scene: Scene) -> None:
    scene.ask_a_person()
    row = scene.state("a")
    scene.alliance.share_all()
    later = scene.second_laptop("a")
    found = scene.opened(later, row, "statement")
    assert found.standing is Standing.WAITING
    assert "Nobody who can read it has let this laptop in yet" in found.words
    seen = scene.reads("lead", later)
    assert (seen.may_read, seen.opens, seen.waits, seen.offered) == (1, 0, 1, 1)
    done = let_read(scene.desk("lead").workspace, scene.dev16(later))
    assert done.words == (
        "QI lead laptop 2, Lincolnshire Partnership NHS Foundation Trust may read "
        "1 confidential entry; this cannot be taken back"
    )
    scene.alliance.share_all()
    assert scene.opened(later, row, "statement").value == STATEMENT
    assert scene.opened(later, row, "share_p").value is not None
    assert scene.reads("b", later).opens == 1
    assert len(scene.alliance.roots) == 1


def test_what_is_entered_afterwards_is_sealed_for_it_too(scene: Scene) -> None:
    later = scene.second_laptop("a")
    row = scene.state("a")
    scene.alliance.share_all()
    assert scene.opened(later, row, "statement").value == STATEMENT


def test_a_laptop_of_ones_own_organisation_is_let_in_without_asking(scene: Scene) -> None:
    scene.ask_a_person()
    row = scene.state("a")
    scene.alliance.share_all()
    later = scene.second_laptop("a")
    scene.desk("lead").run(SetPolicy("let_own_laptops_read", "yes"))
    scene.desk("lead").share()
    scene.desk("a").workspace.read_only = True
    assert scene.desk("a").share().let_in == []
    scene.desk("a").workspace.read_only = False
    assert let_own_laptops_read(scene.desk("lead").workspace) == []
    assert let_own_laptops_read(scene.desk("b").workspace) == []
    (words,) = let_own_laptops_read(scene.desk("a").workspace)
    assert "may read 1 confidential entry" in words
    assert let_own_laptops_read(scene.desk("a").workspace) == []
    scene.alliance.share_all()
    assert scene.opened(later, row, "statement").value == STATEMENT


def test_it_happens_by_itself_when_the_first_laptop_next_shares(scene: Scene) -> None:
    row = scene.state("a")
    scene.alliance.share_all()
    a, later = scene.desk("a"), scene.second_laptop("a")
    scene.alliance.share_all()
    assert scene.opened(later, row, "statement").value == STATEMENT
    assert a.share().let_in == []
    assert scene.reads("lead", later).waits == 0


def test_policy_can_ask_for_a_person_each_time(scene: Scene) -> None:
    scene.ask_a_person()
    scene.state("a")
    scene.alliance.share_all()
    later = scene.second_laptop("a")
    assert let_own_laptops_read(scene.desk("a").workspace) == []
    assert prepared(scene.desk("a").workspace, scene.dev16(later)).boxes


def test_a_policy_that_this_version_cannot_read_asks_for_a_person(scene: Scene) -> None:
    cells: dict[str, Cell] = {"key": "let_own_laptops_read", "value": "on Tuesdays"}
    scene.desk("lead").change(Insert("policy", OWN, cells))
    scene.state("a")
    scene.alliance.share_all()
    later = scene.second_laptop("a")
    assert scene.reads("lead", later).waits == 1


def test_a_laptop_with_an_unsound_sealing_key_does_not_stop_the_sharing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.ask_a_person()
    scene.state("a")
    scene.alliance.share_all()
    later = scene.second_laptop("a")
    scene.desk("lead").run(SetPolicy("let_own_laptops_read", "yes"))
    scene.desk("lead").share()
    unsound = Refusal(code="sealing-key", words="Not sound.")
    with monkeypatch.context() as patch:
        patch.setattr("collabdesk.sync.sealed.box_for", failing(unsound))
        assert scene.desk("a").share().let_in == []
    assert scene.reads("a", later).waits == 1


def failing(fault: Exception) -> Callable[..., bytes]:
    def fail(*_: object) -> bytes:
        raise fault

    return fail


def test_a_role_not_among_the_readers_lets_nobody_in(scene: Scene) -> None:
    """The new laptop has a role, and not the one that reads statements."""
    row = scene.state("a")
    scene.alliance.share_all()
    later = scene.second_laptop("a", roles=(NUMBER["qi_lead"],))
    assert let_own_laptops_read(scene.desk("a").workspace) == []
    assert scene.standing(later, row, "statement") is Standing.SEALED
    with pytest.raises(Refusal, match="Nothing waits for QI lead laptop 2"):
        let_read(scene.desk("lead").workspace, scene.dev16(later))


def test_a_role_beyond_the_organisations_grant_reads_nothing(scene: Scene) -> None:
    """The laptop's list still names the role; the partners no longer let it be given."""
    lead, a = scene.desk("lead").workspace, scene.desk("a").workspace
    others = [role.number for role in ROLES if role.name not in {"finance_lead", "administrator"}]
    proposed = votes.change_grants(lead, scene.org("a"), others)
    scene.alliance.share_all()
    votes.sign(scene.desk("b").workspace, proposed.record)
    scene.alliance.share_all()
    row = scene.state("a")
    scene.alliance.share_all()
    assert a.book.epoch.n == lead.book.epoch.n
    assert scene.standing("a", row, "statement") is Standing.SEALED


def test_who_becomes_a_reader_by_a_role_is_let_in(scene: Scene) -> None:
    row = scene.state("a")
    scene.alliance.share_all()
    later = scene.second_laptop("a", roles=(NUMBER["qi_lead"],))
    a = scene.desk("a")
    change_roles(a.workspace, scene.desk(later).workspace.about.key, [2, NUMBER["finance_lead"]])
    (words,) = a.share().let_in
    assert words.startswith("QI lead laptop 2, Lincolnshire Partnership")
    scene.alliance.share_all()
    assert scene.opened(later, row, "statement").value == STATEMENT


def test_who_loses_the_role_gets_no_later_entry_and_keeps_what_was_read(scene: Scene) -> None:
    later = scene.second_laptop("a")
    before = scene.state("a")
    scene.alliance.share_all()
    key = scene.desk(later).workspace.about.key
    change_roles(scene.desk("a").workspace, key, [NUMBER["qi_lead"]])
    scene.alliance.share_all()
    after = scene.state("a")
    scene.alliance.share_all()
    assert scene.opened(later, before, "statement").value == STATEMENT
    assert scene.standing(later, after, "statement") is Standing.SEALED
    assert scene.reads("lead", later).kept == 1


def test_a_retired_laptop_gets_no_later_entry(scene: Scene) -> None:
    later = scene.second_laptop("a")
    before = scene.state("a")
    scene.alliance.share_all()
    retire_laptop(scene.desk("a").workspace, scene.desk(later).workspace.about.key)
    scene.alliance.share_all()
    row = scene.state("a")
    scene.alliance.share_all()
    assert scene.opened(later, before, "statement").value == STATEMENT
    assert scene.opened("a", row, "statement").value == STATEMENT
    assert scene.standing(later, row, "statement") is Standing.SEALED
    told = scene.reads("b", later)
    assert told.label == "QI lead laptop 2"
    assert told.organisation == scene.org("a")
    assert (told.member, told.may_read, told.opens, told.kept) == (None, 0, 1, 1)


def test_a_suspended_laptop_gets_nothing_while_it_is_suspended(scene: Scene) -> None:
    scene.ask_a_person()
    later = scene.second_laptop("a")
    a = scene.desk("a").workspace
    suspend(a, scene.desk(later).workspace.about.key, "Left on a train")
    scene.alliance.share_all()
    row = scene.state("a")
    scene.alliance.share_all()
    assert scene.opened("a", row, "statement").value == STATEMENT
    assert scene.opened(later, row, "statement").value is None
    assert scene.reads("lead", later).may_read == 0
    with pytest.raises(Refusal, match="Nothing waits"):
        let_read(scene.desk("lead").workspace, scene.dev16(later))
    (standing,) = a.book.suspensions
    lift(a, standing.id)
    scene.alliance.share_all()
    let_read(scene.desk("lead").workspace, scene.dev16(later))
    scene.alliance.share_all()
    assert scene.opened(later, row, "statement").value == STATEMENT


def test_whoever_cannot_open_it_has_nothing_to_grant(scene: Scene) -> None:
    scene.ask_a_person()
    scene.state("a")
    scene.alliance.share_all()
    later = scene.second_laptop("a")
    b = scene.desk("b").workspace
    assert scene.reads("b", later).offered == 0
    with pytest.raises(Refusal, match="Nothing waits") as caught:
        let_read(b, scene.dev16(later))
    assert caught.value.remedy == "Ask somebody whose laptop can read it."
