"""A page has four states by one mechanism, and a trail knows where one has been."""

from __future__ import annotations

import threading

from PySide6.QtWidgets import QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from collabdesk.errors import NotPossible
from collabdesk.ui.messages import Action
from collabdesk.ui.page import Page, Surroundings
from collabdesk.ui.parts import children
from collabdesk.ui.states import EmptyState, Shape, Way
from collabdesk.ui.trail import Place, Trail
from collabdesk.ui.workers import LongJob, Progress
from tests.ui.hands import press, texts


def test_a_reading_shows_the_skeleton_then_the_content(qtbot: QtBot, around: Surroundings) -> None:
    page, hold = Page(around, "Budgets"), threading.Event()
    qtbot.addWidget(page)
    page.show()
    page.fill(
        lambda: hold.wait(5), lambda _got: page.show_full(QLabel("16 lines")), "Reading lines"
    )
    assert page.state == "loading"
    assert "Reading lines…" in texts(page)
    hold.set()
    qtbot.waitUntil(lambda: page.state == "full")
    assert "16 lines" in texts(page)


def test_a_failed_reading_offers_to_try_again(qtbot: QtBot, around: Surroundings) -> None:
    tries: list[int] = []

    def read() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise NotPossible(code="locked", words="The database is locked.", remedy="Close Excel.")
        return "read"

    page = Page(around, "Budgets")
    qtbot.addWidget(page)
    page.show()
    page.fill(read, lambda got: page.show_full(QLabel(got)))
    qtbot.waitUntil(lambda: page.state == "error")
    assert {"The database is locked.", "Close Excel."} <= set(texts(page))
    press(page, "Try again")
    qtbot.waitUntil(lambda: page.state == "full")


def test_a_page_read_again_keeps_its_content_meanwhile(qtbot: QtBot, around: Surroundings) -> None:
    page, hold, got = Page(around, "Budgets"), threading.Event(), list[bool]()
    qtbot.addWidget(page)
    page.show_full(QLabel("16 lines"))
    page.fill(lambda: hold.wait(5), got.append)
    assert page.state == "full"
    hold.set()
    qtbot.waitUntil(lambda: bool(got))


def test_an_empty_page_says_what_goes_here_and_how_to_begin(
    qtbot: QtBot, around: Surroundings
) -> None:
    done: list[str] = []
    page = Page(around, "Budgets")
    qtbot.addWidget(page)
    page.show()
    sample = Way(
        "table",
        "See a filled-in year",
        "In its own workspace",
        Action("Open sample", lambda: done.append("sample")),
    )
    shape = Shape(
        ("Service line", "M1 Apr"), ("Low secure",), "Nothing is written until you accept."
    )
    page.show_empty(
        EmptyState(
            "No budget yet",
            "Lines go here.",
            Action("Import…", lambda: done.append("import")),
            (sample,),
            shape,
        )
    )
    assert page.state == "empty"
    press(page, "Import…")
    press(page, "Open sample")
    assert done == ["import", "sample"]
    assert "Low secure" in texts(page)


def test_a_long_job_shows_progress_and_cancel_then_returns(
    qtbot: QtBot, around: Surroundings
) -> None:
    page, started = Page(around, "Metrics"), threading.Event()
    qtbot.addWidget(page)
    page.show_full(QLabel("Releases"))
    page.show()

    def work(progress: Progress) -> None:
        progress.say("Reading rows", 5, 10)
        started.set()
        while not progress.cancelled:
            threading.Event().wait(0.001)
        progress.say("More")

    job = LongJob("Importing", work)
    page.run(job)
    qtbot.waitUntil(lambda: "Reading rows: 5 of 10" in texts(page))
    bar = children(page, QProgressBar)[0]
    assert (bar.value(), bar.maximum()) == (5, 10)
    qtbot.waitUntil(bar.isVisible)
    with qtbot.waitSignal(job.stopped):
        press(page, "Cancel")
    qtbot.waitUntil(lambda: page.state == "full")


def test_a_refusal_stands_in_the_banner(qtbot: QtBot, around: Surroundings) -> None:
    page = Page(around, "Budgets")
    qtbot.addWidget(page)
    page.show()
    page.refuse(NotPossible(code="x", words="M3 is closed.", remedy="Ask the finance lead."))
    assert page.banner.accessibleName() == "M3 is closed. Ask the finance lead."


def test_status_keeps_its_right_side(around: Surroundings, qtbot: QtBot) -> None:
    page = Page(around, "Budgets")
    qtbot.addWidget(page)
    page.say_status(("Sum", "£1"), right="Ledger #1")
    page.say_status(("Sum", "£2"))
    assert page.heading.status == (("Sum", "£2"),)
    assert page.heading.status_right == "Ledger #1"


def test_what_lay_ahead_is_forgotten_on_a_new_visit() -> None:
    trail = Trail()
    assert trail.here is None
    assert trail.back() is None
    for page in ("home", "budgets", "metrics"):
        trail.visit(Place(page))
    trail.visit(Place("metrics"))
    assert trail.back() == Place("budgets")
    ahead = [trail.can_go_forward]
    trail.visit(Place("pilots", "CC-1"))
    ahead.append(trail.can_go_forward)
    assert ahead == [True, False]
    assert trail.forward() == Place("pilots", "CC-1")
    assert trail.back() == Place("budgets")
