"""From a figure of the board to the row of a file and back, and the year taken away, by keys."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from collabdesk.domain.budgets.actuals import SourceRow
from collabdesk.services.budgets.actuals.actuals_commands import ImportTrialBalance, MapCode
from collabdesk.services.budgets.papers.export_formats import FORMATS
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.audit_view import AuditView
from collabdesk.ui.budgets.export_dialog import ExportDialog
from collabdesk.ui.budgets.places import Where
from tests.services.budgets.office import YEAR, Office
from tests.services.budgets.outturn import close
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action, asked
from tests.ui.hands import key, press, texts

WAIT_MS = 20_000


def audit(qtbot: QtBot, page: BudgetsPage, deep: int = 0) -> AuditView:
    """Wait for the audit at a depth, with the keyboard in its grid."""

    def there() -> bool:
        part = page.board.parts.get("audit")
        if not isinstance(part, AuditView) or part.listing is None:
            return False
        return len(part.path) == deep and part.grid.view.hasFocus()

    qtbot.waitUntil(there, timeout=WAIT_MS)
    part = page.board.parts["audit"]
    assert isinstance(part, AuditView)
    return part


def shown(view: AuditView) -> list[str]:
    return [str(row.cells[0].value) for row in view.grid.model.all_rows()]


def go_down(qtbot: QtBot, page: BudgetsPage, view: AuditView, words: str) -> None:
    """Walk to a row with the arrow keys and press Enter."""
    deep = len(view.path)
    place = next(n for n, said in enumerate(shown(view)) if words in said)
    key(view.grid.view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    for _ in range(place):
        key(view.grid.view, Qt.Key.Key_Down)
    key(view.grid.view, Qt.Key.Key_Return)
    audit(qtbot, page, deep + 1)


def test_a_figure_of_the_board_is_followed_to_the_file_and_back_by_keys(
    qtbot: QtBot, opened: Open, midyear: Office
) -> None:
    rows = (SourceRow(2, "C100", "5010", 7, 123_456, "TB-7"),)
    midyear.run(MapCode("Rivermead", YEAR, 1, "C100", "", midyear.lines["ASL"], "RHA"))
    digest = hashlib.sha256(b"tb").digest()
    taken = ImportTrialBalance("tb-m7.csv", digest, "Rivermead", YEAR, 7, rows, 123_456)
    midyear.run(taken)
    close(midyear, 7)
    page = opened(midyear.alliance.desks["lead"].workspace)
    page.go_to(Where("audit", page.where.version))
    view = audit(qtbot, page)
    assert "Every link fits" in texts(view)
    figures = {row.cells[0].value: row.cells[1].value for row in view.grid.model.all_rows()}
    for words in ("Adult low secure: actual to M7", "Adult low secure at RHA", "M7", "Journal #"):
        go_down(qtbot, page, view, words)
        (total,) = view.grid.totals.all_rows()
        amounts = [cell.value for cell in total.cells if isinstance(cell.value, int)]
        if words.startswith("Adult low secure:"):
            assert amounts == [figures[words]]
    # The line that was followed is current: Enter leads on from it to its row.
    current = view.grid.model.row_at(view.grid.view.currentIndex().row())
    assert [current.cells[n].value for n in (0, 3)] == ["Spend", 123_456]
    key(view.grid.view, Qt.Key.Key_Return)
    audit(qtbot, page, 5)
    told = {row.cells[0].value: row.cells[1].value for row in view.grid.model.all_rows()}
    assert (told["File"], told["Row"]) == ("tb-m7.csv", "2")
    for deep in (4, 3, 2, 1, 0):
        key(view.grid.view, Qt.Key.Key_Backspace)
        audit(qtbot, page, deep)
    assert page.where == Where("audit", page.where.version)


def test_ledger_lines_are_looked_at_by_line(qtbot: QtBot, opened: Open, midyear: Office) -> None:
    page = opened(midyear.alliance.desks["lead"].workspace)
    page.go_to(Where("audit", page.where.version))
    view = audit(qtbot, page)
    everything = len(shown(view))
    view.lines.setCurrentText("Perinatal")
    view.lines.activated.emit(view.lines.currentIndex())
    assert shown(view) == [
        "Perinatal: budget of the year",
        "Perinatal: budget to M6",
        "Perinatal: actual to M6",
        "Perinatal: variance to M6",
        "Perinatal: forecast outturn",
        "Perinatal: variance at the year’s end",
    ]
    assert everything > 9


def export(qtbot: QtBot, page: BudgetsPage) -> ExportDialog:
    action(page, "Export…").do()
    dialog = asked(qtbot, page)
    assert isinstance(dialog, ExportDialog)
    qtbot.waitUntil(lambda: "as at" in dialog.path.text(), timeout=WAIT_MS)
    return dialog


def test_the_year_is_taken_away_in_a_chosen_format(
    qtbot: QtBot, opened: Open, midyear: Office, tmp_path: Path
) -> None:
    page = opened(midyear.alliance.desks["lead"].workspace)
    dialog = export(qtbot, page)
    assert "locked to M6" in " ".join(texts(dialog))
    csv = next(n for n, one in enumerate(FORMATS) if one.key == "csv")
    dialog.formats.setCurrentIndex(csv)
    assert dialog.path.text().endswith(".csv")
    place = tmp_path / "year.csv"
    dialog.path.setText(str(place))
    press(dialog, "Export")
    qtbot.waitUntil(lambda: dialog.step == "done", timeout=WAIT_MS)
    assert place.read_bytes().startswith(b"\xef\xbb\xbfJournal,")
    assert any(said.startswith("year.csv saved: Ledger as at #") for said in texts(dialog))


def test_an_export_that_is_cancelled_or_refused_writes_nothing(
    qtbot: QtBot, opened: Open, midyear: Office, tmp_path: Path
) -> None:
    page = opened(midyear.alliance.desks["lead"].workspace)
    dialog = export(qtbot, page)
    place = tmp_path / "new" / "year.xlsx"
    dialog.path.setText(str(place))
    press(dialog, "Export")
    dialog.reject()
    qtbot.waitUntil(lambda: dialog.job is None, timeout=WAIT_MS)
    assert dialog.step == "ask"
    assert "Nothing was written." in " ".join(texts(dialog))
    assert not place.exists()
    dialog.path.setText(str(tmp_path))
    press(dialog, "Export")
    qtbot.waitUntil(lambda: dialog.job is None, timeout=WAIT_MS)
    assert "could not be written" in " ".join(texts(dialog))
