"""Trusts compared on the real files, held to a standard that is typed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import delete

from collabdesk.services.metrics.queries import standards
from collabdesk.storage.queries.metrics import forget, releases
from collabdesk.storage.tables.durable import BLOB
from collabdesk.ui.form import FormDialog
from collabdesk.ui.metrics.page import EVERYBODY, MetricsPage
from collabdesk.ui.page import Surroundings
from tests.support.sample_desk import BuiltSample
from tests.ui.accessibility import faults
from tests.ui.hands import key, settle
from tests.ui.rooms import Room, fill, opened, refused, send


@pytest.fixture
def comparer(
    qtbot: QtBot, around: Surroundings, sample: BuiltSample
) -> Iterator[Room[MetricsPage]]:
    """The room at the partner who imported the files."""
    workspace = sample.open("RP7")
    with opened(qtbot, around, workspace, "metrics", MetricsPage) as made:
        yield made
    workspace.close()


def column(room: Room[MetricsPage], name: str) -> list[object]:
    grid = room.page.league
    assert grid is not None
    place = next(n for n, one in enumerate(grid.model.columns) if one.key == name)
    return [grid.model.row_at(n).cells[place].value for n in range(grid.model.rowCount())]


def choose(room: Room[MetricsPage], measure: str) -> None:
    grid = room.page.overview
    assert grid is not None
    assert grid.select(measure, "code")
    key(grid.view, Qt.Key.Key_Return)
    room.until(lambda: room.page.heading.crumbs[-1].words == measure)


def test_the_finding_stands_first_and_suppressed_trusts_last(room: Room[MetricsPage]) -> None:
    page = room.page
    assert page.finding.text() == "One clears 15%, two fall short, two cannot be told"
    assert column(room, "value") == ["20", "7", "4", "*", "*"]
    assert column(room, "range")[0] == "16.9 to 23.5"
    assert column(room, "people") == [555, 640, 135, 85, 25]
    assert column(room, "held") == ["Met", "Not met", "Not met", "Suppressed", "Suppressed"]
    assert column(room, "change") == ["3", "0", "1", None, None]
    assert page.heading.status_right == "Open Government Licence v3.0"
    room.shows("Target 15% from 1 April 2024: Sample target of the alliance board; invented")
    assert room.says("Not shown: Leicestershire Partnership, Northamptonshire Healthcare.")


def test_a_median_is_compared_without_interval_and_without_a_standard(
    room: Room[MetricsPage],
) -> None:
    choose(room, "MRS10a")
    assert room.page.finding.text() == (
        "From 10 days (Lincolnshire Partnership) to 454 days (Northamptonshire Healthcare)"
    )
    grid = room.page.league
    assert grid is not None
    keys = [one.key for one in grid.model.columns]
    assert "range" not in keys
    assert "held" not in keys
    assert room.says("No interval can be worked out for a median")


def test_a_standard_is_typed_in_with_value_source_and_date(room: Room[MetricsPage]) -> None:
    choose(room, "MRS10a")
    room.press("Set standard")
    form = room.dialog(FormDialog)
    fill(form, kind="target", value="seventy")
    assert "seventy" in refused(room, form, "value")
    fill(form, value="70")
    assert refused(room, form, "source").startswith("The standard has no source.")
    fill(form, source="Board paper 12", source_date="09/04/2026", effective_from="01/04/2024")
    send(room, form)
    room.until(lambda: room.page.finding.text().startswith("Two are within 70 days"))
    assert column(room, "held")[:3] == ["Met", "Met", "Not met"]
    room.shows("Target 70 days from 1 April 2024: Board paper 12, dated 9 April 2026.")
    assert len(room.desk.workspace.query(standards, "MRS10a")) == 1


def test_another_period_and_all_providers_can_be_asked_for(room: Room[MetricsPage]) -> None:
    page = room.page
    page.period.setFocus()
    key(page.period, Qt.Key.Key_Down)
    room.until(lambda: page.heading.state == "April 2024")
    assert column(room, "value")[0] == "17"
    page.trusts.setFocus()
    key(page.trusts, Qt.Key.Key_Down)
    room.until(lambda: page.trusts.currentText() == EVERYBODY and len(column(room, "value")) > 60)


def test_table_and_chart_share_one_order_and_one_focus(room: Room[MetricsPage]) -> None:
    chart, league = room.page.chart, room.page.league
    assert league is not None
    room.until(chart.title.text)
    chart.picture.setFocus()
    key(chart.picture, Qt.Key.Key_End)
    assert league.model.row_at(league.view.currentIndex().row()).key == "RXM"
    key(chart.picture, Qt.Key.Key_T)
    assert chart.table is not None
    assert chart.table.isVisible()
    assert chart.table.model.rowCount() == 5


def test_a_figure_leads_to_its_release_and_says_its_file(room: Room[MetricsPage]) -> None:
    league = room.page.league
    assert league is not None
    league.view.setFocus()
    league.view.go_to(0, 2)
    room.shows("figure comes from MHSDS_Data_4WW_SepPerf_2024.csv.gz")
    key(league.view, Qt.Key.Key_Return)
    assert room.page.releases.grid.view.hasFocus()


def test_only_the_importer_withdraws_and_takes_it_back(comparer: Room[MetricsPage]) -> None:
    room = comparer
    room.press("Withdraw")
    room.until(lambda: room.page.heading.state == "April 2024")
    room.shows("Withdrawal of MHSDS_Data_4WW_SepPerf_2024.csv.gz.")
    assert room.page.releases.grid.model.rowCount() == 1


def test_what_others_imported_cannot_be_withdrawn(room: Room[MetricsPage]) -> None:
    assert not room.page.releases.withdraw.isEnabled()
    assert "Only the organisation" in room.page.releases.withdraw.toolTip()


def test_a_release_whose_file_has_not_arrived_waits_in_words(
    qtbot: QtBot, around: Surroundings, sample: BuiltSample
) -> None:
    workspace = sample.open()
    with workspace.database.write() as connection:
        connection.execute(delete(BLOB))
        forget(connection, [one.row for one in releases(connection)])
    with opened(qtbot, around, workspace, "metrics", MetricsPage) as room:
        room.shows("September 2024, performance is waiting for its file.")
        assert room.page.finding.text() == "No figures to compare yet"
        assert room.page.releases.grid.model.row_at(0).cells[1].value == "Waiting for the file"
    workspace.close()


def test_everything_on_the_page_has_name_role_and_focus(room: Room[MetricsPage]) -> None:
    room.until(room.page.chart.title.text)
    settle()
    assert faults(room.page) == []
