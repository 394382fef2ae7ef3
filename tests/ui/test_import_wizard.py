"""Nothing is imported before it was shown; Cancel leaves nothing half-done."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from collabdesk.errors import Refusal
from collabdesk.ui.import_wizard import DryRun, ImportWizard, Problem
from collabdesk.ui.page import Surroundings
from collabdesk.ui.workers import Progress
from tests.ui.hands import key, keys, press, show, texts


class Waits:
    """Imports a made-up layout of waits, counting what it did."""

    title = "Import a published file"
    kinds = "CSV files (*.csv)"

    def __init__(self) -> None:
        self.imported: list[DryRun] = []
        self.hold = threading.Event()
        self.hold.set()
        self.mapped = 400

    def dry_run(self, path: Path, progress: Progress) -> DryRun:
        if path.suffix != ".csv":
            raise Refusal(
                code="unknown_layout",
                words=f"{path.name} has no layout CollabDesk knows.",
                remedy="Choose the monthly CSV file.",
            )
        progress.say("Reading rows", 1, 2)
        left_out = (Problem("14", "RX9", "The code is not known."),)
        return DryRun(
            "MHSDS four-week waits",
            412,
            self.mapped,
            9,
            3,
            0,
            ("400 figures would be added for April 2024.",),
            left_out,
            again="This file was imported before; nothing would be doubled.",
        )

    def carry_out(self, run: DryRun, progress: Progress) -> str:
        self.hold.wait(5)
        progress.say("Writing", 1, 1)
        self.imported.append(run)
        return "400 figures imported."


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def wizard(qtbot: QtBot, around: Surroundings, waits: Waits) -> ImportWizard:
    made = ImportWizard(around, waits)
    qtbot.addWidget(made)
    show(made)
    return made


def read(qtbot: QtBot, wizard: ImportWizard, name: str = "april.csv") -> None:
    wizard.path.clear()
    keys(wizard.path, name)
    press(wizard, "Read the file")
    qtbot.waitUntil(lambda: wizard.step != "wait" and wizard.job is None)


def test_no_file_no_reading(wizard: ImportWizard) -> None:
    assert wizard.step == "choose"
    assert not wizard.next.isEnabled()
    assert wizard.path.hasFocus()


def test_the_dry_run_is_shown_and_nothing_is_written(
    qtbot: QtBot, wizard: ImportWizard, waits: Waits
) -> None:
    read(qtbot, wizard)
    assert wizard.step == "look"
    said = texts(wizard)
    assert {
        "Recognised as MHSDS four-week waits",
        "412",
        "Rows in the file",
        "9",
        "Not recognised",
        "3",
        "Suppressed",
        "400 figures would be added for April 2024.",
        "This file was imported before; nothing would be doubled.",
    } <= set(said)
    assert waits.imported == []


def test_confirming_imports_and_says_what_was_done(
    qtbot: QtBot, wizard: ImportWizard, waits: Waits
) -> None:
    read(qtbot, wizard)
    with qtbot.waitSignal(wizard.imported):
        press(wizard, "Import 400 rows")
    assert len(waits.imported) == 1
    assert "400 figures imported." in texts(wizard)
    qtbot.waitUntil(lambda: wizard.job is None)
    with qtbot.waitSignal(wizard.accepted):
        press(wizard, "Close")


def test_an_unknown_layout_is_refused_and_another_file_can_be_chosen(
    qtbot: QtBot, wizard: ImportWizard
) -> None:
    read(qtbot, wizard, "april.docx")
    assert wizard.step == "choose"
    assert "april.docx has no layout CollabDesk knows." in texts(wizard)
    read(qtbot, wizard)
    assert wizard.step == "look"


def test_cancel_while_importing_leaves_nothing(
    qtbot: QtBot, wizard: ImportWizard, waits: Waits
) -> None:
    read(qtbot, wizard)
    waits.hold.clear()
    press(wizard, "Import 400 rows")
    assert wizard.step == "wait"
    key(wizard, Qt.Key.Key_Escape)
    assert wizard.isVisible()
    waits.hold.set()
    qtbot.waitUntil(lambda: wizard.step == "look")
    assert waits.imported == []
    assert "Stopped." in texts(wizard)
    qtbot.waitUntil(lambda: wizard.job is None)
    with qtbot.waitSignal(wizard.rejected):
        press(wizard, "Cancel")


def test_nothing_to_import_offers_no_import(
    qtbot: QtBot, wizard: ImportWizard, waits: Waits
) -> None:
    waits.mapped = 0
    read(qtbot, wizard)
    assert not wizard.next.isEnabled()
