from __future__ import annotations

from typing import Any

import pytest

from collabdesk.domain.changes import SetCells
from collabdesk.errors import Refusal
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.queries import (
    State,
    drill,
    findings,
    journals,
    ledger_check,
    stamp,
)
from collabdesk.services.commands import Outcome
from collabdesk.services.contested import ResolveContested
from collabdesk.services.figures import history
from collabdesk.services.policy import SetPolicy
from tests.services.budgets.office import YEAR, Office

SMALL, LARGE = 4_000_000, 6_000_000


def _signed_alone(office: Office, desk: str, change: SetCells) -> None:
    """Sign a change that no command makes: what another program could send."""
    workspace = office.alliance.desks[desk].workspace

    def sign() -> None:
        with workspace.engine() as (engine, _, _):
            engine.commit(Outcome((change,), (), "").changes)

    workspace.threads.write(sign).result()


def test_the_whole_path_of_a_virement(agreed: Office) -> None:
    row = agreed.propose(SMALL)
    assert agreed.virement(row, "a").state is State.PROPOSED
    assert agreed.virement(row, "a").words == "Proposed: 0 of 1 approvals"
    agreed.share()
    agreed.run(c.ApproveVirement(row, "Agreed", agreed.virement(row, "b").stamp), "b")
    waiting = agreed.virement(row, "b")
    assert (waiting.state, waiting.counted, waiting.needed) == (State.READY, 1, 1)
    agreed.share()
    for desk in agreed.alliance.desks:
        posted = agreed.virement(row, desk)
        assert (posted.state, posted.journal) == (State.POSTED, 2)
        assert posted.words == "Posted, journal #2"
        assert agreed.ask(stamp, desk=desk).words == "Ledger #2"
        assert agreed.ask(findings, desk=desk) == ()
        assert agreed.ask(ledger_check, desk=desk).holds
        standing = agreed.summary(desk).posted
        assert standing is not None
        assert standing.identity_holds
        totals = {r.name: r.total.shown_p for r in agreed.grid(desk).rows if r.level == "line"}
        assert totals == {"Adult low secure": 24_000_000 - SMALL, "Perinatal": 12_000_000 + SMALL}
    assert [step.kind for step in agreed.ask(history, row)] == ["insert", "approve", "post"]
    assert agreed.ask(history, row)[-1].journal == 2


def test_posting_again_posts_nothing(agreed: Office) -> None:
    assert agreed.run(c.PostReadyVirements()).words == "0 virements posted"
    assert len(agreed.ask(journals, YEAR)) == 1


def test_a_figure_drills_to_the_journals_that_add_to_it(agreed: Office) -> None:
    row = agreed.propose(SMALL)
    agreed.share()
    agreed.run(c.ApproveVirement(row))
    assert agreed.run(c.PostReadyVirements()).words == "1 virement posted"
    line = agreed.lines["ASL"]
    month = agreed.ask(drill, YEAR, line, "RHA", 3)
    assert [(entry.journal.number, entry.line.amount_p) for entry in month] == [
        (1, 2_000_000),
        (2, -SMALL),
    ]
    assert month[1].journal.source == row
    assert month[1].name == "Adult low secure at RHA"
    assert month[1].author.organisation == agreed.alliance.desks["lead"].workspace.me().organisation
    grid = agreed.grid()
    for shown in grid.rows:
        provider, service_line = shown.provider, shown.service_line
        entries = agreed.ask(drill, YEAR, service_line, provider)
        assert sum(entry.line.amount_p for entry in entries) == shown.total.shown_p
    everything = agreed.ask(drill, YEAR)
    assert sum(entry.line.amount_p for entry in everything) == grid.total.total.shown_p


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"amount_p": 0}, "amount_not_positive"),
        ({"amount_p": -5}, "amount_not_positive"),
        ({"amount_p": 24_000_001}, "overdrawn"),
        ({"from_line": b"?" * 16}, "not_here"),
        ({"to_line": b"?" * 16}, "not_here"),
        ({"to_provider": "RT5"}, "unknown_line"),
        ({"from_provider": "RT5"}, "unknown_line"),
        ({"fiscal_year": "2027/28"}, "unknown_line"),
        ({"month": 13}, "month"),
        ({"reason": " "}, "reason_missing"),
        ({"recurrence": "once"}, "not_a_choice"),
    ],
)
def test_a_proposal_that_breaks_a_rule_is_refused(
    unchanged_ledger: Office, cells: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        unchanged_ledger.propose(**({"amount_p": 100} | cells))
    assert refused.value.code == code


def test_money_does_not_move_to_where_it_is(unchanged_ledger: Office) -> None:
    with pytest.raises(Refusal) as refused:
        unchanged_ledger.propose(100, to_line=unchanged_ledger.lines["ASL"])
    assert refused.value.code == "same_line"


def test_recurrent_money_does_not_come_from_a_non_recurrent_line(office: Office) -> None:
    office.begin()
    office.lines["ASL"] = office.made(
        c.AddServiceLine("SDF", "One-off", recurrence="non_recurrent")
    )
    office.plan("ASL", "RHA", 1_000)
    office.plan("PER", "RHA", 1_000)
    office.agree()
    with pytest.raises(Refusal) as refused:
        office.propose(100, "lead")
    assert refused.value.code == "recurrent_from_non_recurrent"
    office.propose(100, "lead", recurrence="non_recurrent")


def test_nobody_approves_their_own(agreed: Office) -> None:
    row = agreed.propose(SMALL)
    with pytest.raises(Refusal, match="somebody else") as refused:
        agreed.run(c.ApproveVirement(row), "a")
    assert refused.value.code == "proposer_cannot_approve"


def test_nobody_approves_twice_or_what_is_not_here(agreed: Office) -> None:
    row = agreed.propose(LARGE)
    agreed.share()
    agreed.run(c.ApproveVirement(row), "b")
    with pytest.raises(Refusal) as refused:
        agreed.run(c.ApproveVirement(row), "b")
    assert refused.value.code == "already_approved"
    with pytest.raises(Refusal, match="virement is not here"):
        agreed.run(c.ApproveVirement(b"?" * 16), "b")


def test_a_larger_amount_needs_two_people(agreed: Office) -> None:
    row = agreed.propose(LARGE)
    agreed.share()
    agreed.run(c.ApproveVirement(row), "b")
    agreed.share()
    assert agreed.virement(row).words == "1 of 2 approvals"
    assert agreed.run(c.PostReadyVirements()).words == "0 virements posted"
    agreed.run(c.ApproveVirement(row))
    assert agreed.run(c.PostReadyVirements()).words == "1 virement posted"


def test_small_parts_of_one_movement_need_the_approvals_of_the_whole(agreed: Office) -> None:
    rows = [agreed.propose(SMALL), agreed.propose(SMALL)]
    agreed.share()
    for row in rows:
        agreed.run(c.ApproveVirement(row), "b")
        seen = agreed.virement(row, "b")
        assert (seen.state, seen.needed) == (State.PART_APPROVED, 2)
        assert seen.possible_split


def test_the_tiers_are_the_lead_providers_policy(agreed: Office) -> None:
    row = agreed.propose(SMALL)
    agreed.run(SetPolicy("virement_tiers", "above: 2 of anybody"))
    agreed.share()
    assert (agreed.virement(row).needed, agreed.virement(row).roles) == (2, ())


def test_a_role_the_tier_does_not_name_approves_nothing(agreed: Office) -> None:
    row = agreed.propose(SMALL)
    agreed.run(SetPolicy("virement_tiers", "up to 10.00: 1 of approver; above: 1 of board"))
    agreed.share()
    with pytest.raises(Refusal, match="asks other roles to approve this amount: board"):
        agreed.run(c.ApproveVirement(row), "b")


def test_an_approval_is_withdrawn_and_given_again(agreed: Office) -> None:
    row = agreed.propose(SMALL)
    agreed.share()
    agreed.run(c.ApproveVirement(row), "b")
    agreed.run(c.WithdrawApproval(row, "Not yet"), "b")
    assert agreed.virement(row, "b").state is State.PROPOSED
    assert [step.kind for step in agreed.ask(history, row, desk="b")] == [
        "insert",
        "approve",
        "withdraw",
    ]
    assert agreed.ask(history, row, desk="b")[-1].text == "Not yet"
    agreed.alliance.desks["b"].workspace.undo().result()
    assert agreed.virement(row, "b").state is State.READY
    agreed.alliance.desks["b"].workspace.undo().result()


def test_only_ones_own_approval_is_withdrawn_and_only_before_posting(agreed: Office) -> None:
    row = agreed.propose(SMALL)
    agreed.share()
    with pytest.raises(Refusal) as refused:
        agreed.run(c.WithdrawApproval(row), "b")
    assert refused.value.code == "no_approval"
    agreed.run(c.ApproveVirement(row))
    agreed.run(c.PostReadyVirements())
    for command in (c.WithdrawApproval(row), c.ApproveVirement(row)):
        with pytest.raises(Refusal, match="journal #2"):
            agreed.run(command)


def test_an_edit_voids_the_approval_and_the_reading_of_it(agreed: Office) -> None:
    row = agreed.propose(SMALL)
    agreed.share()
    read = agreed.virement(row, "b").stamp
    agreed.run(c.ApproveVirement(row, seen=read), "b")
    _signed_alone(agreed, "a", SetCells("virement", row, {"amount_p": SMALL + 1}))
    agreed.share()
    changed = agreed.virement(row)
    assert changed.state is State.STALE
    assert "needs approval again" in changed.words
    assert agreed.run(c.PostReadyVirements()).words == "0 virements posted"
    with pytest.raises(Refusal, match="changed after you opened it"):
        agreed.run(c.ApproveVirement(row, seen=read))
    agreed.run(c.ApproveVirement(row, seen=changed.stamp))
    assert agreed.run(c.PostReadyVirements()).words == "1 virement posted"
    assert agreed.ask(findings) == ()


def test_the_second_of_two_that_draw_one_line_goes_back_with_what_is_left(
    agreed: Office,
) -> None:
    agreed.run(SetPolicy("virement_tiers", "above: 1 of anybody"))
    agreed.share()
    first = agreed.propose(14_000_000, "a")
    second = agreed.propose(14_000_000, "b", month=4)
    agreed.share()
    for row in (first, second):
        agreed.run(c.ApproveVirement(row))
    assert agreed.run(c.PostReadyVirements()).words == (
        "1 virement posted; 1 proposal to be approved again"
    )
    agreed.share()
    for desk in agreed.alliance.desks:
        states = {row: agreed.virement(row, desk) for row in (first, second)}
        assert sorted(line.state for line in states.values()) == [
            State.NEEDS_REAPPROVAL,
            State.POSTED,
        ]
        back = next(v for v in states.values() if v.state is State.NEEDS_REAPPROVAL)
        assert back.words == "Needs re-approval: £100,000.00 is available"
        assert back.available_p == 10_000_000
        assert agreed.ask(findings, desk=desk) == ()

    row = back.virement.row
    owner = "b" if row == second else "a"
    with pytest.raises(Refusal) as short:
        agreed.run(c.ApproveVirement(row))
    assert (short.value.code, "£100,000.00 is available" in short.value.words) == (
        "not_available",
        True,
    )
    with pytest.raises(Refusal) as other:
        agreed.run(c.ChangeVirement(row, 1, 3, "Less"))
    assert other.value.code == "not_yours"
    agreed.run(c.ChangeVirement(row, 10_000_000, 4, "As much as there is"), owner)
    agreed.share()
    assert agreed.run(c.PostReadyVirements()).words == "0 virements posted"
    agreed.run(c.ApproveVirement(row))
    assert agreed.run(c.PostReadyVirements()).words == "1 virement posted"
    assert agreed.ask(findings) == ()


def test_money_that_comes_later_does_not_carry_an_old_approval_out(agreed: Office) -> None:
    agreed.run(SetPolicy("virement_tiers", "above: 1 of anybody"))
    agreed.share()
    first, second = agreed.propose(14_000_000, "a"), agreed.propose(14_000_000, "b", month=4)
    agreed.share()
    for row in (first, second):
        agreed.run(c.ApproveVirement(row))
    agreed.run(c.PostReadyVirements())
    agreed.share()
    back = agreed.propose(14_000_000, "a", **_swapped(agreed))
    agreed.share()
    agreed.run(c.ApproveVirement(back))
    assert agreed.run(c.PostReadyVirements()).words == "1 virement posted"
    agreed.share()
    assert agreed.run(c.PostReadyVirements()).words == "0 virements posted"
    (waits,) = (row for row in (first, second) if agreed.virement(row).journal is None)
    for desk in agreed.alliance.desks:
        assert agreed.virement(waits, desk).state is State.NEEDS_REAPPROVAL
    agreed.run(c.ApproveVirement(waits))
    assert agreed.virement(waits).state is State.READY
    owner = "b" if waits == second else "a"
    agreed.run(c.WithdrawVirement(waits), owner)
    agreed.share()
    assert agreed.run(c.PostReadyVirements()).words == "0 virements posted"
    with pytest.raises(Refusal, match="cannot be undone"):
        agreed.alliance.desks[owner].workspace.undo().result()


def _swapped(office: Office) -> dict[str, bytes]:
    return {"from_line": office.lines["PER"], "to_line": office.lines["ASL"]}


@pytest.mark.parametrize("desk", ["a", "b"])
def test_partners_do_not_post(unchanged_ledger: Office, desk: str) -> None:
    with pytest.raises(Refusal) as refused:
        unchanged_ledger.run(c.PostReadyVirements(), desk)
    assert refused.value.code == "lead_only"


def test_a_proposal_is_taken_back_by_its_proposer(agreed: Office) -> None:
    row = agreed.propose(SMALL)
    agreed.alliance.desks["a"].workspace.undo().result()
    agreed.share()
    with pytest.raises(Refusal, match="virement is not here"):
        agreed.run(c.ApproveVirement(row))


def test_settling_is_for_contested_figures_only(agreed: Office) -> None:
    row = agreed.propose(SMALL)
    with pytest.raises(Refusal) as refused:
        agreed.run(ResolveContested("virement", row, "amount_p", 5, "Because"), "a")
    assert refused.value.code == "not_contested"


def test_what_proposer_or_approver_undo_later_does_not_taint_what_was_posted(
    agreed: Office,
) -> None:
    row = agreed.propose(SMALL)
    agreed.share()
    agreed.run(c.ApproveVirement(row))
    agreed.run(c.PostReadyVirements())
    with pytest.raises(Refusal, match="nothing of yours to undo"):
        agreed.alliance.desks["lead"].workspace.undo().result()
    agreed.alliance.desks["a"].workspace.undo().result()
    agreed.share()
    for desk in agreed.alliance.desks:
        assert agreed.ask(findings, desk=desk) == ()
        assert [journal.number for journal in agreed.ask(journals, YEAR, desk=desk)] == [1, 2]
