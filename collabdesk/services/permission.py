"""Whether a command would be carried out, asked before anybody presses its button."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.errors import Refusal
from collabdesk.services.bus import decide
from collabdesk.services.commands import Actor


def refusal_of(reads: Connection, command: object, me: Actor) -> Refusal | None:
    """Return the refusal a command would meet now, or None; nothing is written."""
    try:
        decide(command, reads, me)
    except Refusal as why:
        return why
    return None
