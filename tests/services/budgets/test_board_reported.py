"""A pack of an earlier month says what was reported then, or why that cannot be told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from collabdesk.domain.changes import Cell, SetCells
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.closing import kept_state
from collabdesk.services.budgets.commands import ApproveVirement, PostReadyVirements
from collabdesk.services.budgets.forecast import forecast_commands as f
from collabdesk.services.budgets.papers.board_figures import BoardLine, board_figures, drilled
from collabdesk.services.budgets.papers.board_reported import ReportedFigures, reported_figures
from collabdesk.services.budgets.papers.pack_asked import PackAsked, pack_months
from collabdesk.storage.queries.ledger import stamp
from collabdesk.storage.queries.positions import LedgerFilter
from tests.services.budgets.office import YEAR, Office
from tests.services.budgets.outturn import CLOSED, close, spend
from tests.services.budgets.test_pack import write


def closed_with_its_ledger(office: Office, month: int) -> None:
    """Set what a close by command sets: the ledger's number and hash."""
    row, now = office.ask(kept_state, FiscalYear.parse(YEAR).month(month)), office.ask(stamp)
    assert row is not None
    cells: dict[str, Cell] = {"journal_number": now.number, "ledger_hash": now.link}
    office.alliance.desks["lead"].change(SetCells("month_state", row.row, cells))


def amounts(line: BoardLine) -> BoardLine:
    """Return a line without where its figures come from."""
    nowhere = LedgerFilter("")
    return replace(
        line,
        budget=replace(line.budget, source=nowhere),
        ytd_budget=replace(line.ytd_budget, source=nowhere),
        ytd=replace(line.ytd, source=nowhere),
        providers=(),
    )


def refused(office: Office, month: int, since: int | None = None) -> str:
    with pytest.raises(Refusal) as why:
        office.ask(reported_figures, YEAR, month, since)
    assert all((why.value.words, why.value.remedy, why.value.field))
    return why.value.code


def test_an_earlier_month_is_told_as_it_was_reported(midyear: Office, tmp_path: Path) -> None:
    midyear.run(f.KeepForecast(YEAR))
    closed_with_its_ledger(midyear, CLOSED)
    closed_with_its_ledger(midyear, CLOSED - 1)
    then = midyear.ask(board_figures, YEAR)
    row = midyear.propose(100_000, "lead", month=9)
    midyear.share()
    midyear.run(ApproveVirement(row), "a")
    midyear.share()
    midyear.run(PostReadyVirements())
    spend(midyear, 7)
    close(midyear, 7)

    found: ReportedFigures = midyear.ask(reported_figures, YEAR, CLOSED)
    assert (found.ledger, found.kept_at) == (1 + CLOSED, 1 + CLOSED)
    assert [*map(amounts, (found.headline, *found.lines))] == [
        *map(amounts, (then.headline, *then.lines))
    ]
    assert [one.figure_p for one in found.months[:CLOSED]] == [
        one.figure_p for one in then.months[:CLOSED]
    ]
    assert [one.budget_p for one in found.months] == [one.budget_p for one in then.months]
    assert found.virements == (), "what was posted later is not in it"
    for figure in (found.lines[0].budget, found.headline.ytd, found.reserves.envelope):
        lines = midyear.ask(drilled, YEAR, figure)
        assert sum(line.amount_p for line in lines) * figure.sign == figure.amount_p, "I16"

    path = tmp_path / "pack.docx"
    said = write(midyear, path, "docx", PackAsked(month=CLOSED))
    assert said == f"Ledger as at #{1 + CLOSED}, locked to M{CLOSED}"
    words = [one.text for one in Document(str(path)).paragraphs]
    assert "Not in this pack" in words
    assert "Risks and opportunities" not in words

    assert refused(midyear, CLOSED - 1) == "forecast_not_kept"
    assert refused(midyear, CLOSED - 2) == "ledger_not_kept"
    assert refused(midyear, 8) == "month_not_closed"
    assert refused(midyear, CLOSED, since=9) == "meeting_after_ledger"
    months = midyear.ask(pack_months, YEAR)
    assert [one.month for one in months] == [7, 6, 5, 4, 3, 2, 1]
    assert [one.last for one in months[:2]] == [True, False]
