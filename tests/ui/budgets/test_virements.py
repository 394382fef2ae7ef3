"""Virements proposed, approved and posted by clicks; figures drilled to the journal by keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from collabdesk.services.budgets.queries import virement_list
from collabdesk.services.budgets.room import read_room
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.places import Where
from collabdesk.ui.budgets.virement_diff import diff_rows
from collabdesk.ui.budgets.virement_form import VirementDialog
from collabdesk.ui.budgets.virements_view import ApprovalCard
from collabdesk.ui.form import FormDialog
from collabdesk.ui.inspector import Inspector
from tests.services.budgets.office import Office
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action, asked, provider
from tests.ui.hands import key, keys, named, press, texts


def panel(page: BudgetsPage) -> Inspector:
    found = page.inspector()
    assert isinstance(found, Inspector)
    return found


def states(page: BudgetsPage) -> list[object]:
    return [row.cells[0].value for row in page.board.virements.grid.model.all_rows()]


def test_a_virement_is_proposed_with_its_effects_and_approvers_in_sight(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    drafting.agree()
    drafting.share()
    page = opened(drafting.alliance.desks["a"].workspace)
    page.board.plan.go_to((provider(page, "Adult low secure", "RHA"), "m3"))
    action(page, "Virement…").do()
    form = asked(qtbot, page)
    assert isinstance(form, VirementDialog)
    form.boxes["amount_p"].text = "60,000"
    qtbot.waitUntil(lambda: "£180,000.00" in texts(form))
    assert {"£240,000.00", "£120,000.00"} <= set(texts(form))
    assert any(said.startswith("Needs 2 approvals by finance lead") for said in texts(form))
    assert any(
        "M3 of the line it comes from would hold −£40,000.00" in said for said in texts(form)
    )
    form.boxes["amount_p"].text = "600,000"
    qtbot.waitUntil(lambda: any("cannot be taken from it" in said for said in texts(form)))
    press(form, "Propose the virement")
    qtbot.waitUntil(lambda: bool(form.boxes["reason"].fault))
    form.boxes["amount_p"].text = "1,000"
    form.boxes["reason"].text = "Two beds open late"
    press(form, "Propose the virement")
    qtbot.waitUntil(lambda: states(page) == ["Proposed: 0 of 1 approvals"])
    assert page.where.view == "virements"


def test_a_month_below_nought_is_told_to_whoever_approves(qtbot: QtBot, drafting: Office) -> None:
    drafting.agree()
    row = drafting.propose(3_000_000, "lead")
    workspace, one = drafting.alliance.desks["lead"].workspace, drafting.virement(row)
    room = workspace.query(read_room, workspace.me, None)
    after = diff_rows(one, ("From", "To"), room.plan)[0]
    assert after.cells[3].value == -1_000_000
    assert after.cells[3].reason.startswith("Below nought in this month though not over the year")
    assert not any(cell.reason for cell in (*after.cells[:3], *after.cells[4:]))
    card = ApprovalCard(room, room.plan, one)
    qtbot.addWidget(card)
    assert "M3 alone would hold −£10,000.00." in texts(card)


def test_a_virement_is_approved_posted_and_seen_in_the_ledger(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    drafting.agree()
    drafting.share()
    drafting.propose(100_000)
    drafting.share()
    page = opened(drafting.alliance.desks["lead"].workspace)
    assert page.board.headline.views.options["Virements"].text() == "Virements 1"
    press(page.board.headline, "Virements 1")
    qtbot.waitUntil(lambda: "£1,000.00" in texts(panel(page)))
    said = texts(panel(page))
    assert {"£240,000.00 →", "£239,000.00", "“Two beds open late”"} <= set(said)
    assert page.heading.primary is None
    press(panel(page), "Approve")
    qtbot.waitUntil(lambda: states(page) == [READY])
    assert action(page, "Post 1 virement").on
    qtbot.waitUntil(lambda: "Take approval back" in buttons(page))
    action(page, "Post 1 virement").do()
    qtbot.waitUntil(lambda: states(page) == ["Posted, journal #2"])
    key(page.board.virements.grid.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Journal #2" in texts(page.board.journal))
    assert "Balances" in texts(page.board.journal)


def test_an_approval_is_taken_back(qtbot: QtBot, opened: Open, drafting: Office) -> None:
    drafting.agree()
    drafting.share()
    drafting.propose(100_000)
    drafting.share()
    page = opened(drafting.alliance.desks["lead"].workspace)
    page.go_to(page.where.seen_as("virements"))
    qtbot.waitUntil(lambda: "Approve" in buttons(page))
    press(panel(page), "Approve")
    qtbot.waitUntil(lambda: "Take approval back" in buttons(page))
    press(panel(page), "Take approval back")
    qtbot.waitUntil(lambda: states(page) == ["Proposed: 0 of 1 approvals"])


def test_the_proposer_reads_why_somebody_else_must_approve(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    drafting.agree()
    drafting.share()
    drafting.propose(100_000)
    page = opened(drafting.alliance.desks["a"].workspace)
    page.go_to(page.where.seen_as("virements"))
    qtbot.waitUntil(
        lambda: any("somebody else must approve" in said for said in texts(panel(page)))
    )
    assert "Approve" not in buttons(page)
    press(panel(page), "Change…")
    form = asked(qtbot, page)
    assert isinstance(form, FormDialog)
    assert form.boxes["amount_p"].text == "1,000.00"
    form.boxes["amount_p"].text = "750"
    press(form, "Change the virement")
    qtbot.waitUntil(lambda: "£750.00" in texts(panel(page)))
    page.asker.dialog = None
    press(panel(page), "Withdraw…")
    press(asked(qtbot, page), "Withdraw the virement")
    qtbot.waitUntil(lambda: drafting.ask(virement_list, desk="a") == ())


def test_without_virements_the_page_says_what_they_are(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    drafting.agree()
    page = opened(drafting.alliance.desks["lead"].workspace)
    page.go_to(page.where.seen_as("virements"))
    qtbot.waitUntil(lambda: page.heading.primary is None)
    assert "No virements yet" in texts(page.board.virements)
    press(page.board.virements, "Propose a virement…")
    assert isinstance(asked(qtbot, page), VirementDialog)


def test_a_posted_figure_drills_to_its_journal_and_back_by_keys(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    drafting.agree()
    page = opened(drafting.alliance.desks["lead"].workspace)
    row = provider(page, "Perinatal", "RHA")
    page.board.plan.go_to((row, "m3"))
    key(page.board.plan.grid.view, Qt.Key.Key_Return)
    heading = "Perinatal, Nottinghamshire Healthcare, M3 Jun 2026"
    qtbot.waitUntil(page.board.figure.grid.view.hasFocus)
    qtbot.waitUntil(lambda: heading in texts(page.board.figure))
    assert page.heading.crumbs[-1].words == heading
    total = page.board.figure.grid.totals.row_at(0)
    assert total.cells[3].value == 1_000_000
    key(page.board.figure.grid.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Journal #1" in texts(page.board.journal))
    sides = page.board.journal.grid.totals.row_at(0)
    assert sides.cells[3].value == sides.cells[4].value == 100_000_000
    qtbot.waitUntil(page.board.journal.grid.view.hasFocus)
    key(page.board.journal.grid.view, Qt.Key.Key_Backspace)
    qtbot.waitUntil(page.board.figure.grid.view.hasFocus)
    key(page.board.figure.grid.view, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: page.where == Where("plan", page.where.version))
    assert page.board.plan.current == (row, "m3")


def test_the_journals_say_that_the_ledger_was_checked(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    drafting.agree()
    page = opened(drafting.alliance.desks["lead"].workspace)
    page.go_to(page.where.seen_as("journals"))
    qtbot.waitUntil(lambda: "Ledger #1" in texts(page.board.journals))
    assert "Every journal balances" in texts(page.board.journals)
    key(page.board.journals.grid.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.where.journal == 1)


def test_a_posted_cell_links_its_journal(qtbot: QtBot, opened: Open, drafting: Office) -> None:
    drafting.agree()
    page = opened(drafting.alliance.desks["lead"].workspace)
    page.board.plan.go_to((provider(page, "Perinatal", "RHA"), "m3"))
    qtbot.waitUntil(lambda: "£10,000.00 posted" in texts(panel(page)))
    panel(page).choose_tab("Linked")
    press(panel(page), "Journal #1, +£10,000.00")
    qtbot.waitUntil(lambda: page.where.journal == 1)


READY = "Ready: the ledger keeper posts it at its next sync"


def buttons(page: BudgetsPage) -> list[str]:
    from PySide6.QtWidgets import QPushButton

    from collabdesk.ui.parts import children

    return [one.text() for one in children(panel(page), QPushButton)]


def test_a_virement_goes_from_one_laptop_to_another_by_the_keyboard_alone(
    qtbot: QtBot, opened: Open, drafting: Office
) -> None:
    drafting.agree()
    drafting.share()
    lead, other = (drafting.alliance.desks[name] for name in ("lead", "a"))
    theirs = opened(other.workspace)
    theirs.board.plan.go_to((provider(theirs, "Adult low secure", "RHA"), "m3"))
    action(theirs, "Virement…").do()
    form = asked(qtbot, theirs)
    assert isinstance(form, VirementDialog)
    for name, typed in (("amount_p", "1,000"), ("reason", "Two beds open late")):
        control = form.boxes[name].control
        control.setFocus()
        keys(control, typed)
    key(form.verb, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: states(theirs) == ["Proposed: 0 of 1 approvals"])
    other.share()
    lead.share()
    mine = opened(lead.workspace)
    segment = mine.board.headline.views.options["Virements"]
    segment.setFocus()
    key(segment, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Approve" in buttons(mine))
    approve = named(panel(mine), "Approve")
    approve.setFocus()
    key(approve, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: states(mine) == [READY])
    qtbot.waitUntil(lambda: action(mine, "Post 1 virement").on)
    action(mine, "Post 1 virement").do()
    qtbot.waitUntil(lambda: states(mine) == ["Posted, journal #2"])
    lead.share()
    other.share()
    qtbot.waitUntil(lambda: states(theirs) == ["Posted, journal #2"])
