"""Settings: kept as they are changed, refused at the line, fixed where it is not ours to say."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from collabdesk.ui.settings.line import SettingLine
from collabdesk.ui.settings.page import LEAD_ONLY, SettingsPage
from collabdesk.ui.shell import Shell
from collabdesk.ui.theme import Look
from tests.support.sample_desk import BuiltSample
from tests.support.shell import House, enter, make_shell, until, visit
from tests.ui.hands import key, keys, texts


def settings(qtbot: QtBot, shell: Shell) -> SettingsPage:
    page = visit(qtbot, shell, "settings")
    assert isinstance(page, SettingsPage)
    return page


def write(line: SettingLine, text: str) -> None:
    control = line.control
    assert isinstance(control, QLineEdit)
    control.selectAll()
    keys(control, text)
    key(control, Qt.Key.Key_Return)


def choose(line: SettingLine, value: str) -> None:
    box = line.control
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_every_declared_setting_has_a_line(qtbot: QtBot, shell: Shell) -> None:
    page = settings(qtbot, shell)
    assert len(page.lines) == len(shell.settings.all())
    assert "virement_tiers" in page.policy


def test_a_choice_is_kept_and_put_on(qtbot: QtBot, shell: Shell) -> None:
    page = settings(qtbot, shell)
    choose(page.lines["theme"], "dark")
    assert shell.settings.text("theme") == "dark"
    assert shell.look.theme.name == "dark"
    choose(page.lines["theme"], "light")


def test_a_value_that_is_not_allowed_is_refused_at_its_line(qtbot: QtBot, shell: Shell) -> None:
    page = settings(qtbot, shell)
    write(page.lines["text_size"], "900")
    assert "900" in page.lines["text_size"].fault
    assert shell.settings.number("text_size") == 100
    write(page.lines["text_size"], "125")
    assert not page.lines["text_size"].fault
    assert shell.settings.number("text_size") == 125
    write(page.lines["text_size"], "100")


def test_the_lead_sets_policy_for_everybody(qtbot: QtBot, shell: Shell) -> None:
    page = settings(qtbot, shell)
    write(page.policy["suppress_below"], "8")
    until(qtbot, lambda: "Set by the lead provider" in texts(page.policy["suppress_below"]))
    control = page.policy["suppress_below"].control
    assert isinstance(control, QLineEdit)
    assert control.text() == "8"


def test_a_partner_reads_policy_and_cannot_set_it(
    qtbot: QtBot, look: Look, house: House, sample: BuiltSample
) -> None:
    made = make_shell(look, house)
    qtbot.addWidget(made.window)
    enter(qtbot, made, sample.folder / "RP1")
    page = settings(qtbot, made)
    until(qtbot, lambda: LEAD_ONLY in texts(page.policy["suppress_below"]))
    assert not page.policy["suppress_below"].control.isEnabled()
    made.close()


def test_what_the_organisation_has_set_says_so(
    qtbot: QtBot, look: Look, house: House, sample: BuiltSample
) -> None:
    house.places.machine.mkdir(parents=True)
    (house.places.machine / "policy.toml").write_text("text_size = 150\n", encoding="utf-8")
    made = make_shell(look, house)
    qtbot.addWidget(made.window)
    enter(qtbot, made, sample.folder / "RHA")
    line = settings(qtbot, made).lines["text_size"]
    assert not line.control.isEnabled()
    assert "Set by your organisation" in texts(line)
    made.close()
