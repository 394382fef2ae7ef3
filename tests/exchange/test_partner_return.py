"""The return we write is the return we read."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from collabdesk.errors import Refusal
from collabdesk.exchange.partner_return import (
    ReturnHead,
    ReturnRow,
    read_return,
    write_template,
)
from tests.exchange.books import book, with_parts

HEAD = ReturnHead("RP7", "2026/27", "M6 Sep 2026")
REFERENCES = st.text("ABC0123456789-/=+@ ", min_size=1, max_size=12).filter(
    lambda text: text == text.strip()
)


def test_an_empty_return_says_whose_and_which_month_and_has_no_rows() -> None:
    found = read_return("any.xlsx", write_template(HEAD, "=East Midlands"))
    assert (found.head, found.rows, found.left_out) == (HEAD, (), ())
    sheet = load_workbook(io.BytesIO(write_template(HEAD, "=East Midlands")))["About"]
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=East Midlands", "s")


@settings(max_examples=8)
@given(st.lists(st.tuples(REFERENCES, st.integers(-(10**11), 10**11)), max_size=5))
def test_a_filled_return_reads_back_to_the_penny(items: list[tuple[str, int]]) -> None:
    rows = tuple(
        ReturnRow(number, reference, amount_p, "Beds")
        for number, (reference, amount_p) in enumerate(items, start=2)
    )
    assert read_return("a.xlsx", write_template(HEAD, "Alliance", rows)).rows == rows


def test_a_bad_row_is_left_out_and_the_others_are_read() -> None:
    rows = [
        ("Reference", "Description", "Amount (£)"),
        ("INV 1", "Beds", "1,234.50"),
        (None, "No reference", 5),
        ("INV 2", "Three places", 1.005),
        ("INV 3", "A sum", "=1+1"),
        (4711, "A number", 7),
    ]
    found = read_return("a.xlsx", book(rows))
    assert [(row.reference, row.amount_p) for row in found.rows] == [
        ("INV 1", 123_450),
        ("4711", 700),
    ]
    assert [(one.row, one.why.code) for one in found.left_out] == [
        (3, "reference_missing"),
        (4, "money_decimals"),
        (5, "no_value"),
    ]
    assert found.head == ReturnHead()


def test_a_return_may_be_plain_text_but_never_a_program() -> None:
    assert read_return("a.csv", b"Invoice,Amount\nA,5\n").total_p == 500
    with pytest.raises(Refusal, match="a reference, an amount"):
        read_return("a.csv", b"Name,Shift\nA,Early\n")
    evil = with_parts(write_template(HEAD, "Alliance"), {"xl/vbaProject.bin": b"x"})
    with pytest.raises(Refusal, match="macros"):
        read_return("a.xlsm", evil)
