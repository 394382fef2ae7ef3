"""First run with real clicks and keys: found, join, explore, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from collabdesk.services.control.recovery import has_recovery_key
from collabdesk.services.control.sheet_kept import sheet_kept
from collabdesk.services.sharing.standing import standing
from collabdesk.ui.first_run.window import WITHOUT_SHEET, FirstRun
from collabdesk.ui.parts import children
from collabdesk.ui.shell import Shell
from collabdesk.ui.theme import Look
from collabdesk.ui.words_shown import WordsShown
from tests.support.sample_desk import LEAD, BuiltSample
from tests.support.shell import House, loaded, make_shell, until
from tests.ui.hands import click, keys, press, texts


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "computer")


@pytest.fixture
def shell(qtbot: QtBot, look: Look, house: House) -> Iterator[Shell]:
    made = make_shell(look, house)
    qtbot.addWidget(made.window)
    with qtbot.waitSignal(made.loaded):
        made.start()
    yield made
    made.close()


def first_run(shell: Shell) -> FirstRun:
    assert shell.first_run is not None
    return shell.first_run


def write(run: FirstRun, key: str, text: str) -> None:
    boxes = {**run.who.boxes, **run.folder.boxes}
    control = boxes[key].control
    assert isinstance(control, QLineEdit)
    control.clear()
    keys(control, text)


def who(run: FirstRun, code: str, role: str) -> None:
    write(run, "ods", code)
    write(run, "role", role)
    press(run, "Continue")


def shown_buttons(run: FirstRun) -> list[QPushButton]:
    return [one for one in children(run, QPushButton) if one.isVisible()]


def share(tmp_path: Path) -> str:
    folder = tmp_path / "share"
    folder.mkdir(exist_ok=True)
    return str(folder)


def test_a_workspace_is_founded_and_its_words_are_shown(
    qtbot: QtBot, shell: Shell, tmp_path: Path
) -> None:
    run = first_run(shell)
    click(run.who.found)
    who(run, "rha", "Finance lead")
    assert run.who.name.text() == "Nottinghamshire Healthcare"
    assert run.step == 1
    write(run, "store", share(tmp_path))
    press(run, "Test this folder")
    until(qtbot, lambda: "CollabDesk can write to this folder." in run.folder.report.text())
    write(run, "name", "East Midlands Alliance")
    press(run, "Continue")
    until(qtbot, lambda: run.step == 2)
    shown = children(run, WordsShown)[0]
    assert len(shown.words) == 8
    sheet = run.laptop.sheet
    assert sheet is not None
    sheet.save_to(tmp_path / "safe.pdf")
    assert (tmp_path / "safe.pdf").read_bytes().startswith(b"%PDF")
    with qtbot.waitSignal(shell.opened):
        press(run, "Start working")
    assert shell.desk is not None
    assert shell.desk.workspace.enrolled
    assert has_recovery_key(shell.desk.workspace)
    assert sheet_kept(shell.desk.workspace)
    assert any(Path(share(tmp_path)).iterdir())
    assert shell.window.isVisible()
    assert not shell.window.sample.isVisible()


def test_going_on_without_the_recovery_key_takes_a_second_press(
    qtbot: QtBot, shell: Shell, tmp_path: Path
) -> None:
    run = first_run(shell)
    click(run.who.found)
    who(run, "rha", "Finance lead")
    write(run, "store", share(tmp_path))
    write(run, "name", "East Midlands Alliance")
    press(run, "Continue")
    until(qtbot, lambda: run.step == 2)
    press(run, "Start working")
    assert WITHOUT_SHEET in texts(run)
    assert run.isVisible()
    with qtbot.waitSignal(shell.opened):
        press(run, "Start working")
    assert shell.desk is not None
    assert not sheet_kept(shell.desk.workspace)


def test_a_laptop_joins_by_words_and_waits(qtbot: QtBot, shell: Shell, sample: BuiltSample) -> None:
    lead = sample.open(LEAD)
    words = standing(lead).workspace_words
    lead.close()
    run = first_run(shell)
    who(run, "RT5", "Performance lead")
    write(run, "store", str(sample.folder / "shared-folder"))
    write(run, "words", " ".join(words))
    press(run, "Continue")
    until(qtbot, lambda: run.step == 2)
    assert any("Waiting for approval." in said for said in texts(run))
    shown = children(run, WordsShown)[0]
    sheet = run.laptop.sheet
    assert sheet is not None
    sheet.written.click()
    with qtbot.waitSignal(shell.opened):
        press(run, "Start working")
    assert shell.desk is not None
    assert standing(shell.desk.workspace).laptop_words == shown.words
    until(qtbot, lambda: loaded(shell.window.page))
    assert any("This laptop waits for approval" in said for said in texts(shell.window))


def test_the_sample_is_built_and_opened(qtbot: QtBot, shell: Shell) -> None:
    with qtbot.waitSignal(shell.opened, timeout=60_000):
        press(first_run(shell), "Explore sample data")
    until(qtbot, lambda: loaded(shell.window.page))
    assert shell.window.sample.isVisible()
    assert any("Contested figure" in said for said in texts(shell.window))


def test_a_cancelled_sample_leaves_nothing_behind(qtbot: QtBot, shell: Shell, house: House) -> None:
    run = first_run(shell)
    press(run, "Explore sample data")
    assert run.job is not None
    until(qtbot, lambda: any(one.text() == "Cancel" for one in shown_buttons(run)))
    with qtbot.waitSignal(run.job.stopped, timeout=60_000):
        press(run, "Cancel")
    workspaces = house.places.workspaces
    assert not workspaces.exists() or not list(workspaces.iterdir())
    assert run.step == 0
    assert run.explore.isEnabled()


@pytest.mark.parametrize(
    ("code", "said"),
    [("", "is not an ODS code"), ("ZZ9", "No organisation in the list has the code ZZ9")],
)
def test_a_wrong_code_is_told_at_its_field(shell: Shell, code: str, said: str) -> None:
    run = first_run(shell)
    who(run, code, "Finance lead")
    assert run.step == 0
    assert said in run.who.boxes["ods"].fault


def test_a_missing_role_is_told_at_its_field(shell: Shell) -> None:
    run = first_run(shell)
    who(run, "RHA", " ")
    assert "role is missing" in run.who.boxes["role"].fault


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("one two three", "3 words were typed; there are 8"),
        ("abandon " * 8, "No workspace in the shared folder has these eight words"),
    ],
)
def test_wrong_words_are_told_at_their_field(
    qtbot: QtBot, shell: Shell, sample: BuiltSample, typed: str, said: str
) -> None:
    run = first_run(shell)
    who(run, "RT5", "Finance lead")
    write(run, "store", str(sample.folder / "shared-folder"))
    write(run, "words", typed)
    with qtbot.waitSignal(run.failed):
        press(run, "Continue")
    assert run.step == 1
    assert said in run.folder.boxes["words"].fault


def test_a_shared_folder_that_is_not_there_is_told_at_its_field(
    qtbot: QtBot, shell: Shell, tmp_path: Path
) -> None:
    run = first_run(shell)
    click(run.who.found)
    who(run, "RHA", "Finance lead")
    gone = Path(share(tmp_path))
    shutil.rmtree(gone)
    write(run, "store", str(gone))
    write(run, "name", "East Midlands Alliance")
    with qtbot.waitSignal(run.failed):
        press(run, "Continue")
    assert run.folder.boxes["store"].fault
    assert run.step == 1


def test_a_workspace_needs_a_name(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    run = first_run(shell)
    click(run.who.found)
    who(run, "RHA", "Finance lead")
    write(run, "store", share(tmp_path))
    with qtbot.waitSignal(run.failed):
        press(run, "Continue")
    assert "has no name" in run.folder.boxes["name"].fault


def test_a_colleagues_laptop_joins_without_a_recovery_key(
    qtbot: QtBot, shell: Shell, sample: BuiltSample
) -> None:
    lead = sample.open(LEAD)
    words = standing(lead).workspace_words
    lead.close()
    run = first_run(shell)
    who(run, "RHA", "Accountant")
    write(run, "store", str(sample.folder / "shared-folder"))
    write(run, "words", " ".join(words))
    run.folder.boxes["first"].text = ""
    press(run, "Continue")
    until(qtbot, lambda: run.step == 2)
    assert run.laptop.sheet is None
    with qtbot.waitSignal(shell.opened):
        press(run, "Start working")
