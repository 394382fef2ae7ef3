"""Deciding on programmes and pilots; nothing is invented to fill a form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final, NoReturn

from sqlalchemy import Connection

from collabdesk.domain.changes import Delete, Insert, NewRow, RowRef, SetCells
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.pilots.lifecycle import PilotState, move_pilot
from collabdesk.domain.pilots.record import (
    PilotDraft,
    ProgrammeDraft,
    ProgrammeKind,
    record_pilot,
    record_programme,
    state_figure,
)
from collabdesk.domain.quantities import Basis, Qualifier, Quantity
from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.pilots.commands import (
    FigureStated,
    MovePilot,
    RecordPilot,
    RecordProgramme,
)
from collabdesk.services.wording import chosen, plain
from collabdesk.storage.queries import pilots as stored

PROGRAMME: Final = "programme"
PILOT: Final = "pilot"


def record_new_programme(command: RecordProgramme, _reads: Connection, _me: Actor) -> Outcome:
    """Insert a programme and the figures stated about it."""
    draft = ProgrammeDraft(
        title=plain(command.title, "title"),
        kind=chosen(ProgrammeKind, command.kind, "kind"),
        host=plain(command.host, "host"),
        aims=plain(command.aims, "aims"),
        source=plain(command.source, "source"),
    )
    programme = record_programme(draft, PROGRAMME)
    figures = _figures(NewRow(PROGRAMME), command.figures, None)
    return _recorded(programme, figures, f"Record of the programme “{draft.title}”")


def record_new_pilot(command: RecordPilot, reads: Connection, me: Actor) -> Outcome:
    """Insert a pilot of one's own programme and the figures stated about it."""
    programme = stored.programme(reads, command.programme)
    if programme is None:
        _gone("programme")
    if programme.scope != me.organisation:
        raise Refusal(
            code="not_yours",
            words=f"“{programme.title}” is kept by another organisation.",
            remedy="Ask them to record the pilot, or record the programme yourself.",
            field="programme",
        )
    draft = _pilot_draft(command)
    taken = {p.reference for p in stored.pilots(reads) if p.programme == programme.row}
    pilot = record_pilot(programme.row, draft, taken, PILOT)
    figures = _figures(programme.row, command.figures, NewRow(PILOT))
    return _recorded(pilot, figures, f"Record of the pilot {draft.reference}")


def move_recorded_pilot(command: MovePilot, reads: Connection, me: Actor) -> Outcome:
    """Set the state of a pilot, if its life has that step."""
    pilot = stored.pilot(reads, command.pilot)
    if pilot is None:
        _gone("pilot")
    if pilot.scope != me.organisation:
        raise Refusal(
            code="not_yours",
            words=f"The pilot {pilot.reference} is kept by another organisation.",
            remedy="Ask them to move it on.",
            field="pilot",
        )
    if "state" in pilot.contested:
        raise Refusal(
            code="contested",
            words=f"The state of the pilot {pilot.reference} is contested.",
            remedy="Resolve it first, with a reason.",
            field="state",
        )
    wanted = chosen(PilotState, command.state, "state")
    return Outcome(
        changes=(move_pilot(pilot.row, PilotState(pilot.state), wanted),),
        inverse=(SetCells("pilot", pilot.row, {"state": pilot.state}),),
        words=f"Move of the pilot {pilot.reference} to “{wanted.words}”",
        record=("pilot", pilot.row),
    )


def _pilot_draft(command: RecordPilot) -> PilotDraft:
    return PilotDraft(
        reference=plain(command.reference, "reference"),
        name=plain(command.name, "name"),
        lead=plain(command.lead, "lead"),
        partners=plain(command.partners, "partners"),
        theme=plain(command.theme, "theme"),
        population=plain(command.population, "population"),
        idea=plain(command.idea, "idea"),
        aims=plain(command.aims, "aims"),
        state=chosen(PilotState, command.state, "state"),
        start=command.start,
        end=command.end,
    )


def _figures(
    programme: RowRef, stated: Iterable[FigureStated], pilot: RowRef | None
) -> tuple[Insert, ...]:
    return tuple(
        replace(
            state_figure(programme, plain(figure.name, "name"), _quantity(figure), pilot),
            key=f"figure{number}",
        )
        for number, figure in enumerate(stated, 1)
    )


def _quantity(figure: FigureStated) -> Quantity:
    text = "" if figure.value is None else figure.value.strip()
    return Quantity(
        value=Decimal(decimal_text(parse_decimal(text, "value"))) if text else None,
        qualifier=chosen(Qualifier, figure.qualifier, "qualifier"),
        unit=plain(figure.unit, "unit"),
        basis=chosen(Basis, figure.basis, "basis"),
        source=plain(figure.source, "source"),
    )


def _recorded(first: Insert, figures: tuple[Insert, ...], words: str) -> Outcome:
    changes = (first, *figures)
    inverse = tuple(Delete(insert.table, NewRow(insert.key)) for insert in reversed(changes))
    return Outcome(changes, inverse, words, (first.table, NewRow(first.key)))


def _gone(field: str) -> NoReturn:
    raise Refusal(
        code=f"no_{field}",
        words=f"This {field} is no longer here.",
        remedy="It may have been deleted meanwhile. Look at the list again.",
        field=field,
    )
