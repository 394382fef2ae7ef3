from __future__ import annotations

import datetime as dt

import pytest

from collabdesk.domain.changes import Cell
from collabdesk.services.improvement import EditProject, RegisterProject
from collabdesk.services.improvement.queries import project_list, project_page
from tests.services.improvement.sample import Made
from tests.services.paper import RP1, RP7, Paper

WAITS = RegisterProject("Shorter waits", "From 42 to 28 days by 31 March 2027")


def test_a_project_is_registered_with_the_aim_of_its_diagram(paper: Paper) -> None:
    outcome = paper.run(WAITS)
    (project,) = paper.rows("project")
    (aim,) = paper.rows("driver")
    assert (project["status"], project["scope"]) == ("registered", RP1.organisation)
    assert (aim["kind"], aim["text"], aim["project"]) == ("aim", WAITS.aim, project["row"])
    assert outcome.words == "Registration of “Shorter waits”"
    paper.undo(outcome)
    assert paper.rows("project") == paper.rows("driver") == []


def test_a_joint_project_belongs_to_all(paper: Paper) -> None:
    paper.run(RegisterProject("Joint", "Better by June", joint=True))
    project = paper.new["project"]
    paper.run(EditProject(project, {"title": "Ours"}), RP7)
    (row,) = paper.rows("project")
    assert (row["shared"], row["title"]) == ("joint_projects", "Ours")


def test_a_project_of_another_trust_is_theirs_to_edit(paper: Paper) -> None:
    paper.run(WAITS)
    refusal = paper.refused(EditProject(paper.new["project"], {"title": "Ours"}), RP7)
    assert refusal.code == "not_yours"


def test_an_edit_sets_what_differs_and_undo_sets_it_back(paper: Paper, made: Made) -> None:
    new: dict[str, Cell] = {
        "title": "First CAMHS contact within four weeks",
        "owner": "RP1",
        "aim": "28 days by June\u200b",
        "target_date": dt.date(2027, 6, 30),
        "status": "approved",
    }
    outcome = paper.run(EditProject(made.project, new))
    (row,) = paper.rows("project")
    aim = next(driver for driver in paper.rows("driver") if driver["kind"] == "aim")
    assert (row["title"], row["target_date"], row["status"]) == (
        new["title"],
        "2027-06-30",
        "approved",
    )
    assert row["aim"] == aim["text"] == "28 days by June"
    assert outcome.words.startswith("Edit of aim, status, target date, title of")
    paper.undo(outcome)
    (row,) = paper.rows("project")
    assert (row["title"], row["status"]) == ("Shorter waits for first CAMHS contact", "registered")


def test_an_edit_of_what_somebody_else_changed_meanwhile_is_refused(
    paper: Paper, made: Made
) -> None:
    seen: dict[str, Cell] = {"title": "Shorter waits for first CAMHS contact"}
    paper.run(EditProject(made.project, {"title": "Theirs"}, seen))
    refusal = paper.refused(EditProject(made.project, {"title": "Mine"}, seen))
    assert (refusal.code, refusal.field) == ("changed_elsewhere", "title")
    assert "Theirs" in refusal.words
    date: dict[str, Cell] = {"start": None}
    refusal = paper.refused(EditProject(made.project, {"start": dt.date(2026, 1, 1)}, date))
    assert "1 November 2024" in refusal.words


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"title": "  "}, "title_missing", "title"),
        ({"aim": ""}, "aim_missing", "aim"),
        ({"row": "x"}, "not_editable", "row"),
        ({"start": "soon"}, "not_editable", "start"),
        ({"status": "done"}, "status_unknown", "status"),
        ({"status": "completed"}, "project_status", "status"),
        ({"target_date": dt.date(2020, 1, 1)}, "target_before_start", "target_date"),
        ({"code": "QI-014"}, "nothing_changed", "project"),
        ({"rationale": "x" * 70_000}, "text_too_long", "rationale"),
    ],
)
def test_an_impossible_edit_is_refused_at_its_field(
    paper: Paper, made: Made, cells: dict[str, Cell], code: str, field: str
) -> None:
    refusal = paper.refused(EditProject(made.project, cells))
    assert (refusal.code, refusal.field) == (code, field)


def test_an_archived_project_is_only_read(paper: Paper, made: Made) -> None:
    for status in ("stopped", "archived"):
        paper.run(EditProject(made.project, {"status": status}))
    refusal = paper.refused(EditProject(made.project, {"title": "Again"}))
    assert refusal.code == "project_archived"


def test_a_project_that_is_gone_is_told(paper: Paper) -> None:
    assert paper.refused(EditProject(b"0" * 16, {"title": "x"})).code == "no_project"


def test_the_list_shows_each_project_with_its_latest_signal(paper: Paper, made: Made) -> None:
    paper.run(RegisterProject("A later thought", "Less paper by June", joint=True))
    with paper.read() as reads:
        later, waits = project_list(reads)
    assert (later.project.title, later.joint, later.leading) == ("A later thought", True, None)
    assert waits.project.row == made.project
    assert waits.leading is not None
    assert (waits.leading.signal, waits.leading.verdict) == (True, "good")
    assert waits.finding == waits.leading.finding
    assert later.finding == "No measure yet"
    assert (waits.joint, waits.open_cycles) == (False, 0)


def test_the_page_shows_the_diagram_by_level_and_the_cycles_by_ramp(
    paper: Paper, made: Made
) -> None:
    with paper.read() as reads:
        page = project_page(reads, made.project)
        assert project_page(reads, b"0" * 16) is None
    assert page is not None
    assert [len(level) for level in page.levels] == [1, 3, 3, 3]
    call = next(n for n in page.levels[3] if n.driver.text == "Phone opt-in call")
    assert {row for row, _ in call.serves} == {made.drivers["S1"], made.drivers["S2"]}
    assert not any(node.orphan for level in page.levels for node in level)
    (ramp,) = page.ramps
    assert [(cycle.number, cycle.status, cycle.decision) for cycle in ramp.cycles] == [
        (1, "closed", "adapt"),
        (2, "closed", "adopt"),
    ]
    assert [chart.measure.row for chart in page.measures] == [made.measure]
