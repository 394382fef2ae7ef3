"""One paper in three formats: what a reader, a screen reader and a spreadsheet find in it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from docx import Document
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from collabdesk.charts.drawn import Frame, Picture, figure_for, to_png, to_svg
from collabdesk.charts.drawn import Table as Twin
from collabdesk.errors import NotPossible
from collabdesk.exchange.paper.blocks import (
    Chart,
    Column,
    Heading,
    Kind,
    Note,
    Paper,
    Part,
    Row,
    Table,
    Text,
)
from collabdesk.exchange.paper.docx import docx_of
from collabdesk.exchange.paper.pdf import pdf_of
from collabdesk.exchange.paper.xlsx import xlsx_of

STAMP = "Ledger as at #12, locked to M5"
HOSTILE = '=HYPERLINK("x") #strong[code] *b* $x$ \\ @here'


def chart() -> Chart:
    frame = Frame(300, 120)
    figure = figure_for(frame, "white")
    axes = figure.add_subplot()
    axes.plot([1, 2], [3, 4])
    picture = Picture(figure, axes, frame, (), "Up", "It goes up", Twin((), ()))
    return Chart("Spending goes up", "It goes up", to_svg(picture), to_png(picture))


def paper(rows: int = 60) -> Paper:
    columns = (
        Column("Service line"),
        Column("Plan", Kind.PENCE),
        Column("Whole", Kind.POUNDS),
        Column("Change", Kind.PERCENT),
        Column("Day", Kind.DATE),
    )
    day = dt.date(2026, 4, 7)
    lines = tuple(
        Row((f"Line {n}", n * 123_456_789, -n * 100, Decimal("1.25"), day)) for n in range(rows)
    )
    total = Row((HOSTILE, -1, None, None, None), strong=True)
    table = Table("Every line", columns, (*lines, total))
    first = Part((Heading("Summary"), Text(HOSTILE, strong=True), Heading("Lines", 2), table))
    second = Part((Heading("Months"), chart(), Note("Figures may not sum.")), across=True)
    return Paper("Budget of 2026/27", "Rivermead", STAMP, dt.date(2026, 11, 22), (first, second))


@pytest.fixture(scope="module")
def pdf() -> PdfReader:
    return PdfReader(io.BytesIO(pdf_of(paper())))


def tags(reader: PdfReader) -> list[str]:
    """Every structure tag, in reading order."""
    root: Any = reader.trailer["/Root"]
    found: list[str] = []

    def walk(node: Any) -> None:  # noqa: ANN401 - a node of the file
        held = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(held, DictionaryObject):
            found.extend(str(held[name]) for name in ("/S",) if name in held)
            held = held.get("/K", [])
        for child in held if isinstance(held, list) else [held]:
            if child is not held and not isinstance(child, int):
                walk(child)

    walk(root["/StructTreeRoot"])
    return found


def test_a_pdf_is_tagged_for_screen_readers(pdf: PdfReader) -> None:
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a value of the file
    assert root["/Lang"] == "en-GB"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    found = tags(pdf)
    assert found.count("/Table") == 1
    assert found.count("/TH") == 5
    assert found.count("/TD") == 61 * 5
    assert {"/H1", "/H2", "/Figure", "/Caption"} <= set(found)


def test_a_pdf_has_bookmarks_and_its_name(pdf: PdfReader) -> None:
    outline: Any = pdf.outline
    (summary, (lines,), months) = outline
    assert [one["/Title"] for one in (summary, lines, months)] == ["Summary", "Lines", "Months"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Budget of 2026/27"


def test_every_page_says_its_number_and_the_ledger_and_repeats_the_heading(pdf: PdfReader) -> None:
    texts = [page.extract_text() for page in pdf.pages]
    assert len(texts) == 3
    for number, text in enumerate(texts, 1):
        assert STAMP in text
        assert f"Page {number} of 3" in text
    assert "Service line" in texts[0]
    assert "Service line" in texts[1]


def test_figures_and_hostile_words_are_text_as_they_were_entered(pdf: PdfReader) -> None:
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "£72,839,505.51" in text
    assert "−£0.01" in text
    assert HOSTILE.replace(" ", "") in text.replace(" ", "").replace("\n", "")


def test_pages_are_a4_upright_or_across(pdf: PdfReader) -> None:
    sizes = [(round(page.mediabox.width), round(page.mediabox.height)) for page in pdf.pages]
    assert sizes == [(595, 842), (595, 842), (842, 595)]


def test_a_chart_says_in_words_what_it_shows(pdf: PdfReader) -> None:
    assert "/Figure" in tags(pdf)
    silent = Chart("c", "", chart().svg, b"")
    bare = Paper("t", "", STAMP, dt.date(2026, 4, 1), (Part((Heading("h"), silent)),))
    with pytest.raises(NotPossible) as refused:
        pdf_of(bare)
    assert refused.value.code == "pdf-not-set"


def parts(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.mark.parametrize("write", [pdf_of, docx_of, xlsx_of])
def test_the_same_paper_gives_the_same_file(write: Any) -> None:  # noqa: ANN401 - a writer
    one = paper(3)
    first, again = write(one), write(one)
    # What packs a Word document reads the clock; what it packs does not.
    assert first == again if write is not docx_of else parts(first) == parts(again)


def test_a_word_document_holds_headings_real_tables_and_page_fields() -> None:
    made = Document(io.BytesIO(docx_of(paper(2))))
    styles = [(line.style.name if line.style else "", line.text) for line in made.paragraphs]
    assert ("Heading 1", "Summary") in styles
    assert ("Heading 2", "Lines") in styles
    (table,) = made.tables
    assert [cell.text for cell in table.rows[0].cells][:2] == ["Service line", "Plan"]
    assert "w:tblHeader" in made.element.body.xml
    assert [cell.text for cell in table.rows[3].cells][:2] == [HOSTILE, "−£0.01"]
    foot = made.sections[0].footer.part.element.xml
    assert 'w:instr="PAGE"' in foot
    assert 'w:instr="NUMPAGES"' in foot
    assert STAMP in foot
    assert 'descr="It goes up"' in made.element.body.xml
    sizes = [(s.page_width, s.page_height) for s in made.sections]
    assert sizes[0] == sizes[1][::-1]


def test_a_workbook_holds_numbers_and_no_formula_of_anybody_s() -> None:
    content = xlsx_of(paper(2))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["1 Summary", "2 Months"]
    sheet = book["1 Summary"]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}
    assert cells[1234567.89].number_format.startswith("£#,##0.00")
    assert cells[f"'{HOSTILE}"].data_type == "s"
    assert dt.datetime(2026, 4, 7) in cells  # noqa: DTZ001 - a sheet's days have no zone
    assert sheet.page_setup.paperSize == 9
    assert not [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if "vba" in name]
