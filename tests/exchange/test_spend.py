"""Published spending of real bodies: every dialect, known by content alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.exchange.allocations import (
    Unit,
    amount_columns,
    read_allocations,
    stated_unit,
    unit_named,
)
from collabdesk.exchange.periods_written import month_written
from collabdesk.exchange.sheet_dates import DateOrder, order_choices, read_date, samples, shapes
from collabdesk.exchange.sheets import Fault, SheetCell, read_sheet
from collabdesk.exchange.spend import read_spend
from tests.exchange.books import book

FINANCE = Path(__file__).parent.parent / "data" / "finance"
SPEND = FINANCE / "nhs_spend_over_25k"
HEAD = "Entity,Date,Expense Area,Supplier,Transaction Number,Amount\n"


@pytest.mark.parametrize(
    ("name", "rows", "total_p", "entity"),
    [
        ("CHWE_01_-_April.csv", 141, 2_196_360_556, "Chelsea & Westminster NHS Foundation Trust"),
        ("CROY_01_-_April.csv", 185, 835_714_800, ""),
        ("EPSH_01_-_April.csv", 146, 2_342_753_398, "Epsom & ST Helier University Hospital"),
        ("NEHV_04_-_July.csv", 329, 2_897_554_202, "NHS Havering CCG"),
        ("SGEO_01_-_April.csv", 234, 2_550_494_066, "SGH"),
        ("BART_01_-_April.xlsx", 238, 4_875_784_482, "Barts Health NHS Trust"),
    ],
)
def test_every_dialect_gives_the_same_kind_of_rows(
    name: str, rows: int, total_p: int, entity: str
) -> None:
    content = (SPEND / name).read_bytes()
    found = read_spend(read_sheet("whatever.bin", content))
    assert (len(found.rows), found.total_p, found.entity) == (rows, total_p, entity)
    assert not found.left_out
    assert all(row.supplier and row.reference and row.area for row in found.rows)
    month = FiscalYear(2020).month(4 if "July" in name else 1)
    assert {row.month for row in found.rows} == {month}


def test_one_body_writes_its_dates_both_ways_in_one_year() -> None:
    def first(name: str) -> dt.date:
        return read_spend(read_sheet(name, (SPEND / name).read_bytes())).rows[0].day

    assert first("NEHV_03_-_June.csv") == dt.date(2020, 6, 30)
    assert first("NEHV_04_-_July.csv") == dt.date(2020, 7, 31)


AMBIGUOUS = HEAD + "".join(
    f"X,{date},MENTAL HEALTH,A Trust,{n},100\n"
    for n, date in enumerate(("03/04/2020", "04/04/2020", "07/04/2020", "08/04/2020", "09/04/2020"))
)


def test_dates_that_may_be_either_are_asked_about_with_samples() -> None:
    sheet = read_sheet("a.csv", AMBIGUOUS.encode())
    with pytest.raises(Refusal) as found:
        read_spend(sheet)
    assert found.value.code == "date_order"
    cells = [row.cells[1] for row in sheet.rows[1:]]
    (_, day_first), (_, month_first) = order_choices(cells)
    assert day_first == (
        "Day first: 3 April 2020, 7 April 2020, 8 April 2020, 9 April 2020, 4 April 2020"
    )
    assert "4 March 2020" in month_first
    answered = read_spend(sheet, DateOrder.MONTH_FIRST)
    assert answered.rows[0].day == dt.date(2020, 3, 4)


def test_a_bad_row_is_left_out_with_why_and_the_others_are_read() -> None:
    body = (
        "X,30/04/2020,A,S,1,100\nX,31/04/2020,A,S,2,100\nX,30/04/2020,A,S,3,1.005\n"
        "X,30/04/2020,A,S,4,n/a\n,,,,,\nX,,A,S,5,100\nX,43951,A,S,6,200\nTotal,,,,,500\n"
    )
    found = read_spend(read_sheet("a.csv", (HEAD + body).encode()))
    assert [row.number for row in found.rows] == [2, 8]
    assert found.rows[1].day == dt.date(2020, 4, 30)
    told = [(one.row, one.column, one.why.code) for one in found.left_out]
    assert told == [
        (3, "Date", "date"),
        (4, "Amount", "money_decimals"),
        (5, "Amount", "money_text"),
        (7, "Date", "date"),
        (9, "Date", "date"),
    ]
    assert found.blank == 1


def test_a_total_at_the_foot_is_no_payment_even_with_a_date() -> None:
    body = "X,30/04/2020,A,S,1,100\nX,30/04/2020,A,S,2,50\nX,30/04/2020,,Total,,{}\n"
    found = read_spend(read_sheet("a.csv", (HEAD + body.format(150)).encode()))
    assert found.total_p == 15_000
    assert [(one.row, one.why.code) for one in found.left_out] == [(4, "total_row")]
    # A supplier may be called so: what does not add up is counted.
    named = read_spend(read_sheet("a.csv", (HEAD + body.format(151)).encode()))
    assert (named.total_p, named.left_out) == (30_100, ())


def test_dates_that_contradict_each_other_are_told_with_one_of_each() -> None:
    body = "X,30/04/2020,A,S,1,1\nX,04/30/2020,A,S,2,1\nX,03/04/2020,A,S,3,1\n"
    sheet = read_sheet("a.csv", (HEAD + body).encode())
    with pytest.raises(Refusal) as found:
        read_spend(sheet)
    assert found.value.words == (
        "a.csv: Its dates contradict each other: 1 can only be day first, as 30/04/2020, and 1 "
        "only month first, as 04/30/2020; 1 can be either."
    )
    (left,) = read_spend(sheet, DateOrder.DAY_FIRST).left_out
    assert left.why.words == (
        "“04/30/2020” is no day with the day first, only with the month first."
    )


def test_a_body_that_names_its_columns_otherwise_is_read_as_well() -> None:
    head = "Body,GL Date,Cost Centre,Merchant Name,Voucher No,Invoice Value (£),VAT\n"
    found = read_spend(read_sheet("x", (head + "B,30/04/2020,MH,S,7,1.50,0\n").encode())).rows[0]
    assert (found.area, found.supplier, found.reference) == ("MH", "S", "7")
    assert (found.amount_p, found.day) == (150, dt.date(2020, 4, 30))


def test_a_period_counts_before_the_date_unless_they_are_worlds_apart() -> None:
    head = "Supplier,Period,Date,Amount\n"
    body = "S,202001,15/05/2020,5\nS,M2,15/05/2020,6\nS,202301,15/05/2020,7\n"
    found = read_spend(read_sheet("a.csv", (head + body).encode()))
    assert [row.month.label for row in found.rows] == ["M1 Apr 2020", "M2 May 2020"]
    assert found.left_out[0].why.code == "period_date"
    only = read_spend(read_sheet("a.csv", b"Supplier,Period,Amount\nS,202012,5\n"))
    assert only.rows[0].month.label == "M12 Mar 2021"


def test_a_file_without_the_columns_is_refused_whole() -> None:
    with pytest.raises(Refusal, match="headings for an amount, a supplier, a date"):
        read_spend(read_sheet("rota.csv", b"Name,Shift\nWard A,Early\n"))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("3", "M3 Jun 2026"),
        ("M03", "M3 Jun 2026"),
        ("Period 12", "M12 Mar 2027"),
        ("202603", "M3 Jun 2026"),
        ("2026-P10", "M10 Jan 2027"),
        ("M10 Jan 2027", "M10 Jan 2027"),
        ("Jun-26", "M3 Jun 2026"),
        ("January 2027", "M10 Jan 2027"),
        ("Feb", "M11 Feb 2027"),
    ],
)
def test_periods_as_ledgers_write_them(text: str, label: str) -> None:
    assert month_written(text, FiscalYear(2026), "period").label == label


@pytest.mark.parametrize("text", ["", "13", "202600", "Ju", "Q1", "000001"])
def test_no_period_is_made_up(text: str) -> None:
    with pytest.raises(Refusal):
        month_written(text, FiscalYear(2026), "period")


def test_a_number_alone_is_no_period_without_its_year() -> None:
    for text in ("3", "June"):
        with pytest.raises(Refusal):
            month_written(text, None, "period")


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (dt.date(2020, 4, 7), dt.date(2020, 4, 7)),
        (Decimal("43928.75"), dt.date(2020, 4, 7)),
        ("43928", dt.date(2020, 4, 7)),
        ("2020-04-07 00:00:00", dt.date(2020, 4, 7)),
        ("7-Apr-20", dt.date(2020, 4, 7)),
        ("13/04/20", dt.date(2020, 4, 13)),
        ("4/13/2020 0:00", dt.date(2020, 4, 13)),
        ("4.4.2020", dt.date(2020, 4, 4)),
    ],
)
def test_a_date_is_read_in_any_shape(cell: SheetCell, day: dt.date) -> None:
    assert read_date(cell, None, "date") == day


def test_one_date_that_may_be_two_days_is_never_guessed() -> None:
    with pytest.raises(Refusal, match="may be two different days") as found:
        read_date("03/04/2020", None, "date")
    assert (found.value.code, found.value.field) == ("date_order", "date")
    assert read_date("03/04/2020", DateOrder.MONTH_FIRST, "date") == dt.date(2020, 3, 4)


def test_the_other_calendar_of_workbooks_is_known() -> None:
    assert read_date("42466", None, "date", epoch_1904=True) == dt.date(2020, 4, 7)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("31/02/2020", "There is no day “31/02/2020”."),
        ("7 Foo 2020", "There is no day “7 Foo 2020”."),
        ("07/04/1920", "“07/04/1920” is not a date of this century."),
        ("soon", "“soon” is not written as a date."),
        (None, "No date."),
        (Fault("an error"), "The cell holds an error."),
    ],
)
def test_what_is_no_date_is_refused(cell: SheetCell, words: str) -> None:
    with pytest.raises(Refusal) as found:
        read_date(cell, DateOrder.DAY_FIRST, "date")
    assert found.value.words == words


def test_the_order_is_told_by_the_whole_file_and_by_nothing_else() -> None:
    assert shapes(["03/04/2020", "30/04/2020"]).order is DateOrder.DAY_FIRST
    assert shapes(["03/04/2020", "4/30/2020"]).order is DateOrder.MONTH_FIRST
    both = shapes(["30/04/2020", "4/30/2020", "04-Aug-20", ""])
    assert both.order is None
    assert both.ambiguous
    assert both.other == 1
    assert not shapes([dt.date(2020, 4, 7)]).ambiguous
    assert samples(["30/04/2020", "soon", "1/30/2020"], DateOrder.DAY_FIRST) == ("30 April 2020",)


def test_an_allocation_table_counts_in_the_unit_somebody_names() -> None:
    content = (FINANCE / "nhs_allocations" / "ccg_allocations.csv").read_bytes()
    sheet = read_sheet("a.csv", content)
    assert amount_columns(sheet)[0] == "Final allocation"
    assert stated_unit(sheet) is None
    found = read_allocations(sheet, unit_named("£000"))
    assert (len(found.rows), found.total_p) == (209, 7_487_865_300_000)
    assert found.rows[0].name == "NHS Darlington CCG"
    assert found.rows[0].amount_p == 15_414_800_000
    other = read_allocations(sheet, Unit.THOUSANDS, "Minimum allocation")
    assert other.column == "Minimum allocation"


def test_a_table_may_state_its_unit_and_have_bad_cells() -> None:
    text = 'Allocations 2026/27,\nBody,Allocation £000\nA,"1,000"\nB,tba\n,5\n,\n'
    sheet = read_sheet("a.csv", text.encode())
    assert stated_unit(sheet) is Unit.THOUSANDS
    found = read_allocations(sheet, Unit.MILLIONS)
    assert [row.amount_p for row in found.rows] == [100_000_000_000]
    assert [one.row for one in found.left_out] == [4]
    for bad in ("£ooo", ""):
        with pytest.raises(Refusal):
            unit_named(bad)
    with pytest.raises(Refusal):
        read_allocations(sheet, Unit.POUNDS, "No such column")
    with pytest.raises(Refusal):
        amount_columns(read_sheet("a.csv", b"Body,Words\nA,b\n"))


def test_titles_taxes_and_other_dates_are_not_taken_for_the_columns() -> None:
    text = (
        "NHS Somewhere ICB: spend over £25k\n\n"
        "Entity,Invoice Date,Payment Date,Period,Supplier,VAT Amount,Invoice Amount,Invoice No\n"
        'NHS S,31/03/2024,30/04/2024,Apr-24,A,20.00,"£25,120.00",I1\n'
        ",,,,Total,,25120.00,\n"
    )
    found = read_spend(read_sheet("april.csv", text.encode()))
    assert [(row.amount_p, row.reference, row.day.month) for row in found.rows] == [
        (2_512_000, "I1", 4)
    ]
    assert [(one.row, one.column) for one in found.left_out] == [(5, "Payment Date")]


def test_a_month_that_a_workbook_keeps_as_a_day_is_that_month() -> None:
    rows = [("Entity", "Period", "Supplier", "Amount"), ("S", dt.date(2024, 4, 1), "A", 5)]
    (only,) = read_spend(read_sheet("april.xlsx", book(rows))).rows
    assert only.month.label == "M1 Apr 2024"
    cover = book([("About this workbook",)], "April")
    with pytest.raises(Refusal, match="It was looked for on the sheet"):
        read_spend(read_sheet("april.xlsx", cover))
