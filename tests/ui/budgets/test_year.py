"""A year is set up, its months closed, locked and corrected, by the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from collabdesk.domain.budgets.closing import STEPS
from collabdesk.domain.budgets.ledger import (
    Account,
    Heading,
    JournalKind,
    JournalLine,
    LineKey,
    post,
)
from collabdesk.domain.budgets.month_states import MonthState
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.closing.close_commands import (
    ApproveLock,
    CloseMonth,
    LockMonth,
    TickStep,
)
from collabdesk.services.budgets.closing.month_states import locked_to
from collabdesk.services.budgets.planning.year_commands import AddEnvelope, KeepProvider
from collabdesk.services.budgets.queries import findings, journals
from collabdesk.storage.queries.budgets import delegations
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.audit_view import AuditView
from collabdesk.ui.budgets.close_view import CloseView
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.places import Where
from collabdesk.ui.budgets.restated_view import RestatedView
from collabdesk.ui.budgets.setup_view import SetupView
from collabdesk.ui.budgets.uplift_form import UpliftForm
from collabdesk.ui.form import FormDialog
from collabdesk.ui.grid import Grid
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import children
from tests.services.budgets.office import YEAR, Office
from tests.ui.accessibility import faults
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action, asked, provider
from tests.ui.hands import key, keys, named, texts
from tests.ui.rooms import fill
from tests.ui.rooms import opened as in_window

P = TypeVar("P", bound=PartView)
WAIT_MS = 20_000


def until(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    """Wait until something holds, long enough for a computer that is busy."""
    qtbot.waitUntil(holds, timeout=WAIT_MS)


def go(qtbot: QtBot, page: BudgetsPage, view: str, kind: type[P], month: int | None = None) -> P:
    """Go to a further view and wait until it has read."""
    page.go_to(Where(view, page.where.version, month=month))
    until(qtbot, lambda: page.where.view == view and view in page.board.parts)
    part = page.board.parts[view]
    assert isinstance(part, kind)
    return part


def form(qtbot: QtBot, part: PartView) -> FormDialog:
    """Wait for the form that a view opens."""

    def shown() -> bool:
        return part.dialog is not None and part.dialog.isVisible()

    until(qtbot, shown)
    assert isinstance(part.dialog, FormDialog)
    return part.dialog


def send(qtbot: QtBot, asked_: FormDialog, **typed: str) -> None:
    """Fill a form in, press its verb and wait until it has closed; a fault fails the test."""
    fill(asked_, **typed)
    closed: list[bool] = []
    asked_.finished.connect(lambda _how: closed.append(True))
    tap(asked_, asked_.verb.text())
    until(qtbot, lambda: bool(closed))


def tap(widget: QWidget, words: str) -> None:
    """Press a button with the keyboard alone."""
    button = named(widget, words)
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    button.setFocus()
    key(button, Qt.Key.Key_Space)


def column(grid: Grid, place: int) -> list[object]:
    return [row.cells[place].value for row in grid.model.all_rows()]


def test_a_year_is_set_up_by_commissioner(
    qtbot: QtBot, opened: Open, drafting: Office, tmp_path: Path
) -> None:
    page = opened(drafting.alliance.desks["lead"].workspace)
    view = go(qtbot, page, "setup", SetupView)
    until(qtbot, lambda: view.year is not None)
    assert page.heading.primary is not None
    assert page.heading.primary.words == "Add envelope…"
    tap(view, "Rates…")
    send(qtbot, form(qtbot, view), cost_uplift_pct="4.15", efficiency_pct="2")
    page.heading.primary.do()
    send(qtbot, form(qtbot, view), commissioner="NHS England Midlands")
    until(qtbot, lambda: column(view.envelopes, 0) == ["NHS England Midlands"])
    key(view.envelopes.view, Qt.Key.Key_Return)
    send(qtbot, form(qtbot, view), baseline_p="84,250,000")
    until(qtbot, lambda: column(view.envelopes, 5) == [8_606_137_500])
    tap(view, "Add provider…")
    send(qtbot, form(qtbot, view), code="RHA", name="Nottinghamshire Healthcare", ends="31/03/2027")
    until(qtbot, lambda: column(view.providers, 1) == ["RHA"])
    assert any(said.startswith("Growth and inflation 4.15 %") for said in texts(view))
    tap(view, "Copy version…")
    send(qtbot, form(qtbot, view), fiscal_year="2027/28", name="Opening 2027/28")
    until(qtbot, lambda: page.plan.version.fiscal_year == "2027/28")
    assert page.where.view == "plan"
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"The allocation of June")
    page.go_to(Where("envelope", drafting.version))
    until(qtbot, lambda: page.where.view == "envelope" and page.plan.version.name == "Opening")
    action(page, "Add letter…").do()
    dialog = asked(qtbot, page)
    assert isinstance(dialog, FormDialog)
    send(qtbot, dialog, reference="IAT-7", amount_p="5,000", evidence_file=str(letter))
    moves = page.board.envelope.moves
    until(qtbot, lambda: "IAT-7" in column(moves, 0))
    assert str(column(moves, 7)[-1]).startswith("letter.pdf, ")


def test_a_late_uplift_says_what_it_comes_to_while_it_is_typed(
    qtbot: QtBot, opened: Open, midyear: Office
) -> None:
    page = opened(midyear.alliance.desks["lead"].workspace)
    page.go_to(page.where.seen_as("envelope"))
    until(qtbot, lambda: "Late uplift…" in [one.words for one in page.heading.secondary])
    action(page, "Late uplift…").do()
    uplift = asked(qtbot, page)
    assert isinstance(uplift, UpliftForm)
    keys(uplift.boxes["baseline_p"].control, "84250000")
    keys(uplift.boxes["new_pct"].control, "4.8")
    assert "which catches up M1 to M6" in uplift.comes_to.text()
    send(qtbot, uplift, reference="Pay award June")
    until(qtbot, lambda: "Pay award June" in column(page.board.envelope.moves, 0))
    (late,) = midyear.summary().waiting
    assert page.board.envelope.moves.select(late.row, "amount")
    action(page, "Take letter back").do()
    until(qtbot, lambda: "Pay award June" not in column(page.board.envelope.moves, 0))


def test_last_years_workbook_is_brought_in_by_the_wizard(
    qtbot: QtBot, opened: Open, drafting: Office, tmp_path: Path
) -> None:
    page = opened(drafting.alliance.desks["lead"].workspace)
    view = go(qtbot, page, "setup", SetupView)
    until(qtbot, lambda: view.year is not None)
    file = tmp_path / "last year.xlsx"
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (
        ["Budget 2025/26 (£000)"],
        [],
        ["Code", "Provider", "Total"],
        ["CAM", "RHA", 12],
        ["PER", "RHA", "lots"],
        ["Total", None, 12],
    ):
        sheet.append(line)
    book.save(file)
    wizard = view.import_workbook()
    assert wizard is not None
    keys(wizard.path, str(file))
    tap(wizard, "Read the file")
    until(qtbot, lambda: wizard.step == "look" and wizard.job is None)
    assert "Recognised as Budget by service line and provider" in texts(wizard)
    assert "1 line new, 0 changed, £12,000.00 in all." in texts(wizard)
    unit = wizard.boxes["unit"]
    assert unit.text == "£000"
    key(unit.control, Qt.Key.Key_Up)
    tap(wizard, "Read again")
    until(qtbot, lambda: wizard.step == "look" and wizard.job is None)
    assert "1 line new, 0 changed, £12.00 in all." in texts(wizard)
    key(wizard.next, Qt.Key.Key_Space)
    until(qtbot, lambda: wizard.step == "done")
    key(wizard.next, Qt.Key.Key_Space)
    until(qtbot, lambda: column(view.versions, 4) == [3])


def test_an_agreed_budget_is_revised_and_agreed_again(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    drafting.agree()
    page = opened(drafting.alliance.desks["lead"].workspace)
    view = go(qtbot, page, "setup", SetupView)
    until(qtbot, lambda: view.year is not None)
    tap(view, "Copy version…")
    send(qtbot, form(qtbot, view), fiscal_year=YEAR, kind="revised", name="Revised")
    until(qtbot, lambda: page.plan.version.name == "Revised" and page.where.view == "plan")
    page.board.plan.grid.select(provider(page, "Perinatal", "RHA"), "m9")
    key(page.board.plan.grid.view, Qt.Key.Key_F2)
    editor = page.board.plan.grid.view.editor
    assert editor is not None
    keys(editor, "15,000")
    key(editor, Qt.Key.Key_Return)
    until(qtbot, lambda: page.plan.grid.total.total.shown_p == 36_500_000)
    until(qtbot, lambda: "cannot agree it yourself" in action(page, "Agree version…").why_off)
    drafting.share()
    line = provider(page, "Perinatal", "RHA").plan_line
    drafting.run(c.SetPlannedAmounts((c.AmountEdit(line, 9, 1_500_001),)), "a")
    drafting.run(c.SetPlannedAmounts((c.AmountEdit(line, 9, 1_500_000),)), "a")
    drafting.share()
    until(qtbot, lambda: action(page, "Agree version…").on)
    action(page, "Agree version…").do()
    dialog = asked(qtbot, page)
    assert any(
        "virements and letters posted since it was copied stay" in one for one in texts(dialog)
    )
    assert {"£365,000.00", "£635,000.00"} <= set(texts(dialog))
    tap(dialog, "Agree and post")
    until(qtbot, lambda: page.plan.grid.posted)
    assert page.heading.status_right.endswith("Ledger #2")
    view = go(qtbot, page, "setup", SetupView)
    until(qtbot, lambda: "Agreed, since revised" in column(view.versions, 3))
    assert set(column(view.versions, 2)) == {"Opening budget", "Revised budget"}


def test_six_months_are_closed_and_the_sixth_is_locked_by_two_people(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    drafting.agree()
    drafting.share()
    lead, other = (drafting.alliance.desks[name] for name in ("lead", "a"))
    _lock_until(drafting, 5)
    page = opened(lead.workspace)
    view = go(qtbot, page, "close", CloseView)
    until(qtbot, lambda: view.board is not None and view.board.month.number == 6)
    action(page, "Tick off…").do()
    send(qtbot, form(qtbot, view), evidence="Trial balance of 1 October")
    until(qtbot, lambda: column(view.steps, 1)[0] == "Done")
    assert column(view.steps, 7)[0] == "Trial balance of 1 October"
    for step in STEPS:
        if step.before_lock:
            drafting.run(TickStep(YEAR, 6, step.key, evidence="Seen"))
    action(page, "Close M6 softly").do()
    until(qtbot, lambda: "Softly closed" in texts(view))
    action(page, "Agree to the lock…").do()
    dialog = form(qtbot, view)
    fill(dialog, typed="LOCK M5 2026/27")
    tap(dialog, dialog.verb.text())
    until(qtbot, lambda: "Type LOCK M6 2026/27." in dialog.boxes["typed"].fault)
    send(qtbot, dialog, typed="LOCK M6 2026/27")
    until(qtbot, lambda: "1 of 2 people agree to lock" in texts(view))
    lead.share()
    other.share()
    theirs = opened(other.workspace)
    their_view = go(qtbot, theirs, "close", CloseView)
    until(qtbot, lambda: their_view.board is not None and bool(their_view.board.agreed))
    assert action(theirs, "Open again").why_off
    action(theirs, "Agree to the lock…").do()
    send(qtbot, form(qtbot, their_view), typed="lock m6 2026/27")
    until(qtbot, lambda: "2 of 2 people agree to lock" in texts(their_view))
    other.share()
    lead.share()
    until(qtbot, lambda: "2 of 2 people agree to lock" in texts(view))
    action(page, "Lock M6…").do()
    send(qtbot, form(qtbot, view), typed="LOCK M6 2026/27")
    until(
        qtbot,
        lambda: view.board is not None and MonthState.LOCKED is view.board.states[5],
    )
    assert drafting.ask(locked_to, YEAR) == 6
    assert drafting.ask(findings) == ()


def _lock_until(office: Office, month: int) -> None:
    for number in range(1, month + 1):
        words = f"LOCK M{number} {YEAR}"
        office.run(CloseMonth(YEAR, number))
        for step in STEPS:
            if step.before_lock:
                office.run(TickStep(YEAR, number, step.key))
        office.run(ApproveLock(YEAR, number, words))
        office.share()
        office.run(ApproveLock(YEAR, number, words), "a")
        office.share()
        office.run(LockMonth(YEAR, number, words))
        office.share()


def test_a_locked_month_is_corrected_and_shown_both_ways(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    """Locked by two people on two laptops; corrected in the open month, its own month kept."""
    drafting.agree()
    _spend(drafting, 70_000)
    drafting.share()
    _lock_until(drafting, 1)
    assert drafting.ask(locked_to, YEAR) == 1
    page = opened(drafting.alliance.desks["lead"].workspace)
    page.go_to(Where("journals", drafting.version))
    until(qtbot, lambda: page.where.view == "journals")
    grid = page.board.journals.grid
    until(qtbot, lambda: column(grid, 0) == ["#2", "#1"])
    page.go_to(Where("journals", drafting.version, journal=1))
    until(qtbot, lambda: "Journal #1" in texts(page.board.journal))
    assert "Propose a virement the other way." in action(page, "Correct…").why_off
    page.go_to(Where("journals", drafting.version, journal=2))
    until(qtbot, lambda: "Journal #2" in texts(page.board.journal))
    action(page, "Correct…").do()
    dialog = asked(qtbot, page)
    assert isinstance(dialog, FormDialog)
    send(qtbot, dialog, amount_p="650.00", reason="Credit note overlooked")
    until(qtbot, lambda: page.room is not None and len(page.room.journals) == 4)
    posted = drafting.ask(journals, YEAR)
    assert [one.kind for one in posted] == ["opening", "actual", "reversal", "correction"]
    assert [(one.posting_month, one.effective_month) for one in posted[1:]] == [
        (1, 1),
        (2, 1),
        (2, 1),
    ]
    assert drafting.ask(findings) == ()
    drafting.share()
    # The partner's laptop, which agreed to the lock, reads the same on its own screen.
    for desk in ("lead", "a"):
        _reads_both_ways(qtbot, opened(drafting.alliance.desks[desk].workspace))


def _reads_both_ways(qtbot: QtBot, page: BudgetsPage) -> None:
    """Go through the three readings by the keyboard, each down to its journals and back."""
    view = go(qtbot, page, "restated", RestatedView)
    until(qtbot, lambda: view.found is not None)
    for reading, first, second, behind in (
        ("As reported", 70_000, -5_000, [70_000]),
        ("Restated", 65_000, None, [-70_000, 65_000, 70_000]),
        ("Difference", -5_000, 5_000, [-70_000, 65_000]),
    ):
        view.truths.choose(reading)
        assert (column(view.grid, 2), column(view.grid, 3)) == ([first], [second])
        view.grid.select(view.grid.model.row_at(0).key, "m1")
        key(view.grid.view, Qt.Key.Key_Return)
        _goes_down_and_back(qtbot, page, behind)
        until(qtbot, view.isVisible)
        assert column(view.grid, 2) == [first]
    view.sides.choose("Budget")
    until(qtbot, lambda: view.found is not None and view.found.side == "budget")


def _goes_down_and_back(qtbot: QtBot, page: BudgetsPage, behind: list[int]) -> None:
    until(qtbot, lambda: page.where.shown == "audit" and "audit" in page.board.parts)
    audit = page.board.parts["audit"]
    assert isinstance(audit, AuditView)

    def is_at(depth: int) -> bool:
        here = page.where.path
        return len(here) == depth and (not here or audit.path == here)

    until(qtbot, lambda: audit.listing is not None and is_at(1))
    assert audit.listing is not None
    assert sorted(row.amount_p or 0 for row in audit.listing.rows) == behind
    assert audit.listing.total_p == sum(behind)
    key(audit.grid.view, Qt.Key.Key_Return)
    until(qtbot, lambda: is_at(2))
    assert "Journal #" in page.where.path[-1].words
    key(audit.grid.view, Qt.Key.Key_Backspace)
    until(qtbot, lambda: is_at(1))
    key(audit.grid.view, Qt.Key.Key_Backspace)
    until(qtbot, lambda: is_at(0))


def _spend(office: Office, pence: int) -> None:
    at = LineKey(office.lines["ASL"], "RHA")
    lines = [
        JournalLine(Account.SPEND, pence, at, 1),
        JournalLine(Account.GENERAL_LEDGER, -pence, month=1),
    ]
    heading = Heading(YEAR, JournalKind.ACTUAL, 1, "Trial balance M1")
    office.alliance.desks["lead"].change(post(heading, lines))


def test_a_line_is_phased_again_and_a_release_proposed(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    drafting.agree()
    drafting.run(CloseMonth(YEAR, 1))
    page = opened(drafting.alliance.desks["lead"].workspace)
    page.board.plan.go_to((provider(page, "Adult low secure", "RHA"), "m3"))
    action(page, "Phase again…").do()
    dialog = asked(qtbot, page)
    assert isinstance(dialog, FormDialog)
    send(qtbot, dialog, profile="calendar_days")
    until(qtbot, lambda: page.room is not None and len(page.room.journals) == 2)
    action(page, "Virement…").do()
    dialog = asked(qtbot, page)
    assert isinstance(dialog, FormDialog)
    fill(dialog, from_line="unallocated", amount_p="1,000", month="2", reason="Two beds open late")
    tap(dialog, dialog.verb.text())
    until(qtbot, lambda: page.where.view == "virements")
    until(qtbot, lambda: column(page.board.virements.grid, 2) == ["Unallocated money"])
    tap(page.board.virements, "Name a delegate…")
    until(qtbot, lambda: page.asker.dialog is not dialog)
    dialog = asked(qtbot, page)
    assert isinstance(dialog, FormDialog)
    send(qtbot, dialog, ends="31/03/2027")
    (named,) = drafting.ask(delegations)
    assert named.person == drafting.alliance.desks["lead"].workspace.me().person


def test_the_further_views_are_reached_by_keys(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    page = opened(drafting.alliance.desks["lead"].workspace)
    more = page.board.headline.more
    words = [more.itemText(place) for place in range(more.count())]
    assert {"Year set-up", "Close", "As reported and restated"} <= set(words)
    more.setFocus()
    for _ in range(words.index("As reported and restated") - words.count("") + 1):
        key(more, Qt.Key.Key_Down)
    until(qtbot, lambda: page.where.view == "restated")
    until(qtbot, lambda: "Nothing is posted yet" in texts(page))
    tap(page.board.headline, "Plan")
    until(qtbot, lambda: more.currentIndex() == -1)


def test_the_further_views_are_read_out_and_reached(
    qtbot: QtBot, around: Surroundings, drafting: Office
) -> None:
    drafting.run(AddEnvelope(YEAR, "NHS England Midlands"))
    drafting.run(KeepProvider("RHA", "Nottinghamshire Healthcare"))
    drafting.agree()
    _spend(drafting, 70_000)
    workspace = drafting.alliance.desks["lead"].workspace
    with in_window(qtbot, around, workspace, "budgets", BudgetsPage) as room:
        for view, kind in (("setup", SetupView), ("close", CloseView), ("restated", RestatedView)):
            room.window.go("budgets", Where(view, drafting.version))
            room.until(partial(_lists, room.page, view))
            part = room.page.board.parts[view]
            assert isinstance(part, kind)
            assert faults(part) == []


def _lists(page: BudgetsPage, view: str) -> bool:
    part = page.board.parts.get(view)
    return part is not None and any(grid.isVisible() for grid in children(part, Grid))
