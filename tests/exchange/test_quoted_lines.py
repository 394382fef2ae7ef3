"""A quote in the wrong place costs its own lines, which are told; the others are read."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collabdesk.errors import Refusal
from collabdesk.exchange.allocations import Unit, read_allocations
from collabdesk.exchange.partner_return import read_return
from collabdesk.exchange.quoted_lines import records
from collabdesk.exchange.sheets import read_sheet
from collabdesk.exchange.spend import read_spend

HEAD = "Supplier,Date,Expense Area,Amount\n"
GOOD = 'A,13/04/2020,"MH, adults",5\n'


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ('"B" Ltd,13/04/2020,MH,900\n', "line 3"),
        ('"B,13/04/2020,MH,900\n', "line 3"),
        ('B,13/04/2020,"MH,900\nno,columns\n\n', "lines 3 to 5"),
        ('"B,13/04/2020,MH,900\nC,13/04/2020,MH,4\nend",13/04/2020,MH,1\n', "line 3"),
    ],
)
def test_lines_with_a_stray_quote_are_told_and_the_others_are_read(broken: str, place: str) -> None:
    sheet = read_sheet("april.csv", (HEAD + GOOD + broken + GOOD * 3).encode())
    found = read_spend(sheet)
    told = found.left_out[0]
    assert (told.row, told.column) == (3, place)
    assert place in told.why.words
    assert "both ends" in told.why.remedy
    assert [row.amount_p for row in found.rows if row.supplier == "A"] == [500] * 4
    assert found.total_p % 100 == 0
    assert found.total_p < 90_000
    assert found.blank == 0


def test_a_cell_of_several_lines_and_an_inch_are_no_stray_quotes() -> None:
    text = (
        HEAD + '"B\n1, High Street\nLeeds",13/04/2020,"MH ""x""",5\nPipe 5" wide,13/04/2020,MH,1\n'
    )
    found = read_spend(read_sheet("april.csv", text.encode()))
    assert [row.supplier for row in found.rows] == ["B\n1, High Street\nLeeds", 'Pipe 5" wide']
    assert not found.left_out


def test_every_reader_tells_them_and_a_file_of_nothing_else_is_refused() -> None:
    table = read_sheet("a.csv", b'Body,Allocation\nA,5\n"B" x,6\nC,7\n')
    assert [one.row for one in read_allocations(table, Unit.POUNDS).left_out] == [3]
    back = read_return("b.csv", b'Reference,Amount\nI1,5\n"I2" x,6\nI3,7\n')
    assert [one.row for one in back.left_out] == [3]
    assert [row.number for row in back.rows] == [2, 4]
    with pytest.raises(Refusal, match="none of its rows"):
        read_sheet("c.csv", b'"a" b,1\n"c" d,2\n')


CELLS = st.text(st.sampled_from('ab1", \n;'), max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6), st.text('ab1,"\n'))
def test_no_line_is_lost_or_read_twice(rows: list[tuple[str, str, str]], rest: str) -> None:
    """The lines of the records follow one another from the first to the last."""
    kept = io.StringIO(newline="")
    csv.writer(kept, lineterminator="\n").writerows(rows)
    lines = (kept.getvalue() + rest).splitlines(keepends=True)
    at = 1
    for record in records(lines, ","):
        assert record.first == at
        at = record.last + 1
    assert at == len(lines) + 1
