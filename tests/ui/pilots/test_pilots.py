"""Programmes and pilots recorded as announced, and moved through their life."""

from __future__ import annotations

from PySide6.QtCore import Qt

from collabdesk.services.pilots.queries import pilot_list
from collabdesk.ui.form import FormDialog
from collabdesk.ui.pilots.page import PilotsPage
from tests.ui.accessibility import faults
from tests.ui.hands import key, settle
from tests.ui.rooms import Room, fill, refused, send


def cells(room: Room[PilotsPage], row: int) -> dict[str, object]:
    grid = room.page.grid
    names = [one.key for one in grid.model.columns]
    return dict(zip(names, (cell.value for cell in grid.model.row_at(row).cells), strict=True))


def figures(room: Room[PilotsPage]) -> list[str]:
    grid = room.page.record.figures
    return [str(grid.model.row_at(n).cells[1].value) for n in range(grid.model.rowCount())]


def test_the_list_says_state_and_what_each_waits_for(room: Room[PilotsPage]) -> None:
    assert room.page.heading.state == (
        "2 of 2 under way, waiting: 1 for the evaluation, 1 for the agreement"
    )
    assert cells(room, 1)["state"] == "Approved"
    assert cells(room, 1)["waits"] == "The agreement"
    assert cells(room, 1)["lead"] == "Not stated"
    assert cells(room, 1)["programme"] == "NHS England Provider Collaboratives Innovator Scheme"


def test_the_record_tells_figures_with_qualifier_basis_and_source(room: Room[PilotsPage]) -> None:
    room.page.grid.view.go_to(1, 0)
    assert "About 19.6%, derived" in figures(room)
    assert "46 collaboratives, stated" in figures(room)
    assert "Not stated" in figures(room)
    grid = room.page.record.figures
    grid.view.setFocus()
    grid.view.go_to(0, 1)
    key(grid.view, Qt.Key.Key_Return)
    room.shows("Finance lead, Nottinghamshire Healthcare")


def test_a_pilot_takes_only_the_steps_of_its_life(room: Room[PilotsPage]) -> None:
    room.page.grid.view.go_to(1, 0)
    room.until(lambda: room.found("Move to agreement"))
    assert not room.found("Move to live")
    room.press("Move to agreement")
    room.until(lambda: cells(room, 1)["state"] == "Agreement")
    room.shows("Move of the pilot P4-NEL to “agreement”.")
    room.until(lambda: room.found("Move to live"))
    room.shows("Agreement: waits for its start")
    assert room.page.grid.view.currentIndex().row() == 1
    room.press("Undo")
    room.until(lambda: cells(room, 1)["state"] == "Approved")


def test_a_programme_and_its_pilot_are_recorded_from_an_empty_room(
    empty_room: Room[PilotsPage],
) -> None:
    room = empty_room
    assert room.page.state == "empty"
    assert faults(room.page) == []
    room.press("Record a programme")
    form = room.dialog(FormDialog)
    assert refused(room, form, "title").startswith("The programme has no title.")
    fill(form, title="Pump-priming fund", host="Clinical network", value="250000")
    assert refused(room, form, "figure_name").startswith("The figure has no name.")
    fill(form, figure_name="Fund", qualifier="at_most", unit="pounds", figure_source="Page 2")
    send(room, form)
    room.shows("No pilot yet")
    room.press("Record a pilot")
    form = room.dialog(FormDialog)
    assert refused(room, form, "reference").startswith("The pilot has no reference.")
    fill(form, reference="PP-01", lead="Lead trust", start="01/05/2026", end="01/04/2026")
    assert "before it starts" in refused(room, form, "end")
    fill(form, end="01/04/2027")
    send(room, form)
    room.until(lambda: room.page.state == "full")
    assert cells(room, 0)["reference"] == "PP-01"
    assert cells(room, 0)["waits"] == "An expression of interest"
    assert figures(room) == ["Up to £250,000, stated"]
    assert room.desk.workspace.query(pilot_list)[0].lead == "Lead trust"


def test_everything_on_the_page_has_name_role_and_focus(room: Room[PilotsPage]) -> None:
    settle()
    assert faults(room.page) == []
