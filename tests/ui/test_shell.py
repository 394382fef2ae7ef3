"""The window over an open workspace: coming, staying true, going."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from collabdesk.errors import CollabDeskError
from collabdesk.services.budgets.commands import AmountEdit, SetPlannedAmounts
from collabdesk.services.sample.money import disputed_line
from collabdesk.ui.shell import Shell
from collabdesk.ui.theme import Look
from tests.support.sample_desk import BuiltSample
from tests.support.shell import House, enter, loaded, make_shell, until
from tests.ui.hands import key, keys, texts

CONTROL = Qt.KeyboardModifier.ControlModifier


def connection(shell: Shell) -> str:
    return shell.window.navigation.connection.accessibleName()


def test_headings_stand_before_the_workspace_is_open(
    qtbot: QtBot, look: Look, house: House, sample: BuiltSample
) -> None:
    made = make_shell(look, house)
    qtbot.addWidget(made.window)
    made.paint(sample.folder / "RHA")
    assert made.desk is None
    said = texts(made.window)
    for question in ("What needs me?", "Where do we stand?", "What changed?"):
        assert question in said
    assert connection(made).startswith("Opening your workspace")
    made.close()


def test_the_sample_says_so_on_every_page(shell: Shell) -> None:
    assert shell.window.sample.isVisible()
    assert "Sample: figures invented." in texts(shell.window.sample)


def test_the_navigation_counts_what_waits(qtbot: QtBot, shell: Shell) -> None:
    until(qtbot, lambda: shell.window.navigation.items["home"].count == 2)
    assert "2 to do" in shell.window.navigation.items["budgets"].accessibleName()


def test_undo_and_redo_say_what_they_did(qtbot: QtBot, shell: Shell) -> None:
    desk = shell.desk
    assert desk is not None
    line = disputed_line(desk.workspace)
    with qtbot.waitSignal(desk.did):
        desk.submit(desk, SetPlannedAmounts((AmountEdit(line, 3, 700_000),)))
    words = desk.workspace.undo_stack.undo_words
    with qtbot.waitSignal(desk.did):
        key(shell.window, Qt.Key.Key_Z, CONTROL)
    assert shell.window.status.said == f"Undone: {words}"
    with qtbot.waitSignal(desk.did):
        key(shell.window, Qt.Key.Key_Y, CONTROL)
    assert shell.window.status.said == f"Done again: {words}"


def test_search_finds_records_and_commands(qtbot: QtBot, shell: Shell) -> None:
    box = shell.window.top_bar.search
    key(shell.window, Qt.Key.Key_K, CONTROL)
    keys(box, "low sec")
    until(qtbot, lambda: any("Low secure" in line for line in box.found))
    box.clear()
    keys(box, "shar")
    until(qtbot, lambda: any("Go to Sharing" in line for line in box.found))
    key(box, Qt.Key.Key_Return)
    until(qtbot, lambda: shell.window.page is not None and loaded(shell.window.page))
    assert shell.window.page is not None
    assert shell.window.page.heading.title == "Sharing"


def test_a_changed_figure_waits_until_it_is_shared(qtbot: QtBot, shell: Shell) -> None:
    desk, house = shell.desk, shell.house
    assert desk is not None
    assert house is not None
    Path(desk.workspace.about.store).rename(Path(desk.workspace.about.store + "-gone"))
    desk.submit(desk, SetPlannedAmounts((AmountEdit(disputed_line(desk.workspace), 3, 1),)))
    with qtbot.waitSignal(house.sharing.failed) as told:
        house.sharing.share()
    assert isinstance(told.args[0], CollabDeskError)
    until(qtbot, lambda: connection(shell).startswith("Shared folder not found: nothing is lost"))
    Path(desk.workspace.about.store + "-gone").rename(desk.workspace.about.store)
    with qtbot.waitSignal(house.sharing.shared):
        house.sharing.share()
    until(qtbot, lambda: connection(shell).startswith("Shared just now"))


def test_another_workspace_is_opened_from_the_list(
    qtbot: QtBot, shell: Shell, sample: BuiltSample
) -> None:
    with qtbot.waitSignal(shell.opened):
        shell.open(sample.folder / "RP7")
    switcher = shell.window.navigation.workspaces
    listed = [action.text() for action in switcher.menu.actions()]
    assert len(listed) == 3
    with qtbot.waitSignal(shell.opened):
        switcher.chosen.emit(str(sample.folder / "RHA"))
    assert shell.desk is not None
    assert shell.desk.workspace.folder == sample.folder / "RHA"


def test_a_folder_that_is_no_workspace_is_told_in_words(
    qtbot: QtBot, look: Look, house: House, tmp_path: Path
) -> None:
    made = make_shell(look, house)
    qtbot.addWidget(made.window)
    with qtbot.waitSignal(made.not_opened):
        made.start(tmp_path)
    assert made.window.page is not None
    assert made.window.page.state == "error"
    assert any("no CollabDesk workspace" in said for said in texts(made.window.page))
    made.close()


def test_a_second_window_is_refused_in_words(
    qtbot: QtBot, shell: Shell, look: Look, house: House, sample: BuiltSample
) -> None:
    second = make_shell(look, house)
    qtbot.addWidget(second.window)
    with qtbot.waitSignal(second.not_opened) as told:
        second.start(sample.folder / "RHA")
    assert told.args[0].code == "already-open"
    second.close()
    assert shell.desk is not None


def test_what_was_seen_is_kept_for_the_next_visit(
    qtbot: QtBot, look: Look, house: House, sample: BuiltSample
) -> None:
    first = make_shell(look, house)
    qtbot.addWidget(first.window)
    enter(qtbot, first, sample.folder / "RHA")
    assert not any("Nothing has changed." in said for said in texts(first.window))
    first.close()
    again = make_shell(look, house)
    qtbot.addWidget(again.window)
    enter(qtbot, again, sample.folder / "RHA")
    assert "Nothing has changed." in texts(again.window)
    again.close()
