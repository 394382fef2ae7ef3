"""Whoever lets somebody in is told of names that can be taken for others, and goes on."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from collabdesk.services.control.people import seated
from collabdesk.services.membership import Founder
from collabdesk.ui.sharing.invite import InviteDialog
from collabdesk.ui.sharing.look_twice import LookTwice
from collabdesk.ui.sharing.replace import ReplaceDialog
from collabdesk.ui.theme import Look
from tests.services.control.desks import enrolled, spoken
from tests.support.alliance import TRUSTS, Alliance, ask, further
from tests.ui.hands import click, keys, press, texts
from tests.ui.sharing.conftest import SitDown


def test_a_laptop_named_like_another_is_told_and_admitted(sit: SitDown, alliance: Alliance) -> None:
    new = ask(alliance, "a2", founder=further("a", "QI  Lead", "QI Iead laptop l"))
    hall = sit("a")
    press(hall.page, "Invite a laptop…")
    dialog = hall.dialog(InviteDialog)
    control = dialog.words.control
    assert isinstance(control, QLineEdit)
    keys(control, spoken(new))
    click(dialog.verb)
    hall.until(lambda: dialog.at == 1)
    said = texts(dialog.alike)
    assert any("choose QI lead." in one for one in said)
    assert any("can be taken for QI lead laptop 1 of QI lead" in one for one in said)
    assert dialog.alike.accessibleName().startswith("Look twice. “QI")
    click(dialog.verb)
    hall.sign_in("QI lead")
    hall.until(lambda: dialog.at == 2)
    labels = {seat.label for seat in seated(hall.page.decider.desk.workspace)}
    assert "QI Iead laptop l" in labels


def test_a_stranger_named_like_a_partner_is_told(sit: SitDown, alliance: Alliance) -> None:
    name = TRUSTS["a"][0].replace("NHS", "nhs")
    new = ask(alliance, "c", founder=Founder(name, "RXM", "QI lead", "Desk"))
    hall = sit("lead")
    press(hall.page, "Invite a laptop…")
    dialog = hall.dialog(InviteDialog)
    control = dialog.words.control
    assert isinstance(control, QLineEdit)
    keys(control, spoken(new))
    click(dialog.verb)
    hall.until(lambda: dialog.at == 1)
    hall.shows(dialog.alike, "Make sure that they are two organisations.")
    assert dialog.verb.isEnabled()


def test_the_name_of_the_laptop_it_replaces_confuses_nobody(
    sit: SitDown, alliance: Alliance
) -> None:
    enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    enrolled(alliance, "a3", "a", "Ward manager", "Night laptop")
    new = ask(alliance, "a4", founder=further("a", "Ward manager", "Ward laptop"))
    hall = sit("a")
    press(hall.page, "Replace a lost laptop…")
    dialog = hall.dialog(ReplaceDialog)
    control = dialog.words.control
    assert isinstance(control, QLineEdit)
    for lost, told in (("Night laptop", True), ("Ward laptop", False)):
        next(one for one in dialog.choices.values() if one.text().startswith(lost)).click()
        click(dialog.verb)
        control.clear()
        keys(control, spoken(new))
        click(dialog.verb)
        hall.until(lambda: dialog.at == 2)
        assert dialog.alike.isVisibleTo(dialog) is told
        press(dialog, "Back")
        press(dialog, "Back")


def test_a_card_with_nothing_to_say_is_not_there(look: Look) -> None:
    card = LookTwice(look)
    assert card.isHidden()
    card.say(["One looks like the other."])
    assert not card.isHidden()
    card.say([])
    assert card.isHidden()
    assert card.accessibleName() == ""
