from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from collabdesk.domain.pilots.lifecycle import PilotState, next_states
from collabdesk.exchange.sample import read_sample
from collabdesk.host.paths import resource
from collabdesk.services.pilots import (
    HANDLERS,
    FigureStated,
    MovePilot,
    RecordPilot,
    RecordProgramme,
)
from collabdesk.services.pilots.queries import (
    WAITS_FOR,
    pilot_list,
    pilot_page,
    programme_list,
)
from collabdesk.storage.tables.projections import PROJECTIONS
from tests.services.paper import RP7, Paper

INTEREST = FigureStated(
    "Expressions of interest", "700", "expressions of interest", "over", source="paragraph 2"
)
SCHEME = RecordProgramme(
    "Integrated Care Pilots", "pilot_scheme", host="Department of Health", figures=(INTEREST,)
)


@pytest.fixture
def paper() -> Paper:
    return Paper(HANDLERS)


@pytest.fixture
def programme(paper: Paper) -> bytes:
    paper.run(SCHEME)
    return paper.new["programme"]


@pytest.fixture
def pilot(paper: Paper, programme: bytes) -> bytes:
    grant = FigureStated("Grant", None, "pounds", "not_stated", "not_stated")
    paper.run(RecordPilot(programme, "P1-01", theme="dementia", figures=(grant,)))
    return paper.new["pilot"]


def test_the_sample_is_recorded_with_its_figures_in_words(paper: Paper) -> None:
    sample = read_sample(resource("samples/east-midlands.toml").read_bytes())
    pilots = {}
    for told in sample.programmes:
        figures = tuple(
            FigureStated(f.name, f.value, f.unit, f.qualifier, f.basis, f.source)
            for f in told.figures
            if not f.pilot
        )
        paper.run(
            RecordProgramme(told.title, told.kind, told.host, told.aims, told.source, figures)
        )
        programme = paper.new["programme"]
        for one in told.pilots:
            about = tuple(
                FigureStated(f.name, f.value, f.unit, f.qualifier, f.basis, f.source)
                for f in told.figures
                if f.pilot == one.reference
            )
            paper.run(
                RecordPilot(
                    programme,
                    one.reference,
                    one.name,
                    one.lead,
                    one.partners,
                    one.theme,
                    one.population,
                    one.idea,
                    one.aims,
                    one.state,
                    one.start,
                    one.end,
                    about,
                )
            )
            pilots[one.reference] = paper.new["pilot"]
    with paper.read() as reads:
        page = pilot_page(reads, pilots["P4-NEL"])
        assert [line.pilots for line in programme_list(reads)] == [1, 1]
    assert page is not None
    assert (page.line.lead, page.line.state, page.line.waits_for) == (
        "not stated",
        "approved",
        "the agreement",
    )
    assert {line.name: line.words for line in page.figures} == {
        "Grant": "not stated",
        "Partners named": "3 organisations, derived",
    }
    assert {line.name: line.words for line in page.programme_figures} == {
        "Applications received": "46 collaboratives, stated",
        "Collaboratives selected": "9 collaboratives, stated",
        "Share of applications selected": "about 19.6%, derived",
    }


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (INTEREST, "over 700 expressions of interest, stated"),
        (FigureStated("Fund", "4000000", "pounds"), "£4,000,000, stated"),
        (FigureStated("Award", "0.5", "pounds", "at_most"), "up to £0.50, stated"),
        (FigureStated("Sites", "12", "sites", "about", "inferred"), "about 12 sites, inferred"),
    ],
)
def test_a_figure_is_said_with_qualifier_and_basis(
    paper: Paper, figure: FigureStated, words: str
) -> None:
    paper.run(replace(SCHEME, figures=(figure,)))
    with paper.read() as reads:
        (line,) = programme_list(reads)
    assert line.figures[0].words == words


def test_a_figure_whose_parts_no_longer_agree_is_shown_as_unclear(
    paper: Paper, programme: bytes
) -> None:
    with paper.write() as writes:
        writes.execute(PROJECTIONS["stated_figure"].update().values(qualifier="not_stated"))
    with paper.read() as reads:
        (line,) = programme_list(reads)
    assert line.programme.row == programme
    assert line.figures[0].words == "700 expressions of interest, of unclear standing"


def test_recording_is_one_step_and_undo_takes_all_of_it_away(paper: Paper) -> None:
    outcome = paper.run(SCHEME)
    assert outcome.words == "Record of the programme “Integrated Care Pilots”"
    paper.undo(outcome)
    assert paper.rows("programme") == paper.rows("stated_figure") == []


def test_a_pilot_moves_along_its_life_and_the_list_says_what_it_waits_for(
    paper: Paper, pilot: bytes
) -> None:
    outcome = paper.run(MovePilot(pilot, "eoi"))
    with paper.read() as reads:
        (line,) = pilot_list(reads)
    assert (line.state, line.waits_for, line.theme) == (
        "expression of interest",
        "an invitation to apply",
        "dementia",
    )
    assert outcome.record == ("pilot", pilot)
    paper.undo(outcome)
    assert paper.rows("pilot")[0]["state"] == "idea"


def test_a_step_its_life_does_not_have_is_refused_with_those_it_has(
    paper: Paper, pilot: bytes
) -> None:
    refusal = paper.refused(MovePilot(pilot, "live"))
    assert (refusal.code, refusal.field) == ("pilot_state", "state")
    assert "expression of interest" in refusal.remedy
    assert paper.refused(MovePilot(pilot, "happy")).code == "state_unknown"


def test_a_pilot_of_others_contested_or_gone_does_not_move(paper: Paper, pilot: bytes) -> None:
    assert paper.refused(MovePilot(pilot, "eoi"), RP7).code == "not_yours"
    assert paper.refused(MovePilot(b"0" * 16, "eoi")).code == "no_pilot"
    paper.contest("pilot", pilot, "state")
    assert paper.refused(MovePilot(pilot, "eoi")).code == "contested"
    with paper.read() as reads:
        assert pilot_list(reads)[0].contested


Wrong = Callable[[bytes], object]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (lambda _: replace(SCHEME, title=" "), "title_missing"),
        (lambda _: replace(SCHEME, kind="party"), "kind_unknown"),
        (lambda _: replace(SCHEME, figures=(FigureStated("", "7"),)), "name_missing"),
        (lambda _: replace(SCHEME, figures=(FigureStated("x", "many"),)), "decimal"),
        (lambda _: replace(SCHEME, figures=(FigureStated("x", None),)), "quantity_half_stated"),
        (lambda row: RecordPilot(row, ""), "reference_missing"),
        (lambda row: RecordPilot(row, "P1-01"), "reference_taken"),
        (
            lambda row: RecordPilot(row, "P2", start=dt.date(2026, 2, 1), end=dt.date(2026, 1, 1)),
            "end_before_start",
        ),
        (lambda _: RecordPilot(b"0" * 16, "P2"), "no_programme"),
    ],
)
def test_what_cannot_be_recorded_is_refused(
    paper: Paper, programme: bytes, pilot: bytes, wrong: Wrong, code: str
) -> None:
    assert paper.refused(wrong(programme)).code == code
    assert [row["row"] for row in paper.rows("pilot")] == [pilot]


def test_a_pilot_is_recorded_under_a_programme_of_ones_own(paper: Paper, programme: bytes) -> None:
    assert paper.refused(RecordPilot(programme, "P2"), RP7).code == "not_yours"


def test_every_state_that_may_go_on_waits_for_something() -> None:
    assert {state for state in PilotState if next_states(state)} == set(WAITS_FOR)


def test_a_page_that_is_not_there_is_none(paper: Paper, pilot: bytes) -> None:
    with paper.read() as reads:
        page = pilot_page(reads, pilot)
        assert pilot_page(reads, b"0" * 16) is None
    assert page is not None
    assert page.next_states == (
        ("eoi", "expression of interest"),
        ("withdrawn", "withdrawn"),
    )
