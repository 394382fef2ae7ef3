"""Notes on a line and on its months: written, merged, taken away, and carried out as footnotes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import openpyxl
import pytest

from collabdesk.errors import Refusal
from collabdesk.exchange.ledger_workbook import workbook_of
from collabdesk.exchange.paper.blocks import Table
from collabdesk.services.budgets.papers.exports import ledger_year
from collabdesk.services.budgets.papers.year_paper import year_paper
from collabdesk.services.budgets.planning.line_notes import WriteLineNote, line_note, notes_of
from collabdesk.services.notes import note_versions
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    alliance = found_alliance(tmp_path_factory.mktemp("notes"), ("a",))
    made = Office(alliance)
    made.begin()
    yield made
    alliance.close()


def said(office: Office, desk: str = "lead") -> dict[int, str]:
    found = office.ask(notes_of, office.version, desk=desk)
    return {month: text for (_, month), text in found.items()}


def test_two_partners_notes_on_two_months_both_stand_before_and_after_they_are_settled(
    office: Office,
) -> None:
    line = office.plan("ASL", "RHA", 1_200_000)
    office.run(WriteLineNote(line, "Agreed by letter"))
    office.share()
    office.run(WriteLineNote(line, "Two beds close", 4))
    office.run(WriteLineNote(line, "One opens again", 9), "a")
    office.share()
    every = {0: "Agreed by letter", 4: "Two beds close", 9: "One opens again"}
    for desk in ("lead", "a"):
        assert len(office.ask(note_versions, desk=desk)) == 1
        assert said(office, desk) == every
    for text in ("Three beds close", ""):
        with pytest.raises(Refusal, match="Nottinghamshire Healthcare wrote what stands here"):
            office.run(WriteLineNote(line, text, 4), "a")
    office.run(WriteLineNote(line, "Two beds close\nOne more in May", 4), "a")
    with pytest.raises(Refusal, match="Nottinghamshire Healthcare wrote what stands here"):
        office.run(WriteLineNote(line, "", 4), "a")
    office.run(WriteLineNote(line, "One opens in October", 9), "a")
    office.share()
    assert office.ask(note_versions) == ()
    added = {4: "Two beds close\nOne more in May", 9: "One opens in October"}
    assert said(office) == every | added
    office.run(WriteLineNote(line, "", 9))
    assert office.ask(line_note, line, 9) == ""
    office.alliance.desks["lead"].workspace.undo().result()
    assert office.ask(line_note, line, 9) == "One opens in October"


@pytest.mark.parametrize(
    ("text", "month", "code"), [(" ", 4, "text_missing"), ("Late", 13, "month_unknown")]
)
def test_a_note_needs_words_and_a_month(office: Office, text: str, month: int, code: str) -> None:
    line = office.plan("ASL", "RHA", 1_200_000)
    with pytest.raises(Refusal) as refused:
        office.run(WriteLineNote(line, text, month))
    assert refused.value.code == code


def test_notes_are_footnotes_of_the_year_s_paper_and_notes_of_the_workbook_s_cells(
    office: Office,
) -> None:
    line = office.plan("ASL", "RHA", 1_200_000)
    office.plan("PER", "RHA", 1_200_000)
    office.run(WriteLineNote(line, "Agreed by letter"))
    office.share()
    office.run(WriteLineNote(line, "=two beds", 4), "a")
    office.share()
    office.agree()
    ledger = office.ask(ledger_year, YEAR, dt.date(2026, 11, 23))
    assert [(one.place, one.text) for one in ledger.notes] == [
        ("Adult low secure, RHA", "Agreed by letter"),
        ("Adult low secure, RHA, M4", "=two beds"),
    ]
    tables = [
        block
        for part in year_paper(ledger).parts
        for block in part.blocks
        if isinstance(block, Table)
    ]
    told = [str(cell) for table in tables for row in table.rows for cell in row.cells]
    assert "Adult low secure, RHA [1, 2]" in told
    assert told.count("Perinatal, RHA") == 1
    assert "=two beds" in told
    lead, partner = (one.by.split(", ") for one in ledger.notes)
    assert (lead[0], partner[0]) == ("Nottinghamshire Healthcare", "Lincolnshire Partnership")
    assert ", ".join(partner) in told
    report = openpyxl.load_workbook(io.BytesIO(workbook_of(ledger)))["Report"]
    noted = {
        (cell.row, cell.column): cell.comment.text
        for row in report.iter_rows()
        for cell in row
        if cell.comment is not None
    }
    assert noted == {
        (5, 1): f"Agreed by letter ({', '.join(lead)})",
        (5, 7): f"=two beds ({', '.join(partner)})",
    }
    assert [report.cell(3, column).value for column in (7, 1)] == [4, "Service line"]
