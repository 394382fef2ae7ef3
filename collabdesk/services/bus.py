"""From a command to what it leaves: one handler, one transaction, one notice."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.services.budgets import HANDLERS as BUDGETS
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.services.contested import HANDLERS as CONTESTED
from collabdesk.services.control.commands import HANDLERS as CONTROL
from collabdesk.services.improvement import HANDLERS as IMPROVEMENT
from collabdesk.services.metrics import HANDLERS as METRICS
from collabdesk.services.notes import HANDLERS as NOTES
from collabdesk.services.pilots import HANDLERS as PILOTS
from collabdesk.services.policy import HANDLERS as POLICY
from collabdesk.services.sealed import HANDLERS as SEALED

HANDLERS: Handlers = {
    **BUDGETS,
    **IMPROVEMENT,
    **PILOTS,
    **METRICS,
    **POLICY,
    **CONTESTED,
    **NOTES,
    **CONTROL,
    **SEALED,
}


def decide(command: object, reads: Connection, me: Actor) -> Outcome:
    """Return what a command decides; Refusal if its rule says no."""
    return HANDLERS[type(command)](command, reads, me)
