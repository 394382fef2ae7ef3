"""Programmes and pilots go the way their tables say."""

from __future__ import annotations

from itertools import product

import pytest

from collabdesk.domain.changes import SetCells
from collabdesk.domain.pilots.lifecycle import (
    LIGHT_TOUCH,
    PILOT_NEXT,
    PROGRAMME_NEXT,
    PilotState,
    ProgrammeState,
    move_pilot,
    next_states,
)
from collabdesk.errors import Refusal

ROW = b"p" * 16
BEFORE_LIVE = set(PilotState) - {
    PilotState.LIVE,
    PilotState.PAUSED,
    PilotState.COMPLETED,
    PilotState.EVALUATED,
    PilotState.ADOPT,
    PilotState.ADAPT,
    PilotState.STOP,
    PilotState.CLOSED,
    PilotState.TERMINATED,
    PilotState.DECLINED,
    PilotState.INELIGIBLE,
    PilotState.WITHDRAWN,
}


def reached(start: PilotState) -> set[PilotState]:
    seen, waiting = set(), [start]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += next_states(here)
    return seen


@pytest.mark.parametrize(("now", "wanted"), list(product(PilotState, PilotState)))
def test_a_pilot_moves_only_along_its_life(now: PilotState, wanted: PilotState) -> None:
    if wanted in PILOT_NEXT[now]:
        assert move_pilot(ROW, now, wanted) == SetCells("pilot", ROW, {"state": wanted.value})
        return
    with pytest.raises(Refusal) as refused:
        move_pilot(ROW, now, wanted)
    assert (refused.value.code, refused.value.field) == ("pilot_state", "state")
    assert all(state.words in refused.value.remedy for state in PILOT_NEXT[now])


def test_every_state_is_reached_from_an_idea() -> None:
    assert reached(PilotState.IDEA) == set(PilotState)


def test_an_applicant_may_withdraw_any_time_before_live() -> None:
    able = {state for state in PilotState if PilotState.WITHDRAWN in PILOT_NEXT[state]}
    assert able == BEFORE_LIVE


def test_a_pilot_within_the_limit_takes_the_light_touch() -> None:
    for now, wanted in (
        (PilotState.IDEA, PilotState.APPROVED),
        (PilotState.APPROVED, PilotState.LIVE),
    ):
        moved = move_pilot(ROW, now, wanted, light_touch=True)
        assert moved.cells == {"state": wanted.value}
    with pytest.raises(Refusal):
        move_pilot(ROW, PilotState.APPROVED, PilotState.LIVE)
    assert next_states(PilotState.PANEL, light_touch=True) == PILOT_NEXT[PilotState.PANEL]
    assert set(LIGHT_TOUCH) == {PilotState.IDEA, PilotState.APPROVED}


def test_the_end_of_a_life_says_so() -> None:
    with pytest.raises(Refusal, match="record a new pilot"):
        move_pilot(ROW, PilotState.CLOSED, PilotState.LIVE)


def test_states_are_said_in_words() -> None:
    assert PilotState.EOI.words == "expression of interest"
    assert PilotState.RESERVE_LIST.words == "reserve list"


def test_a_programme_is_cancelled_only_before_it_is_concluded() -> None:
    able = {state for state in ProgrammeState if ProgrammeState.CANCELLED in PROGRAMME_NEXT[state]}
    assert able == set(ProgrammeState) - {
        ProgrammeState.CONCLUDED,
        ProgrammeState.ARCHIVED,
        ProgrammeState.CANCELLED,
    }
    assert set(PROGRAMME_NEXT) == set(ProgrammeState)
