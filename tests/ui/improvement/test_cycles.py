"""Cycles are planned, begun, studied and closed; an overtaken title comes back with one press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from collabdesk.services.figures import overtaken
from collabdesk.services.improvement.queries import project_list
from collabdesk.ui.budgets.change_set import ChangeSetDialog
from collabdesk.ui.form import FormDialog
from collabdesk.ui.improvement.page import ImprovementPage
from collabdesk.ui.page import Surroundings
from tests.support.sample_desk import BuiltSample
from tests.ui.hands import click, key, press, texts
from tests.ui.improvement.test_projects import open_project
from tests.ui.rooms import Room, fill, opened, refused, send


@pytest.fixture
def overtaken_room(
    qtbot: QtBot, around: Surroundings, sample: BuiltSample
) -> Iterator[Room[ImprovementPage]]:
    """The room at whichever partner's title was overtaken; keys decide that by chance."""
    for code in ("RP1", "RP7"):
        workspace = sample.open(code)
        if workspace.query(overtaken, workspace.me().organisation):
            break
        workspace.close()
    with opened(qtbot, around, workspace, "improvement", ImprovementPage) as made:
        yield made
    workspace.close()


def plan(room: Room[ImprovementPage], objective: str) -> None:
    room.press("Plan a cycle")
    form = room.dialog(FormDialog)
    fill(form, objective=objective, prediction="Four days less", start="01/11/2026")
    send(room, form)
    room.until(lambda: len(room.page.project.ramp.cards) == 3)


def test_a_cycle_is_not_closed_without_study_and_decision(room: Room[ImprovementPage]) -> None:
    open_project(room)
    plan(room, "Does a call within a day help more?")
    number = next(
        card.cycle.number
        for card in room.page.project.ramp.cards.values()
        if card.cycle.status == "planned"
    )
    room.press(f"Close cycle {number}")
    form = room.dialog(FormDialog)
    assert refused(room, form, "study").startswith("The cycle has no study.")
    fill(form, study="The wait fell by three days.")
    assert refused(room, form, "decision").startswith("The cycle has no decision.")
    fill(form, decision="adapt")
    send(room, form)
    ramp = room.page.project.ramp
    room.until(lambda: {card.cycle.status for card in ramp.cards.values()} == {"closed"})
    room.until(lambda: room.page.heading.primary.words == "Add points…")  # type: ignore[union-attr]


def test_a_planned_cycle_begins_and_is_studied_in_the_inspector(
    room: Room[ImprovementPage],
) -> None:
    open_project(room)
    plan(room, "Does a call within a day help more?")
    cards = list(room.page.project.ramp.cards.values())
    card = next(card for card in cards if card.cycle.status == "planned")
    click(card)
    room.shows("Predicted: Four days less")
    room.press("Begin")
    room.until(
        lambda: (
            {c.cycle.status for c in room.page.project.ramp.cards.values()} == {"closed", "doing"}
        )
    )
    room.press("Write study")
    form = room.dialog(FormDialog)
    fill(form, study="As predicted.")
    send(room, form)
    room.shows("Learnt: As predicted.")


def test_boxes_and_cards_are_walked_with_arrows_and_opened_with_enter(
    room: Room[ImprovementPage],
) -> None:
    open_project(room)
    diagram = room.page.project.diagram
    aim, first = list(diagram.boxes.values())[:2]
    aim.setFocus()
    key(aim, Qt.Key.Key_Right)
    focused = next(box for box in diagram.boxes.values() if box.hasFocus())
    assert focused.accessibleName().startswith("Primary driver")
    key(first, Qt.Key.Key_Return)
    room.shows("Primary driver")
    room.shows(first.words)
    one, two = list(room.page.project.ramp.cards.values())
    one.setFocus()
    key(one, Qt.Key.Key_Right)
    assert two.hasFocus()
    key(two, Qt.Key.Key_Space)
    room.shows("Cycle 2, closed")


def test_an_idea_also_acts_on_another_driver(room: Room[ImprovementPage]) -> None:
    open_project(room)
    boxes = room.page.project.diagram.boxes
    idea = next(box for box in boxes.values() if box.words == "Monday slot release")
    click(idea)
    room.press("Also acts on")
    form = room.dialog(FormDialog)
    choices = {said: row for row, said in form.boxes["to_driver"].asked.choices}
    fill(form, to_driver=choices["Secondary driver: Reminder people want"])
    send(room, form)
    room.until(lambda: "Reminder people want" in idea.accessibleName())


def test_an_overtaken_title_is_told_and_restored_with_one_press(
    overtaken_room: Room[ImprovementPage],
) -> None:
    room = overtaken_room
    workspace = room.desk.workspace
    lost = workspace.query(overtaken, workspace.me().organisation)[0]
    open_project(room)
    room.shows(f"Our title was overtaken: “{lost.mine.value!s}”.")
    room.press("Restore our title")
    room.until(lambda: room.page.heading.title == lost.mine.value)
    room.until(lambda: not room.page.project.notice.isVisible())
    assert workspace.query(project_list)[0].project.title == lost.mine.value


def test_the_inspector_tells_the_history_of_the_project(room: Room[ImprovementPage]) -> None:
    open_project(room)
    room.shows("Recorded")
    room.shows("QI lead, Northamptonshire Healthcare")
    room.until(lambda: room.found("History, 3"))
    press(room.page.panel, "Verified")
    dialog = room.dialog(ChangeSetDialog)
    assert any(text.startswith("Change set ") for text in texts(dialog))


def test_a_change_from_elsewhere_leaves_cursor_and_choice_where_they_are(
    room: Room[ImprovementPage],
) -> None:
    open_project(room)
    chart = room.page.project.chart
    room.until(chart.title.text)
    chart.picture.setFocus()
    key(chart.picture, Qt.Key.Key_End)
    box = next(iter(room.page.project.diagram.boxes.values()))
    plan(room, "Another test")
    assert chart.picture.at == 23
    room.shows("Point 10 of 10 of the shift.")
    assert next(iter(room.page.project.diagram.boxes.values())) is box
