"""The share statement is produced by the keyboard alone, and read by those it is for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from collabdesk.services.budgets.shares.share_commands import (
    AddShareAgreement,
    IssueStatements,
    PartnerTerms,
)
from collabdesk.services.budgets.shares.share_position import share_position
from collabdesk.ui.budgets import BudgetsPage
from collabdesk.ui.budgets.places import Where
from collabdesk.ui.budgets.share_forms import AgreementDialog
from collabdesk.ui.budgets.share_view import STATEMENTS, VERSIONS, ShareView
from collabdesk.ui.page import Surroundings
from tests.services.budgets.office import YEAR, Office
from tests.ui.budgets.conftest import Open
from tests.ui.budgets.room import action, followed
from tests.ui.hands import key, keys, press, settle, texts
from tests.ui.rooms import Room, fill
from tests.ui.rooms import opened as room_of

WAIT_MS = 20_000
MOST_TABS = 60


def focus() -> QWidget:
    settle()
    found = QApplication.focusWidget()
    assert found is not None
    return found


def tab_to(name: str) -> QWidget:
    """Press Tab until what has the keyboard is called this."""
    seen = []
    for _ in range(MOST_TABS):
        here = focus()
        seen.append(here.accessibleName())
        if here.accessibleName() == name and here.isEnabled():
            return here
        key(here, Qt.Key.Key_Tab)
    raise AssertionError(f"{name} is not reached by Tab: {seen}")


def typed(dialog: AgreementDialog, name: str, text: str) -> None:
    """Go to a field of a form by Tab and type over what stands there."""
    here = tab_to(name)
    assert here.window() is dialog
    if not isinstance(here, QComboBox):
        key(here, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    keys(here, text)


def org(office: Office, desk: str) -> bytes:
    return office.alliance.desks[desk].workspace.me().organisation


def test_the_share_statement_is_produced_by_the_keyboard_alone(
    qtbot: QtBot, around: Surroundings, midyear: Office
) -> None:
    lead = midyear.alliance.desks["lead"].workspace
    with room_of(qtbot, around, lead, "budgets", BudgetsPage) as room:
        page = room.page
        assert isinstance(page, BudgetsPage)
        keys(tab_to("More views"), "Risk")
        room.until(lambda: "share" in page.board.parts)
        view = page.board.parts["share"]
        assert isinstance(view, ShareView)
        room.until(lambda: "No share agreement yet" in texts(view))
        key(tab_to("Record the agreement"), Qt.Key.Key_Space)
        record(room, view)
        statements(room, view)


def record(room: Room[BudgetsPage], view: ShareView) -> None:
    """Type an agreement whose shares miss 100 % by a hundredth, mend it and record it."""
    room.until(lambda: view.dialog is not None and view.dialog.isVisible())
    dialog = view.dialog
    assert isinstance(dialog, AgreementDialog)
    typed(dialog, "Collar, % of the envelope", "0")
    typed(dialog, "Cap, % of the envelope", "10")
    typed(dialog, "Nottinghamshire Healthcare: share % or weight", "50")
    typed(dialog, "Leicestershire Partnership: share % or weight", "19.99")
    typed(dialog, "Lincolnshire Partnership: share % or weight", "30")
    typed(dialog, "Lincolnshire Partnership: largest loss", "1,000")
    key(tab_to("Record the agreement"), Qt.Key.Key_Space)
    room.until(dialog.banner.isVisible)
    assert any("total 9,999 basis points" in said for said in texts(dialog))
    typed(dialog, "Leicestershire Partnership: share % or weight", "-1")
    key(tab_to("Record the agreement"), Qt.Key.Key_Space)
    room.until(lambda: dialog.boxes["share1"].fault)
    assert dialog.boxes["share1"].fault.startswith("Leicestershire Partnership has a share below")
    typed(dialog, "Leicestershire Partnership: share % or weight", "20")
    key(tab_to("Record the agreement"), Qt.Key.Key_Space)
    room.until(lambda: view.found is not None and view.found.agreements)
    room.until(lambda: view.partners.model.rowCount() == 3)


def statements(room: Room[BudgetsPage], view: ShareView) -> None:
    """Make the statements and read one."""
    # Without a window manager nobody gives the window back what the dialog took.
    room.window.activateWindow()
    room.until(view.partners.view.hasFocus)
    key(tab_to("Make statements"), Qt.Key.Key_Space)
    room.until(lambda: view.statements.model.rowCount() == 3 and view.tab == STATEMENTS)
    room.until(view.statements.view.hasFocus)
    names = [row.name for row in view.statements.model.all_rows()]
    for _ in range(names.index("Lincolnshire Partnership")):
        key(focus(), Qt.Key.Key_Down)
    one = view.statement
    assert one is not None
    assert (one.partner.ods, one.share_p, one.beyond_cap_p) == ("RP7", *expected(view))
    assert any(said.startswith("2026/27, forecast at M6") for said in texts(view))


def expected(view: ShareView) -> tuple[int, int]:
    """Work the partner's part out from the result that the screen shows."""
    assert view.found is not None
    result = view.found.result_p
    part = -(-result * 3_000 // 10_000) if result < 0 else result * 3_000 // 10_000
    capped = max(part, -100_000)
    return capped, part - capped


def test_a_partner_reads_its_own_terms_and_statement_alone(
    qtbot: QtBot, opened: Open, midyear: Office
) -> None:
    terms = tuple(
        PartnerTerms(org(midyear, desk), share)
        for desk, share in (("lead", 5_000), ("a", 3_000), ("b", 2_000))
    )
    midyear.run(AddShareAgreement(YEAR, "2026/27", 1, "0", "10", terms))
    midyear.run(AddShareAgreement(YEAR, "From M7", 7, "0", "10", terms))
    lead = midyear.alliance.desks["lead"].workspace
    read = lead.query(share_position, lead.opener(), YEAR)
    made = midyear.run(IssueStatements(YEAR, tuple(line.terms for line in read.agreements)))
    mine = made.new_rows[org(midyear, "a").hex()]
    midyear.share()
    page = opened(midyear.alliance.desks["a"].workspace)
    page.go_to(Where("share", page.where.version))
    qtbot.waitUntil(lambda: "share" in page.board.parts, timeout=WAIT_MS)
    view = page.board.parts["share"]
    assert isinstance(view, ShareView)
    qtbot.waitUntil(lambda: view.partners.model.rowCount() == 3, timeout=WAIT_MS)
    shares = {row.name: row.cells[1].value for row in view.partners.model.all_rows()}
    assert shares == {
        "Nottinghamshire Healthcare": None,
        "Lincolnshire Partnership": "30.00",
        "Leicestershire Partnership": None,
    }
    assert any("Only the lead provider reads" in said for said in texts(view))
    assert "lead provider records" in action(page, "Make statements").why_off
    view.tabs.choose(VERSIONS)
    assert [row.cells[1].value for row in view.versions.model.all_rows()] == [
        "M1 to M6",
        "M7 to M12",
    ]
    page.arrive(("share_statement", mine))
    qtbot.waitUntil(lambda: view.tab == STATEMENTS, timeout=WAIT_MS)
    assert view.statement is not None
    assert view.statement.row == mine
    assert view.statement.statement in texts(view)


def test_weights_come_down_to_shares_and_a_share_has_two_decimals(
    qtbot: QtBot, opened: Open, midyear: Office
) -> None:
    page = opened(midyear.alliance.desks["lead"].workspace)
    page.go_to(Where("share", page.where.version))
    qtbot.waitUntil(lambda: "share" in page.board.parts, timeout=WAIT_MS)
    view = page.board.parts["share"]
    assert isinstance(view, ShareView)
    qtbot.waitUntil(lambda: "No share agreement yet" in texts(view), timeout=WAIT_MS)
    press(view, "Record the agreement…")
    form = view.dialog
    assert isinstance(form, AgreementDialog)
    fill(form, basis="performance", share0="2", share1="some", share2="1")
    press(form, form.verb.text())
    assert "is no weight" in form.boxes["share1"].fault
    fill(form, basis="stated", share0="33.333")
    press(form, form.verb.text())
    assert "more than two decimals" in form.boxes["share0"].fault
    fill(form, basis="performance", share0="2", share1="1")
    press(form, form.verb.text())
    qtbot.waitUntil(lambda: view.partners.model.rowCount() == 3, timeout=WAIT_MS)
    shares = [row.cells[1].value for row in view.partners.model.all_rows()]
    assert shares == ["50.00", "25.00", "25.00"]
    first = view.partners.model.row_at(0)
    view.partners.select(first.key, "part")
    assert followed(qtbot, page, view.partners) == (f"Part of {first.name}", first.cells[3].value)
