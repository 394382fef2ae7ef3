"""The return we write is the return we read."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

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


ROWS = (
    ReturnRow(2, "INV 1", 123_450, "Beds"),
    ReturnRow(3, "INV 2", -5_000, "Credit"),
    ReturnRow(4, "INV 3", 700, "Escort"),
)
Alter = Callable[[Workbook], object]


def altered(alter: Alter) -> bytes:
    """Return a filled-in return after somebody altered it."""
    workbook = load_workbook(io.BytesIO(write_template(HEAD, "Alliance", ROWS)))
    alter(workbook)
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()


def put(**cells: str | float | None) -> Alter:
    """Write into cells of the sheet of charges."""

    def alter(workbook: Workbook) -> None:
        for place, value in cells.items():
            workbook["Return"][place] = value

    return alter


def swap_columns(workbook: Workbook) -> None:
    sheet = workbook["Return"]
    for row in range(1, 5):
        first, last = sheet.cell(row, 1), sheet.cell(row, 3)
        first.value, last.value = last.value, first.value


def hide(workbook: Workbook) -> None:
    workbook["Return"].row_dimensions[3].hidden = True


@pytest.mark.parametrize(
    ("alter", "numbers"),
    [
        (swap_columns, (2, 3, 4)),
        (lambda book: book["Return"].insert_cols(2), (2, 3, 4)),
        (lambda book: book["Return"].delete_cols(2), (2, 3, 4)),
        (lambda book: book["Return"].insert_rows(1, 2), (4, 5, 6)),
        (lambda book: book["Return"].insert_rows(3), (2, 4, 5)),
        (put(D1="Amount agreed", D2=99), (2, 3, 4)),
    ],
)
def test_moved_columns_and_rows_change_no_charge(alter: Alter, numbers: tuple[int, ...]) -> None:
    found = read_return("a.xlsx", altered(alter))
    assert [(one.number, one.reference, one.amount_p) for one in found.rows] == [
        (number, row.reference, row.amount_p) for number, row in zip(numbers, ROWS, strict=True)
    ]
    assert (found.head, found.left_out) == (HEAD, ())


@pytest.mark.parametrize(
    ("alter", "row", "column", "code"),
    [
        (put(C3="about 12"), 3, "Amount (£)", "money_text"),
        (put(C3="=1+1"), 3, "Amount (£)", "no_value"),
        (put(A3="=B3"), 3, "Reference", "no_value"),
        (put(C3=1.005), 3, "Amount (£)", "money_decimals"),
        (put(C3=None), 3, "Amount (£)", "money_blank"),
        (put(C3=True), 3, "Amount (£)", "money_text"),
        (put(A3=None), 3, "Reference", "reference_missing"),
        (hide, 3, "Reference", "row_hidden"),
        (put(A5="Grand total", C5=1_191.5), 5, "Reference", "total_row"),
        (put(C5=1_191.5), 5, "Reference", "reference_missing"),
    ],
)
def test_what_cannot_count_is_refused_at_its_cell_and_the_rest_is_read(
    alter: Alter, row: int, column: str, code: str
) -> None:
    found = read_return("a.xlsx", altered(alter))
    (one,) = found.left_out
    assert (one.row, one.column, one.why.code) == (row, column, code)
    assert one.why.words
    assert one.why.remedy
    assert [kept.number for kept in found.rows] == [at for at in (2, 3, 4) if at != row]


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (
            put(C1="Betrag"),
            "row 1 of “Return” has the column “Reference”, and none called “Amount (£)”",
        ),
        (
            put(A1="Ref"),
            "row 1 of “Return” has the column “Amount (£)”, and none called “Reference”",
        ),
        (put(D1="Amount (£)", D2=5), "more than one column called “Amount (£)”"),
        (lambda book: book["Return"].delete_rows(1), "headings for a reference, an amount"),
        (
            lambda book: book["About"].__setitem__("B1", "CollabDesk return 2"),
            "says “CollabDesk return 2”",
        ),
    ],
)
def test_a_sheet_that_can_be_read_two_ways_is_refused_with_what_to_mend(
    alter: Alter, said: str
) -> None:
    with pytest.raises(Refusal, match=r"a\.xlsx") as refused:
        read_return("a.xlsx", altered(alter))
    assert said in refused.value.words
    assert refused.value.remedy
