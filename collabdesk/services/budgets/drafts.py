"""Starting a budget: the version, its service lines and the money that comes in."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.budgets.envelope import contingency
from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.commands import (
    AddAllocationMove,
    AddServiceLine,
    CreateBudgetVersion,
)
from collabdesk.services.budgets.entered import service_line_named, version_named
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import filled
from collabdesk.storage.queries import budgets as stored
from collabdesk.sync.registry.budgets.planning import RECURRENCE, SERVICE_KIND
from collabdesk.sync.registry.model import Members


def create_version(command: CreateBudgetVersion, reads: Connection, me: Actor) -> Outcome:
    """Start a draft budget version."""
    check_lead(me, "starts budget versions")
    year = FiscalYear.parse(command.fiscal_year).label
    name = filled(
        command.name, "name", "The budget version has no name.", "Name it, for example Opening."
    )
    contingency(0, command.contingency_pct)
    named = (v for v in stored.budget_versions(reads) if v.fiscal_year == year)
    if any(version.name.casefold() == name.casefold() for version in named):
        raise Refusal(
            code="version_exists",
            words=f"There is a budget version “{name}” for {year} already.",
            remedy="Open that one, or choose another name.",
            field="name",
        )
    cells = {
        "fiscal_year": year,
        "name": name,
        "state": "draft",
        "contingency_pct": decimal_text(parse_decimal(command.contingency_pct, "contingency_pct")),
    }
    return _made(Insert("budget_version", OWN, cells, "version"), f"Budget version “{name}”")


def add_service_line(command: AddServiceLine, reads: Connection, me: Actor) -> Outcome:
    """Add a service line to the list every partner plans on."""
    check_lead(me, "keeps the list of service lines")
    code = filled(
        command.code, "code", "The service line has no code.", "Give it a short code, such as ASL."
    )
    name = filled(
        command.name, "name", "The service line has no name.", "Name it as people call it."
    )
    _check_member(SERVICE_KIND, command.kind, "kind")
    _check_member(RECURRENCE, command.recurrence, "recurrence")
    if command.parent is not None:
        service_line_named(reads, command.parent, "parent")
    present = stored.service_lines(reads)
    taken = next((line for line in present if line.code.casefold() == code.casefold()), None)
    if taken:
        raise Refusal(
            code="code_taken",
            words=f"The code {code} belongs to {taken.name}.",
            remedy="Choose another code.",
            field="code",
        )
    cells = {
        "code": code,
        "name": name,
        "kind": command.kind,
        "parent": command.parent,
        "position": 1 + max((line.position or 0 for line in present), default=0),
        "recurrence": command.recurrence,
    }
    return _made(Insert("service_line", OWN, cells, "line"), f"Service line “{name}”")


def add_allocation_move(command: AddAllocationMove, reads: Connection, me: Actor) -> Outcome:
    """Record money that comes into a draft version."""
    check_lead(me, "records allocations")
    version = version_named(reads, command.version)
    _check_draft(version)
    reference = filled(
        command.reference,
        "reference",
        "The allocation has no reference.",
        "Give the letter's reference, or “Opening allocation”.",
    )
    _check_member(RECURRENCE, command.recurrence, "recurrence")
    FiscalYear.parse(version.fiscal_year).month(command.effective_month)
    _check_amount(command.amount_p)
    present = stored.allocation_moves(reads, version.row)
    cells: dict[str, Cell] = {
        "version": version.row,
        "reference": reference,
        "recurrence": command.recurrence,
        "amount_p": command.amount_p,
        "letter_date": command.letter_date,
        "effective_month": command.effective_month,
        "position": 1 + max((move.position or 0 for move in present), default=0),
    }
    words = f"Allocation “{reference}” of {format_pence(command.amount_p)}"
    return _made(Insert("allocation_move", OWN, cells, "move"), words)


def _made(insert: Insert, words: str) -> Outcome:
    row = NewRow(insert.key)
    return Outcome((insert,), (Delete(insert.table, row),), words, (insert.table, row))


def _check_draft(version: stored.BudgetVersion) -> None:
    if version.state != "draft":
        raise Refusal(
            code="version_not_draft",
            words=f"“{version.name}” is {version.state}; its envelope is in the ledger.",
            remedy="Record allocations while the version is a draft.",
            field="version",
        )


def _check_member(members: Members, name: str, field: str) -> None:
    known = [member.replace("_", "-") for _, member, _ in members.members]
    if name.replace("_", "-") not in known:
        raise Refusal(
            code="not_a_choice",
            words=f"“{name}” is not one of {', '.join(known)}.",
            remedy="Choose one of them.",
            field=field,
        )


def _check_amount(amount_p: int) -> None:
    if not amount_p:
        raise Refusal(
            code="amount_nil",
            words="An allocation of £0.00 changes nothing.",
            remedy="Enter the amount of the letter; money taken back is a negative amount.",
            field="amount_p",
        )
