"""Pilots: programmes, pilots, and the figures stated about them."""

from __future__ import annotations

from typing import Final

from collabdesk.services.commands import Handlers
from collabdesk.services.pilots.commands import (
    FigureStated,
    MovePilot,
    RecordPilot,
    RecordProgramme,
)
from collabdesk.services.pilots.recording import (
    move_recorded_pilot,
    record_new_pilot,
    record_new_programme,
)

HANDLERS: Final[Handlers] = {
    RecordProgramme: record_new_programme,
    RecordPilot: record_new_pilot,
    MovePilot: move_recorded_pilot,
}

__all__ = ["HANDLERS", "FigureStated", "MovePilot", "RecordPilot", "RecordProgramme"]
