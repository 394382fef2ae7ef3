"""The records the Pilots page reads, under the names they are spoken of by."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.services.pilots.queries import (
    PilotLine,
    PilotPage,
    ProgrammeLine,
    pilot_list,
    pilot_page,
    programme_list,
)
from collabdesk.storage.queries.pilots import Pilot, Programme, pilots

__all__ = ["Pilot", "PilotsSeen", "Programme", "first_pilot_of", "pilots_seen"]


@dataclass(frozen=True, slots=True)
class PilotsSeen:
    """Every pilot in the list, the programmes, and the pages of the pilots by row."""

    pilots: tuple[PilotLine, ...]
    programmes: tuple[ProgrammeLine, ...]
    pages: dict[bytes, PilotPage]


def pilots_seen(reads: Connection) -> PilotsSeen:
    """Return the whole room in one reading."""
    lines = pilot_list(reads)
    found = {line.pilot.row: pilot_page(reads, line.pilot.row) for line in lines}
    pages = {row: page for row, page in found.items() if page is not None}
    return PilotsSeen(lines, programme_list(reads), pages)


def first_pilot_of(reads: Connection, programme: bytes) -> bytes | None:
    """Return the first pilot of a programme, or None."""
    return next((one.row for one in pilots(reads) if one.programme == programme), None)
