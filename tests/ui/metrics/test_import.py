"""A published file through the wizard: dry run, cancel, refusal, import, and undo in words."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from collabdesk.services.metrics.queries import release_list
from collabdesk.services.metrics.shipped import shipped_files
from collabdesk.ui.import_wizard import ImportWizard
from collabdesk.ui.metrics.page import MetricsPage
from tests.ui.accessibility import faults
from tests.ui.hands import key, keys, press, texts
from tests.ui.rooms import Room

SEPTEMBER = shipped_files()[-1]


def read(room: Room[MetricsPage], path: Path) -> ImportWizard:
    room.press("Import a published file")
    wizard = room.dialog(ImportWizard)
    keys(wizard.path, str(path))
    press(wizard, "Read the file")
    room.until(lambda: wizard.step in {"look", "choose"} and wizard.job is None)
    return wizard


def test_an_empty_room_offers_an_import_and_a_shipped_file(empty_room: Room[MetricsPage]) -> None:
    room = empty_room
    assert room.page.state == "empty"
    assert room.says("No published figures yet")
    assert faults(room.page) == []
    room.press("Read it first")
    wizard = room.dialog(ImportWizard)
    assert wizard.path.text() == str(SEPTEMBER)


def test_a_real_file_is_shown_first_then_imported_and_undone_in_words(
    empty_room: Room[MetricsPage],
) -> None:
    room = empty_room
    wizard = read(room, SEPTEMBER)
    assert wizard.step == "look"
    said = texts(wizard)
    assert any("four-week waits" in text for text in said)
    assert "18,942" in said
    assert any("Open Government Licence v3.0" in text for text in said)
    assert not room.desk.workspace.query(release_list)
    press(wizard, "Import 18,942 rows")
    room.until(lambda: wizard.step == "done")
    press(wizard, "Close")
    room.until(lambda: room.page.state == "full")
    room.shows("Import of MHSDS_Data_4WW_SepPerf_2024.csv.gz: 18,942 figures")
    room.until(lambda: room.page.heading.status_right == "Open Government Licence v3.0")
    told: list[str] = []
    room.desk.did.connect(told.append)
    room.press("Undo import")
    room.until(lambda: room.page.state == "empty" and bool(told))
    assert told == ["Undone: Import of MHSDS_Data_4WW_SepPerf_2024.csv.gz: 18,942 figures"]


def test_cancel_after_the_dry_run_leaves_nothing(empty_room: Room[MetricsPage]) -> None:
    room = empty_room
    wizard = read(room, SEPTEMBER)
    press(wizard, "Cancel")
    room.until(lambda: not wizard.isVisible())
    assert room.page.state == "empty"
    assert not room.desk.workspace.query(release_list)


def test_cancel_while_reading_goes_back_and_leaves_nothing(empty_room: Room[MetricsPage]) -> None:
    room = empty_room
    room.press("Import a published file")
    wizard = room.dialog(ImportWizard)
    keys(wizard.path, str(SEPTEMBER))
    press(wizard, "Read the file")
    key(wizard, Qt.Key.Key_Escape)
    room.until(lambda: wizard.job is None)
    assert wizard.step in {"choose", "look"}
    assert not room.desk.workspace.query(release_list)


def test_a_wrong_file_is_refused_in_words_and_another_can_be_chosen(
    empty_room: Room[MetricsPage], tmp_path: Path
) -> None:
    room = empty_room
    wrong = tmp_path / "rota.csv"
    wrong.write_text("Name,Shift\nWard A,Early\n", encoding="utf-8")
    wizard = read(room, wrong)
    assert wizard.step == "choose"
    assert any("rota.csv" in text for text in texts(wizard.banner))
    assert wizard.path.isEnabled()
    assert not room.desk.workspace.query(release_list)


def test_a_file_that_is_here_already_is_refused_by_name(room: Room[MetricsPage]) -> None:
    room.press("Import")
    wizard = room.dialog(ImportWizard)
    keys(wizard.path, str(SEPTEMBER))
    press(wizard, "Read the file")
    room.until(lambda: wizard.step == "choose" and wizard.job is None)
    assert any("this file is here already" in text for text in texts(wizard.banner))
