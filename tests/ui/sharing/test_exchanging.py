"""Sharing: the alliance, exchanges on and off line, admitting by words, verifying."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from collabdesk.services.membership import Founder
from collabdesk.services.sharing.cycle import share
from collabdesk.services.sharing.enrolment import find_workspace
from collabdesk.services.sharing.standing import standing
from collabdesk.services.workspace import Workspace
from collabdesk.sync.stores.folder import FolderStore
from collabdesk.ui.sharing.invite import InviteDialog
from collabdesk.ui.sharing.page import SharingPage
from collabdesk.ui.shell import Shell
from tests.support.alliance import MemoryKeyStore
from tests.support.sample_desk import BuiltSample
from tests.support.shell import until, visit
from tests.ui.hands import click, keys, press, texts


def sharing(qtbot: QtBot, shell: Shell) -> SharingPage:
    page = visit(qtbot, shell, "sharing")
    assert isinstance(page, SharingPage)
    return page


def test_partners_stand_round_the_shared_folder(qtbot: QtBot, shell: Shell) -> None:
    page = sharing(qtbot, shell)
    names = [box.partner.name for box in page.alliance.picture.boxes]
    assert names[0] == "Nottinghamshire Healthcare"
    assert sorted(names[1:]) == ["Lincolnshire Partnership", "Northamptonshire Healthcare"]
    assert page.alliance.picture.boxes[0].isChecked()
    said = texts(page.panel) + texts(page.alliance.read_aloud)
    assert "Words to read aloud" in said
    assert "Kept aside" not in said


def test_a_partner_chosen_shows_its_laptops(qtbot: QtBot, shell: Shell) -> None:
    page = sharing(qtbot, shell)
    click(page.alliance.picture.boxes[1])
    first = page.alliance.laptops.grid.model.index(0, 0)
    assert (
        page.alliance.laptops.grid.model.data(first)
        == page.alliance.picture.boxes[1].partner.laptops[0].member.laptop
    )


def test_share_now_says_what_was_exchanged(qtbot: QtBot, shell: Shell) -> None:
    page, house = sharing(qtbot, shell), shell.house
    assert house is not None
    with qtbot.waitSignal(house.sharing.shared):
        press(shell.window, "Share now")
    until(qtbot, lambda: any(said.startswith("Shared: ") for said in texts(page.banner)))


def test_share_now_without_the_folder_says_that_nothing_is_lost(
    qtbot: QtBot, shell: Shell, sample: BuiltSample
) -> None:
    page, house = sharing(qtbot, shell), shell.house
    assert house is not None
    (sample.folder / "shared-folder").rename(sample.folder / "elsewhere")
    with qtbot.waitSignal(house.sharing.failed):
        press(shell.window, "Share now")
    chip = shell.window.navigation.connection
    until(qtbot, lambda: "nothing is lost" in chip.accessibleName())
    assert page.banner.isVisible()
    page.share_through(str(sample.folder / "elsewhere"))
    with qtbot.waitSignal(house.sharing.shared):
        pass
    until(qtbot, lambda: chip.accessibleName().startswith("Shared just now"))


def test_a_folder_that_lost_its_content_is_filled_again(
    qtbot: QtBot, shell: Shell, sample: BuiltSample
) -> None:
    page, house = sharing(qtbot, shell), shell.house
    assert house is not None
    folder = sample.folder / "shared-folder"
    shutil.rmtree(folder)
    folder.mkdir()
    with qtbot.waitSignal(house.sharing.failed):
        press(shell.window, "Share now")
    with qtbot.waitSignal(house.sharing.shared, timeout=30_000):
        press(page.banner, "Publish everything again")
    assert any(path.suffix == ".cds" for path in folder.rglob("*"))


def test_the_shared_folder_is_tried_in_words(qtbot: QtBot, shell: Shell) -> None:
    page = sharing(qtbot, shell)
    click(page.alliance.picture.folder)
    until(qtbot, lambda: "CollabDesk can write to this folder." in texts(page.banner))


def test_everything_is_verified_with_progress(qtbot: QtBot, shell: Shell) -> None:
    page = sharing(qtbot, shell)
    press(shell.window, "Verify everything")
    assert page.state == "loading"
    until(qtbot, lambda: "Every signature, chain and table is right." in texts(page.banner))
    assert page.state == "full"


def newcomer(sample: BuiltSample, folder: Path) -> Workspace:
    lead = sample.open()
    words = " ".join(standing(lead).workspace_words)
    lead.close()
    store = FolderStore(sample.folder / "shared-folder")
    workspace, name = find_workspace(store, words)
    founder = Founder("Leicestershire Partnership", "RT5", "Performance lead", "Laptop 1")
    made = Workspace.ask_to_join(
        folder,
        MemoryKeyStore(),
        workspace=workspace,
        name=name,
        founder=founder,
        store=str(sample.folder / "shared-folder"),
        slot="rt5",
    )
    share(made, store)
    return made


def test_a_laptop_is_admitted_by_its_words(
    qtbot: QtBot, sample: BuiltSample, tmp_path: Path, shell: Shell
) -> None:
    shell.leave()
    joining = newcomer(sample, tmp_path / "newcomer")
    with qtbot.waitSignal(shell.opened):
        shell.open(sample.folder / "RHA")
    page = sharing(qtbot, shell)
    press(page, "Invite a laptop…")
    dialog = page.decider.dialog
    assert isinstance(dialog, InviteDialog)
    control = dialog.words.control
    assert isinstance(control, QLineEdit)
    keys(control, "one two")
    click(dialog.verb)
    until(qtbot, lambda: "2 words were typed; there are 8" in dialog.words.fault)
    control.clear()
    keys(control, " ".join(standing(joining).laptop_words))
    click(dialog.verb)
    until(qtbot, lambda: dialog.verb.text() == "Admit")
    assert any("Laptop 1 of Performance lead" in said for said in texts(dialog))
    with qtbot.waitSignal(dialog.admitted) as told:
        click(dialog.verb)
    assert told.args == [("Performance lead, Leicestershire Partnership (Laptop 1)",)]
    assert any(said.startswith("Proposed: Performance lead") for said in texts(page.banner))
    click(dialog.verb)
    assert not dialog.isVisible()
    joining.close()


def test_the_picture_becomes_its_table_with_large_text(qtbot: QtBot, shell: Shell) -> None:
    page = sharing(qtbot, shell)
    shell.look.use("light", 200)
    assert not page.alliance.picture.isVisible()
    assert page.alliance.laptops.grid.isVisible()
    shell.look.use("light", 100)
    assert page.alliance.picture.isVisible()
