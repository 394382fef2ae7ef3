"""What the budgets room shows: months of the envelope, previews and what one may do."""

from __future__ import annotations

from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.figure import known_of
from collabdesk.services.budgets.room import Room, read_room
from collabdesk.services.budgets.virements.preview import VirementPreview, preview_virement
from tests.services.budgets.office import YEAR, Office


def room(office: Office, desk: str = "lead") -> Room:
    workspace = office.alliance.desks[desk].workspace
    return workspace.query(read_room, workspace.me, None)


def preview(office: Office, amount_p: int, **other: object) -> VirementPreview:
    workspace = office.alliance.desks["a"].workspace
    asked: dict[str, object] = {
        "fiscal_year": YEAR,
        "from_line": office.lines["ASL"],
        "from_provider": "RHA",
        "to_line": office.lines["PER"],
        "to_provider": "RHA",
        "amount_p": amount_p,
        "month": 3,
        "reason": "Two beds open late",
    }
    command = c.ProposeVirement(**(asked | other))  # type: ignore[arg-type]
    return workspace.query(preview_virement, command, workspace.me())


def test_a_room_without_a_version_offers_the_lead_to_start(office: Office) -> None:
    empty = room(office)
    assert empty.plan is None
    assert empty.rights.start is None
    assert room(office, "a").rights.start is not None


def test_the_envelope_comes_from_the_month_a_letter_takes_effect(drafting: Office) -> None:
    drafting.run(c.AddAllocationMove(drafting.version, "AL-001", 1_000, effective_month=10))
    plan = room(drafting).plan
    assert plan is not None
    months = [month.envelope.shown_p for month in plan.months]
    assert months[8:] == [8_333_333, 8_333_333 + 334, 8_333_333 + 333, 8_333_333 + 333]
    assert sum(months) == plan.summary.drafted.envelope.shown_p
    left = sum(month.left.shown_p for month in plan.months)
    assert left == plan.summary.drafted.unallocated.shown_p


def test_a_contested_draft_is_shown_first(drafting: Office) -> None:
    line = drafting.grid().rows[1].plan_line or b""
    drafting.agree()
    drafting.version = drafting.made(c.CreateBudgetVersion(YEAR, "Revision"))
    row = drafting.plan("ASL", "RHA", 24_000_000)
    drafting.share()
    assert line != row
    assert room(drafting).agreed
    for desk, amount_p in (("a", 1), ("b", 2)):
        drafting.run(c.SetPlannedAmounts((c.AmountEdit(row, 3, amount_p),)), desk)
    drafting.share()
    shown = room(drafting)
    assert shown.plan is not None
    assert (shown.plan.version.name, shown.plan.contested) == ("Revision", 1)
    assert shown.rights.agree is not None
    assert shown.plan.months[2].planned.contested


def test_a_preview_says_both_lines_and_whose_approval(unchanged_ledger: Office) -> None:
    found = preview(unchanged_ledger, 6_000_000)
    assert (found.source.before_p, found.source.after_p) == (24_000_000, 18_000_000)
    assert (found.target.before_p, found.target.after_p) == (12_000_000, 18_000_000)
    assert (found.needed, found.roles) == (2, ("finance_lead", "approver"))
    assert found.refusal is None
    assert (found.month_p, found.turns_month) == (2_000_000 - 6_000_000, True)
    assert not preview(unchanged_ledger, 2_000_000).turns_month
    assert preview(unchanged_ledger, 5, from_pot="unallocated").month_p is None


def test_a_preview_says_why_not(unchanged_ledger: Office) -> None:
    assert preview(unchanged_ledger, 90_000_000).refusal is not None
    nil = preview(unchanged_ledger, 0)
    assert nil.needed == 0
    assert nil.refusal is not None


def test_small_moves_count_together(agreed: Office) -> None:
    agreed.propose(4_000_000)
    found = preview(agreed, 3_000_000)
    assert (found.needed, found.together_p) == (2, 7_000_000)


def test_the_lead_may_approve_and_then_take_it_back(agreed: Office) -> None:
    row = agreed.propose(1_000)
    agreed.share()
    assert room(agreed).waiting == 1
    agreed.run(c.ApproveVirement(row))
    after = room(agreed).rights
    assert row in after.withdraw
    assert after.approve[row] is not None
    assert after.post == 1


def test_a_posted_figure_is_known_by_its_ledger_lines(agreed: Office) -> None:
    row = agreed.grid().rows[1]
    asked = (row.plan_line, YEAR, row.service_line, row.provider, 3)
    known = agreed.ask(known_of, *asked)
    assert [entry.line.amount_p for entry in known.entries] == [2_000_000]
    assert known.signed[0].kind == "insert"
