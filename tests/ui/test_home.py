"""Home's three questions, answered and acted on with real clicks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from collabdesk.services.figures import contested_cells, overtaken
from collabdesk.services.improvement import EditProject
from collabdesk.services.improvement.queries import project_list
from collabdesk.services.notes import note_versions
from collabdesk.services.sharing.cycle import share
from collabdesk.ui.contested import ResolveDialog
from collabdesk.ui.home.page import HomePage
from collabdesk.ui.note_versions import NoteDialog
from collabdesk.ui.parts import children
from collabdesk.ui.shell import Shell
from collabdesk.ui.theme import Look
from tests.support.sample_desk import BuiltSample
from tests.support.shell import House, enter, loaded, make_shell, until
from tests.ui.hands import click, keys, press, settle, texts


def home(shell: Shell) -> HomePage:
    assert isinstance(shell.window.page, HomePage)
    return shell.window.page


def links(shell: Shell) -> list[str]:
    return [one.text() for one in children(home(shell), QPushButton)]


def test_home_says_what_needs_me_and_where_we_stand(shell: Shell) -> None:
    said = " | ".join(texts(home(shell)))
    assert "Contested figure: Low secure, Lincolnshire Partnership, M8 Nov 2026" in said
    assert "Approve a virement of £64,000.00" in said
    assert "£627k left" in said
    assert "of £92.65m, Opening plan 2026/27" in said
    assert "Children: share of clock stops within four weeks" in said
    assert "10 points in a row below its median" in said
    assert "Northamptonshire Healthcare" in said


def test_a_contested_figure_is_resolved_from_home(qtbot: QtBot, shell: Shell) -> None:
    page, desk = home(shell), shell.desk
    assert desk is not None
    press(page, "Resolve")
    dialog = children(page, ResolveDialog)[0]
    assert not dialog.keep.isEnabled()
    click(dialog.choices[0].radio)
    keys(dialog.reason, "Agreed by telephone")
    assert dialog.keep.text() == "Keep £281,300.00"
    with qtbot.waitSignal(desk.noticed):
        click(dialog.keep)
    until(qtbot, lambda: not any("Contested figure" in said for said in texts(page)))
    assert desk.workspace.query(contested_cells) == ()
    assert shell.window.navigation.items["home"].accessibleName() == "Home, 1 to do"


def test_an_overtaken_text_is_restored_from_home(
    qtbot: QtBot, look: Look, house: House, sample: BuiltSample
) -> None:
    made = make_shell(look, house)
    qtbot.addWidget(made.window)
    for code in ("RP7", "RP1"):
        enter(qtbot, made, sample.folder / code) if made.desk is None else made.open(
            sample.folder / code
        )
        until(qtbot, lambda: loaded(made.window.page) and made.desk is not None)
        if any("was overtaken" in said for said in texts(home(made))):
            break
    desk = made.desk
    assert desk is not None
    assert any("was overtaken" in said for said in texts(home(made)))
    with qtbot.waitSignal(desk.did) as done:
        press(home(made), "Restore")
    assert done.args == ["Text restored"]
    until(qtbot, lambda: not any("was overtaken" in said for said in texts(home(made))))
    assert desk.workspace.query(overtaken, desk.workspace.me().organisation) == ()
    made.close()


def test_two_versions_of_a_note_are_settled_from_home(
    qtbot: QtBot, shell: Shell, sample: BuiltSample
) -> None:
    desk = shell.desk
    assert desk is not None
    joint = [one.project.row for one in desk.workspace.query(project_list) if one.project.shared]
    partner = sample.open("RP1")
    partner.run(EditProject(joint[0], {"rationale": "Theirs"}))
    share(partner, sample.share())
    partner.close()
    desk.workspace.run(EditProject(joint[0], {"rationale": "Ours"}))
    share(desk.workspace, sample.share())
    until(qtbot, lambda: any("2 versions of a note" in said for said in texts(home(shell))))
    press(home(shell), "Settle")
    dialog = children(home(shell), NoteDialog)[0]
    assert {"Ours", "Theirs"} <= set(dialog.text.toPlainText().splitlines())
    with qtbot.waitSignal(desk.noticed):
        click(dialog.keep)
    until(qtbot, lambda: desk.workspace.query(note_versions) == ())


def test_a_line_of_what_changed_opens_its_record(shell: Shell) -> None:
    page = home(shell)
    gone: list[tuple[str, object]] = []
    page.go.disconnect(shell.window.go)
    page.go.connect(lambda place, within: gone.append((place, within)))
    press(page.frame.changed, "2 published files")
    assert gone[0][0] == "metrics"
    press(page.frame.stand, "Budgets")
    assert gone[1] == ("budgets", None)


def test_home_stacks_with_large_text(shell: Shell) -> None:
    shell.look.use("light", 200)
    page = home(shell)
    settle()
    assert page.frame.needs.geometry().left() == page.frame.stand.geometry().left()
    area = page.frame.viewport().rect()
    assert area.width() >= page.frame.widget().minimumSizeHint().width()
    shell.look.use("light", 100)


def test_what_a_partner_changed_arrives_without_asking(
    qtbot: QtBot, shell: Shell, sample: BuiltSample
) -> None:
    partner = sample.open("RP1")
    project = partner.query(project_list)[0].project.row
    partner.run(EditProject(project, {"title": "A first contact sooner"}))
    share(partner, sample.share())
    partner.close()
    assert shell.house is not None
    with qtbot.waitSignal(shell.house.sharing.shared):
        shell.house.sharing.share()
    until(qtbot, lambda: any("A first contact sooner" in said for said in links(shell)))


def test_the_primary_button_is_the_most_urgent_thing(shell: Shell) -> None:
    primary = [
        one.text()
        for one in children(home(shell), QPushButton)
        if one.property("kind") == "primary" and one.isVisible()
    ]
    assert primary == ["Resolve"]
    assert home(shell).frame.focusPolicy() == Qt.FocusPolicy.NoFocus
