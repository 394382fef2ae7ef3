"""Savings recorded; investments proposed, approved by others and posted by the keeper."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.investing import journal_lines
from collabdesk.domain.budgets.investment import Wish
from collabdesk.domain.budgets.ledger import Heading, JournalKind, LineKey, post
from collabdesk.domain.budgets.settled import check_settled
from collabdesk.domain.changes import OWN, Approve, Cell, Delete, Insert, NewRow, SetCells, Withdraw
from collabdesk.domain.money import format_pence
from collabdesk.domain.organisations import ods_code
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.month_states import open_month, states
from collabdesk.services.budgets.entered import agreed_lines, line_name, service_line_named
from collabdesk.services.budgets.policy import policy
from collabdesk.services.budgets.rights import check_keeper, check_lead
from collabdesk.services.budgets.shares.investment_plan import (
    InvestmentLine,
    InvestmentState,
    investment_plan,
    wanted_of,
)
from collabdesk.services.budgets.shares.share_commands import (
    AddSaving,
    ApproveInvestment,
    ChangeStart,
    PostInvestment,
    ProposeInvestment,
    WithdrawInvestment,
)
from collabdesk.services.budgets.virements.proposals import person_key
from collabdesk.services.budgets.virements.readiness import unknown_line
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import filled, plain
from collabdesk.storage.queries import shares as stored
from collabdesk.sync.registry.budgets.share import INVESTMENT
from collabdesk.sync.registry.model import Merge

MONEY: Final = tuple(c.name for c in INVESTMENT.columns if c.merge is Merge.MONEY)
"""What an approval of an investment names: every figure that moves money."""


def add_saving(command: AddSaving, reads: Connection, me: Actor) -> Outcome:
    """Record a net saving with what shows it; without evidence there is none."""
    check_lead(me, "records confirmed savings")
    year = FiscalYear.parse(command.fiscal_year).label
    title = filled(command.title, "title", "The saving has no name.", "Name what saves the money.")
    evidence = filled(
        command.evidence,
        "evidence",
        "A saving is evidenced against a stated baseline, and none is stated.",
        "Say which baseline, which period and where it can be looked up.",
    )
    Wish("", command.recurrent_p, command.non_recurrent_p)
    if not command.recurrent_p and not command.non_recurrent_p:
        raise Refusal(
            code="amount_nil",
            words="A saving of £0.00 saves nothing.",
            remedy="Enter what it saves in a full year, or what it saved once.",
            field="recurrent_p",
        )
    known = stored.savings(reads, year)
    cells: dict[str, Cell] = {
        "fiscal_year": year,
        "title": title,
        "recurrent_p": command.recurrent_p,
        "non_recurrent_p": command.non_recurrent_p,
        "evidence": evidence,
        "position": 1 + max((one.position or 0 for one in known), default=0),
    }
    row = NewRow("saving")
    insert = Insert("saving", OWN, cells, row.key)
    return Outcome((insert,), (Delete("saving", row),), f"Saving “{title}”", ("saving", row))


def propose(command: ProposeInvestment, reads: Connection, me: Actor) -> Outcome:
    """Propose to invest saved money; whether it fits the savings is shown with it."""
    check_lead(me, "proposes investments")
    year = FiscalYear.parse(command.fiscal_year)
    title = filled(command.title, "title", "The investment has no name.", "Name what it pays for.")
    line = service_line_named(reads, command.service_line, "service_line")
    key = LineKey(line.row, ods_code(command.provider, "provider"))
    if key not in agreed_lines(reads, year.label):
        raise unknown_line(year.label, "service_line")
    wish = Wish("", command.recurrent_p, command.non_recurrent_p)
    if not wish.recurrent_p and not wish.non_recurrent_p:
        raise Refusal(
            code="amount_nil",
            words="An investment of £0.00 pays for nothing.",
            remedy="Enter what it costs in a full year, or what it costs once.",
            field="recurrent_p",
        )
    _check_start(command, year)
    known = stored.investments(reads, year.label)
    cells: dict[str, Cell] = {
        "fiscal_year": year.label,
        "title": title,
        "service_line": line.row,
        "provider": key.provider,
        "recurrent_p": wish.recurrent_p,
        "non_recurrent_p": wish.non_recurrent_p,
        "planned_start": command.planned_start,
        "start": command.start,
        "measures": plain(command.measures, "measures") or None,
        "position": 1 + max((one.position or 0 for one in known), default=0),
        "state": "proposed",
    }
    given = {name: value for name, value in cells.items() if value is not None}
    row = NewRow("investment")
    words = f"Investment “{title}” in {line_name(line, key.provider)} proposed"
    insert = Insert("investment", OWN, given, row.key)
    return Outcome((insert,), (Delete("investment", row),), words, ("investment", row))


def _check_start(command: ProposeInvestment, year: FiscalYear) -> None:
    for field, day in (("planned_start", command.planned_start), ("start", command.start)):
        if day is not None and not year.start <= day <= year.end:
            raise Refusal(
                code="start_outside_year",
                words=f"It does not start in {year.label}.",
                remedy=f"Choose a day from {year.start:%d/%m/%Y} to {year.end:%d/%m/%Y}.",
                field=field,
            )


def change_start(command: ChangeStart, reads: Connection, me: Actor) -> Outcome:
    """Say when an investment starts in fact; approvals of another start are void."""
    check_lead(me, "says when investments start")
    line = _named(reads, command.investment)
    _check_not_posted(line)
    if not line.year.start <= command.start <= line.year.end:
        raise Refusal(
            code="start_outside_year",
            words=f"It does not start in {line.year.label}.",
            remedy=f"Choose a day from {line.year.start:%d/%m/%Y} to {line.year.end:%d/%m/%Y}.",
            field="start",
        )
    change = SetCells("investment", line.row.row, {"start": command.start})
    back = SetCells("investment", line.row.row, {"start": line.row.start})
    words = f"Start of “{line.row.title}” set to {command.start:%d/%m/%Y}"
    return Outcome((change,), (back,), words, ("investment", line.row.row))


def approve(command: ApproveInvestment, reads: Connection, me: Actor) -> Outcome:
    """Sign agreement to every figure of an investment that fits the savings."""
    line = _named(reads, command.investment)
    _check_not_posted(line)
    check_settled("The investment", line.row.contested)
    if line.why is not None:
        raise line.why
    _check_may_approve(reads, line, me)
    text = plain(command.text, "text") or None
    change = Approve("investment", line.row.row, _standing(line.row), text)
    back = Withdraw("investment", line.row.row)
    words = f"Approval of investment “{line.row.title}”"
    return Outcome((change,), (back,), words, ("investment", line.row.row))


def _standing(row: stored.StoredInvestment) -> tuple[str, ...]:
    """Return the money columns that hold something; an approval names each of them."""
    return tuple(name for name in MONEY if getattr(row, name) is not None)


def _check_may_approve(reads: Connection, line: InvestmentLine, me: Actor) -> None:
    mine = person_key(me.organisation, me.person)
    if mine in line.writers:
        raise Refusal(
            code="proposer_cannot_approve",
            words="You proposed this investment, so somebody else must approve it.",
            remedy="Ask another person with the role of approver.",
            field="investment",
        )
    if line.count is not None and mine in line.count.counted:
        raise Refusal(
            code="already_approved",
            words="You have approved this investment already.",
            remedy="It waits for somebody else, or for the ledger keeper.",
            field="investment",
        )
    held = policy(reads).roles.get((me.organisation, me.person), frozenset())
    wanted = line.tier.roles if line.tier else ()
    if wanted and not held.intersection(wanted):
        raise Refusal(
            code="role_may_not_approve",
            words="The scheme of delegation asks other roles to approve this amount.",
            remedy="Ask somebody who holds one of them; Budgets shows which.",
            field="investment",
        )


def withdraw(command: WithdrawInvestment, reads: Connection, me: Actor) -> Outcome:
    """Take a proposal back that is not posted."""
    check_lead(me, "takes investments back")
    line = _named(reads, command.investment)
    _check_not_posted(line)
    change = SetCells("investment", line.row.row, {"state": "withdrawn"})
    back = SetCells("investment", line.row.row, {"state": line.row.state or "proposed"})
    words = f"Investment “{line.row.title}” taken back"
    return Outcome((change,), (back,), words, ("investment", line.row.row))


def post_investment(command: PostInvestment, reads: Connection, me: Actor) -> Outcome:
    """Post an approved investment from the investment money to its line."""
    check_keeper(me, "posts investments")
    line = _named(reads, command.investment)
    _check_not_posted(line)
    if line.why is not None:
        raise line.why
    if line.state is not InvestmentState.APPROVED:
        missing = line.count.missing if line.count else 0
        raise Refusal(
            code="not_approved",
            words=f"The investment is not approved: {missing} more people must agree.",
            remedy="Let the people whom the scheme of delegation names approve it.",
            field="investment",
        )
    year, wanted = line.year, wanted_of(line.row)
    plan = investment_plan(reads, year.label)
    lines = journal_lines(wanted, year, plan.pot_p, states(reads, year.label))
    first = next(month.number for month in year.months if wanted.start <= month.last)
    heading = Heading(
        year.label,
        JournalKind.INVESTMENT,
        open_month(reads, year.label, first),
        f"Investment: {line.row.title}",
        effective_month=first,
    )
    journal = post(heading, lines, ("investment", line.row.row))
    words = f"Investment “{line.row.title}” of {format_pence(line.this_year_p)} posted"
    return Outcome((journal,), (), words, ("investment", line.row.row))


def _named(reads: Connection, row: bytes) -> InvestmentLine:
    known = stored.investment(reads, row)
    found = investment_plan(reads, known.fiscal_year).lines if known else ()
    line = next((one for one in found if one.row.row == row), None)
    if line is None:
        raise Refusal(
            code="unknown_investment",
            words="This investment is not there any more.",
            remedy="Choose one of the list.",
            field="investment",
        )
    return line


def _check_not_posted(line: InvestmentLine) -> None:
    if line.state in {InvestmentState.POSTED, InvestmentState.WITHDRAWN}:
        said = f"in the ledger as journal #{line.journal}" if line.journal else "taken back"
        raise Refusal(
            code="already_posted" if line.journal else "withdrawn",
            words=f"The investment is {said}.",
            remedy="Propose another one.",
            field="investment",
        )
