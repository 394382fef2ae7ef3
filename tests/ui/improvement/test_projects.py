"""From an empty room to a run chart with its finding, by clicks and keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from collabdesk.services.improvement import EditProject
from collabdesk.services.improvement.queries import project_list
from collabdesk.ui.form import FormDialog
from collabdesk.ui.improvement.page import ImprovementPage
from collabdesk.ui.improvement.points import PointsDialog
from tests.ui.accessibility import faults
from tests.ui.hands import key, press, settle, texts
from tests.ui.rooms import Room, fill, refused, send

CONTROL = Qt.KeyboardModifier.ControlModifier
VALUES = (41, 44, 43, 40, 42, 41, 45, 43, 42, 46, 41, 44, 36, 35, 37, 34, 35, 33, 34, 32, 33, 31)


def sheet(values: tuple[object, ...] = VALUES) -> str:
    lines = (f"01/{n % 12 + 1:02}/{2024 + n // 12}\t{v}" for n, v in enumerate(values))
    return "\n".join(lines)


def register(room: Room[ImprovementPage]) -> None:
    room.press("Register a project")
    form = room.dialog(FormDialog)
    fill(form, title="Shorter waits", aim="From 42 to 28 days by March", target_date="31/03/2027")
    send(room, form)
    room.until(room.page.project.isVisible)


def add_driver(room: Room[ImprovementPage], serves: str, text: str) -> None:
    room.press("Add driver")
    form = room.dialog(FormDialog)
    choices = form.boxes["serves"].asked.choices
    row = next(row for row, said in choices if said.endswith(serves))
    fill(form, serves=row, text=text)
    send(room, form)
    room.until(lambda: any(box.words == text for box in room.page.project.diagram.boxes.values()))


def add_measure(room: Room[ImprovementPage]) -> None:
    room.press("Add measure")
    form = room.dialog(FormDialog)
    fill(form, name="Median days to first contact", unit="days", target="28")
    send(room, form)
    room.shows("No points of “Median days to first contact” yet")


def paste(room: Room[ImprovementPage], text: str) -> PointsDialog:
    room.press("Add points")
    dialog = room.dialog(PointsDialog)
    QGuiApplication.clipboard().setText(text)
    dialog.grid.view.setFocus()
    key(dialog.grid.view, Qt.Key.Key_V, CONTROL)
    settle()
    return dialog


def open_project(room: Room[ImprovementPage]) -> None:
    grid = room.page.listing.grid
    grid.view.go_to(0, 0)
    key(grid.view, Qt.Key.Key_Return)
    room.until(lambda: room.page.project.isVisible() and room.page.project.seen is not None)


def test_an_empty_room_says_what_goes_here_and_begins(
    empty_room: Room[ImprovementPage],
) -> None:
    room = empty_room
    assert room.page.state == "empty"
    assert room.says("No improvement project yet")
    asked: list[bool] = []
    room.page.elsewhere.connect(lambda: asked.append(True))
    room.press("Open sample")
    assert asked == [True]


def test_a_project_grows_into_a_run_chart_with_its_finding(
    empty_room: Room[ImprovementPage],
) -> None:
    room = empty_room
    register(room)
    add_driver(room, "From 42 to 28 days by March", "Easy ways in")
    add_driver(room, "Easy ways in", "Phone or face to face")
    add_driver(room, "Phone or face to face", "Opt-in call")
    assert [len(level) for level in room.page.project.seen.page.levels] == [1, 1, 1, 1]  # type: ignore[union-attr]
    add_measure(room)
    dialog = paste(room, sheet())
    press(dialog, "Save points")
    room.until(lambda: not dialog.isVisible())
    room.until(room.page.project.chart.title.text)
    finding = room.page.project.chart.title.text()
    assert finding.startswith("Median days to first contact has shifted: 10 points in a row below")
    assert finding.endswith("an improvement")
    room.shows("Improving")
    room.desk.undo()
    room.shows("No points of “Median days to first contact” yet")


def test_refused_rows_are_named_and_the_others_can_be_kept(
    empty_room: Room[ImprovementPage],
) -> None:
    room = empty_room
    register(room)
    add_measure(room)
    doubled = f"{sheet()}\n01/01/2024\t39"
    dialog = paste(room, doubled)
    press(dialog, "Save points")
    room.until(dialog.banner.isVisible)
    assert "1 row cannot be kept." in texts(dialog.banner)
    assert any("stands in row 1 already" in text for text in texts(dialog.banner))
    assert not room.page.project.seen.measures[0].run.readings  # type: ignore[union-attr]
    press(dialog.banner, f"Save the other {len(VALUES)} rows")
    room.until(lambda: not dialog.isVisible())
    room.until(lambda: len(room.page.project.seen.measures[0].run.readings) == len(VALUES))  # type: ignore[union-attr]


def test_text_that_is_no_figure_is_refused_before_anything_is_written(
    empty_room: Room[ImprovementPage],
) -> None:
    room = empty_room
    register(room)
    add_measure(room)
    room.press("Add points")
    dialog = room.dialog(PointsDialog)
    asked: list[list[str]] = []

    def look_first(plan: object) -> bool:
        asked.append([one.refused for one in plan.refused])  # type: ignore[attr-defined]
        return False

    dialog.grid.confirm = look_first
    QGuiApplication.clipboard().setText("01/01/2024\tmany")
    key(dialog.grid.view, Qt.Key.Key_V, CONTROL)
    assert asked == [["“many” is not a number. Type digits, for example 1,234 or 12.5."]]
    press(dialog, "Save points")
    assert "There is nothing to save yet." in texts(dialog.banner)


def test_what_was_typed_stands_there_again_after_cancel(
    empty_room: Room[ImprovementPage],
) -> None:
    room = empty_room
    room.press("Register a project")
    form = room.dialog(FormDialog)
    fill(form, title="Shorter waits")
    key(form, Qt.Key.Key_Escape)
    room.press("Register a project")
    again = room.dialog(FormDialog)
    assert again.values["title"] == "Shorter waits"
    assert refused(room, again, "aim").startswith("The project has no aim.")


def test_an_edit_over_newer_words_is_refused_at_its_field(room: Room[ImprovementPage]) -> None:
    open_project(room)
    room.press("Edit")
    form = room.dialog(FormDialog)
    row = room.desk.workspace.query(project_list)[0].project.row
    room.desk.workspace.run(EditProject(row, {"title": "Named elsewhere meanwhile"}))
    fill(form, title="Named here")
    said = refused(room, form, "title")
    assert "was changed to “Named elsewhere meanwhile” while you were editing" in said
    assert form.values["title"] == "Named here"


def test_t_shows_the_table_and_arrows_walk_the_points(room: Room[ImprovementPage]) -> None:
    open_project(room)
    chart = room.page.project.chart
    room.until(chart.title.text)
    chart.picture.setFocus()
    key(chart.picture, Qt.Key.Key_End)
    room.shows("October 2026")
    room.shows("31 days")
    room.shows("Point 10 of 10 of the shift.")
    key(chart.picture, Qt.Key.Key_T)
    assert chart.table is not None
    assert chart.table.isVisible()
    assert chart.table.view.currentIndex().row() == 23
    key(chart.table.view, Qt.Key.Key_T)
    assert chart.picture.isVisible()


def test_the_other_chart_has_its_own_finding_and_words(room: Room[ImprovementPage]) -> None:
    open_project(room)
    chart = room.page.project.chart
    room.until(chart.title.text)
    room.press("Chart: XmR")
    room.until(lambda: chart.title.text().startswith("Special cause"))
    room.shows("Would not meet the aim")
    assert ("Rules", "NHS plot the dots, 7 points") in room.page.heading.status


def test_everything_on_the_page_has_name_role_and_focus(room: Room[ImprovementPage]) -> None:
    room.until(room.page.listing.chart.title.text)
    settle()
    assert faults(room.page.listing) == []
    open_project(room)
    room.until(room.page.project.chart.title.text)
    settle()
    assert faults(room.page.project) == []


def test_an_empty_page_and_a_form_have_no_fault(empty_room: Room[ImprovementPage]) -> None:
    room = empty_room
    assert faults(room.page) == []
    room.press("Register a project")
    form = room.dialog(FormDialog)
    assert faults(form) == []
