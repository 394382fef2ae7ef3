"""What was kept aside is told with its figures and adopted; who can read what; alarms."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from collabdesk.domain.changes import SetCells
from collabdesk.services.control import adopting, laptops
from collabdesk.services.restored import COPIED
from collabdesk.services.sharing.alarms import Alarm
from collabdesk.services.sharing.standing import standing
from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.ui.inspector.history import WRONG_CLOCK
from collabdesk.ui.parts import children
from collabdesk.ui.sharing.alarm_cards import AlarmCards
from collabdesk.ui.sharing.deciding import DecisionForm
from collabdesk.ui.theme import Look
from tests.services.control.desks import LINE, enrolled, key_of
from tests.services.sealed.scenes import Scene
from tests.support.alliance import Alliance
from tests.ui.hands import press, texts
from tests.ui.sharing.conftest import SitDown


@pytest.fixture
def late(alliance: Alliance) -> None:
    """A change that a laptop made after it was retired, not knowing."""
    ward = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    ward.change(LINE)
    alliance.share_all(2)
    a = alliance.desks["a"]
    table = PROJECTIONS["plan_line"]
    (line,) = a.workspace.query(lambda reads: reads.execute(select(table)).all())
    ward.change(SetCells("plan_line", line.row, {"m1": 70_000, "m2": 90_000}))
    laptops.retire_laptop(a.workspace, key_of(ward))
    a.share()
    ward.share()
    alliance.share_all(2)


@pytest.mark.usefixtures("late")
def test_honest_work_of_a_retired_laptop_is_adopted(sit: SitDown) -> None:
    hall = sit("a")
    assert hall.page.tabs.buttons["aside"].text() == "Kept aside  1"
    press(hall.page.panel, "See all 1")
    assert hall.page.tabs.current == "aside"
    said = texts(hall.page.aside)
    assert any("m1 £700.00, m2 £900.00" in one for one in said)
    assert any("From Ward manager, Ward laptop, Lincolnshire Partnership" in one for one in said)
    press(hall.page.aside, "Adopt this change")
    hall.sign_in("QI lead")
    hall.says("1 change adopted.")
    hall.until(lambda: hall.page.tabs.buttons["aside"].text() == "Kept aside")
    hall.shows(hall.page.aside, "It was adopted by QI lead laptop 1")
    (item,) = [q for q in adopting.quarantined(hall.page.decider.desk.workspace) if q.lines]
    assert item.adopted


def test_a_clock_set_wrong_is_told_beside_the_time(sit: SitDown, alliance: Alliance) -> None:
    ward = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    ward.clock.ms -= 3_650 * 24 * 3_600_000
    ward.change(LINE)
    a = alliance.desks["a"]
    laptops.retire_laptop(a.workspace, key_of(ward))
    for desk in (a, ward, a):
        desk.share()
    hall = sit("a")
    hall.shows(hall.page.panel, WRONG_CLOCK)
    press(hall.page.panel, "See all 1")
    hall.shows(hall.page.aside, WRONG_CLOCK)


def test_nothing_kept_aside_says_what_would_stand_here(sit: SitDown) -> None:
    hall = sit("b")
    press(hall.page, "Kept aside")
    hall.shows(hall.page.aside, "Nothing was kept aside")


def test_who_can_read_what_is_told_and_a_laptop_is_let_in(sit: SitDown, alliance: Alliance) -> None:
    scene = Scene(alliance)
    scene.ask_a_person()
    scene.state("a")
    alliance.share_all()
    enrolled(alliance, "l2", "lead", "Finance lead", "Finance laptop 2")
    hall = sit("lead")
    press(hall.page, "Who can read what")
    hall.shows(hall.page.readers, "1 entry. Read by the finance leads of the partner")
    hall.shows(hall.page.readers, "Approvals that the partners agreed on: none are needed.")
    hall.shows(hall.page.readers, "may give its laptops these roles: ")
    hall.shows(hall.page.readers, "Approver may")
    hall.until(lambda: hall.page.readers.grids)
    (let_in,) = [
        one
        for one in children(hall.page.readers, QAbstractButton)
        if one.text().startswith("Let Finance laptop 2, Nottinghamshire")
    ]
    let_in.click()
    hall.sign_in("Finance lead")
    hall.says("this cannot be taken back")
    hall.until(lambda: not any("Let Finance" in one for one in words_on(hall.page.readers)))


def words_on(widget: object) -> list[str]:
    """Return the words of the buttons of a part."""
    return [one.text() for one in children(widget, QAbstractButton)]  # type: ignore[arg-type]


def alarm(action: str, number: int = 0) -> Alarm:
    """Return an alarm whose right action is one of those the page may know."""
    return Alarm(
        "rollback",
        f"The shared folder went back, {number}.",
        "Nothing was lost.",
        action,
        "Tell whoever runs the folder",
        "danger",
    )


def test_an_alarm_offers_the_one_right_action_or_says_it(qtbot: QtBot, look: Look) -> None:
    done: list[Alarm] = []
    cards = AlarmCards(look, {"verify": done.append})
    qtbot.addWidget(cards)
    cards.show_alarms([alarm("verify"), alarm("tell-folder-owner", 1), alarm("verify", 2)])
    said = texts(cards)
    assert said.count("Nothing was lost.") == 2
    assert "What to do: tell whoever runs the folder." in said
    press(cards, "Tell whoever runs the folder")
    assert done == [alarm("verify")]
    press(cards, "Show 1 more")
    assert texts(cards).count("Nothing was lost.") == 3
    cards.show_alarms([])
    assert cards.isHidden()


def test_a_copied_laptop_is_told_and_asks_anew(sit: SitDown, alliance: Alliance) -> None:
    enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    desk = alliance.desks["a2"]
    desk.workspace.write(lambda replica: replica.set_setting(COPIED, b"yes"))
    hall = sit("a2")
    hall.shows(hall.page.alarms, "Nothing more is signed or sent from this copy.")
    press(hall.page.alarms, "Enrol this laptop anew")
    form = hall.dialog(DecisionForm)
    press(form, "Make new keys")
    hall.sign_in("Ward manager")
    hall.says("This laptop asks anew.")
    copied = "Nothing more is signed or sent from this copy. Everything can be read."
    hall.until(lambda: copied not in texts(hall.page.alarms))
    workspace = hall.page.decider.desk.workspace
    assert not workspace.enrolled
    asked = standing(workspace).laptop_words
    hall.until(lambda: asked[0] in texts(hall.page.alliance.read_aloud))
