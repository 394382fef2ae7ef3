"""A budget workbook is read row by row; what is wrong is left out with its cell."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from collabdesk.errors import Refusal
from collabdesk.exchange.budget_sheet import BudgetSheet, left_out_words, read_budget
from collabdesk.exchange.sheets import read_sheet

MONTHS = [f"M{n}" for n in range(1, 13)]


def read(*lines: str, name: str = "budget.csv") -> BudgetSheet:
    return read_budget(read_sheet(name, "\r\n".join(lines).encode()))


def test_months_are_read_from_delimited_text() -> None:
    months = ",".join(str(n) + ".50" for n in range(1, 13))
    found = read(
        "Budget 2025/26",
        "Code,Service line,Provider code,Recurrence," + ",".join(MONTHS) + ",Total",
        f"ASL,Adult low secure,rha,R,{months},84.00",
        "",
        "Total,,,,,,,,,,,,,,,,84.00",
    )
    (row,) = found.rows
    assert (row.number, row.code, row.name, row.provider) == (3, "ASL", "Adult low secure", "RHA")
    assert (row.recurrence, row.months_p[0], row.months_p[11]) == ("recurrent", 150, 1_250)
    assert (row.total_p, found.total_p, found.left_out) == (8_400, 8_400, ())


def test_months_are_read_from_a_workbook() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    names = ["Apr-25", "May-25", "Jun-25", "Jul-25", "Aug-25", "Sep-25"]
    names += ["Oct-25", "Nov-25", "Dec-25", "Jan-26", "Feb-26", "Mar-26"]
    sheet.append(["Cost centre", "Description", "ODS", *names])
    sheet.append(["PER", "Perinatal", "RT5", *([1000.1] * 12)])
    out = io.BytesIO()
    book.save(out)
    (row,) = read_budget(read_sheet("budget.xlsx", out.getvalue())).rows
    assert (row.name, row.months_p) == ("Perinatal", (100_010,) * 12)


def test_a_total_alone_is_left_to_be_phased() -> None:
    (row,) = read("Code,Provider,Annual budget", 'ASL,RHA,"£1,200.00"').rows
    assert (row.months_p, row.total_p, row.name) == ((), 120_000, "ASL")


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (",RHA,R,1", "Code", "code_missing"),
        ("ASL,not a code!,R,1", "Provider", "ods_code"),
        ("ASL,RHA,maybe,1", "Recurrent", "not_a_choice"),
        ("ASL,RHA,R,1.234", "Total", "money_decimals"),
        ("ASL,RHA,R,lots", "Total", "money"),
    ],
)
def test_a_wrong_cell_is_named_and_the_rest_is_read(line: str, column: str, code: str) -> None:
    found = read("Code,Provider,Recurrent,Total", line, "PER,RT5,nr,7")
    assert [row.recurrence for row in found.rows] == ["non_recurrent"]
    (left,) = found.left_out
    assert (left.row, left.column) == (2, column)
    assert left.why.code.startswith(code)
    ((where, _, why),) = left_out_words(found)
    assert where == f"Row 2, {column}"
    assert why.endswith(left.why.remedy)


def test_a_line_twice_and_a_total_that_does_not_add_up_are_left_out() -> None:
    header = "Code,Provider," + ",".join(MONTHS) + ",Total"
    ones = ",".join(["1"] * 12)
    found = read(header, f"ASL,RHA,{ones},12", f"ASL,RHA,{ones},12", f"PER,RHA,{ones},13")
    assert len(found.rows) == 1
    assert [one.why.code for one in found.left_out] == ["line_twice", "total_differs"]


def test_another_table_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match="budget by service line") as refused:
        read("Name,Price", "Tea,1")
    assert refused.value.code == "unknown-layout"
