"""The mapping of a ledger's codes as the rules of the domain."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.budgets.actuals import CodeRule
from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.storage.queries import actuals as stored


def rules_of(reads: Connection, source: str, fiscal_year: str) -> tuple[CodeRule, ...]:
    """Return the rules of a source that are settled; a contested one maps nothing."""
    return tuple(
        CodeRule(kept.cost_centre, kept.subjective, kept.from_month, _line(kept))
        for kept in stored.mappings(reads, fiscal_year, source)
        if not kept.contested and (kept.left_out or kept.service_line is not None)
    )


def _line(kept: stored.CodeMapping) -> LineKey | None:
    if kept.left_out or kept.service_line is None:
        return None
    return LineKey(kept.service_line, kept.provider)
