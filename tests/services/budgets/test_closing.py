"""A month is closed softly, locked by two people, and then stays as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

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
from collabdesk.domain.changes import SetCells
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.closing.close_board import CloseBoard, close_board, month_to_close
from collabdesk.services.budgets.closing.close_commands import (
    ApproveLock,
    CloseMonth,
    LockMonth,
    ReopenMonth,
    TickStep,
)
from collabdesk.services.budgets.closing.month_states import (
    locked_to,
    open_month,
    states,
    stored_states,
)
from collabdesk.services.budgets.queries import State, findings, journals
from collabdesk.services.needs import needs
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance

WORDS = "LOCK M1 2026/27"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An agreed budget whose first months the tests close one after the other."""
    office = Office(found_alliance(tmp_path_factory.mktemp("closing")))
    office.begin()
    office.plan("ASL", "RHA", 24_000_000)
    office.plan("PER", "RHA", 12_000_000)
    office.agree()
    office.share()
    yield office
    office.alliance.close()


def board(office: Office, month: int, desk: str = "lead") -> CloseBoard:
    who = office.alliance.desks[desk].workspace.me
    return office.ask(close_board, who, YEAR, month, dt.date(2026, 5, 20), desk=desk)


def tick_all(office: Office, month: int) -> None:
    for step in STEPS:
        if step.before_lock:
            office.run(TickStep(YEAR, month, step.key, evidence="Seen"))


def refused(office: Office, command: object, desk: str = "lead") -> str:
    with pytest.raises(Refusal) as why:
        office.run(command, desk)
    return why.value.code


def test_a_month_is_closed_and_locked_by_two_people(ledger: Office) -> None:
    late = ledger.propose(1_000_000, month=1)
    assert refused(ledger, CloseMonth(YEAR, 1), "a") == "lead_only"
    assert refused(ledger, LockMonth(YEAR, 1, WORDS)) == "month_step"
    ledger.run(CloseMonth(YEAR, 1))
    ledger.share()
    with pytest.raises(Refusal) as why:
        ledger.propose(100, month=1)
    assert why.value.code == "month_not_open"
    assert refused(ledger, ApproveLock(YEAR, 1, "LOCK M2 2026/27"), "a") == "not_confirmed"
    ledger.run(ApproveLock(YEAR, 1, WORDS), "a")
    assert refused(ledger, ApproveLock(YEAR, 1, WORDS), "a") == "already_approved"
    ledger.share()
    assert refused(ledger, LockMonth(YEAR, 1, WORDS)) == "lock_not_approved"
    ledger.run(ApproveLock(YEAR, 1, WORDS))
    assert refused(ledger, LockMonth(YEAR, 1, WORDS)) == "steps_open"
    tick_all(ledger, 1)
    assert refused(ledger, LockMonth(YEAR, 1, "yes")) == "not_confirmed"
    ledger.run(LockMonth(YEAR, 1, WORDS))
    assert refused(ledger, ReopenMonth(YEAR, 1)) == "month_step"
    assert refused(ledger, TickStep(YEAR, 1, "accruals", done=False)) == "month_locked"
    with pytest.raises(Refusal, match="cannot be undone"):
        ledger.alliance.desks["lead"].workspace.undo().result()
    ledger.run(TickStep(YEAR, 1, "paper"))
    ledger.share()
    first = FiscalYear.parse(YEAR).month(1)
    for desk in ledger.alliance.desks:
        assert ledger.ask(states, YEAR, desk=desk) == {first: MonthState.LOCKED}
        assert ledger.ask(locked_to, YEAR, desk=desk) == 1
        assert ledger.ask(month_to_close, YEAR, desk=desk) == 2
        assert ledger.ask(findings, desk=desk) == ()
    ledger.run(c.ApproveVirement(late), "b")
    ledger.share()
    posted = ledger.ask(journals, YEAR)[-1]
    assert (posted.posting_month, posted.effective_month) == (2, 1)
    assert {line.month for line in posted.lines} == {2}
    assert ledger.virement(late).state is State.POSTED
    assert ledger.ask(findings) == ()


def test_the_board_says_when_each_step_is_due_and_who_did_it(ledger: Office) -> None:
    ledger.run(TickStep(YEAR, 3, "cut_off", evidence="Trial balance of 1 July"))
    shown = {line.step.key: line for line in board(ledger, 3).steps}
    done = shown["cut_off"]
    assert (done.due, done.done, done.evidence) == (
        dt.date(2026, 7, 1),
        True,
        "Trial balance of 1 July",
    )
    assert done.by is not None
    assert done.by.person == ledger.alliance.desks["lead"].workspace.me().person
    assert done.done_at is not None
    assert done.done_at.tzname() in {"BST", "GMT"}
    assert not shown["lock"].done
    assert shown["lock"].owner == "Ledger keeper"
    ledger.run(TickStep(YEAR, 3, "cut_off", done=False))
    assert not board(ledger, 3).steps[0].done
    ledger.alliance.desks["lead"].workspace.undo().result()
    assert board(ledger, 3).steps[0].done
    assert refused(ledger, TickStep(YEAR, 3, "tea")) == "unknown_step"


def test_what_is_late_or_missing_is_said_though_it_blocks_nothing(half_year: Office) -> None:
    who = half_year.alliance.desks["lead"].workspace.me
    found = half_year.ask(close_board, who, YEAR, 5, dt.date(2026, 12, 1))
    assert found.blockers == ()
    late = sum(not line.done for line in found.steps)
    assert found.outstanding == (f"{late} steps late", "no return yet from RP7")


def lock_the_first(office: Office) -> None:
    """Lock April, unless another test of this file did."""
    if office.ask(locked_to, YEAR):
        return
    office.run(CloseMonth(YEAR, 1))
    office.share()
    office.run(ApproveLock(YEAR, 1, WORDS), "a")
    office.share()
    office.run(ApproveLock(YEAR, 1, WORDS))
    tick_all(office, 1)
    office.run(LockMonth(YEAR, 1, WORDS))
    office.share()


def test_a_month_opened_again_needs_new_agreement(ledger: Office) -> None:
    lock_the_first(ledger)
    ledger.run(CloseMonth(YEAR, 2))
    ledger.run(ApproveLock(YEAR, 2, "LOCK M2 2026/27"))
    ledger.run(ReopenMonth(YEAR, 2))
    assert ledger.ask(open_month, YEAR, 1) == 2
    assert board(ledger, 2).rights.reopen is not None
    ledger.run(CloseMonth(YEAR, 2))
    assert ledger.ask(open_month, YEAR, 1) == 3
    assert board(ledger, 2).agreed == ()
    assert board(ledger, 2).rights.approve is None
    ledger.run(ReopenMonth(YEAR, 2))


def test_months_are_closed_and_locked_in_order(ledger: Office) -> None:
    lock_the_first(ledger)
    with pytest.raises(Refusal, match="while M2 May 2026 is open") as why:
        ledger.run(CloseMonth(YEAR, 3))
    assert why.value.code == "earlier_month_open"
    ledger.run(CloseMonth(YEAR, 2))
    ledger.run(CloseMonth(YEAR, 3))
    assert refused(ledger, ApproveLock(YEAR, 3, "LOCK M3 2026/27")) == "earlier_month_not_locked"
    ledger.run(ReopenMonth(YEAR, 3))
    ledger.run(ReopenMonth(YEAR, 2))


def test_an_approved_virement_of_the_month_blocks_its_close(ledger: Office) -> None:
    lock_the_first(ledger)
    row = ledger.propose(2_000, "lead", month=2)
    ledger.share()
    ledger.run(c.ApproveVirement(row), "a")
    ledger.alliance.desks["a"].share()
    ledger.alliance.desks["lead"].share()
    if ledger.virement(row).state is not State.POSTED:
        (found,) = board(ledger, 2).blockers
        assert (found.code, found.view) == ("virements_ready", "virements")
        assert refused(ledger, CloseMonth(YEAR, 2)) == "close_blocked"
        ledger.run(c.PostReadyVirements())
    assert board(ledger, 2).blockers == ()


def test_a_lock_nobody_agreed_to_and_what_is_posted_behind_it_are_found(ledger: Office) -> None:
    lead = ledger.alliance.desks["lead"]
    lock_the_first(ledger)
    ledger.run(CloseMonth(YEAR, 2))
    kept = next(state for state in ledger.ask(stored_states, YEAR) if state.month == 2)
    lead.change(SetCells("month_state", kept.row, {"state": "locked"}))
    key = LineKey(ledger.lines["ASL"], "RHA")
    pair = [JournalLine(Account.LINE, pence, key, 2) for pence in (5, -5)]
    lead.change(post(Heading(YEAR, JournalKind.REPHASING, 2, "Behind the lock"), pair))
    ledger.share()
    for desk in ledger.alliance.desks:
        codes = [found.code for found in ledger.ask(findings, desk=desk)]
        assert codes == ["locked_without_approvals", "posted_in_locked_month"]


def test_home_asks_an_approver_to_agree_to_a_lock(agreed: Office) -> None:
    agreed.run(CloseMonth(YEAR, 1))
    agreed.run(c.AddAllocationMove(agreed.version, "IAT-1", 500))
    agreed.share()
    lead, other = (agreed.alliance.desks[name].workspace for name in ("lead", "a"))
    mine = {need.kind: need for need in agreed.ask(needs, lead).mine}
    assert mine["lock"].title == "Agree to lock M1 Apr 2026"
    assert mine["post"].said == "IAT-1: £5.00."
    assert {need.kind for need in agreed.ask(needs, other, desk="a").mine} == {"lock"}
    agreed.run(ApproveLock(YEAR, 1, WORDS), "a")
    assert agreed.ask(needs, other, desk="a").mine == ()
