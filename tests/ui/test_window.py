"""The shell: places, trail, keys, bars and the inspector."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from collabdesk.ui.connection import Connection
from collabdesk.ui.focus import FocusMark
from collabdesk.ui.messages import Action
from collabdesk.ui.navigation import PageEntry
from collabdesk.ui.page import Crumb, Heading, Page, PageAction, Surroundings
from collabdesk.ui.painted import Workspace
from collabdesk.ui.parts import words
from collabdesk.ui.search import Hit
from collabdesk.ui.window import SAVED, Window
from tests.ui.accessibility import faults
from tests.ui.hands import click, key, keys, named, press, settle, show, texts

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
PLACES = ("Home", "Budgets", "Improvement", "Pilots", "Metrics", "Reports", "Sharing", "Settings")


class Room(Page):
    """A page that notes what it was asked to show."""

    def __init__(self, around: Surroundings, title: str) -> None:
        super().__init__(around, title)
        self.shown: list[object] = []
        self.pressed: list[str] = []
        self.panel = QLabel("What is true about one figure") if title == "Budgets" else None
        self.show_full(words(f"All about {title}"))

    def arrive(self, within: object = None) -> None:
        self.shown.append(within)
        crumbs = (Crumb(self.heading.title), Crumb(str(within))) if within is not None else ()
        self.heading = Heading(
            self.heading.title,
            "M7 Oct 2026 is open.",
            secondary=(PageAction("Virement…", lambda: self.pressed.append("virement")),),
            primary=PageAction("Submit", lambda: None, why_off="One figure is contested."),
            crumbs=crumbs,
            status=(("Lines", "16"),),
            status_right="Ledger #1842",
        )

    def inspector(self) -> QWidget | None:
        return self.panel


class Steps:
    """Undo and redo as the services give them."""

    def __init__(self) -> None:
        self.done = ["paste of 24 amounts"]
        self.undone: list[str] = []

    def undo(self) -> str:
        if not self.done:
            return ""
        self.undone.append(self.done.pop())
        return self.undone[-1]

    def redo(self) -> str:
        if not self.undone:
            return ""
        self.done.append(self.undone.pop())
        return self.done[-1]


@pytest.fixture
def built() -> list[str]:
    return []


@pytest.fixture
def window(qtbot: QtBot, around: Surroundings, built: list[str]) -> Window:
    def entry(title: str) -> PageEntry:
        def build() -> Page:
            built.append(title)
            return Room(around, title)

        return PageEntry(title.casefold(), title, title.casefold(), build)

    made = Window(around.look, [entry(title) for title in PLACES], Steps())
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.go("home")
    show(made)
    return made


def test_pages_are_built_on_their_first_visit(window: Window, built: list[str]) -> None:
    assert built == ["Home"]
    click(window.navigation.items["budgets"])
    click(window.navigation.items["home"])
    click(window.navigation.items["budgets"])
    assert built == ["Home", "Budgets"]
    assert window.navigation.items["budgets"].isChecked()
    assert window.windowTitle() == "Budgets – CollabDesk"


def test_alt_and_a_digit_goes_to_a_page(window: Window) -> None:
    for place, title in enumerate(PLACES, 1):
        key(window, Qt.Key(Qt.Key.Key_0.value + place), ALT)
        assert window.page is not None
        assert window.page.heading.title == title


def test_back_and_forward_walk_the_trail(window: Window) -> None:
    window.go("budgets", "M7")
    window.go("metrics")
    press(window.top_bar, "Back")
    assert isinstance(window.page, Room)
    assert window.page.shown[-1] == "M7"
    key(window, Qt.Key.Key_Left, ALT)
    assert window.page.heading.title == "Home"
    assert not named(window.top_bar, "Back").isEnabled()
    key(window, Qt.Key.Key_Right, ALT)
    press(window.top_bar, "Forward")
    assert window.page.heading.title == "Metrics"


def test_the_breadcrumb_leads_back(window: Window) -> None:
    window.go("budgets", "M7")
    assert texts(window.top_bar)[-2:] == ["/", "M7"] or "M7" in texts(window.top_bar)
    press(window.top_bar, "Back to Budgets")
    assert isinstance(window.page, Room)
    assert window.page.shown == ["M7", None]


def test_the_header_says_state_and_why_the_main_button_is_off(window: Window) -> None:
    window.go("budgets")
    assert "M7 Oct 2026 is open. One figure is contested." in texts(window.header)
    assert not named(window.header, "Submit").isEnabled()
    press(window.header, "Virement…")
    assert isinstance(window.page, Room)
    assert window.page.pressed == ["virement"]
    assert {"Lines", "16", "Ledger #1842"} <= set(texts(window.status))


def test_undo_and_redo_speak_in_words(window: Window) -> None:
    key(window, Qt.Key.Key_Z, CONTROL)
    assert window.status.said == "Undone: paste of 24 amounts"
    key(window, Qt.Key.Key_Z, CONTROL)
    assert window.status.said == "Nothing of yours to undo"
    key(window, Qt.Key.Key_Y, CONTROL)
    assert window.status.said == "Done again: paste of 24 amounts"
    key(window, Qt.Key.Key_S, CONTROL)
    assert window.status.said == SAVED


def test_f4_folds_the_inspector_where_there_is_one(window: Window) -> None:
    assert not window.dock.isVisible()
    key(window, Qt.Key.Key_F4)
    assert not window.dock.isVisible()
    window.go("budgets")
    assert window.dock.isVisible()
    key(window, Qt.Key.Key_F4)
    assert not window.dock.isVisible()
    key(window, Qt.Key.Key_F4)
    assert window.dock.isVisible()


def test_the_panel_can_be_opened_by_a_button_too(window: Window) -> None:
    details = window.top_bar.panel_button
    assert not details.isVisible()
    window.go("budgets")
    assert details.isVisible()
    details.click()
    assert not window.dock.isVisible()
    window.look.use("light", 200)
    assert details.text() == "Details"
    details.click()
    assert window.dock.isVisible()


def test_f6_walks_the_panes(window: Window) -> None:
    panes: list[QWidget] = []
    window.navigation.items["home"].setFocus()
    for _step in range(3):
        key(window, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        assert focus is not None
        whole = (window.navigation, window.top_bar, window.header, window.stack, window.dock)
        panes += [pane for pane in whole if pane.isAncestorOf(focus)]
    assert panes == [window.top_bar, window.header, window.navigation]


def test_f1_explains_the_control_in_focus(window: Window, qtbot: QtBot) -> None:
    assert qtbot is not None
    item = window.navigation.items["home"]
    item.setWhatsThis("What needs you, where we stand, what changed.")
    item.setFocus()
    asked: list[str] = []
    window.helped.connect(asked.append)
    key(item, Qt.Key.Key_F1)
    assert asked == ["What needs you, where we stand, what changed."]
    assert texts(window.explanation) == asked
    key(window, Qt.Key.Key_F6)
    assert not window.explanation.isVisible()


def test_search_finds_and_opens(window: Window) -> None:
    opened: list[str] = []
    search = window.top_bar.search
    search.asked.connect(
        lambda text: search.show_hits(
            [
                Hit(f"{text} one", "Budgets", lambda: opened.append("one")),
                Hit(f"{text} two", "Metrics", lambda: opened.append("two")),
            ]
        )
    )
    key(window, Qt.Key.Key_K, CONTROL)
    assert search.hasFocus()
    keys(search, "secure")
    search.asked.emit(search.text())
    assert search.found == ["secure one   Budgets", "secure two   Metrics"]
    key(search, Qt.Key.Key_Down)
    key(search, Qt.Key.Key_Return)
    assert opened == ["two"]
    assert search.text() == ""
    keys(search, "zz")
    search.show_hits([])
    assert search.found == ["Nothing found for “zz”"]
    key(search, Qt.Key.Key_Escape)
    assert search.text() == ""


@pytest.mark.parametrize(
    ("connection", "said"),
    [
        (Connection("shared", dt.timedelta(seconds=20)), "Shared just now"),
        (Connection("shared", dt.timedelta(minutes=2)), "Shared 2 minutes ago"),
        (Connection("shared", dt.timedelta(hours=1)), "Shared 1 hour ago"),
        (Connection("shared", dt.timedelta(days=3)), "Shared 3 days ago"),
        (Connection("shared"), "Not shared yet"),
        (Connection("offline", waiting=3), "Offline: 3 changes waiting"),
        (Connection("offline", waiting=1), "Offline: 1 change waiting"),
        (Connection("missing"), "Shared folder not found: nothing is lost"),
    ],
)
def test_the_chip_tells_the_connection_in_words(
    window: Window, connection: Connection, said: str
) -> None:
    chip = window.navigation.connection
    chip.tell(connection, "Finance lead,", "Lincolnshire Partnership")
    assert chip.accessibleName() == f"{said}, Finance lead,, Lincolnshire Partnership"
    click(chip)
    assert window.page is not None
    assert window.page.heading.title == "Sharing"


def test_counts_and_alarms_are_spoken(window: Window) -> None:
    window.navigation.mark("home", 5)
    window.navigation.mark("sharing", 0, "one change kept aside")
    assert window.navigation.items["home"].accessibleName() == "Home, 5 to do"
    assert window.navigation.items["sharing"].accessibleName() == "Sharing, one change kept aside"


def test_the_workspace_can_be_changed(window: Window) -> None:
    switcher, chosen = window.navigation.workspaces, list[str]()
    switcher.chosen.connect(chosen.append)
    switcher.show_workspaces(
        [
            Workspace("a", "East Midlands", "2026/27"),
            Workspace("b", "Secure Care North", "2026/27"),
        ],
        "a",
    )
    assert switcher.accessibleName() == "Workspace East Midlands, 2026/27"
    other = switcher.menu.actions()[1]
    assert (other.text(), other.isChecked()) == ("Secure Care North, 2026/27", False)
    other.trigger()
    assert chosen == ["b"]
    assert Workspace("a", "East Midlands", "").letters == "EM"


def test_the_sample_strip_stays_on_every_page(window: Window) -> None:
    own: list[bool] = []
    window.sample.say(
        "Explore freely.", Action("Start your own workspace", lambda: own.append(True))
    )
    window.go("metrics")
    assert "Sample: figures invented." in texts(window.sample)
    press(window.sample, "Start your own workspace")
    assert own == [True]


def test_a_narrow_window_and_large_text_fold_the_navigation(window: Window) -> None:
    wide = window.navigation.width()
    window.resize(1000, 700)
    settle()
    narrow = window.navigation.width()
    assert narrow < wide
    assert window.navigation.items["home"].toolTip() == "Home"
    window.resize(1366, 768)
    settle()
    window.look.use("light", 150)
    settle()
    assert window.navigation.items["home"].narrow


@pytest.mark.parametrize("size", [100, 200])
def test_the_whole_window_has_no_fault(
    window: Window, qapp: QApplication, qtbot: QtBot, size: int
) -> None:
    assert qtbot is not None
    mark = FocusMark(window.look, qapp)
    window.look.use("light", size)
    window.sample.say("Explore freely.", Action("Start your own workspace", lambda: None))
    window.go("budgets", "M7")
    settle()
    assert faults(window) == []
    mark.deleteLater()
