"""Panels: proposals and assessments that people with a hard interest never hold."""

from __future__ import annotations

import pytest

from collabdesk.domain.changes import Cell, Delete, SetCells
from collabdesk.errors import Refusal
from collabdesk.services.control.laptops import change_roles
from collabdesk.services.sealed.letting_in import let_read
from collabdesk.services.sealed.opening import Standing
from collabdesk.sync.registry import ROLES
from tests.services.sealed.scenes import Scene

IDEA = "A crisis house run with people who have used it"


def propose(scene: Scene, name: str = "a", **cells: Cell) -> bytes:
    """Enter a proposal of a partner; return its row."""
    programme = scene.insert(name, "programme", title="Call", kind="fund")
    given: dict[str, Cell] = {"programme": programme, "reference": "P-1", "idea": IDEA}
    return scene.insert(name, "proposal", **(given | cells))


def declare(scene: Scene, name: str, whose: str, **cells: Cell) -> bytes:
    """Enter a hard interest of a person; return its row."""
    given: dict[str, Cell] = {"person": scene.person(whose), "degree": "hard"}
    return scene.insert(name, "interest", **(given | cells))


def idea(scene: Scene, name: str, row: bytes) -> object:
    return scene.opened(name, row, "idea", "proposal").value


def test_the_applicant_and_the_panel_read_a_proposal(scene: Scene) -> None:
    row = propose(scene)
    scene.alliance.share_all()
    assert [idea(scene, name, row) for name in ("lead", "a", "b")] == [IDEA] * 3


def test_whoever_has_a_hard_interest_in_the_applicant_holds_ciphertext_alone(scene: Scene) -> None:
    declare(scene, "b", "b", organisation=scene.org("a"))
    scene.alliance.share_all()
    row = propose(scene)
    scene.alliance.share_all()
    assert idea(scene, "lead", row) == IDEA
    found = scene.opened("b", row, "idea", "proposal")
    assert found.standing is Standing.SEALED
    assert found.words == (
        "Sealed for the applicant, and the panel members without a hard interest in it."
    )
    assert scene.reads("lead", "b", "proposal").may_read == 0
    with pytest.raises(Refusal, match="Nothing waits"):
        let_read(scene.desk("lead").workspace, scene.dev16("b"))


def test_a_soft_interest_keeps_nobody_from_reading(scene: Scene) -> None:
    declare(scene, "b", "b", organisation=scene.org("a"), degree="soft")
    scene.alliance.share_all()
    row = propose(scene)
    scene.alliance.share_all()
    assert idea(scene, "b", row) == IDEA


def test_an_interest_whose_degree_is_contested_counts_as_hard(scene: Scene) -> None:
    interest = declare(scene, "b", "b", organisation=scene.org("a"), degree="soft")
    scene.alliance.share_all()
    second = scene.second_laptop("b")
    for name in ("b", second):
        scene.desk(name).change(SetCells("interest", interest, {"degree": "soft"}))
    scene.alliance.share_all()
    row = propose(scene)
    scene.alliance.share_all()
    assert scene.standing("b", row, "idea", "proposal") is Standing.SEALED


def test_an_interest_in_one_proposal_bars_from_what_is_entered_after_it(scene: Scene) -> None:
    row = propose(scene)
    scene.alliance.share_all()
    declare(scene, "b", "b", proposal=row)
    scene.alliance.share_all()
    scene.desk("a").change(SetCells("proposal", row, {"idea": "Changed since"}))
    mark = scene.insert("lead", "assessment", **assessment(scene, "lead", row))
    scene.alliance.share_all()
    assert idea(scene, "lead", row) == "Changed since"
    assert scene.standing("b", row, "idea", "proposal") is Standing.SEALED
    assert scene.standing("b", mark, "mark", "assessment") is Standing.SEALED


def assessment(scene: Scene, name: str, row: bytes) -> dict[str, Cell]:
    return {
        "proposal": row,
        "assessor": scene.person(name),
        "criterion": "value",
        "mark": 4,
        "note": "Strong on outcomes",
    }


def test_the_applicants_own_panel_members_read_no_assessment_of_it(scene: Scene) -> None:
    row = propose(scene)
    scene.alliance.share_all()
    mark = scene.insert("lead", "assessment", **assessment(scene, "lead", row))
    scene.alliance.share_all()
    assert scene.opened("b", mark, "mark", "assessment").value == 4
    assert scene.opened("b", mark, "note", "assessment").value == "Strong on outcomes"
    assert scene.standing("a", mark, "mark", "assessment") is Standing.SEALED
    assert scene.reads("a", "a", "assessment").may_read == 0


def test_whoever_assesses_reads_their_own(scene: Scene) -> None:
    """Even one who should not have: what they wrote is no secret to them, and others see it."""
    row = propose(scene)
    scene.alliance.share_all()
    mark = scene.insert("a", "assessment", **assessment(scene, "a", row))
    scene.alliance.share_all()
    assert scene.opened("a", mark, "mark", "assessment").value == 4
    assert scene.opened("b", mark, "mark", "assessment").value == 4
    assert scene.reads("b", "a", "assessment").kept == 1


def test_the_lead_can_record_anybodys_interest_and_other_partners_cannot(scene: Scene) -> None:
    declare(scene, "a", "b", organisation=scene.org("a"))
    scene.alliance.share_all()
    first = propose(scene)
    scene.alliance.share_all()
    assert idea(scene, "b", first) == IDEA
    declare(scene, "lead", "b", organisation=scene.org("a"))
    scene.alliance.share_all()
    second = propose(scene)
    scene.alliance.share_all()
    assert scene.standing("b", second, "idea", "proposal") is Standing.SEALED


def test_an_interest_taken_back_lets_the_person_be_let_in(scene: Scene) -> None:
    interest = declare(scene, "b", "b", organisation=scene.org("a"))
    scene.alliance.share_all()
    row = propose(scene)
    scene.desk("b").change(Delete("interest", interest))
    scene.alliance.share_all()
    assert scene.standing("b", row, "idea", "proposal") is Standing.WAITING
    let_read(scene.desk("lead").workspace, scene.dev16("b"))
    scene.alliance.share_all()
    assert idea(scene, "b", row) == IDEA


def test_whoever_is_no_panel_member_reads_nothing(scene: Scene) -> None:
    b = scene.desk("b").workspace
    panel = next(role.number for role in ROLES if role.name == "panel_member")
    others = [role.number for role in ROLES if role.number not in {panel, 6}]
    change_roles(b, b.about.key, others)
    scene.alliance.share_all()
    row = propose(scene)
    scene.alliance.share_all()
    assert scene.standing("b", row, "idea", "proposal") is Standing.SEALED


def test_what_an_assessment_is_about_must_be_here(scene: Scene) -> None:
    with pytest.raises(Refusal, match="not on this laptop") as caught:
        scene.insert("lead", "assessment", **assessment(scene, "lead", bytes(16)))
    assert caught.value.field == "proposal"


def test_the_title_of_a_proposal_is_in_no_index(scene: Scene) -> None:
    row = propose(scene, title="Crisis house")
    scene.alliance.share_all()
    assert scene.opened("lead", row, "title", "proposal").value == "Crisis house"
    for name in ("lead", "a", "b"):
        assert not any(b"Crisis house" in content for content in scene.bytes_of(name))
