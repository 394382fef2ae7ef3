"""What the metrics page reads: what can be compared, between whom, and every measure at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from collabdesk.services.metrics.shipped import shipped_files, shipped_reference
from collabdesk.services.metrics.showing import Asked, comparable, metrics_seen, peers
from collabdesk.services.workspace import Workspace
from tests.support.alliance import found_alliance

MEMBERS = ("RHA", "RP1", "RP7")


def test_shares_and_times_are_compared_the_best_known_first(sample_workspace: Workspace) -> None:
    found = sample_workspace.query(comparable)
    assert [one.code for one in found[:2]] == ["MRS08b", "MRS10a"]
    assert {one.unit.value for one in found} == {"percent", "days"}


def test_peers_are_the_members_and_every_provider_in_the_plan(sample_workspace: Workspace) -> None:
    found = sample_workspace.query(peers, MEMBERS)
    assert set(found) == {"RHA", "RP1", "RP7", "RT5", "RXM"}
    assert found["RP1"] == "Northamptonshire Healthcare"


def test_a_question_is_answered_with_an_overview_of_the_same_period(
    sample_workspace: Workspace,
) -> None:
    april = dt.date(2024, 4, 30)
    seen = sample_workspace.query(metrics_seen, Asked("MRS10a", april), MEMBERS)
    assert seen.table is not None
    assert (seen.table.measure.code, seen.table.period_end) == ("MRS10a", april)
    assert len(seen.table.rows) == 5
    assert {table.period_end for table in seen.overview} == {april}
    assert [one.line.state for one in seen.releases] == ["shown", "shown"]
    everybody = sample_workspace.query(
        metrics_seen, Asked("MRS10a", april, everybody=True), MEMBERS
    )
    assert everybody.table is not None
    assert len(everybody.table.rows) > 50


def test_a_measure_or_period_that_is_not_there_falls_back_to_the_first(
    sample_workspace: Workspace,
) -> None:
    seen = sample_workspace.query(metrics_seen, Asked("MRS999", dt.date(1999, 1, 31)), MEMBERS)
    assert seen.table is not None
    assert seen.table.measure.code == "MRS08b"
    assert seen.table.period_end == dt.date(2024, 9, 30)


def test_without_figures_there_is_nothing_to_compare(tmp_path: Path) -> None:
    alliance = found_alliance(tmp_path, ())
    workspace = alliance.desks["lead"].workspace
    seen = workspace.query(metrics_seen, Asked(), ("RHA",))
    assert (seen.releases, seen.measures, seen.table) == ((), (), None)
    alliance.close()


def test_what_is_shipped_is_read_once_and_named() -> None:
    assert shipped_reference() is shipped_reference()
    assert [path.name for path in shipped_files()] == [
        "MHSDS_Data_4WW_AprPerf_2024_v2.csv.gz",
        "MHSDS_Data_4WW_SepPerf_2024.csv.gz",
    ]
