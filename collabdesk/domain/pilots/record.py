"""Recording programmes, pilots and the figures announced about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from collabdesk.domain.changes import OWN, Cell, Insert, RowRef
from collabdesk.domain.decimals import decimal_text
from collabdesk.domain.periods import date_words
from collabdesk.domain.pilots.lifecycle import PilotState
from collabdesk.domain.quantities import Quantity
from collabdesk.domain.required import required_text
from collabdesk.errors import Refusal


class ProgrammeKind(StrEnum):
    """What sort of programme it is."""

    FUND = "fund"
    PILOT_SCHEME = "pilot_scheme"
    SUPPORT_SCHEME = "support_scheme"
    IMPROVEMENT_PROGRAMME = "improvement_programme"
    ADVOCACY_POSITION = "advocacy_position"


@dataclass(frozen=True, slots=True)
class ProgrammeDraft:
    """A programme as it is recorded; what is not stated stays empty."""

    title: str
    kind: ProgrammeKind
    host: str = ""
    aims: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class PilotDraft:
    """A pilot as it is recorded; what is not stated stays empty."""

    reference: str
    name: str = ""
    lead: str = ""
    partners: str = ""
    theme: str = ""
    population: str = ""
    idea: str = ""
    aims: str = ""
    state: PilotState = PilotState.IDEA
    start: dt.date | None = None
    end: dt.date | None = None


def record_programme(draft: ProgrammeDraft, key: str = "programme") -> Insert:
    """Record a programme."""
    cells: dict[str, Cell] = {
        "title": required_text(
            draft.title, "title", "The programme has no title.", "Give it the name it goes by."
        ),
        "kind": draft.kind.value,
    }
    more = {"host": draft.host, "aims": draft.aims, "source": draft.source}
    return Insert("programme", OWN, cells | _filled(more), key)


def record_pilot(
    programme: RowRef, draft: PilotDraft, taken: Collection[str] = (), key: str = "pilot"
) -> Insert:
    """Record a pilot under a reference that no other pilot of its programme has."""
    reference = required_text(
        draft.reference,
        "reference",
        "The pilot has no reference.",
        "Give it a short reference, for example P1-01.",
    )
    if reference in taken:
        raise Refusal(
            code="reference_taken",
            words=f"The programme already has a pilot {reference}.",
            remedy="Give this one another reference.",
            field="reference",
        )
    check_run(draft.start, draft.end)
    more = {
        name: getattr(draft, name)
        for name in ("name", "lead", "partners", "theme", "population", "idea", "aims")
    }
    cells: dict[str, Cell] = {
        "programme": programme,
        "reference": reference,
        "state": draft.state.value,
        **_filled(more),
    }
    dates = {"start": draft.start, "end": draft.end}
    return Insert("pilot", OWN, cells | {k: v for k, v in dates.items() if v}, key)


def check_run(start: dt.date | None, end: dt.date | None) -> None:
    """Refuse a pilot that ends before it starts."""
    if start and end and end < start:
        raise Refusal(
            code="end_before_start",
            words=f"The pilot ends on {date_words(end)}, before it starts on {date_words(start)}.",
            remedy="Choose an end on or after the start, or leave out what is not stated.",
            field="end",
        )


def state_figure(
    programme: RowRef, name: str, quantity: Quantity, pilot: RowRef | None = None
) -> Insert:
    """Record a figure as it was announced, with its qualifier, basis and source."""
    cells: dict[str, Cell] = {
        "programme": programme,
        "name": required_text(
            name, "name", "The figure has no name.", "Say what it counts, such as applications."
        ),
        "qualifier": quantity.qualifier.value,
        "basis": quantity.basis.value,
    }
    if pilot is not None:
        cells["pilot"] = pilot
    if quantity.value is not None:
        cells["value"] = decimal_text(Fraction(quantity.value))
    more = {"unit": quantity.unit, "source": quantity.source}
    return Insert("stated_figure", OWN, cells | _filled(more))


def _filled(texts: dict[str, str]) -> dict[str, Cell]:
    return {name: text.strip() for name, text in texts.items() if text.strip()}
