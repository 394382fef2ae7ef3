"""What the partners can be asked to change, with real clicks and keys: said, signed, refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from collabdesk.domain.changes import SetCells
from collabdesk.services import membership
from collabdesk.services.control import adopting, decisions, keeper, laptops
from collabdesk.services.control.votes import newest_version
from collabdesk.services.membership import Founder
from collabdesk.services.workspace import Workspace
from collabdesk.sync.registry import ROLES
from collabdesk.ui.form import FieldBox
from collabdesk.ui.parts import children
from collabdesk.ui.sharing import membership_questions as asked
from collabdesk.ui.sharing import questions
from collabdesk.ui.sharing.deciding import DecisionForm
from collabdesk.ui.sharing.membership_view import ASK_THEM, FOR_SIGNERS
from collabdesk.ui.sharing.reset import PRICE, ResetDialog
from collabdesk.ui.shell import Shell
from tests.services.control.desks import LINE, enrolled, key_of, org_of, sign_all, spoken
from tests.support.alliance import TRUSTS, Alliance, ask, found_alliance
from tests.support.shell import House
from tests.ui.hands import click, keys, named, press, texts
from tests.ui.sharing.conftest import SitDown
from tests.ui.sharing.hall import Hall, sit_down

LINCOLNSHIRE = TRUSTS["a"][0]


def own(hall: Hall) -> Workspace:
    """Return the workspace in the window."""
    return hall.page.decider.desk.workspace


def form(hall: Hall, verb: str) -> DecisionForm:
    """Press what opens a question among the decisions; return the question."""
    hall.page.tabs.go("decisions")
    press(hall.page.decisions, f"{verb}…")
    return hall.dialog(DecisionForm)


def choose(box: FieldBox, said: str) -> None:
    """Choose an entry by its words, by keyboard."""
    control = box.control
    assert isinstance(control, QComboBox)
    control.setFocus()
    place = next(at for at in range(control.count()) if said in control.itemText(at))
    while control.currentIndex() != place:
        down = place > control.currentIndex()
        QTest.keyClick(control, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def confirm(hall: Hall, role: str | None = "Finance lead") -> None:
    """Press the verb of the question that is open, and sign in."""
    press(hall.dialog(DecisionForm), "Propose it")
    if role:
        hall.sign_in(role)
    hall.until(lambda: hall.page.decider.dialog is None)


def waiting(workspace: Workspace) -> list[str]:
    """Return what the decisions that wait would change."""
    return [said for one in decisions.drafted(workspace) for said in one.changes]


def offered(hall: Hall) -> set[str]:
    """Return the verbs on show among the decisions."""
    shown = children(hall.page.decisions, QAbstractButton)
    return {one.text() for one in shown if one.isVisibleTo(hall.page.decisions)}


def test_a_partner_is_proposed_to_leave_with_what_cannot_be_undone(
    sit: SitDown, alliance: Alliance
) -> None:
    hall = sit("lead")
    question = form(hall, asked.LEAVE)
    assert any("cannot be called back" in said for said in texts(question))
    choose(question.boxes["partner"], LINCOLNSHIRE)
    confirm(hall)
    hall.says("Signed.")
    hall.shows(hall.page.decisions, f"{LINCOLNSHIRE} (RP7) leaves.")
    hall.until(lambda: not hall.page.decider.house.sharing.busy)
    alliance.share_all(2)
    sign_all(alliance.desks["b"])
    alliance.share_all(2)
    assert len(alliance.desks["b"].workspace.book.epoch.orgs) == 2


def test_a_partner_with_new_laptops_is_refused_in_the_form_until_at_once_is_ticked(
    sit: SitDown, alliance: Alliance
) -> None:
    enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    hall = sit("lead")
    question = form(hall, asked.LEAVE)
    choose(question.boxes["partner"], LINCOLNSHIRE)
    press(question, "Propose it")
    hall.sign_in("Finance lead")
    hall.shows(question, "has changed its list of laptops since the last membership")
    assert waiting(own(hall)) == []
    question.boxes["at_once"].control.setFocus()
    hall.press_space()
    confirm(hall, role=None)
    hall.says("Signed.")
    assert f"{LINCOLNSHIRE} (RP7) leaves." in waiting(own(hall))


def test_how_many_must_agree_is_proposed(sit: SitDown) -> None:
    hall = sit("lead")
    hall.page.tabs.go("decisions")
    hall.shows(hall.page.decisions, "2 of 3 at present.")
    question = form(hall, asked.AGREE)
    assert any("one that cannot be reached stops every later change" in s for s in texts(question))
    box = question.boxes["organisations"].control
    assert isinstance(box, QComboBox)
    assert [box.itemText(at) for at in range(box.count())] == ["2 of 3", "All 3"]
    assert box.currentText() == "2 of 3"
    choose(question.boxes["organisations"], "All 3")
    confirm(hall)
    hall.says("Signed.")
    assert any("3 of 3 organisations must agree" in said for said in waiting(own(hall)))


def test_a_partner_that_lost_its_keys_is_given_new_ones_by_keyboard(
    sit: SitDown, alliance: Alliance
) -> None:
    lost = alliance.desks.pop("a")
    org = org_of(lost)
    lost.workspace.close()
    name, ods, person = TRUSTS["a"]
    again = ask(alliance, "a2", founder=Founder(name, ods, person, "QI Iead laptop 1"))
    hall = sit("lead")
    hall.page.tabs.go("decisions")
    hall.tab_to(f"{asked.RESET}…")
    hall.press_space()
    dialog = hall.dialog(ResetDialog)
    choose(dialog.partner, LINCOLNSHIRE)
    hall.tab_to("Its new laptop's eight words, required")
    hall.type(spoken(again))
    hall.press_enter()
    hall.until(lambda: dialog.at == 1)
    hall.shows(dialog, f"QI Iead laptop 1 of QI lead, {name} (RP7), asks with these words.")
    hall.shows(dialog, "can be taken for QI lead laptop 1 of QI lead")
    assert PRICE in texts(dialog)
    hall.press_enter()
    hall.sign_in("Finance lead")
    hall.until(lambda: dialog.at == 2)
    hall.shows(dialog, "Signed. It waits for")
    hall.press_enter()
    assert any(f"no longer signs for {name}" in said for said in waiting(own(hall)))
    hall.until(lambda: not hall.page.decider.house.sharing.busy)
    alliance.share_all(2)
    sign_all(alliance.desks["b"])
    alliance.share_all(3)
    assert again.workspace.enrolled
    assert key_of(again) in again.workspace.book.admins
    assert org_of(again) == org


def test_words_of_another_trust_are_refused_at_the_words(sit: SitDown, alliance: Alliance) -> None:
    hall = sit("lead")
    hall.page.tabs.go("decisions")
    press(hall.page.decisions, f"{asked.RESET}…")
    dialog = hall.dialog(ResetDialog)
    control = dialog.words.control
    assert isinstance(control, QLineEdit)
    choose(dialog.partner, LINCOLNSHIRE)
    keys(control, spoken(alliance.desks["b"]))
    click(dialog.verb)
    hall.until(lambda: "says it is of Leicestershire" in dialog.words.fault)
    assert dialog.at == 0
    assert not hall.asks


def test_work_that_was_set_aside_is_proposed_to_stand(sit: SitDown, alliance: Alliance) -> None:
    late(alliance)
    hall = sit("lead")
    question = form(hall, asked.BACK)
    assert any("what the thief did" in said for said in texts(question))
    choose(question.boxes["laptop"], "Ward laptop, Lincolnshire")
    confirm(hall)
    hall.says("Signed.")
    assert any("It brings back 1 change" in said for said in waiting(own(hall)))


def test_nothing_is_offered_that_would_change_nothing(sit: SitDown) -> None:
    hall = sit("lead")
    hall.page.tabs.go("decisions")
    shown = offered(hall)
    assert f"{asked.LEAVE}…" in shown
    assert shown.isdisjoint({f"{asked.BACK}…", f"{questions.ROLES}…"})


def test_a_partner_whose_turn_it_is_not_is_told_what_to_ask_for(sit: SitDown) -> None:
    hall = sit("a")
    hall.page.tabs.go("decisions")
    hall.shows(hall.page.decisions, ASK_THEM)
    assert offered(hall).isdisjoint({f"{asked.LEAVE}…", f"{asked.RESET}…", f"{asked.AGREE}…"})


def test_a_laptop_that_does_not_sign_is_told_who_decides(sit: SitDown, alliance: Alliance) -> None:
    enrolled(alliance, "l2", "lead", "Accountant", "Finance laptop 2")
    hall = sit("l2")
    hall.page.tabs.go("decisions")
    hall.shows(hall.page.decisions, FOR_SIGNERS)
    assert not named(hall.page.decisions, "Pass over their turn…").isEnabled()
    assert f"{asked.LEAVE}…" not in offered(hall)


# --- what a newer version adds -----------------------------------------------------------------


@pytest.fixture
def older(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Alliance]:
    """An alliance founded with a role fewer and without a floor."""
    first = ROLES[:-1]
    numbers = tuple(role.number for role in first)
    with monkeypatch.context() as patch:
        patch.setattr(membership, "ROLES", first)
        patch.setattr(membership, "EVERY_ROLE", numbers)
        patch.setattr(membership, "PARTNER_ROLES", numbers[:-1])
        alliance = found_alliance(tmp_path_factory.mktemp("older"))
    yield alliance
    alliance.close()


def test_the_roles_of_a_newer_version_are_proposed_by_their_button(
    qtbot: QtBot, computer: House, window: Shell, older: Alliance
) -> None:
    hall = sit_down(qtbot, computer, window, older, "lead")
    hall.page.tabs.go("decisions")
    hall.shows(hall.page.decisions, questions.ROLES_SAID)
    question = form(hall, questions.ROLES)
    assert questions.ROLES_SAID in texts(question)
    press(question, questions.ROLES)
    hall.sign_in("Finance lead")
    hall.says("Signed.")
    said = waiting(own(hall))
    assert any(f"{ROLES[-1].words} may" in one for one in said)
    hall.until(lambda: not hall.page.decider.house.sharing.busy)
    older.share_all(2)
    sign_all(older.desks["b"])
    older.share_all(2)
    hall.page.share_now()
    hall.until(lambda: f"{questions.ROLES}…" not in offered(hall))


def test_the_newer_version_is_asked_for_of_every_laptop(sit: SitDown, alliance: Alliance) -> None:
    floor = alliance.desks["lead"].workspace.book.epoch.floor
    hall = sit("lead")
    question = form(hall, asked.NEWER)
    assert any("never goes down again" in said for said in texts(question))
    assert any(f"Version {floor} of the data is asked for now" in s for s in texts(question))
    confirm(hall)
    hall.says("Signed.")
    assert f"Laptops need version {newest_version()} of the data or newer." in waiting(own(hall))


# --- findings ----------------------------------------------------------------------------------


def late(alliance: Alliance) -> None:
    """Let a laptop change a line after it was retired, not knowing."""
    ward = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    row = ward.change(LINE)["line"]
    alliance.share_all(2)
    ward.change(SetCells("plan_line", row, {"m1": 70_000}))
    laptops.retire_laptop(alliance.desks["a"].workspace, key_of(ward))
    alliance.desks["a"].share()
    ward.share()
    alliance.share_all(2)


def test_a_change_adopted_twice_is_said_on_the_page(sit: SitDown, alliance: Alliance) -> None:
    late(alliance)
    a, lead = alliance.desks["a"].workspace, alliance.desks["lead"].workspace
    (item,) = [one for one in adopting.quarantined(a) if one.lines]
    adopting.adopt(a, [item.id])
    adopting.adopt(lead, [item.id])
    alliance.share_all(2)
    hall = sit("b")
    hall.page.tabs.go("decisions")
    hall.shows(hall.page.decisions, "A change was adopted 2 times, by")
    hall.shows(hall.page.decisions, "its figures may be counted twice.")


def test_a_keeper_appointed_by_one_person_is_said_on_the_page(
    sit: SitDown, alliance: Alliance
) -> None:
    second = enrolled(alliance, "l2", "lead", "Accountant", "Finance laptop 2")
    lead = alliance.desks["lead"].workspace
    keeper.release_ledger(lead)
    keeper.appoint_keeper(lead, key_of(second))
    alliance.share_all(2)
    hall = sit("a")
    hall.page.tabs.go("decisions")
    hall.shows(
        hall.page.decisions,
        f"Finance laptop 2, {TRUSTS['lead'][0]} was appointed to keep the ledger by one person "
        "alone",
    )
