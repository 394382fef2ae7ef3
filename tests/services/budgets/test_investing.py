"""Savings invested: recurrent money from recurrent savings, agreed by others, posted once."""

from __future__ import annotations

import datetime as dt

import pytest

from collabdesk.domain.budgets.ledger import (
    Account,
    Heading,
    JournalKind,
    JournalLine,
    LineKey,
    Recurrence,
    post,
)
from collabdesk.errors import Refusal
from collabdesk.services.budgets.commands import (
    ApproveVirement,
    PostReadyVirements,
    ProposeVirement,
)
from collabdesk.services.budgets.position import position
from collabdesk.services.budgets.queries import findings, ledger_check, virement_list
from collabdesk.services.budgets.shares import share_commands as c
from collabdesk.services.budgets.shares.investment_plan import (
    InvestmentLine,
    InvestmentPlan,
    InvestmentState,
    investment_plan,
)
from collabdesk.services.needs import needs
from tests.services.budgets.office import YEAR, Office

OCTOBER = dt.date(2026, 10, 1)


def plan(office: Office, desk: str = "lead") -> InvestmentPlan:
    return office.ask(investment_plan, YEAR, desk=desk)


def line(office: Office, row: bytes, desk: str = "lead") -> InvestmentLine:
    return next(one for one in plan(office, desk).lines if one.row.row == row)


def save(office: Office, recurrent_p: int, once_p: int = 0) -> None:
    baseline = "Out-of-area nights of 2025/26, contract board of M3"
    office.run(c.AddSaving(YEAR, "Beds brought home", recurrent_p, once_p, baseline))


def propose(office: Office, recurrent_p: int, once_p: int = 0, **given: object) -> bytes:
    asked: dict[str, object] = {
        "fiscal_year": YEAR,
        "title": "Community team",
        "service_line": office.lines["PER"],
        "provider": "RHA",
        "recurrent_p": recurrent_p,
        "non_recurrent_p": once_p,
        "planned_start": OCTOBER,
    }
    return office.made(c.ProposeInvestment(**(asked | given)))  # type: ignore[arg-type]


def fill_pot(office: Office, amount_p: int) -> None:
    """Move a saving from a line into the investment money."""
    asl = office.lines["ASL"]
    reason = "Saving of M1 to M6"
    moved = ProposeVirement(YEAR, asl, "RHA", asl, "RHA", amount_p, 9, reason, to_pot="investment")
    row = office.made(moved)
    office.share()
    office.run(ApproveVirement(row), "a")
    office.share()
    office.run(PostReadyVirements())
    (one,) = office.ask(virement_list)
    assert one.journal is not None


def test_an_investment_is_agreed_by_another_and_takes_its_part_of_this_year(
    midyear: Office,
) -> None:
    save(midyear, 3_650_000, 100_000)
    fill_pot(midyear, 2_000_000)
    row = propose(midyear, 3_650_000, 100_000, planned_start=dt.date(2026, 9, 1), start=OCTOBER)
    found = line(midyear, row)
    assert (found.part_year_p, found.slippage_p, found.this_year_p) == (
        1_820_000,
        300_000,
        1_920_000,
    )
    with pytest.raises(Refusal, match="not approved: 1 more"):
        midyear.run(c.PostInvestment(row))
    with pytest.raises(Refusal, match="somebody else must approve"):
        midyear.run(c.ApproveInvestment(row))
    midyear.share()
    theirs = midyear.alliance.desks["a"].workspace
    assert ("investment", row) in [one.place for one in theirs.query(needs, theirs).mine]
    midyear.run(c.ApproveInvestment(row), "a")
    assert ("investment", row) not in [one.place for one in theirs.query(needs, theirs).mine]
    midyear.share()
    assert line(midyear, row).state is InvestmentState.APPROVED
    before = midyear.ask(position, YEAR)
    midyear.run(c.PostInvestment(row))
    after = midyear.ask(position, YEAR)
    assert line(midyear, row).state is InvestmentState.POSTED
    assert plan(midyear).pot_p == 80_000
    gained = sum(sum(one.budget_p) for one in after.lines.values()) - sum(
        sum(one.budget_p) for one in before.lines.values()
    )
    assert gained == 1_920_000
    assert midyear.ask(ledger_check).holds, "I2"
    with pytest.raises(Refusal, match="in the ledger as journal"):
        midyear.run(c.PostInvestment(row))
    midyear.share()
    assert line(midyear, row, "b").journal == line(midyear, row).journal
    assert unapproved(midyear) == []


def test_what_a_keeper_posts_without_approval_every_replica_finds(midyear: Office) -> None:
    """I6: the application refuses; whoever goes round it is seen."""
    save(midyear, 3_650_000)
    fill_pot(midyear, 2_000_000)
    row = propose(midyear, 3_650_000)
    key = LineKey(midyear.lines["PER"], "RHA")
    moved = [
        JournalLine(Account.LINE, 1_820_000, key, 7, Recurrence.RECURRENT),
        JournalLine(Account.INVESTMENT, -1_820_000),
    ]
    heading = Heading(YEAR, JournalKind.INVESTMENT, 7, "Investment: Community team")
    midyear.alliance.desks["lead"].change(post(heading, moved, ("investment", row)))
    midyear.share()
    assert unapproved(midyear) == [1_820_000]


def unapproved(office: Office) -> list[int]:
    """Return the amounts that another replica finds were posted without approval."""
    found = office.ask(findings, desk="b")
    return [one.amount_p for one in found if one.code == "posted_without_approval"]


def test_a_recurrent_commitment_needs_a_recurrent_saving(midyear: Office) -> None:
    """FIN-37: one that does not fit is passed over, and later ones are still tried."""
    save(midyear, 1_000_000, 5_000_000)
    large = propose(midyear, 1_000_001)
    small = propose(midyear, 1_000_000, 1)
    assert line(midyear, large).state is InvestmentState.TURNED_DOWN
    why = line(midyear, large).why
    assert why is not None
    assert why.code == "exceeds_recurrent_saving"
    assert line(midyear, small).state is InvestmentState.PROPOSED
    assert (plan(midyear).left.recurrent_p, plan(midyear).left.non_recurrent_p) == (0, 4_999_999)
    midyear.share()
    with pytest.raises(Refusal, match="of the recurrent saving would be"):
        midyear.run(c.ApproveInvestment(large), "a")


def test_an_edit_voids_the_approval_and_the_investment_money_cannot_be_overdrawn(
    midyear: Office,
) -> None:
    save(midyear, 1_000_000)
    row = propose(midyear, 1_000_000)
    midyear.share()
    midyear.run(c.ApproveInvestment(row), "a")
    midyear.share()
    with pytest.raises(Refusal, match="with a virement first") as why:
        midyear.run(c.PostInvestment(row))
    assert why.value.code == "investment_money_short"
    midyear.run(c.ChangeStart(row, dt.date(2026, 12, 1)))
    assert line(midyear, row).state is InvestmentState.PROPOSED
    assert line(midyear, row).slippage_p == plan(midyear).slippage_p > 0
    midyear.run(c.WithdrawInvestment(row))
    assert line(midyear, row).state is InvestmentState.WITHDRAWN
    assert plan(midyear).left.recurrent_p == 1_000_000


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"recurrent_p": -1}, "proposal_below_nought", "recurrent_p"),
        ({"recurrent_p": 0}, "amount_nil", "recurrent_p"),
        ({"recurrent_p": 1, "title": ""}, "title_missing", "title"),
        ({"recurrent_p": 1, "provider": "RT5"}, "unknown_line", "service_line"),
        (
            {"recurrent_p": 1, "planned_start": dt.date(2027, 4, 1)},
            "start_outside_year",
            "planned_start",
        ),
        ({"recurrent_p": 1, "start": dt.date(2026, 3, 31)}, "start_outside_year", "start"),
    ],
)
def test_what_is_no_investment(
    half_year: Office, given: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(Refusal) as why:
        propose(half_year, **given)  # type: ignore[arg-type]
    assert (why.value.code, why.value.field) == (code, field)


def test_a_saving_without_a_stated_baseline_is_no_saving(half_year: Office) -> None:
    with pytest.raises(Refusal, match="evidenced against a stated baseline"):
        half_year.run(c.AddSaving(YEAR, "Beds", 1, 0, " "))
    with pytest.raises(Refusal, match="saves nothing"):
        half_year.run(c.AddSaving(YEAR, "Beds", 0, 0, "Baseline 2025/26"))
