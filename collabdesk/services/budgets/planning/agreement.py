"""Agreeing a draft budget: its settled figures become the opening journal."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import JournalKind
from collabdesk.domain.budgets.plan import agree
from collabdesk.domain.budgets.settled import check_not_opened, check_settled
from collabdesk.errors import Refusal
from collabdesk.services.budgets.commands import AgreeBudgetVersion
from collabdesk.services.budgets.entered import move_of, plan_of, version_named, version_of
from collabdesk.services.budgets.planning.recorded import check_posted_once
from collabdesk.services.budgets.planning.revising import REVISED, opening_of, revised
from collabdesk.services.budgets.rights import check_keeper
from collabdesk.services.commands import Actor, Outcome
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.ledger import journals


def agree_version(command: AgreeBudgetVersion, reads: Connection, me: Actor) -> Outcome:
    """Agree a version and post it; a posted journal is never undone, only corrected."""
    check_keeper(me, "agrees and posts budgets")
    row = version_named(reads, command.version)
    if row.kind == "what_if":
        raise Refusal(
            code="what_if_not_agreed",
            words=f"“{row.name}” is a what-if: it shows what would be, and is never posted.",
            remedy="Start an opening version from it, and agree that one.",
            field="version",
        )
    check_settled(f"“{row.name}”", row.contested)
    if row.kind == REVISED and opening_of(reads, row.fiscal_year):
        return revised(row, reads, me)
    version = version_of(row)
    letters = stored.allocation_moves(reads, row.row)
    for letter in letters:
        check_posted_once(letters, letter)
    change, journal = agree(version, [*map(move_of, letters)], plan_of(reads, row.row))
    posted = (
        JournalKind(found.kind) for found in journals(reads, row.fiscal_year, budget_only=True)
    )
    check_not_opened(row.fiscal_year, posted)
    words = f"“{row.name}” agreed and posted; this cannot be undone"
    return Outcome((change, journal), (), words, ("budget_version", row.row))
