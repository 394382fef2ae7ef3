"""A workspace of an older version takes in the roles and rights that a newer one adds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collabdesk.domain.changes import OWN, Cell, Insert
from collabdesk.errors import Refusal
from collabdesk.services import membership
from collabdesk.services.control import newer_roles, votes
from collabdesk.services.control.rights_words import changed_rights
from collabdesk.services.sealed.granting import may_grant
from collabdesk.services.sealed.letting_in import prepared
from collabdesk.sync.names import dev16
from collabdesk.sync.records import AreaRight, RoleRights
from collabdesk.sync.registry import ROLES
from tests.support.alliance import Alliance, found_alliance

READING, PANEL = 7, 7
FIRST = tuple(
    replace(role, grants=tuple(grant for grant in role.grants if grant.area != "reading"))
    for role in ROLES
    if role.number != PANEL
)


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Alliance]:
    """An alliance founded with the roles of version 1."""
    numbers = tuple(role.number for role in FIRST)
    with monkeypatch.context() as patch:
        patch.setattr(membership, "ROLES", FIRST)
        patch.setattr(membership, "EVERY_ROLE", numbers)
        patch.setattr(membership, "PARTNER_ROLES", numbers[:-1])
        alliance = found_alliance(tmp_path)
    yield alliance
    alliance.close()


def test_the_partners_agree_to_what_a_newer_version_adds(older: Alliance) -> None:
    lead, a = older.desks["lead"].workspace, older.desks["a"].workspace
    assert newer_roles.has_newer_roles(lead)
    assert not may_grant(a.book, a.about.key)
    with pytest.raises(Refusal, match="Your role in this workspace does not let readers in"):
        prepared(a, dev16(lead.about.key))
    proposed = newer_roles.propose_newer_roles(lead)
    assert not proposed.in_force
    said = set(proposed.changes)
    assert (
        "Finance lead may enter and delete its own organisation’s permissions to read "
        "confidential entries." in said
    )
    assert "Panel member may enter, change and delete its own organisation’s pilots." in said
    older.share_all()
    votes.sign(a, proposed.record)
    older.share_all()
    for desk in older.desks.values():
        assert not newer_roles.has_newer_roles(desk.workspace)
        assert may_grant(desk.workspace.book, desk.workspace.about.key)
        assert all(PANEL in entry.grants for entry in desk.workspace.book.epoch.orgs)
    with pytest.raises(Refusal, match="every role that this version knows"):
        newer_roles.propose_newer_roles(lead)


def test_confidential_entries_are_sealed_before_that_too(older: Alliance) -> None:
    lead, a = older.desks["lead"], older.desks["a"]
    partner = a.workspace.me().organisation
    cells: dict[str, Cell] = {
        "fiscal_year": "2026/27",
        "month": 1,
        "partner": partner,
        "statement": "Words",
    }
    lead.change(Insert("share_statement", OWN, cells))
    older.share_all()
    (found,) = a.workspace.query(a.workspace.opener().rows, "share_statement")
    assert found.value("statement") == "Words"
    assert older.desks["b"].share().let_in == []


def test_what_the_partners_settled_of_older_areas_stays(older: Alliance) -> None:
    epoch = older.desks["lead"].workspace.book.epoch
    narrowed = replace(
        epoch,
        roles=tuple(
            replace(rights, areas=rights.areas[:1]) if rights.role == 1 else rights
            for rights in epoch.roles
        ),
        orgs=tuple(replace(entry, grants=(1,)) for entry in epoch.orgs),
    )
    after = newer_roles.with_newer_roles(narrowed)
    finance = next(rights for rights in after.roles if rights.role == 1)
    assert [right.area for right in finance.areas] == [1, READING]
    assert all(entry.grants == (1,) for entry in after.orgs)


def test_a_workspace_of_this_version_has_nothing_newer(alliance: Alliance) -> None:
    assert not newer_roles.has_newer_roles(alliance.desks["b"].workspace)


def test_every_change_of_a_right_is_told() -> None:
    before = [RoleRights(1, (AreaRight(1, 63, 7), AreaRight(2, 1, 1))), RoleRights(2, ())]
    after = [RoleRights(1, (AreaRight(1, 2, 4), AreaRight(99, 0, 1)))]
    everything = (
        "enter, change, delete, settle, approve and post its own organisation’s, shared and "
        "other organisations’ budgets"
    )
    unknown = "area 99, which this version does not know"
    assert list(changed_rights(before, after)) == [
        f"Finance lead may change other organisations’ budgets, instead of: {everything}.",
        "Finance lead may no longer do anything with ledger entries.",
        f"Finance lead may do nothing with its own organisation’s {unknown}.",
        "The role QI lead is no more.",
    ]
