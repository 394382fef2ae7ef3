"""What the Pilots pages show."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.money import format_pence, format_pounds
from collabdesk.domain.pilots.lifecycle import PilotState, next_states
from collabdesk.domain.quantities import Basis, Qualifier, Quantity
from collabdesk.errors import Refusal
from collabdesk.storage.queries import pilots as stored

NOT_STATED: Final = "not stated"
PENCE_IN_POUND: Final = 100
_S: Final = PilotState
WAITS_FOR: Final = {
    _S.IDEA: "an expression of interest",
    _S.EOI: "an invitation to apply",
    _S.INVITED: "the application",
    _S.APPLICATION: "the eligibility check",
    _S.ELIGIBLE: "the scores",
    _S.SCORED: "the shortlist",
    _S.SHORTLISTED: "the panel",
    _S.PANEL: "the panel's recommendation",
    _S.RECOMMENDED: "approval",
    _S.APPROVED: "the agreement",
    _S.RESERVE_LIST: "money to become free",
    _S.AGREEMENT: "its start",
    _S.LIVE: "its end",
    _S.PAUSED: "being taken up again",
    _S.COMPLETED: "the evaluation",
    _S.EVALUATED: "the decision to adopt, adapt or stop",
    _S.ADOPT: "closure",
    _S.ADAPT: "closure",
    _S.STOP: "closure",
}


@dataclass(frozen=True, slots=True)
class PilotLine:
    """One pilot in the list; what is not stated says so."""

    pilot: stored.Pilot
    programme: str
    name: str
    lead: str
    theme: str
    state: str
    waits_for: str
    contested: bool


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A stated figure in words, such as ``over 700 expressions of interest, stated``."""

    figure: stored.StatedFigure
    name: str
    words: str
    source: str
    contested: bool


@dataclass(frozen=True, slots=True)
class PilotPage:
    """Everything about one pilot: its own figures and those of its programme."""

    line: PilotLine
    programme: stored.Programme
    figures: tuple[FigureLine, ...]
    programme_figures: tuple[FigureLine, ...]
    next_states: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """One programme with its pilots counted and its figures in words."""

    programme: stored.Programme
    pilots: int
    figures: tuple[FigureLine, ...]


def pilot_list(reads: Connection) -> tuple[PilotLine, ...]:
    """Return the pilots by reference."""
    titles = {programme.row: programme.title for programme in stored.programmes(reads)}
    return tuple(
        _line(pilot, titles.get(pilot.programme, NOT_STATED)) for pilot in stored.pilots(reads)
    )


def programme_list(reads: Connection) -> tuple[ProgrammeLine, ...]:
    """Return the programmes by title."""
    programmes = sorted(stored.programmes(reads), key=lambda p: (p.title.casefold(), p.row))
    pilots = [pilot.programme for pilot in stored.pilots(reads)]
    return tuple(
        ProgrammeLine(programme, pilots.count(programme.row), _figures(reads, programme.row, None))
        for programme in programmes
    )


def pilot_page(reads: Connection, row: bytes) -> PilotPage | None:
    """Return one pilot with its programme and figures, or None."""
    pilot = stored.pilot(reads, row)
    programme = None if pilot is None else stored.programme(reads, pilot.programme)
    if pilot is None or programme is None:
        return None
    return PilotPage(
        line=_line(pilot, programme.title),
        programme=programme,
        figures=_figures(reads, programme.row, pilot.row),
        programme_figures=_figures(reads, programme.row, None),
        next_states=tuple(
            (state.value, state.words) for state in next_states(PilotState(pilot.state))
        ),
    )


def figure_words(figure: stored.StatedFigure) -> str:
    """Say a figure with its qualifier, unit and basis."""
    if figure.value is None:
        return NOT_STATED
    value = Decimal(figure.value)
    unit = figure.unit.removesuffix("s") if value == 1 else figure.unit
    try:
        quantity = Quantity(value, Qualifier(figure.qualifier), unit, Basis(figure.basis))
    except Refusal:  # two trusts each changed a part of it
        return f"{value:,} {figure.unit}, of unclear standing"
    said = _IN_WORDS.get(figure.unit)
    words = f"{quantity.qualifier.words} {said(value)}".strip() if said else quantity.words
    return f"{words}, {quantity.basis.value}"


def _pounds(value: Decimal) -> str:
    pence = int(value * PENCE_IN_POUND)
    return format_pence(pence) if pence % PENCE_IN_POUND else format_pounds(pence)


def _percent(value: Decimal) -> str:
    return f"{value}%"


_IN_WORDS: Final = {"percent": _percent, "%": _percent, "pounds": _pounds}


def _figures(reads: Connection, programme: bytes, pilot: bytes | None) -> tuple[FigureLine, ...]:
    return tuple(
        FigureLine(
            figure,
            figure.name,
            figure_words(figure),
            figure.source or NOT_STATED,
            bool(figure.contested),
        )
        for figure in sorted(stored.figures(reads, programme), key=lambda f: (f.name, f.row))
        if figure.pilot == pilot
    )


def _line(pilot: stored.Pilot, programme: str) -> PilotLine:
    state = PilotState(pilot.state)
    return PilotLine(
        pilot=pilot,
        programme=programme,
        name=pilot.name or NOT_STATED,
        lead=pilot.lead or NOT_STATED,
        theme=pilot.theme or NOT_STATED,
        state=state.words,
        waits_for=WAITS_FOR.get(state, ""),
        contested="state" in pilot.contested,
    )
