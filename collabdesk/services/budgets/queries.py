"""What the Budgets pages show."""

from __future__ import annotations

from collabdesk.services.budgets.amounts import Amount
from collabdesk.services.budgets.papers.audit import (
    Entry,
    LedgerCheck,
    LedgerFinding,
    check_further,
    drill,
    findings,
    ledger_check,
    ledger_standing,
)
from collabdesk.services.budgets.planning.grid import BudgetGrid, GridCell, GridRow, budget_grid
from collabdesk.services.budgets.planning.planning import RefusedEdit, refused_edits
from collabdesk.services.budgets.planning.summary import (
    EnvelopeSummary,
    MoveLine,
    Standing,
    envelope_summary,
    versions,
)
from collabdesk.services.budgets.virements.inbox import State, VirementLine, virement_list
from collabdesk.storage.queries.budgets import BudgetVersion, ServiceLine, service_lines
from collabdesk.storage.queries.ledger import PostedJournal, PostedLine, Stamp, journals, stamp

__all__ = [
    "Amount",
    "BudgetGrid",
    "BudgetVersion",
    "Entry",
    "EnvelopeSummary",
    "GridCell",
    "GridRow",
    "LedgerCheck",
    "LedgerFinding",
    "MoveLine",
    "PostedJournal",
    "PostedLine",
    "RefusedEdit",
    "ServiceLine",
    "Stamp",
    "Standing",
    "State",
    "VirementLine",
    "budget_grid",
    "check_further",
    "drill",
    "envelope_summary",
    "findings",
    "journals",
    "ledger_check",
    "ledger_standing",
    "refused_edits",
    "service_lines",
    "stamp",
    "versions",
    "virement_list",
]
