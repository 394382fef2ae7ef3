"""Places within Budgets, so that Back, Forward and the breadcrumb lead through a drill."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from collabdesk.services.budgets.papers.audit_stops import Stop

View = str
AUDIT: Final = "audit"
VIEWS: dict[View, str] = {
    "plan": "Plan",
    "envelope": "Envelope",
    "virements": "Virements",
    "journals": "Journals",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A posted figure: a line, a provider and a month, each left out for all of them."""

    words: str
    service_line: bytes | None = None
    provider: str = ""
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """A view of a version; within it a figure, a journal, a month or a record asked about.

    The views of VIEWS are the page's own; further ones are listed in `more`.
    """

    view: View = "plan"
    version: bytes | None = None
    figure: Figure | None = None
    journal: int | None = None
    record: bytes | None = None
    month: int | None = None
    path: tuple[Stop, ...] = ()
    """How far down the audit drill somebody is, from the figure to the row of a file."""

    @property
    def shown(self) -> View:
        """The view that shows this place."""
        return AUDIT if self.path else self.view

    @property
    def above(self) -> Where | None:
        """The place a drill came from."""
        if self.path:
            return replace(self, path=self.path[:-1])
        if self.journal is not None:
            return replace(self, journal=None)
        return replace(self, figure=None) if self.figure is not None else None

    def seen_as(self, view: View) -> Where:
        """Return another view of the same version."""
        return Where(view, self.version)


_VIEW_OF: dict[str, View] = {
    "plan_line": "plan",
    "service_line": "plan",
    "budget_version": "plan",
    "allocation_move": "envelope",
    "virement": "virements",
    "journal": "journals",
    "journal_line": "journals",
    "contract": "contracts",
    "contract_price": "contracts",
    "contract_payment": "contracts",
    "contract_bill": "contracts",
    "quality_measure": "contracts",
    "balance_statement": "contracts",
    "activity": "contracts",
    "placement_total": "out_of_area",
    "saving_baseline": "out_of_area",
    "forecast": "forecast",
    "forecast_version": "forecast",
    "forecast_line": "forecast",
    "forecast_movement": "forecast",
    "risk": "forecast",
    "share_agreement": "share",
    "share_partner": "share",
    "share_statement": "share",
    "saving": "investments",
    "investment": "investments",
    "month_state": "close",
    "close_step": "close",
    "fiscal_year": "setup",
    "envelope": "setup",
    "provider": "setup",
    "delegation": "virements",
    "source_file": "actuals",
    "code_mapping": "actuals",
    "waiting_row": "actuals",
    "partner_return": "reconciliation",
    "return_item": "reconciliation",
    "return_match": "reconciliation",
    "return_tolerance": "reconciliation",
    "return_query": "reconciliation",
    "query_answer": "reconciliation",
}


def place_of(within: object, now: Where) -> Where:
    """Return where a page is asked to go: a place, a view, a record (table, row), or as it was."""
    match within:
        case Where():
            return within
        case str() as view:
            return Where(view)
        case (str() as table, bytes() as row) if table in _VIEW_OF:
            version = row if table == "budget_version" else None
            return Where(_VIEW_OF[table], version, record=row)
    return now
