"""The board pack: every part of it, read back from each file, and what it must not say."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from pypdf import PdfReader

from collabdesk.charts.board_charts import BoardCharts
from collabdesk.domain.budgets.variance import Rating
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.host.paths import resource
from collabdesk.services.budgets.contracts.spells import LocalPlacement, keep
from collabdesk.services.budgets.papers.board_figures import board_figures
from collabdesk.services.budgets.papers.export_formats import FORMATS, PACK_FORMATS, file_name
from collabdesk.services.budgets.papers.exporting import export_pack
from collabdesk.services.budgets.papers.pack_asked import (
    PackAsked,
    PackReader,
    meetings,
    paper_years,
)
from collabdesk.services.budgets.papers.pack_blocks import may_not_sum
from collabdesk.services.budgets.papers.pack_paper import rated
from tests.services.budgets.office import YEAR, Office

TODAY = dt.date(2026, 11, 22)
PARTS = (
    "Headline",
    "Contingency and uncommitted reserves",
    "Service lines",
    "Activity",
    "Out of area",
    "Longest stays",
    "Risks and opportunities",
    "Investments and savings",
    "Decisions asked for",
    "Virements since the last meeting",
    "Reconciliation",
)
STAMP = "Ledger as at #7, locked to M6"
CONFIDENTIAL = "Confidential appendix"


def charts() -> BoardCharts:
    return BoardCharts(json.loads(resource("theme/tokens.json").read_text("utf-8")))


def write(office: Office, path: Path, kind: str, asked: PackAsked, desk: str = "lead") -> str:
    workspace = office.alliance.desks[desk].workspace
    reader = PackReader(workspace.opener(), workspace.me, lambda _a: "Finance lead", TODAY, charts)
    return office.ask(
        export_pack, YEAR, asked, reader, f"pack-{kind}", path, lambda *_said: None, desk=desk
    ).stamp


def stay(office: Office, person: int, nights: int) -> LocalPlacement:
    day = dt.date(2026, 9, 30) - dt.timedelta(days=nights)
    return LocalPlacement(
        service_line=office.lines["ASL"],
        pseudonym=f"P-{person:04}",
        provider="RXM",
        admitted=day,
        discharged=None,
        price_p=70_000,
        distance_km=80,
        reason="no_bed",
        review_due=None,
    )


def test_a_pack_says_everything_in_each_format(midyear: Office, tmp_path: Path) -> None:
    midyear.propose(100_000, "lead", month=9)
    workspace = midyear.alliance.desks["lead"].workspace
    rows = [*(stay(midyear, n, 40) for n in range(6)), *(stay(midyear, n, 400) for n in (7, 8))]
    keep(workspace, rows).result()
    asked = PackAsked.of(None, ["Release the winter reserve", ""], share=False)
    for kind in ("docx", "xlsx", "pdf"):
        assert write(midyear, tmp_path / f"pack.{kind}", kind, asked) == STAMP

    made = Document(str(tmp_path / "pack.docx"))
    headings = [p.text for p in made.paragraphs if p.style and p.style.name.startswith("Heading")]
    assert [one for one in headings if one in PARTS] == list(PARTS)
    captions = [p.text for p in made.paragraphs if p.style and p.style.name == "Caption"]
    pictures = made.inline_shapes
    assert (len(pictures), len(captions)) == (2, len(made.tables) + 2)
    told = [shape._inline.docPr.get("descr") for shape in pictures]  # noqa: SLF001 - no call for it
    assert "Sep 2026, actual £" in told[0], "the charts are told in words"
    assert "Perinatal, £" in told[1]
    assert all(said.endswith(STAMP) for said in captions)
    rows_said = [tuple(cell.text for cell in row.cells) for t in made.tables for row in t.rows]
    whole = midyear.ask(board_figures, YEAR).headline
    assert ("Forecast outturn", format_pence(whole.outturn_p), "–", "") in rows_said
    assert any(said[-1] == rated(whole.rating) for said in rows_said)
    assert ("Decision", "Release the winter reserve", "–", "The board") in rows_said
    assert any(said[0] == "Virement" and "£1,000.00" in said for said in rows_said)
    assert ("Out of area", "31 to 90 nights", "5") in rows_said, "six people, rounded"
    assert ("Out of area", "More than 365 nights", "hidden") in rows_said, "two people"

    book = openpyxl.load_workbook(tmp_path / "pack.xlsx")
    assert len(book.sheetnames) == 7
    held = {cell.value for row in book["1 Headline"].iter_rows() for cell in row}
    assert any(isinstance(v, float) and Decimal(str(v)) * 100 == whole.outturn_p for v in held)

    pages = PdfReader(tmp_path / "pack.pdf").pages
    text = "".join(page.extract_text() for page in pages)
    assert pages[0].mediabox.width < pages[0].mediabox.height
    assert all(page.mediabox.width > page.mediabox.height for page in pages[1:])
    assert f"Page 1 of {len(pages)}" in pages[0].extract_text()
    assert STAMP in pages[-1].extract_text()
    assert "P-00" not in text, "nobody's pseudonym is on paper"
    assert not any(CONFIDENTIAL in said for said in (text, *headings, *book.sheetnames))


def test_the_confidential_appendix_is_there_when_it_is_asked_for(
    half_year: Office, tmp_path: Path
) -> None:
    path = tmp_path / "pack.docx"
    write(half_year, path, "docx", PackAsked(share=True))
    assert any(CONFIDENTIAL in said.text for said in Document(str(path)).paragraphs)


def test_words_say_a_rating_and_the_footnote_only_what_is_true() -> None:
    assert [rated(one) for one in Rating] == ["G – Green", "A – Amber", "R – Red"]
    assert may_not_sum([((100, 200), 300)]) == ()
    (note,) = may_not_sum([((40, 40, 40), 120), ((100,), 100)])
    assert note.text.startswith("Figures may not sum")


def test_what_a_pack_can_be_made_of_is_known(half_year: Office, tmp_path: Path) -> None:
    (year,) = half_year.ask(paper_years)
    assert (year.fiscal_year, year.stamp) == (YEAR, STAMP)
    assert half_year.ask(meetings, YEAR) == ()
    name = file_name(YEAR, STAMP, PACK_FORMATS[0])
    assert name == f"Board pack {YEAR.replace('/', '-')} as at 7.pdf"
    assert all(one.pack for one in PACK_FORMATS)
    assert not any(one.pack for one in FORMATS)
    workspace = half_year.alliance.desks["lead"].workspace
    reader = PackReader(workspace.opener(), workspace.me, str, TODAY, charts)
    with pytest.raises(Refusal) as refused:
        half_year.ask(
            export_pack, "2030/31", PackAsked(), reader, "pack-pdf", tmp_path / "x", print
        )
    assert refused.value.code == "nothing_posted"
    assert not list(tmp_path.iterdir())
