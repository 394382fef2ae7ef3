"""Confidential work done past a cut is adopted by whoever can read it, and by nobody else."""

from __future__ import annotations

import pytest

from collabdesk.domain.changes import OWN, Cell, Insert
from collabdesk.errors import Refusal
from collabdesk.services.control.adopting import adopt, quarantined
from collabdesk.services.control.laptops import change_roles, retire_laptop
from collabdesk.services.sealed.opening import Standing
from collabdesk.sync.registry import ROLES
from tests.services.sealed.scenes import STATEMENT, Scene


def statement(scene: Scene) -> dict[str, Cell]:
    partner = scene.org("a")
    return {"fiscal_year": "2026/27", "month": 6, "partner": partner, "statement": STATEMENT}


def set_aside(scene: Scene) -> None:
    """Let a retired laptop of the lead enter a statement for a that nobody had seen."""
    second = scene.second_laptop("lead")
    scene.desk(second).change(Insert("share_statement", OWN, statement(scene)))
    retire_laptop(scene.desk("lead").workspace, scene.desk(second).workspace.about.key)
    scene.alliance.share_all()


def test_what_is_adopted_is_sealed_anew_for_its_readers(scene: Scene) -> None:
    set_aside(scene)
    lead = scene.desk("lead").workspace
    (item,) = quarantined(lead)
    assert item.can_adopt
    assert "a confidential entry" in " ".join(item.lines)
    assert STATEMENT not in " ".join(item.lines)
    adopt(lead, [item.id])
    scene.alliance.share_all()
    (found,) = scene.desk("a").workspace.query(
        scene.desk("a").workspace.opener().rows, "share_statement"
    )
    assert found.value("statement") == STATEMENT
    assert found.opened["statement"][0].author.device == scene.dev16("lead")
    (other,) = scene.desk("b").workspace.query(
        scene.desk("b").workspace.opener().rows, "share_statement"
    )
    assert other.opened["statement"][0].standing is Standing.SEALED


def test_whoever_cannot_read_it_cannot_adopt_it(scene: Scene) -> None:
    lead = scene.desk("lead").workspace
    roles = [role.number for role in ROLES if role.name != "finance_lead"]
    third = scene.second_laptop("lead", roles=(1, 6))
    desk = scene.desk(third)
    change_roles(lead, lead.about.key, roles)
    scene.alliance.share_all()
    desk.change(Insert("share_statement", OWN, statement(scene)))
    retire_laptop(lead, desk.workspace.about.key)
    scene.alliance.share_all()
    (item,) = quarantined(lead)
    with pytest.raises(Refusal, match="sealed for other laptops") as caught:
        adopt(lead, [item.id])
    assert caught.value.remedy == "Let somebody do it on a laptop that can read it."
