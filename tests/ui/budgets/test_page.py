"""The page as a whole: beginning, four states, the envelope, and what a screen reader finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from collabdesk.services.budgets.commands import AddAllocationMove
from collabdesk.services.workspace import Workspace
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.places import VIEWS, Where
from collabdesk.ui.desk import Desk
from collabdesk.ui.focus import FocusMark
from collabdesk.ui.form import FormDialog
from collabdesk.ui.page import Surroundings
from collabdesk.ui.theme import Look
from tests.services.budgets.office import Office
from tests.ui.accessibility import faults
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action, asked, close, provider
from tests.ui.hands import press, texts


@pytest.fixture
def mark(look: Look, qapp: QApplication) -> Iterator[FocusMark]:
    made = FocusMark(look, qapp)
    yield made
    shiboken6.delete(made)


class Shows(QObject):
    """Notes every widget that appears as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def form(qtbot: QtBot, page: BudgetsPage) -> FormDialog:
    dialog = asked(qtbot, page)
    assert isinstance(dialog, FormDialog)
    return dialog


def test_a_year_is_set_up_from_the_empty_page(qtbot: QtBot, opened: Open, office: Office) -> None:
    page = opened(office.alliance.desks["lead"].workspace)
    assert page.state == "empty"
    assert "No budget for 2026/27 yet" in texts(page)
    assert page.heading.primary is None
    press(page, "Set up the year…")
    dialog = form(qtbot, page)
    dialog.boxes["opening_p"].text = "1,000,000"
    dialog.boxes["code"].text = "ASL"
    dialog.boxes["line"].text = "Adult low secure"
    dialog.boxes["total_p"].text = "=1200000/2"
    press(dialog, "Set up the year")
    qtbot.waitUntil(lambda: page.state == "full")
    assert page.board.headline.figure.text() == "£395,000"
    assert provider(page, "Adult low secure", "RHA")


def test_a_refused_beginning_stands_at_its_field(
    qtbot: QtBot, opened: Open, office: Office
) -> None:
    page = opened(office.alliance.desks["lead"].workspace)
    press(page, "Set up the year…")
    dialog = form(qtbot, page)
    dialog.boxes["opening_p"].text = "12,34.5"
    press(dialog, "Set up the year")
    assert "commas do not stand between thousands" in dialog.boxes["opening_p"].fault
    dialog.boxes["opening_p"].text = ""
    press(dialog, "Set up the year")
    qtbot.waitUntil(lambda: "has no code" in dialog.boxes["code"].fault)


def test_a_partner_is_told_who_begins(opened: Open, office: Office) -> None:
    page = opened(office.alliance.desks["a"].workspace)
    assert any("the lead provider starts budget versions" in said for said in texts(page))


def test_a_line_is_added_on_a_new_service_line(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    page = opened(drafting.alliance.desks["lead"].workspace)
    action(page, "Add line…").do()
    dialog = form(qtbot, page)
    dialog.boxes["service_line"].text = "new"
    dialog.boxes["code"].text = "AED"
    dialog.boxes["name"].text = "Adult eating disorder"
    dialog.boxes["provider"].text = "RT5"
    dialog.boxes["total_p"].text = "1200"
    press(dialog, "Add the line")
    qtbot.waitUntil(lambda: len(page.plan.grid.rows) == 6)
    assert provider(page, "Adult eating disorder", "RT5")
    action(page, "Add line…").do()
    dialog = form(qtbot, page)
    dialog.boxes["service_line"].text = drafting.lines["PER"].hex()
    dialog.boxes["provider"].text = "RT5"
    press(dialog, "Add the line")
    qtbot.waitUntil(lambda: len(page.plan.grid.rows) == 7)


def test_a_version_is_started_and_shown(qtbot: QtBot, opened: Open, drafting: Office) -> None:
    page = opened(drafting.alliance.desks["lead"].workspace)
    action(page, "New version…").do()
    dialog = form(qtbot, page)
    dialog.boxes["name"].text = "Revision"
    press(dialog, "Start the version")
    qtbot.waitUntil(lambda: page.plan.version.name == "Revision")
    versions = page.board.headline.versions
    versions.setCurrentIndex(versions.findText("Opening (draft)"))
    versions.activated.emit(versions.currentIndex())
    qtbot.waitUntil(lambda: page.plan.version.name == "Opening")


def test_a_letter_moves_the_waterfall_and_the_headline(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    page = opened(drafting.alliance.desks["lead"].workspace)
    with qtbot.waitSignal(page.board.envelope.chart.drawn, timeout=30_000):
        page.go_to(page.where.seen_as("envelope"))
    assert page.board.envelope.chart.title.text() == "£640,000 of £1.00m is not yet planned"
    action(page, "Add letter…").do()
    dialog = form(qtbot, page)
    dialog.boxes["reference"].text = "AL-001 Pay award"
    dialog.boxes["amount_p"].text = "-40,000"
    dialog.boxes["letter_date"].text = "12/06/2026"
    dialog.boxes["effective_month"].text = "3"
    with qtbot.waitSignal(page.board.envelope.chart.drawn, timeout=30_000):
        press(dialog, "Add the letter")
    assert page.board.headline.figure.text() == "£600,000"
    rows = page.board.envelope.moves.model.all_rows()
    assert [row.cells[1].value for row in rows] == [100_000_000, -4_000_000]


def test_more_planned_than_there_is_reads_as_that(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    drafting.run(AddAllocationMove(drafting.version, "Return", -90_000_000))
    page = opened(drafting.alliance.desks["lead"].workspace)
    assert page.board.headline.figure.text() == "£260,000"
    assert "more than the envelope is planned" in texts(page.board.headline)
    primary = page.heading.primary
    assert primary is not None
    assert "more than its envelope" in primary.why_off
    assert qtbot is not None


def test_a_record_leads_to_its_view(qtbot: QtBot, page: BudgetsPage) -> None:
    assert page.room is not None
    one = page.room.virements[0]
    page.arrive(("virement", one.virement.row))
    qtbot.waitUntil(lambda: page.board.virements.current == one.virement.row)
    version = next(v for v in page.room.versions if v.state == "agreed")
    page.arrive(("budget_version", version.row))
    qtbot.waitUntil(lambda: page.plan.version.row == version.row)


def test_what_cannot_be_read_is_an_error_with_a_way_on(
    qtbot: QtBot, page: BudgetsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collabdesk.errors import NotPossible

    def broken(*_args: object) -> object:
        raise NotPossible(code="locked", words="The database is locked.", remedy="Wait.")

    with monkeypatch.context() as patched:
        patched.setattr(page.desk.workspace, "query", broken)
        page.arrive()
        qtbot.waitUntil(lambda: page.state == "error")
    assert "The database is locked." in texts(page)
    press(page, "Try again")
    qtbot.waitUntil(lambda: page.state == "full")


def test_building_the_page_shows_no_window_of_its_own(
    qapp: QApplication, around: Surroundings, sample_workspace: Workspace
) -> None:
    desk, shows = Desk(sample_workspace, qapp), Shows()
    qapp.installEventFilter(shows)
    page = BudgetsPage(around, desk)
    qapp.removeEventFilter(shows)
    assert shows.seen == []
    close(page)


@pytest.mark.parametrize(("theme", "text_size"), [("light", 100), ("dark", 150), ("contrast", 100)])
def test_every_view_can_be_read_and_walked(  # noqa: PLR0913, PLR0917 each part of the case
    qtbot: QtBot, look: Look, mark: FocusMark, page: BudgetsPage, theme: str, text_size: int
) -> None:
    assert mark is not None
    look.use(theme, text_size)
    board = page.board
    grids = (board.plan.grid, board.envelope.moves, board.virements.grid, board.journals.grid)
    for view, grid in zip(VIEWS, grids, strict=True):
        board.headline.versions.setFocus()
        page.go_to(Where(view, page.where.version))
        qtbot.waitUntil(grid.view.hasFocus)
        assert faults(page) == [], view
