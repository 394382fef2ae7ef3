"""Reports: from the page to a written board pack by keyboard alone, and what it says before."""

from __future__ import annotations

from pathlib import Path

import shiboken6
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from collabdesk.services.budgets.papers.pack_asked import PackMonth
from collabdesk.ui.budgets.export_dialog import ExportDialog
from collabdesk.ui.desk import Desk
from collabdesk.ui.page import Surroundings
from collabdesk.ui.reports import ReportsPage
from collabdesk.ui.shell import Shell
from tests.support.alliance import found_alliance
from tests.support.shell import until, visit
from tests.ui.hands import key, keys, named, settle, show, texts

YEAR = "2026/27"


def tab_to(wanted: QWidget) -> None:
    """Press Tab until something has the keyboard."""
    for _ in range(60):
        focus = QApplication.focusWidget()
        if focus is wanted:
            return
        assert focus is not None
        key(focus, Qt.Key.Key_Tab)
        settle()
    raise AssertionError(wanted.accessibleName())


def test_a_board_pack_is_written_by_keyboard(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    page = visit(qtbot, shell, "reports")
    assert isinstance(page, ReportsPage)
    until(qtbot, lambda: page.state == "full")
    make = named(page, f"Make the board pack, {YEAR}")
    tab_to(make)
    key(make, Qt.Key.Key_Space)
    dialog = page.dialog
    assert isinstance(dialog, ExportDialog)
    until(qtbot, lambda: "Board pack" in dialog.path.text() and "as at" in dialog.path.text())
    until(qtbot, lambda: dialog.pack.since.count() > 1)
    assert not dialog.pack.share.isChecked()
    month, name = dialog.pack.month, dialog.path.text()
    dialog.pack.offer_months(
        (PackMonth(2, "M2 May 2026", last=True), PackMonth(1, "M1 Apr 2026", last=False))
    )
    assert month.currentText() == "M2 May 2026, closed last"
    tab_to(month)
    key(month, Qt.Key.Key_Down)
    assert dialog.pack.asked.month == 1
    assert dialog.path.text().endswith(f"Board pack {YEAR.replace('/', '-')} M1 as reported.pdf")
    assert "Every page says which ledger M1 was closed with." in texts(dialog)
    key(month, Qt.Key.Key_Up)
    assert dialog.path.text() == name
    tab_to(dialog.pack.points)
    keys(dialog.pack.points, "Release the winter reserve")
    tab_to(dialog.path)
    place = tmp_path / "pack.pdf"
    key(dialog.path, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    keys(dialog.path, str(place))
    key(dialog.path, Qt.Key.Key_Return)
    until(qtbot, lambda: dialog.step == "done")
    text = "".join(one.extract_text() for one in PdfReader(place).pages)
    assert "Release the winter reserve" in text
    assert "Confidential appendix" not in text
    key(dialog, Qt.Key.Key_Return)
    until(qtbot, lambda: not dialog.isVisible())
    assert any(said.startswith("pack.pdf saved: Ledger as at #") for said in texts(page))


def test_without_a_ledger_reports_say_how_to_get_one(
    qtbot: QtBot, qapp: QApplication, around: Surroundings, tmp_path: Path
) -> None:
    alliance = found_alliance(tmp_path, ())
    page = ReportsPage(around, Desk(alliance.desks["lead"].workspace, qapp))
    went: list[str] = []
    page.go.connect(lambda place, _within: went.append(place))
    show(page)
    page.arrive()
    until(qtbot, lambda: page.state == "empty")
    assert "There is no ledger to report on yet" in texts(page)
    named(page, "Open Budgets").click()
    assert went == ["budgets"]
    shiboken6.delete(page)
    alliance.close()
