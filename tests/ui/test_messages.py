"""Every failure is words with a way on; nobody meets a traceback."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from collabdesk.errors import Refusal
from collabdesk.ui.messages import Action, Banner, ErrorState, Explainer
from collabdesk.ui.theme import Look
from tests.ui.hands import press, texts

REFUSED = Refusal(
    code="closed_month",
    words="M3 Jun 2026 is closed.",
    remedy="Ask the finance lead to open it.",
    field="month",
)


def test_a_refusal_keeps_its_words() -> None:
    told = Explainer(lambda _fault: "never").explain(REFUSED)
    assert told.happened == "M3 Jun 2026 is closed."
    assert told.remedy == "Ask the finance lead to open it."
    assert "closed_month (month)" in told.details
    assert not told.ours


def test_a_fault_of_ours_becomes_a_crash_report() -> None:
    reported: list[BaseException] = []

    def keep(fault: BaseException) -> str:
        reported.append(fault)
        return "Report 1 kept in the reports folder"

    fault = ZeroDivisionError("division by zero")
    told = Explainer(keep).explain(fault)
    assert reported == [fault]
    assert "division" not in told.happened + told.remedy
    assert told.details == "Report 1 kept in the reports folder"
    assert told.ours


def test_a_banner_says_one_thing_and_offers_one_action(qtbot: QtBot, look: Look) -> None:
    banner, done = Banner(look), list[str]()
    qtbot.addWidget(banner)
    banner.say(
        "One figure is contested.",
        "Totals show a range.",
        "contested",
        Action("Resolve…", lambda: done.append("resolve")),
    )
    assert banner.isVisible()
    assert texts(banner) == ["One figure is contested.", "Totals show a range."]
    assert banner.accessibleName() == "One figure is contested. Totals show a range."
    press(banner, "Resolve…")
    assert done == ["resolve"]
    with qtbot.waitSignal(banner.closed):
        press(banner, "×")
    assert not banner.isVisible()


def test_a_later_message_replaces_the_action(qtbot: QtBot, look: Look) -> None:
    banner, done = Banner(look), list[str]()
    qtbot.addWidget(banner)
    banner.say("First.", action=Action("One", lambda: done.append("one")))
    banner.say("Second.", action=Action("Two", lambda: done.append("two")))
    press(banner, "Two")
    assert done == ["two"]


def test_an_error_state_mends_and_copies(qtbot: QtBot, look: Look) -> None:
    again: list[bool] = []
    told = Explainer(lambda _fault: "").explain(REFUSED)
    state = ErrorState(look, told, lambda: again.append(True))
    qtbot.addWidget(state)
    state.show()
    assert texts(state) == [told.happened, told.remedy]
    press(state, "Try again")
    press(state, "Copy details")
    assert again == [True]
    assert QGuiApplication.clipboard().text() == told.details
