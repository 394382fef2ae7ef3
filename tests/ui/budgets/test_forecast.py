"""The forecast typed in the grid, explained and kept; savings invested; by clicks and keys."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from collabdesk.services.budgets.forecast import forecast_commands as f
from collabdesk.services.budgets.forecast.methods_in_words import METHODS
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.forecast_rows import LineKey
from collabdesk.ui.budgets.forecast_view import RISK, WHY, ForecastView
from collabdesk.ui.budgets.investments_view import InvestmentsView
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.places import Where
from collabdesk.ui.form import FormDialog
from collabdesk.ui.grid import CellState, Grid, GridCell
from collabdesk.ui.parts import children
from tests.services.budgets.office import YEAR, Office
from tests.services.budgets.outturn import close, spend
from tests.services.budgets.test_investing import fill_pot
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action, followed
from tests.ui.hands import key, keys, press, settle, texts
from tests.ui.rooms import fill

P = TypeVar("P", bound=PartView)
WAIT_MS = 20_000


def go(qtbot: QtBot, page: BudgetsPage, view: str, kind: type[P]) -> P:
    page.go_to(Where(view, page.where.version))
    qtbot.waitUntil(lambda: view in page.board.parts, timeout=WAIT_MS)
    part = page.board.parts[view]
    assert isinstance(part, kind)
    return part


def forecast(qtbot: QtBot, page: BudgetsPage) -> ForecastView:
    view = go(qtbot, page, "forecast", ForecastView)
    qtbot.waitUntil(lambda: view.lines is not None, timeout=WAIT_MS)
    return view


def asked(qtbot: QtBot, part: PartView) -> FormDialog:
    qtbot.waitUntil(lambda: part.dialog is not None and part.dialog.isVisible(), timeout=WAIT_MS)
    assert isinstance(part.dialog, FormDialog)
    return part.dialog


def send(qtbot: QtBot, form: FormDialog, **typed: str) -> None:
    fill(form, **typed)
    closed: list[bool] = []
    form.finished.connect(lambda _how: closed.append(True))
    press(form, form.verb.text())
    qtbot.waitUntil(lambda: bool(closed), timeout=WAIT_MS)


def shown(view: ForecastView, row: LineKey, column: str) -> GridCell:
    assert view.lines is not None
    place = next(n for n, one in enumerate(view.lines.model.columns) if one.key == column)
    return next(one for one in view.lines.model.all_rows() if one.key == row).cells[place]


def type_in(grid: Grid, text: str) -> None:
    """Type into the current cell as people do: the first key opens it, Enter leaves it."""
    grid.view.setFocus()
    key(grid.view, Qt.Key.Key_F2)
    settle()
    editor: QWidget | None = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    keys(editor, text)
    key(editor, Qt.Key.Key_Return)
    settle()


def test_a_method_is_typed_and_the_open_months_are_judged_by_hand(
    qtbot: QtBot, opened: Open, midyear: Office
) -> None:
    page = opened(midyear.alliance.desks["lead"].workspace)
    view = forecast(qtbot, page)
    assert view.lines is not None
    asl = LineKey(midyear.lines["ASL"], "RHA")
    assert shown(view, asl, "outturn").value == 24_500_000
    assert CellState.CLOSED in shown(view, asl, "m6").state
    assert CellState.FORECAST in shown(view, asl, "m7").state
    assert shown(view, asl, "rating").value == "Amber"
    stray = LineKey(midyear.lines["PER"], "RT5")
    assert (shown(view, stray, "rating").value, shown(view, stray, "budget").reason) == (
        "Red",
        "Spent without a budget.",
    )
    view.lines.select(asl, "method")
    type_in(view.lines, "straight line, m")
    qtbot.waitUntil(lambda: shown(view, asl, "outturn").value == 25_000_000, timeout=WAIT_MS)
    assert shown(view, asl, "method").value == "Straight line, months", "completed as typed"
    view.lines.select(asl, "m9")
    type_in(view.lines, "30,000")
    form = asked(qtbot, view)
    press(form, form.verb.text())
    qtbot.waitUntil(lambda: bool(form.boxes["reason"].fault), timeout=WAIT_MS)
    send(qtbot, form, reason="Two beds open in M9")
    qtbot.waitUntil(lambda: shown(view, asl, "method").value == "By hand", timeout=WAIT_MS)
    assert shown(view, asl, "m9").value == 3_000_000
    assert shown(view, asl, "method").reason == "Two beds open in M9"
    view.lines.select(asl, "m6")
    assert view.lines.model.why_shut(view.lines.view.currentIndex())


def test_a_method_is_chosen_by_keys_from_what_each_comes_to(
    qtbot: QtBot, opened: Open, midyear: Office
) -> None:
    page = opened(midyear.alliance.desks["lead"].workspace)
    view = forecast(qtbot, page)
    assert view.lines is not None
    asl = LineKey(midyear.lines["ASL"], "RHA")
    view.lines.select(asl, "rating")
    key(view.lines.view, Qt.Key.Key_Return)
    form = asked(qtbot, view)
    said = " ".join(texts(form))
    assert "The average closed month goes on, every month alike. The year: £250,000." in said
    assert "The year: £245,000." in said
    radios = [one for one in children(form, QRadioButton) if one.isVisible()]
    assert len(radios) == len(METHODS)
    assert radios[0].isChecked()
    radios[-1].setFocus()
    key(radios[-1], Qt.Key.Key_Space)
    press(form, form.verb.text())
    qtbot.waitUntil(lambda: bool(form.boxes["reason"].fault), timeout=WAIT_MS)
    assert form.isVisible(), "by hand needs a reason"
    radios[1].setFocus()
    key(radios[1], Qt.Key.Key_Space)
    send(qtbot, form)
    qtbot.waitUntil(lambda: shown(view, asl, "outturn").value == 25_000_000, timeout=WAIT_MS)
    assert shown(view, asl, "method").value == "Straight line, months"
    view.lines.select(asl, "outturn")
    words, total_p = followed(qtbot, page, view.lines)
    assert words.startswith("Forecast outturn of Adult low secure")
    assert total_p == 25_000_000


def test_what_moved_is_explained_until_the_month_can_be_kept(
    qtbot: QtBot, opened: Open, midyear: Office
) -> None:
    midyear.run(f.KeepForecast(YEAR))
    spend(midyear, 7, ASL=2_500_000, PER=900_000)
    close(midyear, 7)
    page = opened(midyear.alliance.desks["lead"].workspace)
    view = forecast(qtbot, page)
    assert view.lines is not None
    asl, per = (LineKey(midyear.lines[code], "RHA") for code in ("ASL", "PER"))
    assert shown(view, asl, "moved").value == 500_000
    action(page, "Keep forecast of M7").do()
    qtbot.waitUntil(lambda: any("has no reason" in said for said in texts(page)), timeout=WAIT_MS)
    view.lines.select(per, "reason")
    type_in(view.lines, "act")
    qtbot.waitUntil(lambda: shown(view, per, "reason").value == "Activity", timeout=WAIT_MS)
    view.lines.select(asl, "reason")
    action(page, "Explain movement…").do()
    form = asked(qtbot, view)
    fill(form, activity="4,000")
    press(form, form.verb.text())
    qtbot.waitUntil(form.banner.isVisible, timeout=WAIT_MS)
    send(qtbot, form, price="1,000", words="Two beds and agency rates")
    qtbot.waitUntil(lambda: shown(view, asl, "reason").value == "Several", timeout=WAIT_MS)
    view.tabs.choose(WHY)
    moved = {row.name: row.cells[1].value for row in view.movement.model.all_rows()}
    before = moved.pop("Forecast M6")
    assert moved == {"Activity": 400_000 - 100_000, "Price": 100_000}
    (now,) = (row.cells[1].value for row in view.movement.totals.all_rows())
    assert isinstance(before, int)
    assert now == before + 400_000
    view.tabs.choose("Lines")
    action(page, "Keep forecast of M7").do()
    qtbot.waitUntil(lambda: "Forecast of M7 kept" in texts(view), timeout=WAIT_MS)


def test_risks_are_added_changed_and_closed(qtbot: QtBot, opened: Open, midyear: Office) -> None:
    page = opened(midyear.alliance.desks["lead"].workspace)
    view = forecast(qtbot, page)
    view.tabs.choose(RISK)
    action(page, "Add risk…").do()
    form = asked(qtbot, view)
    fill(form, title="Agency staff", best_p="500", likely_p="1", worst_p="2,000")
    press(form, form.verb.text())
    qtbot.waitUntil(lambda: bool(form.boxes["likely_p"].fault), timeout=WAIT_MS)
    send(qtbot, form, likely_p="1,000")
    qtbot.waitUntil(lambda: view.risks.model.rowCount() == 1, timeout=WAIT_MS)
    before = view.risks.totals.row_at(0).cells[4].value
    key(view.risks.view, Qt.Key.Key_Return)
    send(qtbot, asked(qtbot, view), worst_p="3,000")

    def worst() -> object:
        return view.risks.totals.row_at(0).cells[4].value

    assert isinstance(before, int)
    qtbot.waitUntil(lambda: worst() == before + 100_000, timeout=WAIT_MS)
    action(page, "Close risk").do()
    qtbot.waitUntil(lambda: worst() == before - 200_000, timeout=WAIT_MS)


def test_a_partner_reads_the_forecast_and_is_told_who_makes_it(
    qtbot: QtBot, opened: Open, midyear: Office
) -> None:
    page = opened(midyear.alliance.desks["a"].workspace)
    view = forecast(qtbot, page)
    qtbot.waitUntil(lambda: bool(view.words), timeout=WAIT_MS)
    assert "lead provider forecasts" in action(page, "Method…").why_off
    assert view.lines is not None
    assert "read only" in view.lines.model.why_shut(view.lines.view.currentIndex())


def test_without_a_posted_budget_the_views_say_what_comes_here(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    page = opened(drafting.alliance.desks["lead"].workspace)
    part: PartView = go(qtbot, page, "forecast", ForecastView)
    qtbot.waitUntil(lambda: "No forecast yet" in texts(part), timeout=WAIT_MS)
    part = go(qtbot, page, "investments", InvestmentsView)
    qtbot.waitUntil(lambda: "No savings yet" in texts(part), timeout=WAIT_MS)


def test_a_saving_is_invested_agreed_and_posted(
    qtbot: QtBot, opened: Open, midyear: Office
) -> None:
    fill_pot(midyear, 2_000_000)
    midyear.share()
    page = opened(midyear.alliance.desks["lead"].workspace)
    view = go(qtbot, page, "investments", InvestmentsView)
    qtbot.waitUntil(lambda: "No savings yet" in texts(view), timeout=WAIT_MS)
    press(view, "Add a saving…")
    form = asked(qtbot, view)
    fill(form, title="Beds brought home", recurrent_p="36,500")
    press(form, form.verb.text())
    qtbot.waitUntil(lambda: bool(form.boxes["evidence"].fault), timeout=WAIT_MS)
    send(qtbot, form, evidence="Out-of-area nights of 2025/26")
    qtbot.waitUntil(lambda: view.savings.model.rowCount() == 1, timeout=WAIT_MS)
    action(page, "Propose…").do()
    line = f"{midyear.lines['PER'].hex()}/RHA"
    typed = {"title": "Outreach", "service_line": line, "recurrent_p": "36,500"}
    send(qtbot, asked(qtbot, view), planned_start="01/10/2026", **typed)
    qtbot.waitUntil(lambda: view.line is not None, timeout=WAIT_MS)
    assert "somebody else" in action(page, "Approve").why_off
    midyear.share()

    other = opened(midyear.alliance.desks["a"].workspace)
    theirs = go(qtbot, other, "investments", InvestmentsView)
    qtbot.waitUntil(lambda: theirs.line is not None, timeout=WAIT_MS)
    action(other, "Approve").do()
    qtbot.waitUntil(lambda: said(theirs) == "Approved", timeout=WAIT_MS)
    midyear.share()
    qtbot.waitUntil(lambda: said(view) == "Approved", timeout=WAIT_MS)
    action(page, "Post").do()
    qtbot.waitUntil(lambda: str(said(view)).startswith("Posted, journal"), timeout=WAIT_MS)
    key(view.lines.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Balances" in texts(page.board.journal), timeout=WAIT_MS)


def said(view: InvestmentsView) -> object:
    return view.lines.model.row_at(0).cells[1].value
