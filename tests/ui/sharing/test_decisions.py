"""Decisions about partners, laptops and the ledger, with real clicks: asked, signed, told."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QCheckBox

from collabdesk.services.control import audit, decisions, keeper, suspend, votes
from collabdesk.services.control.people import Use, seated
from collabdesk.services.workspace import Workspace
from collabdesk.ui.parts import children
from collabdesk.ui.sharing.deciding import DecisionForm
from collabdesk.ui.sharing.decisions_view import NOTHING, OUT_OF_REACH
from collabdesk.ui.sharing.history_view import OWN_CLOCK
from tests.services.control.desks import enrolled, key_of, org_of, sign_all
from tests.support.alliance import TRUSTS, Alliance
from tests.ui.hands import press, texts
from tests.ui.sharing.conftest import SitDown
from tests.ui.sharing.hall import Hall


def confirm(hall: Hall, role: str | None = None) -> None:
    """Press the verb of the question that is open, and sign in if that is asked."""
    form = hall.dialog(DecisionForm)
    press(form, form.verb.text())
    if role is not None:
        hall.sign_in(role)
    hall.until(lambda: hall.page.decider.dialog is None)


def own(hall: Hall) -> Workspace:
    """Return the workspace in the window."""
    return hall.page.decider.desk.workspace


def test_a_decision_that_waits_is_signed_with_what_it_changes_in_words(
    sit: SitDown, alliance: Alliance
) -> None:
    lead = alliance.desks["lead"]
    votes.review(lead.workspace)
    alliance.share_all()
    hall = sit("a")
    assert hall.page.tabs.buttons["decisions"].accessibleName() == "Decisions, 1 waiting"
    press(hall.page, "Decisions, 1 waiting")
    hall.shows(hall.page.decisions, "fixed: nobody can take that away afterwards.")
    hall.shows(hall.page.decisions, "Signed by Finance lead, Nottinghamshire")
    press(hall.page.decisions, "Sign")
    hall.sign_in("QI lead")
    hall.says("Signed.")
    hall.until(lambda: hall.page.tabs.buttons["decisions"].text() == "Decisions")
    hall.shows(hall.page.decisions, NOTHING)


def test_signing_in_is_asked_once_in_five_minutes_and_cancel_signs_nothing(
    sit: SitDown, alliance: Alliance
) -> None:
    enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    votes.review(alliance.desks["lead"].workspace)
    alliance.share_all()
    hall = sit("a")
    hall.page.tabs.go("decisions")
    press(hall.page.decisions, "Sign")
    press(hall.asked(), "Cancel")
    hall.says("Nothing was done, because nobody signed in.")
    assert any(one.can_sign for one in decisions.drafted(own(hall)))
    press(hall.page.decisions, "Sign")
    dialog = hall.asked()
    dialog.answer.setText("Panel member")
    press(dialog, "Sign in")
    hall.until(lambda: "not the role" in dialog.box.fault)
    dialog.answer.clear()
    hall.sign_in("qi lead")
    hall.says("Signed.")
    hall.page.tabs.go("alliance")
    choose(hall, "Ward laptop")
    press(hall.page, "Retire…")
    confirm(hall)
    hall.says("Ward laptop is retired")
    assert not hall.asks


def choose(hall: Hall, label: str) -> None:
    """Choose a laptop in the table."""
    seat = next(seat for seat in seated(own(hall)) if seat.label == label)
    box = next(
        box
        for box in hall.page.alliance.picture.boxes
        if box.partner.organisation == seat.organisation
    )
    box.click()
    assert hall.page.alliance.laptops.grid.select(seat.key, "laptop")


def test_a_laptop_is_suspended_with_a_reason_and_lifted_again(
    sit: SitDown, alliance: Alliance
) -> None:
    enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    hall = sit("a")
    choose(hall, "Ward laptop")
    press(hall.page, "Suspend…")
    form = hall.dialog(DecisionForm)
    press(form, "Suspend")
    hall.sign_in("QI lead")
    hall.until(lambda: form.boxes["reason"].fault)
    form.boxes["reason"].text = "Left on a train"
    confirm(hall)
    hall.says("is suspended")
    hall.page.tabs.go("decisions")
    hall.shows(hall.page.decisions, "“Left on a train”")
    press(hall.page.decisions, "Lift…")
    confirm(hall)
    hall.says("is no longer suspended")
    hall.until(lambda: "“Left on a train”" not in texts(hall.page.decisions))
    assert suspend.suspended(own(hall)) == ()


def test_roles_are_changed_by_ticks(sit: SitDown, alliance: Alliance) -> None:
    enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    hall = sit("a")
    choose(hall, "Ward laptop")
    press(hall.page, "Change roles…")
    form = hall.dialog(DecisionForm)
    for tick in children(form, QCheckBox):
        if tick.text() != "QI lead":
            tick.setChecked(False)
    confirm(hall, "QI lead")
    hall.says("Ward laptop is QI lead from now on")
    seat = next(one for one in seated(own(hall)) if one.label == "Ward laptop")
    assert (seat.roles_said, seat.use) == ("QI lead", Use.ACTIVE)


def test_another_trusts_laptops_are_its_own_to_change(sit: SitDown) -> None:
    hall = sit("a")
    choose(hall, "Finance lead laptop 1")
    doing = hall.page.alliance.laptops.buttons
    assert not doing["retire"].isEnabled()
    assert "An administrator of Nottinghamshire" in doing["retire"].toolTip()
    assert doing["suspend"].isEnabled()


def test_what_is_agreed_is_fixed_by_whoever_may_propose(sit: SitDown) -> None:
    hall = sit("lead")
    hall.page.tabs.go("decisions")
    press(hall.page.decisions, "Fix what is agreed…")
    confirm(hall, "Finance lead")
    hall.says("Signed.")
    hall.shows(hall.page.decisions, "You have signed it.")


def test_a_second_laptop_is_proposed_to_sign(sit: SitDown, alliance: Alliance) -> None:
    second = enrolled(alliance, "l2", "lead", "Accountant", "Finance laptop 2")
    hall = sit("lead")
    hall.page.tabs.go("decisions")
    press(hall.page.decisions, "Who signs for us…")
    form = hall.dialog(DecisionForm)
    ticks = {one.text(): one for one in children(form, QCheckBox)}
    assert ticks["Finance lead laptop 1 of Finance lead"].isChecked()
    ticks["Finance laptop 2 of Accountant"].setChecked(True)
    confirm(hall, "Finance lead")
    hall.says("It waits for")
    hall.shows(hall.page.decisions, "Accountant, Nottinghamshire Healthcare")
    (waiting,) = decisions.drafted(own(hall))
    assert any("signs for Nottinghamshire" in said for said in waiting.changes)
    assert key_of(second) not in own(hall).book.admins


def test_another_trusts_turn_is_passed_over_with_its_price_said(sit: SitDown) -> None:
    hall = sit("a")
    hall.page.tabs.go("decisions")
    press(hall.page.decisions, "Pass over their turn…")
    form = hall.dialog(DecisionForm)
    assert any("only if they cannot be reached" in said for said in texts(form))
    confirm(hall, "QI lead")
    hall.says("does not vote in round 1, and will not")


def test_the_ledger_is_handed_over(sit: SitDown, alliance: Alliance) -> None:
    second = enrolled(alliance, "l2", "lead", "Accountant", "Finance laptop 2")
    hall = sit("lead")
    hall.page.tabs.go("decisions")
    press(hall.page.decisions, "Hand it over…")
    confirm(hall, "Finance lead")
    hall.says("This laptop no longer posts journals")
    hall.until(lambda: named(hall, "Appoint the next…"))
    press(hall.page.decisions, "Appoint the next…")
    confirm(hall)
    hall.says("Finance laptop 2 keeps the ledger from now on")
    assert keeper.keeping(own(hall)).key == key_of(second)


def named(hall: Hall, words: str) -> bool:
    """Tell whether a button stands among the decisions."""
    buttons = children(hall.page.decisions, QAbstractButton)
    return any(one.text() == words and one.isVisible() for one in buttons)


def test_this_laptops_own_clock_set_wrong_is_told_among_the_decisions(
    sit: SitDown, alliance: Alliance
) -> None:
    a = alliance.desks["a"]
    audit.note_first_seen(a.workspace)
    a.clock.ms -= 3_650 * 24 * 3_600_000
    votes.review(alliance.desks["lead"].workspace)
    alliance.share_all(2)
    audit.note_first_seen(a.workspace)
    hall = sit("a")
    press(hall.page, "Decisions made")
    grid = hall.page.history.grid
    hall.until(lambda: grid.model.rowCount() > 0)
    rows = [grid.model.row_at(place) for place in range(grid.model.rowCount())]
    late = next(row for row in rows if "by a clock set wrong" in str(row.cells[2].value))
    assert late.cells[0].value == "Membership 2"
    grid.select(late.key, "seen")
    hall.shows(hall.page.history, OWN_CLOCK)


def test_every_decision_is_listed_with_who_signed_it(sit: SitDown) -> None:
    hall = sit("a")
    press(hall.page, "Decisions made")
    grid = hall.page.history.grid
    hall.until(lambda: grid.model.rowCount() > 0)
    titles = [grid.model.row_at(place).name for place in range(grid.model.rowCount())]
    assert "Workspace founded" in titles
    assert grid.select(grid.model.row_at(titles.index("Membership 1")).key, "what")
    hall.shows(hall.page.history, "Lincolnshire Partnership NHS Foundation Trust (RP7) joins.")


def test_who_waits_is_said_at_home_and_leads_to_the_decisions(
    sit: SitDown, alliance: Alliance
) -> None:
    votes.review(alliance.desks["lead"].workspace)
    alliance.share_all()
    hall = sit("b")
    hall.shell.window.go("home")
    home = hall.shell.window.page
    assert home is not None
    hall.shows(home, "1 decision to sign")
    press(home, "Review: 1 decision to sign")
    assert hall.page.tabs.current == "decisions"


def test_a_proposal_that_too_few_are_left_to_agree_to_offers_to_pass_over_its_round(
    sit: SitDown, alliance: Alliance
) -> None:
    lead = alliance.desks["lead"]
    votes.change_agreement(lead.workspace, 3)
    alliance.share_all()
    second, last = sorted("ab", key=lambda name: org_of(alliance.desks[name]))
    votes.void(alliance.desks[last].workspace)
    sign_all(alliance.desks[second])
    alliance.share_all(2)
    hall = sit(second)
    hall.page.tabs.go("decisions")
    hall.shows(hall.page.decisions, OUT_OF_REACH)
    press(hall.page.decisions, "Pass over this round")
    confirm(hall, TRUSTS[second][2])
    hall.says("does not vote in round 1")
    assert own(hall).book.attempt == 1
