from __future__ import annotations

import pytest

from collabdesk.services.improvement import AddDriver, LinkDrivers, RegisterProject
from tests.services.improvement.sample import Made
from tests.services.paper import RP7, Paper


def test_a_box_and_its_arrows_are_one_step(paper: Paper, made: Made) -> None:
    before = len(paper.rows("driver_link"))
    serves = (made.drivers["S1"], made.drivers["S2"], made.drivers["S1"])
    outcome = paper.run(AddDriver(made.project, "change_idea", "Video visits", serves, "weak"))
    idea = paper.new["driver"]
    arrows = [row for row in paper.rows("driver_link") if row["to_driver"] == idea]
    assert {row["from_driver"] for row in arrows} == set(serves)
    assert {row["strength"] for row in arrows} == {"weak"}
    assert outcome.words == "New change idea “Video visits”"
    paper.undo(outcome)
    assert len(paper.rows("driver_link")) == before


def test_a_primary_driver_serves_the_aim(paper: Paper, made: Made) -> None:
    paper.run(AddDriver(made.project, "primary_driver", "Trust in us"))
    driver = paper.new["driver"]
    (arrow,) = [row for row in paper.rows("driver_link") if row["to_driver"] == driver]
    assert arrow["from_driver"] == made.drivers["AIM"]


def test_two_boxes_are_linked_later(paper: Paper, made: Made) -> None:
    outcome = paper.run(LinkDrivers(made.drivers["P1"], made.drivers["S3"]))
    assert outcome.record == ("project", made.project)
    before = len(paper.rows("driver_link"))
    paper.undo(outcome)
    assert len(paper.rows("driver_link")) == before - 1


@pytest.mark.parametrize(
    ("above", "below", "code"),
    [("P1", "S1", "link_exists"), ("P1", "C1", "not_next_level"), ("S1", "P1", "not_next_level")],
)
def test_an_arrow_that_cannot_be_is_refused(
    paper: Paper, made: Made, above: str, below: str, code: str
) -> None:
    refusal = paper.refused(LinkDrivers(made.drivers[above], made.drivers[below]))
    assert refusal.code == code


def test_boxes_of_nowhere_or_of_others_are_refused(paper: Paper, made: Made) -> None:
    gone = LinkDrivers(b"0" * 16, made.drivers["S1"])
    assert paper.refused(gone).code == "no_from_driver"
    serving = AddDriver(made.project, "primary_driver", "Trust", (b"0" * 16,))
    assert paper.refused(serving).code == "no_serves"
    theirs = AddDriver(made.project, "primary_driver", "Trust", ())
    assert paper.refused(theirs, RP7).code == "not_yours"
    paper.run(RegisterProject("Other", "Better"))
    other = AddDriver(paper.new["project"], "primary_driver", "x", (made.drivers["AIM"],))
    assert paper.refused(other).code == "other_project"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (("wish", "x"), "kind_unknown"),
        (("aim", "Another"), "second_aim"),
        (("primary_driver", " "), "text_missing"),
    ],
)
def test_an_impossible_box_is_refused(
    paper: Paper, made: Made, wrong: tuple[str, str], code: str
) -> None:
    assert paper.refused(AddDriver(made.project, *wrong)).code == code
