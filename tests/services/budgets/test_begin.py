"""A year begins in one step, and goes again in one."""

from __future__ import annotations

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.budgets.planning.begin import AddNewLine, NewLine, SetUpYear
from collabdesk.services.budgets.queries import service_lines, versions
from tests.services.budgets.office import YEAR, Office

LINE = NewLine("ASL", "Adult low secure", "RHA", 1_200_000)


def test_a_year_begins_with_version_allocation_and_line_at_once(office: Office) -> None:
    done = office.run(SetUpYear(YEAR, "Opening", LINE, "0.5", 2_000_000))
    assert done.words == "Budget for 2026/27 set up"
    assert done.record is not None
    office.version = done.record[1]
    summary = office.summary().drafted
    assert (summary.envelope.shown_p, summary.lines.shown_p) == (2_000_000, 1_200_000)
    assert (summary.contingency.shown_p, summary.unallocated.shown_p) == (10_000, 790_000)
    assert [month.amount.shown_p for month in office.grid().total.months] == [100_000] * 12


def test_one_undo_takes_the_whole_beginning_back(office: Office) -> None:
    office.run(SetUpYear(YEAR, "Opening", LINE))
    office.alliance.desks["lead"].workspace.undo().result()
    assert office.ask(versions) == ()
    assert office.ask(service_lines) == ()


def test_a_year_may_begin_without_an_allocation(office: Office) -> None:
    done = office.run(SetUpYear(YEAR, "Opening", LINE))
    assert set(done.new_rows) == {"version", "line", "planned"}


def test_a_partner_does_not_begin_a_year(unchanged: Office) -> None:
    with pytest.raises(Refusal, match="is a partner here"):
        unchanged.run(SetUpYear("2027/28", "Opening", LINE), "a")


def test_a_missing_name_of_the_line_is_not_taken_for_the_versions(unchanged: Office) -> None:
    with pytest.raises(Refusal) as refused:
        unchanged.run(SetUpYear("2027/28", "Opening", NewLine("NEW", "", "RHA")))
    assert refused.value.field == "line"


def test_a_line_comes_with_its_service_line(drafting: Office) -> None:
    wanted = NewLine("AED", "Adult eating disorder", "RT5", 600_000, "calendar_days")
    done = drafting.run(AddNewLine(drafting.version, wanted))
    assert done.words == "Adult eating disorder at RT5 added"
    added = [row for row in drafting.grid().rows if row.name == "Adult eating disorder"]
    assert [row.level for row in added] == ["line", "provider"]
    assert added[1].total.shown_p == 600_000


def test_a_known_code_is_that_service_line(drafting: Office) -> None:
    done = drafting.run(AddNewLine(drafting.version, NewLine("asl", "", "RT5", 1_200)))
    assert set(done.new_rows) == {"planned"}
    with pytest.raises(Refusal, match="already has this service line at RT5"):
        drafting.run(AddNewLine(drafting.version, NewLine("ASL", "", "RT5", 1_200)))
