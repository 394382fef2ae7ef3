"""I16: every figure drills to journal rows that add up to it, down to the row of a file."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collabdesk.domain.budgets.actuals import SourceRow
from collabdesk.domain.budgets.forecast import Method
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.services.budgets.actuals.actuals_commands import ImportTrialBalance, MapCode
from collabdesk.services.budgets.contracts import spells
from collabdesk.services.budgets.contracts.contract_commands import (
    AddContract,
    ContractTerms,
    SetBaseline,
    SharePlacements,
)
from collabdesk.services.budgets.forecast.forecast_commands import ChooseForecasts, ForecastChoice
from collabdesk.services.budgets.forecast.methods_in_words import METHODS
from collabdesk.services.budgets.papers.audit_stops import AuditRow, Level, Listing, Stop
from collabdesk.services.budgets.papers.audit_trail import audit_level
from collabdesk.services.budgets.shares.share_commands import AddShareAgreement, PartnerTerms
from collabdesk.storage.queries.positions import LedgerFilter
from tests.services.budgets.office import YEAR, Office
from tests.services.budgets.outturn import spend


def listing(office: Office, stop: Stop | None) -> Listing:
    opener = office.alliance.desks["lead"].workspace.opener()
    return office.ask(audit_level, YEAR, stop, opener)


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
        _adds_up(figure, found)


def _adds_up(figure: AuditRow, found: Listing) -> None:
    """A run rate alone is no sum: it says what it makes of the months it shows."""
    if found.total_p is None:
        assert found.rows
        assert format_pence(figure.amount_p or 0) in found.note
        return
    assert found.total_p == figure.amount_p
    assert sum(part.amount_p or 0 for part in found.rows) == figure.amount_p


@pytest.mark.parametrize("method", list(Method))
def test_a_forecast_is_followed_to_what_its_method_goes_by(midyear: Office, method: Method) -> None:
    typed = range(7, 13) if method is Method.MANUAL else ()
    months = tuple((month, 1_000 * month) for month in typed)
    chosen = ForecastChoice(midyear.lines["ASL"], "RHA", method.value, "Two beds", months)
    midyear.run(ChooseForecasts(YEAR, (chosen,)))
    wanted = ("forecast outturn", "variance at the year’s end", "variance to M6", "movement")
    seen = set()
    for row in figures(midyear):
        if row.what.startswith("Adult low secure: ") and any(said in row.what for said in wanted):
            for figure, found in walked(midyear, row):
                _adds_up(figure, found)
                seen.add(figure.what)
    assert "Forecast of M7" in seen
    (by_line,) = (
        row.below for row in figures(midyear) if row.what == "All lines: forecast outturn"
    )
    said = {row.what for row in listing(midyear, by_line).rows}
    assert f"Adult low secure at RHA, {METHODS[method].lower()}" in said


def test_a_commitment_is_followed_to_its_contracts_whatever_is_posted_already(
    midyear: Office,
) -> None:
    april, march = dt.date(2026, 4, 1), dt.date(2027, 3, 31)
    terms = ContractTerms("B1", midyear.lines["ASL"], "RHA", "block", april, march, 30_000_000)
    midyear.run(AddContract(YEAR, terms))
    chosen = ForecastChoice(midyear.lines["ASL"], "RHA", Method.COMMITTED.value)
    midyear.run(ChooseForecasts(YEAR, (chosen,)))
    spend(midyear, 7)
    found = {row.what: row for row in figures(midyear)}
    walk = list(walked(midyear, found["Adult low secure: forecast outturn"]))
    for figure, listed in walk:
        _adds_up(figure, listed)
    contracts = {row.what for _, listed in walk for row in listed.rows}
    assert "Contract B1" in contracts


def test_what_is_shared_and_saved_is_followed_as_well(midyear: Office) -> None:
    workspace, line = midyear.alliance.desks["lead"].workspace, midyear.lines["ASL"]
    assert not [row for row in figures(midyear) if "Risk share" in row.what]
    partners = (PartnerTerms(workspace.me().organisation, 10_000),)
    for collar, month, result in (("0.5", 1, "envelope"), ("1", 7, "lines")):
        terms = AddShareAgreement(YEAR, f"From M{month}", month, collar, "3", partners)
        midyear.run(replace(terms, result=result))
    spells.keep(workspace, [placed(line, person) for person in range(6)]).result()
    midyear.run(SharePlacements(YEAR, 6))
    midyear.run(SetBaseline(YEAR, line, 4_380, 68_340, "Contract monitoring", 31_100_000))
    found = {row.what: row for row in figures(midyear)}
    shared = [what for what in found if what.startswith("Risk share")]
    assert "Risk share: result" in shared
    assert "Risk share: Nottinghamshire Healthcare" in shared
    assert found["Adult low secure: out of area in M6"].amount_p == 6 * 10 * 71_005
    saved = "Adult low secure: saved out of area, net"
    for what in (*shared, "Adult low secure: out of area in M6", saved):
        for figure, listed in walked(midyear, found[what]):
            _adds_up(figure, listed)
    assert listing(midyear, found["Adult low secure: out of area in M6"].below).total_p
    midyear.share()
    elsewhere = midyear.ask(
        audit_level, YEAR, found["Adult low secure: out of area in M6"].below, desk="a"
    )
    assert (elsewhere.rows, elsewhere.total_p) == ((), None)
    assert format_pence(6 * 10 * 71_005) in elsewhere.note
    below = found["Risk share: result"].below
    with pytest.raises(Refusal, match="confidential"):
        midyear.ask(audit_level, YEAR, below)


def placed(line: bytes, person: int) -> spells.LocalPlacement:
    return spells.LocalPlacement(
        service_line=line,
        pseudonym=f"person-{person}",
        provider="Far Away Hospital",
        admitted=dt.date(2026, 9, 21),
        discharged=dt.date(2026, 10, 1),
        price_p=71_005,
        distance_km=60,
        reason="no_bed",
        review_due=dt.date(2026, 10, 5),
    )


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
