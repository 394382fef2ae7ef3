"""Tables from anywhere: read by what they hold, cell by cell, and nothing in them is run."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.exchange.sheets import (
    Fault,
    exact_pounds,
    pence_of,
    read_sheet,
    recognised,
    text_of,
)
from tests.exchange.books import book, with_parts

GOOD = book([("Code", "Amount"), ("A1", 12.5)])


def test_the_name_of_a_file_says_nothing() -> None:
    sheet = read_sheet("figures.csv", GOOD)
    assert (sheet.encoding, sheet.header) == (None, ("Code", "Amount"))
    assert sheet.rows[1].cells == ("A1", Decimal("12.5"))


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Code,Amount\nA1,£5\n".encode(), "utf-8"),
        ("\ufeffCode,Amount\nA1,£5\n".encode(), "utf-8"),
        ("Code;Amount\nA1;£5\n".encode("cp1252"), "cp1252"),
        ("Code\tAmount\r\nA1\t£5\r\n".encode(), "utf-8"),
    ],
)
def test_text_is_read_in_its_encoding_and_with_its_separator(content: bytes, encoding: str) -> None:
    sheet = read_sheet("a", content)
    assert (sheet.encoding, sheet.header) == (encoding, ("Code", "Amount"))
    assert pence_of(sheet.rows[1].cells[1], "amount") == 500


def test_a_workbook_gives_days_digits_and_what_went_wrong() -> None:
    day = dt.datetime(2020, 4, 7, 9, 30)  # noqa: DTZ001 a workbook knows no zones
    rows = [(day, 159114.61000000002, 52105, " text ", "=1+1", True, dt.time(3))]
    cells = read_sheet("a.xlsx", book(rows)).rows[0].cells
    assert cells[:4] == (dt.date(2020, 4, 7), Decimal("159114.61"), Decimal(52105), " text ")
    assert cells[4] == Fault("a formula whose result was not saved")
    assert cells[5:] == ("TRUE", Fault("a time of day"))
    assert text_of(cells[2]) == "52105"


def refused(content: bytes) -> Refusal:
    with pytest.raises(Refusal) as found:
        read_sheet("a.xlsx", content)
    return found.value


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/vbaProject.bin": b"x"}, "macros"),
        ({"xl/macrosheets/sheet1.xml": b"<a/>"}, "macros"),
        ({"[Content_Types].xml": b"<Types>application/vnd.ms-excel.sheet.macroEnabled"}, "macros"),
        ({"xl/worksheets/sheet1.xml": b"\0" * 30_000_000}, "too-large"),
        ({"xl/worksheets/sheet1.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}, "damaged-workbook"),
        ({"xl/styles.xml": b"<!-- -->" * 200_000 + b"<!ENTITY b 'c'>"}, "damaged-workbook"),
        ({"xl/worksheets/sheet1.xml": "<!DOCTYPE a>".encode("utf-16")}, "damaged-workbook"),
        ({"xl/worksheets/sheet1.xml": b"<a"}, "damaged-workbook"),
        ({"xl/workbook.xml": b""}, "damaged-workbook"),
    ],
)
def test_what_runs_swells_or_is_broken_is_refused_whole(parts: dict[str, bytes], code: str) -> None:
    why = refused(with_parts(GOOD, parts))
    assert why.code == code
    assert why.field == "file"
    assert why.remedy


def test_other_packed_files_are_no_workbooks() -> None:
    assert refused(b"PK\x03\x04 and then nothing").code == "damaged-workbook"
    assert refused(b"\x1f\x8b").code == "not-delimited-text"
    assert refused(b"%PDF-1.7").code == "not-delimited-text"
    assert refused(b"").code == "empty-file"
    assert refused(b'"cut').code == "not-delimited-text"


def test_a_row_far_down_is_not_a_million_rows() -> None:
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    far += b'<row r="1000000"><c r="A1000000"><v>1</v></c></row></sheetData></worksheet>'
    assert refused(with_parts(GOOD, {"xl/worksheets/sheet1.xml": far})).code == "too-large"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12.345", "money_decimals"),
        (Decimal("12.345"), "money_decimals"),
        ("twelve", "money_text"),
        ("=12*2", "money_text"),
        ("1,23,4", "money_grouping"),
        ("", "money_blank"),
        (None, "money_blank"),
        (Fault("an error (#REF!)"), "no_value"),
        (dt.date(2020, 4, 7), "money_date"),
        (Decimal(10) ** 18, "money_too_large"),
    ],
)
def test_what_is_no_amount_is_refused_at_its_cell(
    cell: str | Decimal | Fault | dt.date | None, code: str
) -> None:
    with pytest.raises(Refusal) as found:
        pence_of(cell, "amount")
    assert (found.value.code, found.value.field) == (code, "amount")
    assert found.value.remedy


@pytest.mark.parametrize(
    ("cell", "pence"),
    [
        ("1,234.50-", -123_450),
        ("1,234.50 -", -123_450),
        ("£-1,234.50", -123_450),
        ("- £ 1,234.50", -123_450),
        ("£ 1,234.50", 123_450),
        ("( £1,234.50 )", -123_450),
        (" £-   ", 0),
        ("\N{EN DASH}", 0),
    ],
)
def test_amounts_are_read_as_ledgers_and_number_formats_write_them(cell: str, pence: int) -> None:
    assert pence_of(cell, "amount") == pence


@pytest.mark.parametrize("cell", ["--5", "-5-", "(5-)", "1 234", "5-5", "£", "- -"])
def test_what_two_signs_might_mean_is_not_guessed(cell: str) -> None:
    with pytest.raises(Refusal):
        pence_of(cell, "amount")


def test_lines_may_end_as_older_systems_end_them() -> None:
    assert read_sheet("a.csv", b"Head,Amount\rA,1\rB,2\r").rows[2].cells == ("B", "2")


def test_thousands_are_pounds_times_a_thousand_and_may_have_decimals() -> None:
    assert pence_of("154,148", "amount", 1_000) == 15_414_800_000
    assert pence_of(Decimal("1.23456"), "amount", 1_000) == 123_456


@given(st.integers(-(10**12), 10**12))
def test_an_amount_reads_back_to_the_penny_however_it_was_written(pence: int) -> None:
    number = Decimal(pence) / 100
    spread = Decimal(f"{float(number):.15g}")
    for cell in (format_pence(pence), f"{number:.2f}", spread):
        assert pence_of(cell, "amount") == pence
        assert exact_pounds(cell) == Fraction(pence, 100)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_brought_is_read_or_refused_in_words(data: st.DataObject) -> None:
    """Bytes of any kind, and a workbook with some of its bytes changed."""
    content = data.draw(st.one_of(st.binary(max_size=200), st.just(GOOD)))
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(0, 6)) if changed else 0):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Refusal):
        sheet = read_sheet("anything", bytes(changed))
        assert all(row.number == place for place, row in enumerate(sheet.rows, start=1))


def test_the_header_may_stand_under_a_title() -> None:
    rows = [
        ("Spend report", None, None),
        (None,) * 3,
        (None, "Cost Centre", "AMOUNT (£)"),
        (None, "A", 1),
    ]
    table = recognised(
        read_sheet("a", book(rows)), {"code": ("cost centre",), "amount": ("amount*",)}, ("code",)
    )
    assert table is not None
    assert [table.text(row, "code") for row in table.body] == ["A"]
    assert (table.heading("amount"), table.text(table.body[0], "nothing")) == ("AMOUNT (£)", "")
    assert recognised(read_sheet("a", book(rows)), {"x": ("y",)}, ("x",)) is None
