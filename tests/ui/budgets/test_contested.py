"""Settling a contested amount, agreeing a version, and changes that arrive while one types."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from collabdesk.services.budgets.commands import AmountEdit, SetPlannedAmounts
from collabdesk.services.contested import ResolveContested
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.agreeing import AgreeDialog
from collabdesk.ui.budgets.change_set import ChangeSetDialog
from collabdesk.ui.contested import ContestedCard, ResolveDialog
from collabdesk.ui.grid import CellState
from collabdesk.ui.parts import children
from tests.services.budgets.office import Office
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action, asked, cell, pence, provider
from tests.ui.hands import click, key, keys, named, press, texts


def inspector(page: BudgetsPage) -> list[str]:
    panel = page.inspector()
    assert panel is not None
    return texts(panel)


def panel_of(page: BudgetsPage) -> QWidget:
    panel = page.inspector()
    assert panel is not None
    return panel


@pytest.fixture
def disputed(drafting: Office) -> Office:
    """The draft with M3 of perinatal contested between the two laptops."""
    row = drafting.grid().rows[3].plan_line or b""
    for desk, amount_p in (("lead", 900_000), ("a", 1_100_000)):
        drafting.run(SetPlannedAmounts((AmountEdit(row, 3, amount_p),)), desk)
    drafting.share()
    return drafting


def test_the_contested_amount_is_current_with_both_authors(qtbot: QtBot, page: BudgetsPage) -> None:
    row = provider(page, "Low secure", "RP7")
    assert page.board.plan.current == (row, "m8")
    qtbot.waitUntil(lambda: "Contested amount" in inspector(page))
    said = inspector(page)
    assert "Low secure, Lincolnshire Partnership, M8 Nov 2026" in said
    assert said.index("£281,300.00") < said.index("£286,450.00")
    assert "Totals show a range until one is chosen." in said


def test_a_contested_figure_is_resolved_with_a_reason(qtbot: QtBot, page: BudgetsPage) -> None:
    row = provider(page, "Low secure", "RP7")
    qtbot.waitUntil(lambda: bool(children(panel_of(page), ContestedCard)))
    press(panel_of(page), "Resolve…")
    dialog = asked(qtbot, page)
    assert isinstance(dialog, ResolveDialog)
    said = texts(dialog)
    assert "Low secure, Lincolnshire Partnership, M8 Nov 2026 · was £279,322.50" in said
    assert "£619,441.25 to £624,591.25" in said
    assert not dialog.keep.isEnabled()
    click(dialog.choices[1].radio)
    keys(dialog.reason, "One bed stays closed until January.")
    assert {"£619,441.25", "Can be agreed"} <= set(texts(dialog))
    press(dialog, "Keep £286,450.00")
    qtbot.waitUntil(lambda: pence(page, row, "m8") == [28_645_000])
    assert cell(page, row, "m8").other is None
    assert page.board.headline.figure.text() == "£619,441"
    qtbot.waitUntil(lambda: any("closed until January" in one for one in inspector(page)))


def test_a_third_figure_shows_what_it_does_before_it_is_kept(
    qtbot: QtBot, page: BudgetsPage
) -> None:
    page.resolve()
    dialog = asked(qtbot, page)
    assert isinstance(dialog, ResolveDialog)
    keys(dialog.figure, "279,322.50")
    assert "£626,568.75" in texts(dialog)
    dialog.reject()


def test_the_change_set_of_an_entry_says_who_signed_it(qtbot: QtBot, page: BudgetsPage) -> None:
    qtbot.waitUntil(lambda: "Contested amount" in inspector(page))
    press(panel_of(page), "Verified")
    dialog = asked(qtbot, page)
    assert isinstance(dialog, ChangeSetDialog)
    assert {"Alliance laptop", "Improvement laptop"} & set(texts(dialog))


def test_agreeing_waits_for_the_contested_figure_then_posts(
    qtbot: QtBot, opened: Open, disputed: Office
) -> None:
    lead = disputed.alliance.desks["lead"]
    page = opened(lead.workspace)
    assert not action(page, "Agree version…").on
    assert page.heading.primary is not None
    assert page.heading.primary.why_off == "1 contested figure to settle first."
    row = provider(page, "Perinatal", "RHA")
    command = ResolveContested("plan_line", row.plan_line, "m3", 1_000_000, "Rota confirmed")
    lead.workspace.submit(command)
    qtbot.waitUntil(lambda: action(page, "Agree version…").on)
    action(page, "Agree version…").do()
    dialog = asked(qtbot, page)
    assert isinstance(dialog, AgreeDialog)
    assert {"£1,000,000.00", "£360,000.00", "£640,000.00"} <= set(texts(dialog))
    press(dialog, "Agree and post")
    qtbot.waitUntil(lambda: page.plan.grid.posted)
    assert page.heading.status_right.endswith("Ledger #1")
    assert action(page, "Virement…").on


def test_show_contested_goes_from_one_to_the_next(opened: Open, disputed: Office) -> None:
    row = disputed.grid().rows[1].plan_line or b""
    for desk, amount_p in (("lead", 1), ("a", 2)):
        disputed.run(SetPlannedAmounts((AmountEdit(row, 7, amount_p),)), desk)
    disputed.share()
    page = opened(disputed.alliance.desks["lead"].workspace)
    first = page.board.plan.current
    press(page.board.plan.grid, "Lines")
    action(page, "Show contested").do()
    second = page.board.plan.current
    assert first != second
    action(page, "Show contested").do()
    assert page.board.plan.current == first


def test_on_another_laptop_agreeing_is_off_with_the_reason(opened: Open, drafting: Office) -> None:
    page = opened(drafting.alliance.desks["a"].workspace)
    primary = action(page, "Agree version…")
    assert "the lead provider agrees and posts budgets" in primary.why_off
    assert not action(page, "New version…").on


def test_a_change_from_elsewhere_leaves_the_typing_alone_and_is_marked(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    page = opened(drafting.alliance.desks["lead"].workspace)
    here, other = provider(page, "Perinatal", "RHA"), provider(page, "Adult low secure", "RHA")
    view = page.board.plan.grid.view
    page.board.plan.go_to((here, "m2"))
    keys(view, "7")
    editor = view.editor
    assert editor is not None
    keys(editor, "7")
    before = view.visualRect(view.currentIndex())
    edits = (AmountEdit(here.plan_line, 2, 5), AmountEdit(other.plan_line, 4, 6))
    drafting.run(SetPlannedAmounts(edits), "a")
    drafting.plan("ASL", "RT5", 1_200_000)
    drafting.share()
    qtbot.waitUntil(lambda: pence(page, other, "m4") == [6])
    assert view.editor is editor
    assert editor.text() == "77"
    # Not moved by the row that is new above it; the window may still find its last pixel.
    assert abs(view.visualRect(view.currentIndex()).top() - before.top()) < before.height() // 2
    for row, column in ((here, "m2"), (other, "m4")):
        assert CellState.CHANGED in cell(page, row, column).state
    key(editor, Qt.Key.Key_Escape)
    added = provider(page, "Adult low secure", "RT5")
    qtbot.waitUntil(lambda: page.board.plan.grid.model.row_of(added) is not None)
    assert page.board.plan.current == (here, "m2")
    assert page.board.plan.grid.model.row_at(view.currentIndex().row()).key == here
    key(view, Qt.Key.Key_Right)
    assert CellState.CHANGED not in cell(page, here, "m2").state
    assert CellState.CHANGED in cell(page, other, "m4").state


def test_typing_over_a_change_one_has_not_seen_is_refused(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    page = opened(drafting.alliance.desks["lead"].workspace)
    here = provider(page, "Perinatal", "RHA")
    page.board.plan.go_to((here, "m2"))
    keys(page.board.plan.grid.view, "7")
    editor = page.board.plan.grid.view.editor
    assert editor is not None
    with qtbot.waitSignal(page.board.plan.said) as told:
        drafting.run(SetPlannedAmounts((AmountEdit(here.plan_line, 2, 5),)), "a")
        drafting.share()
    assert "changed elsewhere while you typed: it is now £0.05" in told.args[0]
    assert named(page.board.plan.grid, "Providers").isVisible()
