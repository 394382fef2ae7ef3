"""The year as a Fiscal Data Package: one CSV with a column for each phase, and what it means."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.exchange.ledger_csv import pounds, table
from collabdesk.exchange.ledger_year import NO_MONTHS, LedgerYear, LineName, Months, Side

PHASES: Final = ("proposed", "approved", "adjusted", "executed")
"""As planned; as first posted; after virements and letters; as spent."""
_FIELDS: Final = (
    ("fiscal_year", "string", "date:fiscal-year"),
    ("month", "date", "date:generic"),
    ("service_line_code", "string", "functional-classification:generic:level1:code"),
    ("service_line", "string", "functional-classification:generic:level1:label"),
    ("provider", "string", "administrative-classification:generic:level1:code"),
    *((phase, "number", "value") for phase in PHASES),
)
_DATA: Final = "data/budget.csv"
_TIME: Final = (1980, 1, 1, 0, 0, 0)


def package_of(ledger: LedgerYear) -> bytes:
    """Return the package as one ZIP: datapackage.json and its CSV."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        said = json.dumps(descriptor(ledger), ensure_ascii=False, indent=2).encode()
        for name, content in (("datapackage.json", said), (_DATA, rows(ledger))):
            packed.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def rows(ledger: LedgerYear) -> bytes:
    """Return the CSV: a row for each line, provider and month, pounds by phase."""
    phases = _phases(ledger)
    made = (
        (
            ledger.year.label,
            ledger.year.month(number).first.isoformat(),
            line.code,
            line.name,
            line.provider,
            *(pounds(phase.get(line, NO_MONTHS)[number - 1]) for phase in phases),
        )
        for line in ledger.lines
        for number in range(1, MONTHS_IN_YEAR + 1)
    )
    return table([name for name, _, _ in _FIELDS], made)


def _phases(ledger: LedgerYear) -> tuple[Mapping[LineName, Months], ...]:
    budget = ledger.months(Side.BUDGET)
    opening = ledger.months(Side.BUDGET, "opening")
    return ledger.planned, opening, budget, ledger.months(Side.ACTUAL)


def descriptor(ledger: LedgerYear) -> dict[str, Any]:
    """Return what datapackage.json says: columns by type, and the model with its phases."""
    label = ledger.year.label.replace("/", "-")
    fields = [
        {"name": name, "type": kind, "columnType": column, **_format(kind)}
        for name, kind, column in _FIELDS
    ]
    return {
        "profile": "fiscal-data-package",
        "name": f"devolved-budget-{label}",
        "title": ledger.title,
        "description": ledger.stamp,
        "created": f"{ledger.made_on.isoformat()}T00:00:00Z",
        "countryCode": "GB",
        "fiscalPeriod": {
            "start": ledger.year.start.isoformat(),
            "end": ledger.year.end.isoformat(),
        },
        "resources": [
            {
                "name": "budget",
                "path": _DATA,
                "profile": "tabular-data-resource",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": fields,
                    "missingValues": [""],
                    "primaryKey": ["service_line_code", "service_line", "provider", "month"],
                },
            }
        ],
        "model": {"measures": _measures(), "dimensions": _dimensions()},
    }


def _format(kind: str) -> dict[str, str]:
    return {"decimalChar": "."} if kind == "number" else {}


def _measures() -> dict[str, Any]:
    return {
        phase: {
            "source": phase,
            "resource": "budget",
            "currency": "GBP",
            "factor": 1,
            "direction": "expenditure",
            "phase": phase,
        }
        for phase in PHASES
    }


def _dimensions() -> dict[str, Any]:
    def one(kind: str, key: list[str], names: tuple[str, ...]) -> dict[str, Any]:
        attributes = {name: {"source": name, "resource": "budget"} for name in names}
        return {"dimensionType": kind, "primaryKey": key, "attributes": attributes}

    return {
        "date": one("datetime", ["month"], ("fiscal_year", "month")),
        "functional-classification": one(
            "classification", ["service_line_code"], ("service_line_code", "service_line")
        ),
        "administrative-classification": one("entity", ["provider"], ("provider",)),
    }
