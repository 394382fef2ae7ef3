"""The recovery key: made and kept before it is listed, and used on a laptop nobody enrolled."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from collabdesk.services.control.people import seated
from collabdesk.services.control.recovery import (
    RecoveryKey,
    has_recovery_key,
    make_recovery_key,
)
from collabdesk.services.membership import Founder
from collabdesk.services.workspace import Workspace
from collabdesk.sync.stores.folder import FolderStore
from collabdesk.ui.sharing.recovery import MakeRecoveryDialog, UseRecoveryDialog
from collabdesk.ui.shell import Shell
from tests.support.alliance import Alliance, Desk, GivenClock, MemoryKeyStore, ask
from tests.support.shell import House
from tests.ui.hands import click, press, texts
from tests.ui.sharing.conftest import SitDown
from tests.ui.sharing.hall import sit_down


def test_a_key_is_listed_once_its_sheet_is_kept(sit: SitDown, tmp_path: Path) -> None:
    hall = sit("lead")
    hall.page.tabs.go("decisions")
    hall.shows(hall.page.decisions, "has none. If its only laptop is lost")
    press(hall.page.decisions, "Make a recovery key…")
    dialog = hall.dialog(MakeRecoveryDialog)
    hall.until(lambda: "Recovery key of" in dialog.sheet.accessibleName())
    assert not dialog.verb.isEnabled()
    sheet = tmp_path / "sheet.txt"
    dialog.sheet.save_to(sheet)
    assert sheet.read_text("utf-8").startswith("Recovery key of Nottinghamshire Healthcare")
    assert dialog.verb.isEnabled()
    click(dialog.verb)
    hall.sign_in("Finance lead")
    hall.until(lambda: dialog.at == 1)
    assert any("The recovery key is listed." in said for said in texts(dialog))
    click(dialog.verb)


def test_a_sheet_that_cannot_be_written_is_told(sit: SitDown, tmp_path: Path) -> None:
    hall = sit("lead")
    hall.page.make_recovery_key()
    dialog = hall.dialog(MakeRecoveryDialog)
    hall.until(lambda: "Recovery key of" in dialog.sheet.accessibleName())
    dialog.sheet.save_to(tmp_path / "no such folder" / "sheet.pdf")
    assert any("could not be written" in said for said in texts(dialog))
    assert not dialog.verb.isEnabled()
    dialog.sheet.written.click()
    assert dialog.verb.isEnabled()
    dialog.reject()


def test_a_new_laptop_takes_the_place_of_the_only_one_by_the_sheet(
    qtbot: QtBot, computer: House, window: Shell, tmp_path: Path
) -> None:
    key = make_recovery_key()
    hall = sit_down(qtbot, computer, window, lonely(tmp_path / "lonely", key), "new")
    assert any("waits for approval" in said for said in texts(hall.page.banner))
    press(hall.shell.window, "We lost our laptop…")
    dialog = hall.dialog(UseRecoveryDialog)
    typed = dialog.typed.control
    assert isinstance(typed, QPlainTextEdit)
    typed.setPlainText("one two three")
    click(dialog.verb)
    hall.until(lambda: "a recovery key has 24" in dialog.typed.fault)
    typed.setPlainText("\n".join(key.rows))
    click(dialog.verb)
    hall.until(lambda: dialog.at == 1)
    click(dialog.verb)
    hall.until(lambda: dialog.at == 2)
    assert any("takes the place of Finance laptop 1" in said for said in texts(dialog))
    click(dialog.verb)
    workspace = hall.page.decider.desk.workspace
    assert workspace.enrolled
    assert has_recovery_key(workspace)
    assert [seat.label for seat in seated(workspace)] == ["Finance laptop 2", "Finance laptop 1"]


def lonely(folder: Path, key: RecoveryKey) -> Alliance:
    """Found a workspace with a recovery key, lose its laptop, and let a new one ask."""
    alliance = Alliance(folder)
    alliance.share_folder.mkdir(parents=True)
    keys, clock = MemoryKeyStore(), GivenClock()
    workspace = Workspace.found(
        folder / "lead",
        keys,
        name="East Midlands Alliance",
        founder=Founder("Nottinghamshire Healthcare", "RHA", "Finance lead", "Finance laptop 1"),
        store=str(alliance.share_folder),
        slot="rha",
        clock=clock,
        recovery=key,
    )
    lead = Desk(workspace, keys, FolderStore(alliance.share_folder), clock)
    lead.share()
    alliance.desks["lead"] = lead
    founder = Founder("Nottinghamshire Healthcare", "RHA", "Finance lead", "Finance laptop 2")
    ask(alliance, "new", founder=founder)
    alliance.desks.pop("lead").workspace.close()
    return alliance
