"""A second laptop of one's own trust, words compared, large text, and what eyes cannot see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit

from collabdesk.services.control import votes
from collabdesk.services.control.people import seated
from collabdesk.ui.focus import FocusMark
from collabdesk.ui.parts import children
from collabdesk.ui.sharing.invite import InviteDialog
from collabdesk.ui.sharing.picture import PartnerBox
from collabdesk.ui.sharing.replace import ReplaceDialog
from collabdesk.ui.theme import Look
from collabdesk.ui.words_shown import WordsShown
from tests.services.control.desks import enrolled, spoken
from tests.support.alliance import Alliance, ask, further
from tests.ui.accessibility import faults
from tests.ui.hands import click, keys, press, settle, texts
from tests.ui.sharing.conftest import SitDown


@pytest.fixture
def mark(look: Look, qapp: QApplication) -> Iterator[FocusMark]:
    made = FocusMark(look, qapp)
    yield made
    shiboken6.delete(made)


def test_a_second_laptop_is_enrolled_for_a_person_with_roles(
    sit: SitDown, alliance: Alliance
) -> None:
    new = ask(alliance, "a2", founder=further("a", "Ward manager", "Ward laptop"))
    hall = sit("a")
    press(hall.page, "Invite a laptop…")
    dialog = hall.dialog(InviteDialog)
    control = dialog.words.control
    assert isinstance(control, QLineEdit)
    keys(control, spoken(new))
    click(dialog.verb)
    hall.until(lambda: dialog.at == 1)
    assert "Somebody new: Ward manager" in dialog.person.control.currentText()  # type: ignore[attr-defined]
    ticked = {box.text() for box in children(dialog, QCheckBox) if box.isChecked()}
    assert "Workspace administrator" not in ticked
    for box in children(dialog, QCheckBox):
        box.setChecked(box.text() == "QI lead")
    click(dialog.verb)
    hall.sign_in("QI lead")
    hall.until(lambda: dialog.at == 2)
    assert any(
        "Ward laptop of Ward manager is enrolled as QI lead." in one for one in texts(dialog)
    )
    click(dialog.verb)
    hall.until(lambda: not hall.page.decider.house.sharing.busy)
    new.share()
    assert new.workspace.me().role == "Ward manager"
    (seat,) = [one for one in seated(new.workspace) if one.mine]
    assert seat.roles_said == "QI lead"


def test_partners_compare_the_words_of_what_they_hold(sit: SitDown) -> None:
    hall = sit("a")
    press(hall.page.alliance.read_aloud, "They match")
    hall.says("You both hold the same records.")
    press(hall.page.alliance.read_aloud, "They differ")
    hall.says("one of you has not seen everything yet")


def test_the_folder_is_tested_and_what_it_can_do_stays_on_show(sit: SitDown) -> None:
    hall = sit("a")
    press(hall.page.panel, "Test it")
    hall.shows(hall.page.panel, "CollabDesk can write to this folder.")


def test_with_large_text_the_table_lists_everybody(sit: SitDown) -> None:
    hall = sit("a")
    hall.shell.look.use("light", 200)
    settle()
    grid = hall.page.alliance.laptops.grid
    assert grid.model.rowCount() == 3
    assert hall.shell.window.minimumSizeHint().width() <= 1366
    hall.shell.look.use("light", 100)
    settle()
    assert grid.model.rowCount() == 1


@pytest.mark.timeout(600)
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.usefixtures("mark")
def test_every_part_and_wizard_speaks_and_shows_its_focus(
    sit: SitDown, alliance: Alliance, theme: str
) -> None:
    enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    votes.review(alliance.desks["lead"].workspace)
    alliance.share_all()
    hall = sit("a")
    hall.shell.look.use(theme)
    for part in hall.page.tabs.buttons:
        hall.page.tabs.go(part)
        hall.until(lambda: not hall.page.decider.house.sharing.busy)
        settle()
        assert faults(hall.shell.window) == [], part
    hall.page.tabs.go("alliance")
    press(hall.page, "Replace a lost laptop…")
    dialog = hall.dialog(ReplaceDialog)
    assert faults(dialog) == []
    dialog.reject()
    hall.page.make_recovery_key()
    made = hall.page.decider.dialog
    assert made is not None
    settle()
    assert faults(made) == []
    made.reject()


def test_what_did_not_change_keeps_the_keyboard(sit: SitDown) -> None:
    hall = sit("a")
    box = hall.page.alliance.picture.boxes[1]
    box.setFocus()
    words = children(hall.page.alliance.read_aloud, WordsShown)
    with hall.qtbot.waitSignal(hall.page.heading_changed):
        hall.page.read()
    settle()
    focused = QApplication.focusWidget()
    assert isinstance(focused, PartnerBox)
    assert focused.partner.organisation == box.partner.organisation
    assert children(hall.page.alliance.read_aloud, WordsShown) == words
    hall.page.tabs.go("decisions")
    hall.tab_to("Make a recovery key")
    with hall.qtbot.waitSignal(hall.page.heading_changed):
        hall.page.read()
    settle()
    still = QApplication.focusWidget()
    assert still is not None
    assert still.accessibleName() == "Make a recovery key"
