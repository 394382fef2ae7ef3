"""A generated year as workbook, CSV, beancount journal and Fiscal Data Package."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collabdesk.exchange.beancount_journal import account_of, accounts, beancount_of
from collabdesk.exchange.fiscal_package import PHASES, package_of
from collabdesk.exchange.ledger_csv import csv_of
from collabdesk.exchange.ledger_workbook import workbook_of
from collabdesk.exchange.ledger_year import LedgerYear, Side
from collabdesk.exchange.neutral_text import FORMULA_STARTS
from tests.exchange.beancounted import balances, faults, ours
from tests.exchange.sheet_sums import Recalculated
from tests.support.ledger_years import generated

YEARS = st.builds(
    generated,
    lines=st.integers(1, 8),
    providers=st.integers(1, 3),
    journals=st.integers(1, 60),
    seed=st.integers(0, 2**32),
)


@pytest.fixture(scope="module")
def year() -> LedgerYear:
    return generated(11, 2, 80)


@given(YEARS)
@settings(max_examples=5, deadline=None)
def test_every_formula_of_the_report_comes_to_the_penny_it_shows(year: LedgerYear) -> None:
    book = Recalculated(workbook_of(year))
    found = {place: (book.value(place), book.shown(place)) for place in book.formulas()}
    assert len(found) == (len(year.lines) * 13 + 13) * 2 + 7
    assert [place for place, (again, shown) in found.items() if again != shown] == []


def test_the_report_shows_the_ledger_s_own_sums(year: LedgerYear) -> None:
    book = Recalculated(workbook_of(year))
    whole = [Decimal(sum(map(sum, year.months(side).values()))).scaleb(-2) for side in Side]
    shown = {book.report.cell(cell.row, 1).value: cell.coordinate for cell in book.report["P"]}
    assert [book.shown(shown[f"{said}, all lines"]) for said in ("Budget", "Actual")] == whole


def test_the_workbook_is_laid_out_to_be_read_and_printed(year: LedgerYear) -> None:
    content = workbook_of(year)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Data", "Report", "Notes"]
    assert (book["Data"].freeze_panes, book["Report"].freeze_panes) == ("C2", "D4")
    assert set(book.defined_names) == {"Keys", "Months", "Accounts", "Amounts"}
    assert all(sheet.print_area and sheet.page_setup.paperSize == 9 for sheet in book)
    assert book["Report"]["A2"].value == book["Notes"]["A2"].value == year.stamp
    formulas = [c for row in book["Data"].iter_rows() for c in row if c.data_type == "f"]
    assert formulas == []
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert not [name for name in names if "vba" in name or "external" in name]


def test_no_cell_of_the_csv_is_a_formula_and_amounts_are_exact(year: LedgerYear) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_of(year).decode("utf-8-sig"))))
    assert [round(Decimal(row["Amount"]) * 100) for row in rows] == [
        one.amount_p for one in year.postings
    ]
    words = [value for row in rows for name, value in row.items() if name != "Amount"]
    assert not [value for value in words if value.startswith(FORMULA_STARTS)]
    assert "'=1+1" in words
    assert {row["Ledger"] for row in rows} == {year.stamp}


@given(YEARS)
@settings(max_examples=8, deadline=None)
def test_beancount_leaves_on_every_account_what_we_do(year: LedgerYear) -> None:
    assert balances(beancount_of(year)) == ours(year)


def test_beancount_recomputes_a_year_of_five_thousand_journals() -> None:
    year = generated(20, 12, 5_000)
    held = balances(beancount_of(year))
    names = accounts(year)
    assert held == ours(year)
    for side, account in ((Side.BUDGET, "Assets:Lines"), (Side.ACTUAL, "Expenses:Lines")):
        for line, months in year.months(side).items():
            for month, amount_p in enumerate(months, 1):
                assert held.get(f"{account}:{names[line]}:M{month:02}", 0) == amount_p


def test_a_penny_too_many_is_found_by_beancount(year: LedgerYear) -> None:
    first = next(one for one in year.postings if one.account == "spend")
    account = account_of(first, accounts(year))
    journal = beancount_of(year).decode()
    said = [line for line in journal.splitlines() if f"balance {account} " in line][-1]
    amount = said.split()[3]
    wrong = f"{Decimal(amount) + Decimal('0.01')}"
    assert faults(journal.encode()) == []
    (fault,) = faults(journal.replace(said, said.replace(amount, wrong)).encode())
    assert account in fault


def test_each_closed_month_is_asserted_in_the_journal(year: LedgerYear) -> None:
    journal = beancount_of(year).decode()
    days = {line.split()[0] for line in journal.splitlines() if " balance Assets:Lines " in line}
    assert days == {f"2026-{month:02}-01" for month in range(5, 11)}
    assert year.stamp in journal.splitlines()[0]


def test_lines_whose_codes_look_alike_keep_their_own_accounts() -> None:
    year = generated(10, 1, 2)
    names = accounts(year)
    assert len(set(names.values())) == len(names) == 10


def test_a_fiscal_data_package_holds_each_phase(year: LedgerYear) -> None:
    with zipfile.ZipFile(io.BytesIO(package_of(year))) as packed:
        said = json.loads(packed.read("datapackage.json"))
        (resource,) = said["resources"]
        rows = list(csv.DictReader(io.StringIO(packed.read(resource["path"]).decode())))
    assert said["profile"] == "fiscal-data-package"
    assert said["description"] == year.stamp
    assert [field["name"] for field in resource["schema"]["fields"]] == list(rows[0])
    assert {m["phase"] for m in said["model"]["measures"].values()} == set(PHASES)
    wanted = {
        "proposed": year.planned,
        "approved": year.months(Side.BUDGET, "opening"),
        "adjusted": year.months(Side.BUDGET),
        "executed": year.months(Side.ACTUAL),
    }
    for phase, months in wanted.items():
        told = sum(Decimal(row[phase]) for row in rows)
        assert told == Decimal(sum(map(sum, months.values()))).scaleb(-2)
    assert len(rows) == len(year.lines) * 12
