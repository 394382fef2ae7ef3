"""What a record is called where it is named in a line: search, history, things to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, select

from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear
from collabdesk.services.organisations import short_names
from collabdesk.services.sharing.standing import table_words
from collabdesk.storage.tables.projections import PROJECTIONS

# The page that shows a table's records.
PAGES: Final[Mapping[str, str]] = {
    "budget_version": "budgets",
    "service_line": "budgets",
    "allocation_move": "budgets",
    "plan_line": "budgets",
    "virement": "budgets",
    "journal": "budgets",
    "journal_line": "budgets",
    "provider": "budgets",
    "fiscal_year": "budgets",
    "envelope": "budgets",
    "delegation": "budgets",
    "month_state": "budgets",
    "close_step": "budgets",
    "contract": "budgets",
    "contract_price": "budgets",
    "contract_payment": "budgets",
    "contract_bill": "budgets",
    "quality_measure": "budgets",
    "balance_statement": "budgets",
    "activity": "budgets",
    "placement_total": "budgets",
    "saving_baseline": "budgets",
    "forecast": "budgets",
    "forecast_version": "budgets",
    "forecast_line": "budgets",
    "forecast_movement": "budgets",
    "risk": "budgets",
    "share_agreement": "budgets",
    "share_partner": "budgets",
    "saving": "budgets",
    "investment": "budgets",
    "share_statement": "budgets",
    "source_file": "budgets",
    "code_mapping": "budgets",
    "waiting_row": "budgets",
    "partner_return": "budgets",
    "return_item": "budgets",
    "return_match": "budgets",
    "return_tolerance": "budgets",
    "return_query": "budgets",
    "query_answer": "budgets",
    "project": "improvement",
    "driver": "improvement",
    "driver_link": "improvement",
    "pdsa_cycle": "improvement",
    "measure": "improvement",
    "data_point": "improvement",
    "programme": "pilots",
    "pilot": "pilots",
    "stated_figure": "pilots",
    "proposal": "pilots",
    "assessment": "pilots",
    "interest": "pilots",
    "release": "metrics",
    "standard": "metrics",
    "policy": "settings",
    "sealed_grant": "sharing",
}
_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "budget_version": ("name",),
    "service_line": ("name", "code"),
    "allocation_move": ("reference",),
    "journal": ("words",),
    "contract": ("reference",),
    "contract_payment": ("invoice",),
    "contract_bill": ("reference",),
    "quality_measure": ("name",),
    "provider": ("name", "code"),
    "fiscal_year": ("fiscal_year",),
    "envelope": ("commissioner",),
    "risk": ("title",),
    "share_agreement": ("name",),
    "saving": ("title",),
    "investment": ("title",),
    "source_file": ("name",),
    "code_mapping": ("cost_centre",),
    "waiting_row": ("words", "cost_centre"),
    "partner_return": ("name",),
    "return_item": ("reference",),
    "return_match": ("ledger_reference",),
    "return_query": ("reference",),
    "query_answer": ("answer",),
    "project": ("title",),
    "driver": ("text",),
    "measure": ("name",),
    "programme": ("title",),
    "pilot": ("name", "reference"),
    "stated_figure": ("name",),
    "proposal": ("reference",),
    "release": ("title",),
}


def title_of(reads: Connection, table: str, row: bytes) -> str:
    """Return what a record is called; its kind where it has no name or is gone."""
    cells = _cells(reads, table, row)
    if cells is None:
        return table_words(table)
    named = next((str(cells[name]) for name in _TEXTS.get(table, ()) if cells[name]), "")
    return named or _composed(reads, table, cells)


def _composed(reads: Connection, table: str, cells: Mapping[str, Any]) -> str:
    match table:
        case "plan_line":
            line = title_of(reads, "service_line", cells["service_line"])
            return f"{line}, {_trust(cells['provider'])}"
        case "virement":
            return f"Virement of {format_pence(cells['amount_p'])}"
        case "month_state" | "close_step":
            return FiscalYear.parse(cells["fiscal_year"]).month(cells["month"]).label
        case "pdsa_cycle":
            return f"PDSA cycle {cells['number'] or ''}: {cells['objective']}".replace("  ", " ")
        case "data_point":
            return title_of(reads, "measure", cells["measure"])
        case "standard":
            return f"Standard for {cells['metric']}"
        case "policy":
            return f"Workspace setting {str(cells['key']).replace('_', ' ')}"
        case _:
            return table_words(table)


def _cells(reads: Connection, table: str, row: bytes) -> Mapping[str, Any] | None:
    projected = PROJECTIONS[table]
    found = reads.execute(select(projected).where(projected.c.row == row)).first()
    return None if found is None else found._asdict()


def _trust(code: str) -> str:
    return short_names().get(code, code)


def cell_words(reads: Connection, table: str, row: bytes, column: str) -> tuple[str, str]:
    """Return what a cell's record is called and what its column is, as M7 Oct 2026."""
    number = column.removeprefix("m")
    if table == "plan_line" and number.isdigit():
        cells = _cells(reads, table, row)
        version = _cells(reads, "budget_version", cells["version"]) if cells else None
        year = FiscalYear.parse(version["fiscal_year"]) if version else None
        month = year.month(int(number)).label if year else f"M{number}"
        return title_of(reads, table, row), month
    return title_of(reads, table, row), column.removesuffix("_p").replace("_", " ")
