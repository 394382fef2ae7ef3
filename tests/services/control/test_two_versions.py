"""A laptop that signed two ways: named with its versions, and one of them chosen to stand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from collabdesk.domain.changes import SetCells
from collabdesk.errors import Refusal
from collabdesk.services.control import laptops, votes
from collabdesk.services.control.proofs import signed_two_ways
from collabdesk.services.sharing.publish import root_of, seal
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import verdicts
from collabdesk.sync.names import healed_path
from collabdesk.sync.segment import MAGIC, read
from tests.services.control.desks import LINE, enrolled, sign_all, verdicts_of
from tests.support.alliance import Alliance, Desk, MemoryKeyStore


def cloned(desk: Desk, folder: Path) -> Desk:
    """Copy a laptop with its keys, as a copied virtual machine would be."""
    place = desk.workspace.folder
    desk.workspace.close()
    shutil.copytree(place, folder)
    desk.workspace = Workspace(place, desk.keys, desk.clock)
    keys = MemoryKeyStore(dict(desk.keys.kept))
    return Desk(Workspace(folder, keys, desk.clock), keys, desk.store, desk.clock)


def smuggle(clone: Desk) -> None:
    """Put what the copy signed into the folder, as somebody who heals would."""
    seal(clone.workspace)
    for _, file in clone.workspace.write(SqliteReplica.outbox):
        if file.startswith(MAGIC):
            path = healed_path(clone.workspace.about.slot, read(file).id)
            clone.store.put_new(f"{root_of(clone.workspace)}/{path}", file)


@pytest.fixture
def forked(alliance: Alliance, tmp_path: Path) -> tuple[Alliance, Desk, bytes]:
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    row = second.change(LINE)["line"]
    alliance.share_all(2)
    clone = cloned(second, tmp_path / "clone")
    second.change(SetCells("plan_line", row, {"m1": 1}))
    second.share()
    clone.change(SetCells("plan_line", row, {"m1": 2}))
    smuggle(clone)
    clone.workspace.close()
    alliance.desks.pop("a2").workspace.close()
    alliance.share_all(3)
    return alliance, second, row


def test_both_versions_wait_until_one_is_chosen(
    forked: tuple[Alliance, Desk, bytes],
) -> None:
    alliance, second, row = forked
    a, lead = alliance.desks["a"], alliance.desks["lead"]
    key = second.workspace.about.key
    (found,) = signed_two_ways(a.workspace)
    assert found.laptop.startswith("Ward laptop, Lincolnshire")
    assert "signed two different change sets" in found.words
    assert not found.settled
    assert len(found.branches) == 2
    assert lead.live(row, 11) == set()
    assert verdicts.FORKED in verdicts_of(lead)
    with pytest.raises(Refusal, match="did not sign a version"):
        laptops.retire_laptop(a.workspace, key, branch=bytes(32))
    laptops.retire_laptop(a.workspace, key, branch=found.branches[0].head.id)
    alliance.share_all(2)
    chosen = lead.live(row, 11)
    assert chosen in ({1}, {2})
    assert signed_two_ways(lead.workspace)[0].settled
    assert len(alliance.roots) == 1


def test_a_version_is_settled_without_retiring_and_the_review_fixes_only_what_stands(
    forked: tuple[Alliance, Desk, bytes],
) -> None:
    alliance, second, row = forked
    a, lead, b = (alliance.desks[name] for name in ("a", "lead", "b"))
    key = second.workspace.about.key
    votes.review(lead.workspace)
    alliance.share_all(2)
    assert sign_all(b) == 1
    alliance.share_all(2)
    (found,) = signed_two_ways(a.workspace)
    assert lead.workspace.book.landmarks[key].seq == found.number - 1
    settled = laptops.settle_branches(a.workspace, key, found.branches[1].head.id)
    assert "stands" in settled.words
    alliance.share_all(2)
    assert len(lead.live(row, 11)) == 1
    assert len(alliance.roots) == 1
