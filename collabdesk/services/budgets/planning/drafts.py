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
from collabdesk.services.budgets.planning.recorded import Named, check_kind, check_new
from collabdesk.services.budgets.planning.revising import money_of
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import filled
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.planning import EnvelopeRow, envelopes
from collabdesk.sync.registry.budgets.planning import RECURRENCE, SERVICE_KIND, VERSION_KIND
from collabdesk.sync.registry.model import Members


def create_version(command: CreateBudgetVersion, reads: Connection, me: Actor) -> Outcome:
    """Start a draft budget version."""
    check_lead(me, "starts budget versions")
    year = FiscalYear.parse(command.fiscal_year).label
    name = filled(
        command.name, "name", "The budget version has no name.", "Name it, for example Opening."
    )
    contingency(0, command.contingency_pct)
    check_member(VERSION_KIND, command.kind, "kind")
    named = (v for v in stored.budget_versions(reads) if v.fiscal_year == year)
    if any(version.name.casefold() == name.casefold() for version in named):
        raise Refusal(
            code="version_exists",
            words=f"There is a budget version “{name}” for {year} already.",
            remedy="Open that one, or choose another name.",
            field="name",
        )
    cells: dict[str, Cell] = {
        "fiscal_year": year,
        "name": name,
        "state": "draft",
        "contingency_pct": decimal_text(parse_decimal(command.contingency_pct, "contingency_pct")),
        # An opening version is what a version was before there were kinds.
        "kind": None if command.kind == "opening" else command.kind,
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
    check_member(SERVICE_KIND, command.kind, "kind")
    check_member(RECURRENCE, command.recurrence, "recurrence")
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
    version = money_of(reads, version_named(reads, command.version))
    check_takes_money(version)
    reference = filled(
        command.reference,
        "reference",
        "The allocation has no reference.",
        "Give the letter's reference, or “Opening allocation”.",
    )
    check_member(RECURRENCE, command.recurrence, "recurrence")
    FiscalYear.parse(version.fiscal_year).month(command.effective_month)
    _check_amount(command.amount_p)
    recurrence = command.recurrence.replace("-", "_")
    if command.envelope is not None:
        envelope = envelope_named(reads, command.envelope, version.fiscal_year)
        check_kind(recurrence, envelope)
        recurrence = envelope.recurrence
    named = Named(
        reference, recurrence, command.envelope, command.letter_date, command.evidence_sha256
    )
    check_new(reads, version.row, named)
    cells: dict[str, Cell] = {
        "version": version.row,
        "reference": reference,
        "recurrence": recurrence,
        "amount_p": command.amount_p,
        "letter_date": command.letter_date,
        "effective_month": command.effective_month,
        "position": next_position(reads, version.row),
        "envelope": command.envelope,
        "evidence_sha256": command.evidence_sha256,
        "evidence_name": command.evidence_name or None,
    }
    words = f"Allocation “{reference}” of {format_pence(command.amount_p)}"
    return _made(Insert("allocation_move", OWN, cells, "move"), words)


def next_position(reads: Connection, version: bytes) -> int:
    """Return the place of the next allocation of a version."""
    present = stored.allocation_moves(reads, version)
    return 1 + max((move.position or 0 for move in present), default=0)


def envelope_named(reads: Connection, row: bytes, fiscal_year: str) -> EnvelopeRow:
    """Return an envelope of a year, or refuse one that is not there."""
    found = next((one for one in envelopes(reads, fiscal_year) if one.row == row), None)
    if found is None:
        raise Refusal(
            code="not_here",
            words=f"There is no such envelope in {fiscal_year}.",
            remedy="Choose an envelope of the year, or add it first.",
            field="envelope",
        )
    return found


def _made(insert: Insert, words: str) -> Outcome:
    row = NewRow(insert.key)
    return Outcome((insert,), (Delete(insert.table, row),), words, (insert.table, row))


def check_takes_money(version: stored.BudgetVersion) -> None:
    """Refuse an allocation to a version that was withdrawn."""
    if version.state not in {"draft", "agreed"}:
        raise Refusal(
            code="version_withdrawn",
            words=f"“{version.name}” is {version.state}; it takes no more money.",
            remedy="Record the allocation in the version that is agreed, or in a draft.",
            field="version",
        )


def check_member(members: Members, name: str, field: str) -> None:
    """Refuse a choice that the registry does not have."""
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
