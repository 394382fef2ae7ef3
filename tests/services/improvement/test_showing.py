"""What the project page reads: charts, overtaken texts, and why it can only be read."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from collabdesk.services.improvement import EditProject, RegisterProject
from collabdesk.services.improvement.queries import project_list, project_page
from collabdesk.services.improvement.records import measure_points, project_of
from collabdesk.services.improvement.showing import period_of, project_seen
from collabdesk.services.workspace import Workspace


def test_a_project_is_read_with_both_charts(sample_workspace: Workspace) -> None:
    row = sample_workspace.query(project_list)[0].project.row
    me = sample_workspace.me().organisation
    seen = sample_workspace.query(project_seen, row, me)
    assert seen is not None
    assert seen.why_shut == ""
    assert seen.measures[0].period == "month"
    assert seen.measures[0].xmr is not None
    assert len(sample_workspace.query(measure_points, seen.measures[0].row)) == 24
    assert sample_workspace.query(project_seen, b"\0" * 16, me) is None


def test_every_part_leads_to_its_project(sample_workspace: Workspace) -> None:
    row = sample_workspace.query(project_list)[0].project.row
    page = sample_workspace.query(project_page, row)
    assert page is not None
    parts = {
        "driver": page.levels[1][0].driver.row,
        "pdsa_cycle": page.ramps[0].cycles[0].row,
        "measure": page.measures[0].measure.row,
    }
    assert {sample_workspace.query(project_of, *part) for part in parts.items()} == {row}
    assert sample_workspace.query(project_of, "journal", row) is None


def test_another_trusts_or_an_archived_project_says_why_it_is_shut(
    sample_workspace: Workspace,
) -> None:
    made = sample_workspace.run(RegisterProject("Own", "An aim")).record
    assert made is not None
    stranger = b"\1" * 16
    seen = sample_workspace.query(project_seen, made[1], stranger)
    assert seen is not None
    assert seen.why_shut.startswith("Another trust's project")
    for status in ("stopped", "archived"):
        sample_workspace.run(EditProject(made[1], {"status": status}))
    seen = sample_workspace.query(project_seen, made[1], sample_workspace.me().organisation)
    assert seen is not None
    assert seen.why_shut.startswith("Archived")


@given(st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)), st.integers(2, 60))
def test_points_seven_days_apart_are_weeks(first: dt.date, count: int) -> None:
    days = [first + dt.timedelta(weeks=n) for n in range(count)]
    assert period_of(days) == ("month" if all(day.day == 1 for day in days) else "week")
    assert period_of([*days, days[-1] + dt.timedelta(days=3)]) == "day"
