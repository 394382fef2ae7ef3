"""The printed recovery key reads what its organisation's laptops entered, when all are lost."""

from __future__ import annotations

from pathlib import Path

from collabdesk.services.control.recovery import list_recovery_key, use_recovery_key
from collabdesk.services.membership import Founder
from collabdesk.services.recovery_key import make_recovery_key
from collabdesk.services.workspace import Workspace
from collabdesk.sync.names import dev16
from collabdesk.sync.readership import Concern, readers
from collabdesk.sync.registry.model import OWNER_AND_LEAD
from collabdesk.sync.sealed import read_sealed
from collabdesk.sync.stores.folder import FolderStore
from tests.services.sealed.scenes import STATEMENT, Scene
from tests.support.alliance import TRUSTS, Desk, GivenClock, MemoryKeyStore, found_alliance


def test_after_the_only_laptop_is_lost_its_entries_are_read_by_the_recovery_key(
    tmp_path: Path,
) -> None:
    printed = make_recovery_key()
    scene = Scene(found_alliance(tmp_path, ("a",), {"lead": printed}))
    row = scene.state("a")
    boxes = read_sealed(scene.content("lead", row, "statement")).boxes
    assert boxes.keys() == {scene.dev16("lead"), scene.dev16("a"), dev16(printed.public)}
    scene.alliance.share_all()
    laptops = scene.tables("a")["share_statement"].laptops
    (paper,) = (one for one in laptops if one.is_recovery)
    assert (paper.opens, paper.waits) == (1, 0)
    book, concern = scene.desk("a").workspace.book, Concern(scene.org("a"))
    assert readers(book, OWNER_AND_LEAD, concern).keys() == {scene.dev16("lead"), scene.dev16("a")}
    lost = scene.desk("lead").workspace
    heir = newcomer(scene, "lead")
    heir.share()
    done = use_recovery_key(heir.workspace, " ".join(printed.rows))
    assert done.in_force
    scene.alliance.desks["heir"] = heir
    lost.close()
    del scene.alliance.desks["lead"]
    scene.alliance.share_all()
    assert scene.opened("heir", row, "statement").value == STATEMENT
    assert scene.reads("a", "heir").opens == 1
    scene.alliance.close()


def test_a_recovery_key_made_later_is_let_in_to_what_its_organisation_entered(
    tmp_path: Path,
) -> None:
    scene = Scene(found_alliance(tmp_path, ("a",)))
    programme = scene.insert("a", "programme", title="Call", kind="fund")
    scene.insert("a", "proposal", programme=programme, reference="P-1", idea="Ours")
    scene.state("a")
    scene.alliance.share_all()
    list_recovery_key(scene.desk("a").workspace, make_recovery_key())
    scene.alliance.share_all()
    for table, opens in (("proposal", 1), ("share_statement", 0)):
        (paper,) = (one for one in scene.tables("lead")[table].laptops if one.is_recovery)
        assert (paper.opens, paper.waits, paper.member) == (opens, 0, None)
    scene.alliance.close()


def newcomer(scene: Scene, name: str) -> Desk:
    """Return a new laptop of a partner that has asked to join."""
    known = scene.desk(name).workspace.about
    keys, clock = MemoryKeyStore(), GivenClock()
    organisation, ods, role = TRUSTS[name]
    workspace = Workspace.ask_to_join(
        scene.alliance.folder / "heir",
        keys,
        workspace=known.workspace,
        name=known.name,
        founder=Founder(organisation, ods, role, f"{role} laptop 9"),
        store=str(scene.alliance.share_folder),
        slot=ods.lower(),
        clock=clock,
    )
    desk = Desk(workspace, keys, FolderStore(scene.alliance.share_folder), clock)
    desk.share()
    return desk
