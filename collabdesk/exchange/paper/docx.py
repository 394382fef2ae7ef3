"""The DOCX writer: headings, real tables whose heading row repeats, and page numbers as fields."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final, assert_never

from collabdesk.exchange.paper.blocks import (
    Block,
    Chart,
    Heading,
    Note,
    Paper,
    Part,
    Table,
    Text,
    printed,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

_A4_MM: Final = (210, 297)
_MARGIN_MM: Final = 18
_TYPEFACE: Final = "Arial"
_SIZE_PT: Final = 9
_SMALL_PT: Final = 8
_TINY_PT: Final = 6.5
_MANY: Final = 9
"""Columns from which on a table is printed smaller."""


def docx_of(paper: Paper) -> bytes:
    """Return a paper as a Word document; the same paper gives the same text and parts."""
    import docx

    made = docx.Document()
    _describe(made, paper)
    for place, part in enumerate(paper.parts):
        section = made.sections[0] if place == 0 else made.add_section()
        _lay(section, part)
        if place == 0:
            made.add_heading(paper.title, 0)
            made.add_paragraph(paper.subtitle, style="Subtitle")
            _foot(section, paper.stamp)
        for block in part.blocks:
            _add(made, block, section)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _describe(made: Document, paper: Paper) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    told = made.core_properties
    told.title, told.author, told.subject = paper.title, "CollabDesk", paper.stamp
    told.language, told.comments = "en-GB", ""
    told.created = told.modified = dt.datetime.combine(paper.made_on, dt.time(), tzinfo=dt.UTC)
    normal: Any = made.styles["Normal"]
    normal.font.name, normal.font.size = _TYPEFACE, Pt(_SIZE_PT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)


def _lay(section: Section, part: Part) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    wide, high = map(Mm, _A4_MM)
    if part.across:
        wide, high = high, wide
    section.orientation = WD_ORIENT.LANDSCAPE if part.across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = wide, high
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)


def _foot(section: Section, stamp: str) -> None:
    line = section.footer.paragraphs[0]
    line.add_run(f"{stamp} · Page ")
    _field(line, "PAGE")
    line.add_run(" of ")
    _field(line, "NUMPAGES")


def _field(line: Paragraph, name: str) -> None:
    """Add a figure that Word works out when it lays the pages."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = "1"
    run.append(shown)
    field.append(run)
    line._p.append(field)  # noqa: SLF001 - the library has no call for fields


def _add(made: Document, block: Block, section: Section) -> None:
    from docx.shared import Pt

    match block:
        case Heading():
            made.add_heading(block.text, block.level)
        case Text():
            made.add_paragraph().add_run(block.text).bold = block.strong
        case Note():
            made.add_paragraph().add_run(block.text).font.size = Pt(_SMALL_PT)
        case Table():
            made.add_paragraph(block.caption, style="Caption")
            _table(made, block)
        case Chart():
            made.add_paragraph(block.caption, style="Caption")
            _picture(made, block, section)
        case _:
            assert_never(block)


def _table(made: Document, block: Table) -> None:
    table = made.add_table(rows=0, cols=len(block.columns), style="Table Grid")
    kinds = [column.kind for column in block.columns]
    size = _TINY_PT if len(kinds) > _MANY else _SMALL_PT
    head = table.add_row()
    _repeat(head._tr)  # noqa: SLF001 - the library has no call for repeated rows
    lines = [
        ([column.title for column in block.columns], True, head),
        *(
            ([printed(*pair) for pair in zip(row.cells, kinds, strict=True)], row.strong, None)
            for row in block.rows
        ),
    ]
    for said, strong, kept in lines:
        cells = (kept or table.add_row()).cells
        for cell, text, kind in zip(cells, said, kinds, strict=True):
            _write(cell, text, strong=strong, right=kind.figures, size=size)


def _repeat(row: Any) -> None:  # noqa: ANN401 - an element without stated type
    from docx.oxml import OxmlElement

    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _write(cell: _Cell, text: str, *, strong: bool, right: bool, size: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    line = cell.paragraphs[0]
    line.paragraph_format.space_after = Pt(0)
    if right:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = line.add_run(text)
    run.bold, run.font.size = strong, Pt(size)


def _picture(made: Document, block: Chart, section: Section) -> None:
    wide = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    shape = made.add_picture(io.BytesIO(block.png), width=wide)
    told = shape._inline.docPr  # noqa: SLF001 - the library has no call for alternative text
    told.set("descr", block.alt)
    told.set("title", block.caption)
