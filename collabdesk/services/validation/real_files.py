"""The worked cases of real published files, by the readers the product uses."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Final

from collabdesk.exchange.allocations import read_allocations, unit_named
from collabdesk.exchange.sheet_dates import DateShapes
from collabdesk.exchange.sheets import Sheet, Table, exact_pounds, read_sheet
from collabdesk.exchange.spend import counts, spend_table
from collabdesk.services.validation.cases import Case, Json

Answer = dict[str, Json]
_TABLES: Final = frozenset({".csv", ".xlsx"})
_NUMBERED: Final = re.compile(r"(?:^|[_\s-])(\d{1,2})(?=[_\s-])")


def spend_over_25k(case: Case) -> Answer:
    """REAL-01."""
    return {"files": [_spend_file(path) for path in _files(case)]}


def _files(case: Case) -> list[Path]:
    folder = _folder(case)
    named = case.inputs.get("per_file")
    if named is None:
        return sorted(each for each in folder.iterdir() if each.suffix.lower() in _TABLES)
    return [folder / name for name in named]


def _folder(case: Case) -> Path:
    """Return where a case's files are: beside the fixtures, or where both are within the data."""
    named = str(case.inputs["dir"])
    near, around = case.root / named, case.root.parent / named
    return near if near.is_dir() or not around.is_dir() else around


def _sheet(path: Path) -> Sheet:
    return read_sheet(path.name, path.read_bytes())


def _spend_file(path: Path) -> Answer:
    sheet = _sheet(path)
    found = counts(sheet)
    return {
        "file": path.name,
        "encoding": sheet.encoding,
        "header": list(found.header),
        "data_rows": found.data_rows,
        "blank_rows": found.blank_rows,
        "unparsed_amounts": found.unparsed,
        "rows_with_sub_penny": found.sub_penny,
        "total_p": str(found.total),
        "negative_rows": found.negative_rows,
        "negative_total_p": str(found.negative_total),
        "dates_only_dmy": found.dates.only_day_first,
        "dates_only_mdy": found.dates.only_month_first,
        "dates_other": found.dates.other,
        "inferred_date_format": _date_format(found.dates),
    }


def _date_format(dates: DateShapes) -> str:
    if dates.order is not None:
        return dates.order.value
    written = dates.only_day_first + dates.either + dates.other
    return "excel_date" if dates.real and not written else "ambiguous/other"


def allocation_table(case: Case) -> Answer:
    """REAL-03."""
    path = _folder(case) / case.inputs["file"]
    unit = unit_named(case.inputs["unit"])
    found = read_allocations(_sheet(path), unit)
    thousands = [Fraction(row.amount_p, 100_000) for row in found.rows]
    first = [found.rows[0].name, _whole(thousands[0])] if found.rows else []
    return {
        "rows": len(found.rows) + len(found.left_out),
        "rows_with_allocation": len(found.rows),
        "total_thousands": _whole(sum(thousands, Fraction())),
        "first": first,
    }


def _whole(exact: Fraction) -> Json:
    return int(exact) if exact.denominator == 1 else str(exact)


def year_of_lines(case: Case) -> Answer:
    """REAL-04."""
    wanted = str(case.inputs["expense_area_contains"]).casefold()
    months: Answer = {}
    total, references = Fraction(), Counter[str]()
    for place, path in enumerate(_files(case), start=1):
        table = spend_table(_sheet(path))
        rows = _rows(table)
        references.update(reference for reference, _, _ in rows)
        chosen = [exact for _, area, exact in rows if wanted in area.casefold()]
        total += sum(chosen, Fraction())
        numbered = _NUMBERED.search(path.stem)
        month = int(numbered[1]) if numbered else place
        months[f"M{month}"] = {"rows": len(chosen), "total_p": str(sum(chosen, Fraction()))}
    return {
        "months": months,
        "total_p": str(total),
        "all_rows": references.total(),
        "distinct_transaction_numbers": len(references),
        "transaction_numbers_used_more_than_once": sum(n > 1 for n in references.values()),
    }


def _rows(table: Table) -> list[tuple[str, str, Fraction]]:
    found = []
    for row in table.body:
        exact = exact_pounds(table.cell(row, "amount"))
        if exact is not None:
            found.append((table.text(row, "reference"), table.text(row, "area"), 100 * exact))
    return found
