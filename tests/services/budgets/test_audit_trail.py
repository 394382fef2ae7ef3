"""I16: every figure drills to journal rows that add up to it, down to the row of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collabdesk.domain.budgets.actuals import SourceRow
from collabdesk.errors import Refusal
from collabdesk.services.budgets.actuals.actuals_commands import ImportTrialBalance, MapCode
from collabdesk.services.budgets.papers.audit_trail import (
    AuditRow,
    Level,
    Listing,
    Stop,
    audit_level,
)
from collabdesk.storage.queries.positions import LedgerFilter
from tests.services.budgets.office import YEAR, Office


def listing(office: Office, stop: Stop | None) -> Listing:
    return office.ask(audit_level, YEAR, stop)


def figures(office: Office) -> list[AuditRow]:
    return list(listing(office, None).rows)


def test_the_board_s_figures_are_where_the_drill_begins(half_year: Office) -> None:
    found = {row.what: row.amount_p for row in figures(half_year)}
    assert found["Envelope"] == 100_000_000
    assert found["All lines: budget of the year"] == 42_000_000
    assert "Adult low secure: actual to M6" in found


def walked(office: Office, row: AuditRow) -> Iterator[tuple[AuditRow, Listing]]:
    """Every figure under a figure, each with what it is made of, down to the ledger lines."""
    if row.below is None or row.below.level in {Level.JOURNAL, Level.SOURCE}:
        return
    found = listing(office, row.below)
    yield row, found
    for part in found.rows:
        yield from walked(office, part)


@given(st.data())
@settings(max_examples=8, deadline=None)
def test_every_figure_is_the_sum_of_the_journal_rows_behind_it(
    half_year: Office, data: st.DataObject
) -> None:
    row = data.draw(st.sampled_from(figures(half_year)), "figure")
    for figure, found in walked(half_year, row):
        assert found.total_p == figure.amount_p
        assert sum(part.amount_p or 0 for part in found.rows) == figure.amount_p


def test_a_journal_is_shown_with_both_its_sides_and_whoever_signed_it(half_year: Office) -> None:
    (actual,) = (row for row in figures(half_year) if row.what == "All lines: actual to M6")
    stop = actual.below
    while stop is not None and stop.level is not Level.JOURNAL:
        stop = listing(half_year, stop).rows[0].below
    assert stop is not None
    found = listing(half_year, stop)
    assert found.total_p == 0
    assert {row.what for row in found.rows} == {"spend", "general_ledger"}
    assert all(row.people for row in found.rows)


@pytest.fixture
def imported(midyear: Office) -> Office:
    """A seventh month taken from a trial balance of one row."""
    rows = (SourceRow(2, "C100", "5010", 7, 123_456, "TB-7"),)
    midyear.run(MapCode("Rivermead", YEAR, 1, "C100", "", midyear.lines["ASL"], "RHA"))
    digest = hashlib.sha256(b"tb").digest()
    midyear.run(ImportTrialBalance("tb-m7.csv", digest, "Rivermead", YEAR, 7, rows, 123_456))
    return midyear


def test_a_ledger_line_leads_to_the_row_of_the_file_and_back_to_its_journal(
    imported: Office,
) -> None:
    spend = LedgerFilter("spend", imported.lines["ASL"], "RHA", 7, 7)
    (entry,) = listing(imported, Stop(Level.ENTRIES, "M7", spend)).rows
    assert (entry.amount_p, entry.detail) == (123_456, "TB-7, row 2")
    assert entry.below is not None
    journal = listing(imported, entry.below)
    (source,) = {part.below for part in journal.rows if part.below is not None}
    told = {part.what: part for part in listing(imported, source).rows}
    assert told["File"].detail == "tb-m7.csv"
    assert told["Row"].detail == "2"
    assert told["SHA-256 of the file"].detail == hashlib.sha256(b"tb").hexdigest()
    back = told[f"Posted in {entry.below.words.lower()}"].below
    assert back == entry.below


def test_a_file_nobody_knows_is_told_in_words(half_year: Office) -> None:
    with pytest.raises(Refusal) as refused:
        listing(half_year, Stop(Level.SOURCE, "Row 1", file=b"x" * 16, file_row=1))
    assert refused.value.code == "file_unknown"
