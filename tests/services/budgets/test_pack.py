"""The board pack: every part of it, read back from each file, and what it must not say."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from nacl import pwhash
from pypdf import PdfReader

from collabdesk.app import KEY_FILE, PASSPHRASE
from collabdesk.charts.board_charts import BoardCharts
from collabdesk.cli import run
from collabdesk.domain.budgets.variance import Rating
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.host.passphrase_store import PassphraseStore, Work
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
from collabdesk.services.budgets.planning.line_notes import WriteLineNote
from tests.services.budgets.office import YEAR, Office
from tests.services.budgets.test_shares import record
from tests.support.alliance import Alliance
from tests.support.typed import WORDS

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
    "Notes",
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
    line = next(one.plan_line for one in midyear.grid().rows if one.plan_line)
    midyear.run(WriteLineNote(line, "Two beds close", 8))
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
    noted = next(said for said in rows_said if "Two beds close" in said)
    assert noted[:3] == ("Adult low secure", "RHA", "M8")
    assert noted[4].startswith("Nottinghamshire Healthcare, ")
    assert any(said[0] == "Virement" and "£1,000.00" in said for said in rows_said)
    assert ("Out of area", "31 to 90 nights", "5") in rows_said, "six people, rounded"
    assert ("Out of area", "More than 365 nights", "hidden") in rows_said, "two people"

    book = openpyxl.load_workbook(tmp_path / "pack.xlsx")
    assert len(book.sheetnames) == 8
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


def test_the_confidential_appendix_holds_what_may_be_opened_or_is_refused(
    midyear: Office, tmp_path: Path
) -> None:
    record(midyear, 6_000, 4_000)
    midyear.share()
    path = tmp_path / "pack.docx"
    write(midyear, path, "docx", PackAsked(share=True))
    made = Document(str(path))
    assert any(CONFIDENTIAL in said.text for said in made.paragraphs)
    cells = [tuple(cell.text for cell in row.cells) for t in made.tables for row in t.rows]
    assert any(said[0] == "2026/27" and "60.00%" in said for said in cells), "the terms"
    with pytest.raises(Refusal) as refused:
        write(midyear, tmp_path / "b.docx", "docx", PackAsked(share=True), desk="b")
    assert refused.value.code == "share_not_open"
    assert not (tmp_path / "b.docx").exists()


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


def test_the_command_line_writes_the_same_pack(
    half_year_closed: tuple[Alliance, Office],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    alliance, _office = half_year_closed
    lead = alliance.desks["lead"]
    folder, path = tmp_path / "lead", tmp_path / "pack.docx"
    shutil.copytree(lead.workspace.folder, folder)
    little = Work(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
    keys = PassphraseStore.create(folder / KEY_FILE, WORDS, little)
    for name, secret in lead.keys.kept.items():
        keys.put(name, secret)
    monkeypatch.setenv(PASSPHRASE, WORDS)

    def typed(file: Path, *words: str) -> tuple[int, str]:
        code = run(["pack", str(file), "--workspace", str(folder), *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    asked = ("--confidential", "--decision", "Release the reserve", "--decision", "Note the risks")
    code, said = typed(path, *asked)
    assert (code, f"pack.docx saved: {STAMP}." in said) == (0, True)
    text = [one.text for one in Document(str(path)).paragraphs]
    assert any(CONFIDENTIAL in one for one in text)
    cells = {cell.text for t in Document(str(path)).tables for row in t.rows for cell in row.cells}
    assert {"Release the reserve", "Note the risks"} <= cells
    assert typed(tmp_path / "plain.docx")[0] == 0
    plain = Document(str(tmp_path / "plain.docx")).paragraphs
    assert not any(CONFIDENTIAL in one.text for one in plain)
    for file, words, why in (
        ("pack.odt", (), "Let the name of the file end in .pdf, .docx, .xlsx."),
        ("a.pdf", ("--month", "8"), "M8 of 2026/27 is not closed"),
        ("b.pdf", ("--month", "3"), "cannot be told"),
        ("b.pdf", ("--month", "0"), "M0 of 2026/27 is not closed"),
        ("c.pdf", ("--year", "2030/31"), "Nothing is posted in 2030/31"),
    ):
        code, said = typed(tmp_path / file, *words)
        assert (code, why in said) == (1, True), said
        assert not (tmp_path / file).exists()
