"""Files on their way in: dry run first, questions where the file does not say, one step to undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.budgets.actuals.actuals_commands import (
    ImportTrialBalance,
    MapCode,
    TakeFileAway,
)
from collabdesk.services.budgets.actuals.file_reading import Account
from collabdesk.services.budgets.actuals.ledger_reading import read_ledger
from collabdesk.services.budgets.actuals.published_files import (
    kept_files,
    kept_row,
    rows_of,
)
from collabdesk.services.budgets.actuals.published_reading import read_published
from collabdesk.storage.queries import actuals as stored
from tests.exchange.books import book, book_of
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance

FINANCE = Path(__file__).parents[2] / "data" / "finance"
SPEND = FINANCE / "nhs_spend_over_25k"
HAVERING = "NHS Havering CCG"
LEDGER = (
    "Cost Centre,Subjective,Period,Description,Amount\n"
    'C1,5210,M1,Beds,"1,000.00"\nC1,7000,M1,Drugs,50.5\nC2,5210,M1,Hub,x\nC1,5210,M2,Beds,7\n'
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    alliance = found_alliance(tmp_path_factory.mktemp("files"), ("a",))
    made = Office(alliance)
    made.begin()
    yield made
    alliance.close()


def ledger(office: Office, path: Path, year: str = YEAR, **answers: str) -> Account:
    return read_ledger(office.alliance.desks["lead"].workspace.database.read, year, path, answers)


def published(office: Office, path: Path, **answers: str) -> Account:
    return read_published(office.alliance.desks["lead"].workspace.database.read, path, answers)


def open_questions(account: Account) -> list[str]:
    return [one.key for one in account.asked if one.open]


def undo(office: Office) -> str:
    return office.alliance.desks["lead"].workspace.undo().result()


def test_a_trial_balance_asks_source_month_and_control_before_it_can_be_posted(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "tb.csv"
    path.write_text(LEDGER, "utf-8")
    first = ledger(office, path)
    assert open_questions(first) == ["source", "month", "control"]
    assert (first.layout, first.rows, first.command) == ("Trial balance", 4, None)
    off = ledger(office, path, source="Trust", month="1", control="1050.51")
    assert open_questions(off) == ["control"]
    assert "£0.01 apart" in off.asked[-1].hint
    assert off.command is None
    ready = ledger(office, path, source="Trust", month="1", control="=1000+50.5")
    assert open_questions(ready) == []
    assert [(one.where, one.what) for one in ready.told] == [("Row 4, Amount", "x")]
    assert "Of other months, and not looked at: 1 row." in ready.said
    assert (ready.brought, ready.waiting) == (0, 2)
    office.run(ready.command)
    again = ledger(office, path, month="1", control="1050.50")
    assert again.asked[0].value == "Trust"
    assert again.again
    assert again.command is None


def test_a_ledger_without_months_is_brought_as_one_month_only(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "flat.csv"
    rows = "F1,1,10.00\nCost Centre,Account,Amount\nF1,2,\nF1,3,1O.00\n,Total,10.00\n"
    path.write_text(f"Cost Centre,Account,Amount\n{rows}", "utf-8")
    found = ledger(office, path, source="Flat", month="7", control="10")
    assert any("1 row below cannot be read" in said for said in found.said)
    assert len(found.told) == 4
    assert isinstance(found.command, ImportTrialBalance)
    assert (found.command.unsaid, found.command.unread) == ("month", 1)
    office.run(found.command)
    for field, said in (
        ("month", {"source": "Flat", "month": "8"}),
        ("source", {"source": "Flat two", "month": "7"}),
    ):
        other = ledger(office, path, control="10", **said)
        assert (open_questions(other), other.command) == ([field], None)
        assert "would count twice" in other.said[0]
    path.write_text("Cost Centre,Account,Period,Amount\nF1,1,M7,10.00\n", "utf-8")
    numbered = ledger(office, path, source="Flat", month="7", control="10").command
    path.write_text("Cost Centre,Account,Period,Amount\nF1,1,202607,10.00\n", "utf-8")
    dated = ledger(office, path, source="Flat", month="7", control="10").command
    assert isinstance(numbered, ImportTrialBalance)
    assert isinstance(dated, ImportTrialBalance)
    assert (numbered.unsaid, dated.unsaid) == ("year", "")


def test_periods_may_be_written_as_days_whose_order_is_asked_where_it_is_not_said(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "days.csv"
    head = "Cost Centre,Account,Period,Amount\n"
    path.write_text(
        f"{head}F1,1,30/04/2026,1\N{NO-BREAK SPACE}234.56\nF1,2,01/05/2026,2\n", "utf-8"
    )
    found = ledger(office, path, source="Days", month="1", control="1,234.56")
    assert isinstance(found.command, ImportTrialBalance)
    assert [row.amount_p for row in found.command.rows] == [123_456]
    assert "Of other months, and not looked at: 1 row." in found.said
    path.write_text(f"{head}F1,1,01/05/2026,1\nF1,2,01/06/2026,2\n", "utf-8")
    assert open_questions(ledger(office, path, source="Days", control="1")) == ["date_order"]
    months = {}
    for order in ("d/m/y", "m/d/y"):
        read = ledger(office, path, source="Days", control="1", date_order=order)
        months[order] = [key for one in read.asked if one.key == "month" for key, _ in one.choices]
    assert months["d/m/y"] == ["", "2", "3"]
    assert len(months["m/d/y"]) == 13, "January 2026 is of the year before: none is named"


@pytest.mark.parametrize(
    "heading", ["YTD Actual", "Cumulative Amount", "Opening Balance", "Budget"]
)
def test_an_amount_that_is_no_month_s_is_asked_for(
    office: Office, tmp_path: Path, heading: str
) -> None:
    path = tmp_path / "ytd.csv"
    path.write_text(f"Cost Centre,Account,Period,{heading}\nF1,1,M1,1\n", "utf-8")
    asked = ledger(office, path, source="Year to date", control="1")
    assert open_questions(asked) == ["column_amount"]
    assert asked.command is None


def test_a_year_and_a_month_are_asked_about_and_never_guessed(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "iso.csv"
    path.write_text("Cost Centre,Account,Period,Amount\nF1,1,2026-04,1\nF1,1,2026-05,2\n", "utf-8")
    assert open_questions(ledger(office, path, source="Iso", control="1")) == ["periods"]
    for meant, months in (("calendar", ["", "1", "2"]), ("fiscal", ["", "4", "5"])):
        read = ledger(office, path, source="Iso", control="1", periods=meant)
        assert [key for key, _ in read.asked[1].choices] == months
    april = ledger(office, path, source="Iso", month="1", control="1", periods="calendar")
    assert isinstance(april.command, ImportTrialBalance)
    assert [row.month for row in april.command.rows] == [1]


def test_a_ledger_may_come_as_a_workbook_with_debits_credits_and_references(
    office: Office, tmp_path: Path
) -> None:
    rows = [
        ("General ledger",),
        ("Cost centre", "Account code", "Invoice number", "Debit", "Credit"),
        (101, 52105, "INV 1", 12.5, None),
        (101, 52105, "INV 2", None, 2.5),
        (None, None, None, 10, None),
    ]
    path = tmp_path / "gl.xlsx"
    path.write_bytes(book(rows))
    found = ledger(office, path, source="GL", month="2", control="10")
    assert found.layout == "Ledger transactions"
    office.run(MapCode("GL", YEAR, 1, "101", "", office.lines["ASL"], "RHA"))
    found = ledger(office, path, source="GL", month="2", control="10")
    office.run(found.command)
    spent = office.ask(stored.posted_spend, YEAR, "GL", 2)
    assert {reference: p for (reference, _, _), p in spent.items()} == {
        "INV 1": 1250,
        "INV 2": -250,
    }
    assert [one.where for one in found.told] == ["Row 5, Cost centre"]


def test_columns_of_a_ledger_are_pointed_out_once_for_its_source(
    office: Office, tmp_path: Path
) -> None:
    head = "Trial balance;;;;\nBudget;Natural;Plus;Minus;When\n"
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    first.write_text(f"{head}101;1;12.50;;M4\n101;2;;2.50;M4\n;;10.00;;\n", "utf-8")
    second.write_text(f"{head}101;1;15.00;;M4\n101;2;;2.50;M4\n", "utf-8")
    asked = ledger(office, first)
    assert open_questions(asked) == ["column_cost_centre", "column_subjective", "column_amount"]
    told = {"cost_centre": "Budget", "subjective": "Natural", "period": "When", "debit": "Plus"}
    said = {f"column_{field}": heading for field, heading in told.items()}
    half = ledger(office, first, **said)
    assert open_questions(half) == ["column_amount"]
    twice = ledger(office, first, **said, column_credit="Plus")
    assert open_questions(twice) == ["column_debit", "column_credit"]
    said["column_credit"] = "Minus"
    office.run(MapCode("Old ledger", YEAR, 1, "101", "", office.lines["ASL"], "RHA"))
    off = ledger(office, first, **said, source="Old ledger", control="9.99")
    assert (open_questions(off), off.command) == (["control"], None)
    ready = ledger(office, first, **said, source="Old ledger", control="10")
    assert [one.where for one in ready.told] == ["Row 5, Budget"]
    office.run(ready.command)
    # The next file of the ledger is known again, and posts what differs alone.
    again = ledger(office, second, source="Old ledger", control="12.50")
    assert open_questions(again) == []
    office.run(again.command)
    spent = office.ask(stored.posted_spend, YEAR, "Old ledger", 4)
    assert sum(spent.values()) == 1250
    assert ledger(office, second, source="Old ledger", control="12.50").command is None
    part = tmp_path / "half.csv"
    part.write_text("Cost centre,Subjective,Debit\nC1,1,5\n", "utf-8")
    assert open_questions(ledger(office, part)) == ["column_amount"]


def test_published_spending_can_be_posted_as_a_month_of_the_ledger(office: Office) -> None:
    path = SPEND / "NEHV_01_-_April.csv"
    asked = ledger(office, path, "2020/21")
    assert [one.value for one in asked.asked[:2]] == [HAVERING, "1"]
    ready = ledger(office, path, "2020/21", control="28,261,850.91")
    assert open_questions(ready) == []
    assert ready.waiting == 92


def test_other_files_are_refused_whole(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "rota.csv"
    path.write_text("Name,Shift\nWard A,Early\n", "utf-8")
    with pytest.raises(Refusal, match="a cost centre, a subjective, an amount"):
        ledger(office, path)
    with pytest.raises(Refusal, match="a table of allocations"):
        published(office, path)
    path.write_text(LEDGER, "utf-8")
    with pytest.raises(Refusal, match="travels whole to every partner"):
        published(office, path)


def test_a_spend_file_is_kept_mapped_shared_and_undone_as_one_step(office: Office) -> None:
    path = SPEND / "NEHV_06_-_September.csv"
    dry = published(office, path)
    assert (dry.brought, dry.asked[0].value, office.ask(kept_files)) == (344, HAVERING, ())
    done = office.run(dry.command)
    assert done.words == "Import of NEHV_06_-_September.csv: 344 rows"
    assert published(office, path).command is None
    assert "nothing changes" in office.run(dry.command).words
    assert len(office.ask(kept_files)) == 1
    office.run(
        MapCode(
            HAVERING,
            "2020/21",
            1,
            "CHILD AND ADOLESCENT MENTAL HEALTH",
            "",
            office.lines["ASL"],
            "RHA",
        )
    )
    office.share()
    (kept,) = office.ask(kept_files, desk="a")
    totals = office.ask(rows_of, kept.row, desk="a")
    assert sum(one.amount_p for one in totals) == 3_083_698_783
    mapped = [one for one in totals if one.line is not None]
    assert {one.what for one in mapped} == {"CHILD AND ADOLESCENT MENTAL HEALTH"}
    with pytest.raises(Refusal):
        office.run(TakeFileAway(kept.row), "a")
    office.run(TakeFileAway(kept.row))
    assert office.ask(kept_files) == ()
    undo(office)
    undo(office)
    undo(office)
    assert office.ask(kept_files) == ()
    with pytest.raises(Refusal):
        office.ask(rows_of, kept.row)


def test_payments_by_cost_centre_are_published_only_if_somebody_says_so(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "by-centre.csv"
    head = "Invoice Paid Date,Vendor,Cost Centre Description,Subjective Description,Amount\n"
    path.write_text(f"{head}21/04/2026,Acme,Ward,Beds,26000.00\n", "utf-8")
    assert open_questions(published(office, path)) == ["published"]
    with pytest.raises(Refusal, match="is a general ledger"):
        published(office, path, published="no")
    found = published(office, path, published="yes", source="X Trust")
    assert (open_questions(found), found.brought) == ([], 1)
    assert found.command is not None


def test_dates_that_may_be_either_are_asked_about_and_the_answer_is_kept(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "march.csv"
    path.write_text("Supplier,Date,Expense Area,Amount\nA,03/04/2020,MH,5\n", "utf-8")
    asked = published(office, path)
    assert open_questions(asked) == ["date_order"]
    assert [words for _, words in asked.asked[0].choices][1:] == [
        "Day first: 3 April 2020",
        "Month first: 4 March 2020",
    ]
    assert open_questions(ledger(office, path, "2020/21")) == ["date_order"]
    unnamed = published(office, path, date_order="m/d/y")
    assert open_questions(unnamed) == ["source"]
    ready = published(office, path, date_order="m/d/y", source="A body")
    row = office.made(ready.command)
    assert [(t.fiscal_year, t.month) for t in office.ask(rows_of, row)] == [("2019/20", 12)]


def test_columns_of_other_headings_are_pointed_out_once(office: Office, tmp_path: Path) -> None:
    head = "Ref;Quand;A qui;Pour;Combien\n"
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    first.write_text(f"{head}1;30/04/2020;A;MH;5.50\n2;30/04/2020;B;LD;7\n", "utf-8")
    second.write_text(f"{head}3;31/05/2020;A;MH;9\n", "utf-8")
    asked = published(office, first)
    assert open_questions(asked) == ["column_amount", "column_date"]
    told = {"column_amount": "Combien", "column_date": "Quand", "column_area": "Pour"}
    office.run(published(office, first, **told, source="Ailleurs").command)
    again = published(office, second, source="Ailleurs")
    assert open_questions(again) == []
    row = office.made(again.command)
    (only,) = office.ask(rows_of, row)
    assert (only.what, only.month, only.amount_p) == ("MH", 2, 900)
    wrong = published(office, first, column_amount="Pour", column_date="Quand")
    assert wrong.command is None
    assert len(wrong.told) == 2


def test_net_or_gross_is_asked_with_both_totals_and_known_again(
    office: Office, tmp_path: Path
) -> None:
    head = "Date paid,Supplier,Expense area,Net amount,VAT,Gross amount\n"
    for name, net, gross in (("apr", "100.00", "120.00"), ("may", "200.00", "240.00")):
        text = f"{head}30/04/2026,Hub,Adult secure,{net},20.00,{gross}\n"
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    asked = published(office, tmp_path / "apr.csv", source="Hub body")
    (amount,) = (one for one in asked.asked if one.key == "amount")
    assert amount.choices == (
        ("Net amount", "Net amount: £100.00"),
        ("Gross amount", "Gross amount: £120.00"),
    )
    assert (amount.value, amount.open) == ("Net amount", False)
    chosen = published(office, tmp_path / "apr.csv", source="Hub body", amount="Gross amount")
    assert "£120.00 in all" in chosen.said[0]
    office.run(chosen.command)
    kept = next(one for one in office.ask(kept_files) if one.name == "apr.csv")
    assert [one.amount_p for one in office.ask(rows_of, kept.row)] == [12_000]
    again = published(office, tmp_path / "may.csv", source="Hub body")
    assert "£240.00 in all" in again.said[0]
    posted = ledger(
        office, tmp_path / "apr.csv", source="GL", amount="Gross amount", control="120.00"
    )
    assert not open_questions(posted)
    office.run(posted.command)
    later = ledger(office, tmp_path / "may.csv", source="GL", control="240.00")
    assert not open_questions(later)
    undo(office)
    undo(office)


def test_a_table_of_allocations_asks_its_unit(office: Office) -> None:
    path = FINANCE / "nhs_allocations" / "ccg_allocations.csv"
    asked = published(office, path)
    assert open_questions(asked) == ["unit"]
    ready = published(office, path, unit="£000")
    assert ready.said[1] == "NHS Darlington CCG: £154,148,000.00."
    row = office.made(ready.command)
    found = office.ask(rows_of, row)
    assert (len(found), sum(one.amount_p for one in found)) == (209, 7_487_865_300_000)


def test_a_file_that_cannot_be_opened_says_so(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="cannot be opened"):
        published(office, tmp_path / "gone.csv")


def test_the_sheet_of_a_ledger_is_chosen_and_known_again(office: Office, tmp_path: Path) -> None:
    head = ("Cost centre", "Subjective", "Amount")
    cover: list[tuple[object, ...]] = [("Read me", "first"), ("Made for", "the Trust")]
    sheets: dict[str, list[tuple[object, ...]]] = {
        "Cover": cover,
        "Nothing": [],
        "Draft": [head, ("C9", 1, 5)],
        "Final": [head, ("C9", 1, 7)],
    }
    path = tmp_path / "sheets.xlsx"
    path.write_bytes(book_of(sheets, "Final"))
    said = {"source": "Sheets", "month": "3"}
    first = ledger(office, path, **said, control="5")
    (which,) = [one for one in first.asked if one.key == "sheet"]
    assert which.value == "Draft"
    assert which.choices == (
        ("Cover", "Cover"),
        ("Draft", "Draft"),
        ("Final", "Final (hidden)"),
    )
    assert open_questions(first) == []
    wrong = ledger(office, path, **said, sheet="Cover", control="5")
    assert (open_questions(wrong), wrong.command) == (["sheet"], None)
    meant = ledger(office, path, **said, sheet="Final", control="7")
    office.run(meant.command)
    again = ledger(office, path, **said, control="7")
    assert [one.value for one in again.asked if one.key == "sheet"] == ["Final"]
    assert (again.again != "", again.command) == (True, None)
    path.write_bytes(book_of({"Only": sheets["Draft"], "Nothing": []}))
    assert "sheet" not in [one.key for one in ledger(office, path).asked]


def test_each_sheet_of_a_published_workbook_is_kept_by_itself(
    office: Office, tmp_path: Path
) -> None:
    head = ("Supplier", "Date", "Expense Area", "Amount")
    april = [head, ("A", "13/04/2020", "MH", 5)]
    may = [head, ("A", "13/05/2020", "MH", 7)]
    path = tmp_path / "months.xlsx"
    path.write_bytes(book_of({"Apr": april, "May": may}))
    office.run(published(office, path, source="Two months").command)
    assert published(office, path, source="Two months").again
    second = published(office, path, source="Two months", sheet="May")
    office.run(second.command)
    kept = [one.row for one in office.ask(kept_files) if one.source == "Two months"]
    assert sorted(sum(row.amount_p for row in office.ask(rows_of, one)) for one in kept) == [
        500,
        700,
    ]
    paid = {dict(office.ask(kept_row, one, 2))["Date"] for one in kept}
    assert paid == {"13/04/2020", "13/05/2020"}
    ledgers = [("Cost centre", "Subjective", "Amount"), ("C1", 1, 5)]
    path.write_bytes(book_of({"Apr": april, "Codes": ledgers}, "Codes"))
    with pytest.raises(Refusal, match="its sheet “Codes” is a general ledger"):
        published(office, path)


def test_a_stray_quote_costs_its_line_and_the_control_total_still_guards(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "quotes.csv"
    path.write_text('Cost centre,Subjective,Amount\nC8,"1,5\nC8,2,6\nC8,"3",7\nC8,4,8\n', "utf-8")
    said = {"source": "Quotes", "month": "5"}
    whole = ledger(office, path, **said, control="26")
    assert (open_questions(whole), whole.command) == (["control"], None)
    rest = ledger(office, path, **said, control="21")
    assert [(one.where, one.what) for one in rest.told] == [("Row 2, line 2", 'C8,"1,5')]
    assert (rest.rows, rest.waiting, rest.command is None) == (4, 3, False)
