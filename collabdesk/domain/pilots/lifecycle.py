"""The life of a programme and of a pilot, as tables of what may follow what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from collabdesk.domain.changes import RowRef, SetCells
from collabdesk.errors import Refusal


class ProgrammeState(StrEnum):
    """Where a programme stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED_TO_APPLICATIONS = "closed_to_applications"
    SELECTING = "selecting"
    LIVE = "live"
    EVALUATING = "evaluating"
    CONCLUDED = "concluded"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


_P = ProgrammeState
PROGRAMME_NEXT: Final[Mapping[ProgrammeState, tuple[ProgrammeState, ...]]] = {
    _P.DRAFT: (_P.OPEN, _P.CANCELLED),
    _P.OPEN: (_P.CLOSED_TO_APPLICATIONS, _P.CANCELLED),
    _P.CLOSED_TO_APPLICATIONS: (_P.SELECTING, _P.CANCELLED),
    _P.SELECTING: (_P.LIVE, _P.CANCELLED),
    _P.LIVE: (_P.EVALUATING, _P.CANCELLED),
    _P.EVALUATING: (_P.CONCLUDED, _P.CANCELLED),
    _P.CONCLUDED: (_P.ARCHIVED,),
    _P.ARCHIVED: (),
    _P.CANCELLED: (),
}


class PilotState(StrEnum):
    """Where a pilot stands."""

    IDEA = "idea"
    EOI = "eoi"
    INVITED = "invited"
    APPLICATION = "application"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    SCORED = "scored"
    SHORTLISTED = "shortlisted"
    PANEL = "panel"
    RECOMMENDED = "recommended"
    APPROVED = "approved"
    AGREEMENT = "agreement"
    LIVE = "live"
    PAUSED = "paused"
    COMPLETED = "completed"
    EVALUATED = "evaluated"
    ADOPT = "adopt"
    ADAPT = "adapt"
    STOP = "stop"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    RESERVE_LIST = "reserve_list"

    @property
    def words(self) -> str:
        """The state as it is said."""
        if self is PilotState.EOI:
            return "expression of interest"
        return self.value.replace("_", " ")


_S = PilotState
PILOT_NEXT: Final[Mapping[PilotState, tuple[PilotState, ...]]] = {
    _S.IDEA: (_S.EOI, _S.WITHDRAWN),
    _S.EOI: (_S.INVITED, _S.WITHDRAWN),
    _S.INVITED: (_S.APPLICATION, _S.WITHDRAWN),
    _S.APPLICATION: (_S.ELIGIBLE, _S.INELIGIBLE, _S.WITHDRAWN),
    _S.ELIGIBLE: (_S.SCORED, _S.DECLINED, _S.WITHDRAWN),
    _S.INELIGIBLE: (),
    _S.SCORED: (_S.SHORTLISTED, _S.DECLINED, _S.WITHDRAWN),
    _S.SHORTLISTED: (_S.PANEL, _S.RESERVE_LIST, _S.DECLINED, _S.WITHDRAWN),
    _S.PANEL: (_S.RECOMMENDED, _S.RESERVE_LIST, _S.DECLINED, _S.WITHDRAWN),
    _S.RECOMMENDED: (_S.APPROVED, _S.RESERVE_LIST, _S.DECLINED, _S.WITHDRAWN),
    _S.APPROVED: (_S.AGREEMENT, _S.RESERVE_LIST, _S.WITHDRAWN),
    _S.RESERVE_LIST: (_S.APPROVED, _S.WITHDRAWN),
    _S.AGREEMENT: (_S.LIVE, _S.WITHDRAWN),
    _S.LIVE: (_S.PAUSED, _S.COMPLETED, _S.TERMINATED),
    _S.PAUSED: (_S.LIVE, _S.TERMINATED),
    _S.COMPLETED: (_S.EVALUATED,),
    _S.EVALUATED: (_S.ADOPT, _S.ADAPT, _S.STOP),
    _S.ADOPT: (_S.CLOSED,),
    _S.ADAPT: (_S.CLOSED,),
    _S.STOP: (_S.CLOSED,),
    _S.CLOSED: (),
    _S.DECLINED: (),
    _S.WITHDRAWN: (),
    _S.TERMINATED: (),
}
LIGHT_TOUCH: Final[Mapping[PilotState, tuple[PilotState, ...]]] = {
    _S.IDEA: (_S.APPROVED,),
    _S.APPROVED: (_S.LIVE,),
}
"""The steps a pilot within the light-touch limit may take besides."""


def next_states(now: PilotState, *, light_touch: bool = False) -> tuple[PilotState, ...]:
    """Return the states a pilot may move to."""
    return PILOT_NEXT[now] + (LIGHT_TOUCH.get(now, ()) if light_touch else ())


def move_pilot(
    row: RowRef, now: PilotState, wanted: PilotState, *, light_touch: bool = False
) -> SetCells:
    """Move a pilot on; a step that its life does not have is refused with those it has."""
    allowed = next_states(now, light_touch=light_touch)
    if wanted not in allowed:
        raise Refusal(
            code="pilot_state",
            words=f"A pilot in the state “{now.words}” cannot move to “{wanted.words}”.",
            remedy=(
                f"It can move to: {', '.join(state.words for state in allowed)}."
                if allowed
                else "Its life has ended; record a new pilot."
            ),
            field="state",
        )
    return SetCells("pilot", row, {"state": wanted.value})
