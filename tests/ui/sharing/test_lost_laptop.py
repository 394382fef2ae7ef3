"""A lost laptop is replaced by keyboard alone, in at most six steps."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from collabdesk.services.control.people import Use, seated
from collabdesk.ui.sharing.replace import ReplaceDialog
from tests.services.control.desks import enrolled, spoken
from tests.support.alliance import Alliance, ask, further
from tests.ui.hands import click, key, keys, press, settle, texts
from tests.ui.sharing.conftest import SitDown

MOST_STEPS = 6


def test_a_lost_laptop_is_replaced_in_six_steps_by_keyboard(
    sit: SitDown, alliance: Alliance
) -> None:
    enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    lost = alliance.desks.pop("a2")
    lost.workspace.close()
    new = ask(alliance, "a3", founder=further("a", "Ward manager", "Ward laptop 2"))
    words = spoken(new)
    hall = sit("a")
    steps = []

    QTest.keyClick(hall.shell.window, Qt.Key.Key_7, Qt.KeyboardModifier.AltModifier)
    hall.until(lambda: hall.page.filled)
    steps.append("Sharing")

    hall.tab_to("Replace a lost laptop")
    hall.press_space()
    dialog = hall.dialog(ReplaceDialog)
    steps.append("Replace a lost laptop…")

    assert dialog.lost is not None
    assert dialog.lost.label == "Ward laptop"
    hall.press_enter()
    assert dialog.at == 1
    steps.append("Which one")

    hall.type(words)
    hall.press_enter()
    hall.until(lambda: dialog.at == 2)
    assert any("takes the place of Ward laptop of Ward manager" in said for said in texts(dialog))
    steps.append("Its eight words")

    hall.press_enter()
    hall.asked()
    steps.append("Replace")

    hall.type("QI lead")
    hall.press_enter()
    hall.until(lambda: dialog.at == 3)
    steps.append("Sign in")

    assert not hall.asks
    assert any("takes the place of" in said for said in texts(dialog))
    assert len(steps) <= MOST_STEPS, steps
    hall.press_enter()
    assert not dialog.isVisible()

    hall.until(lambda: not hall.page.decider.house.sharing.busy)
    new.share()
    assert new.workspace.enrolled
    used = {seat.label: seat.use for seat in seated(new.workspace)}
    assert used["Ward laptop"] is Use.RETIRED
    assert used["Ward laptop 2"] is Use.ACTIVE
    hall.page.read()
    names = hall.page.alliance.laptops.grid.model
    hall.until(lambda: names.rowCount() == 3)
    assert "Retired" in [str(names.cell(names.index(2, place)).value) for place in range(5)]


def test_what_is_wrong_stands_at_the_words_and_nothing_is_signed(
    sit: SitDown, alliance: Alliance
) -> None:
    enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    hall = sit("a")
    press(hall.page, "Replace a lost laptop…")
    dialog = hall.dialog(ReplaceDialog)
    click(dialog.verb)
    control = dialog.words.control
    assert isinstance(control, QLineEdit)
    keys(control, "one two three")
    click(dialog.verb)
    hall.until(lambda: "3 words were typed; there are 8" in dialog.words.fault)
    control.clear()
    keys(control, spoken(alliance.desks["b"]))
    click(dialog.verb)
    hall.until(lambda: "of another trust" in dialog.words.fault)
    assert dialog.at == 1
    key(dialog, Qt.Key.Key_Escape)
    settle()
    assert hall.page.decider.dialog is None


def test_a_trust_with_one_laptop_is_told_of_the_recovery_key(sit: SitDown) -> None:
    hall = sit("a")
    press(hall.page, "Replace a lost laptop…")
    hall.says("no other laptop that could be replaced here")
