"""Who acts for whom: neither of the two approves what the other proposed."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow
from collabdesk.errors import Refusal
from collabdesk.services.budgets.commands import NameDelegate
from collabdesk.services.budgets.policy import policy
from collabdesk.services.commands import Actor, Outcome


def name_delegate(command: NameDelegate, reads: Connection, me: Actor) -> Outcome:
    """Name somebody who acts for the actor, so that neither approves for the other."""
    if command.delegate == me.person:
        raise Refusal(
            code="own_delegate",
            words="You cannot be your own delegate.",
            remedy="Choose the person who acts for you while you are away.",
            field="delegate",
        )
    if (command.organisation, command.delegate) not in policy(reads).roles:
        raise Refusal(
            code="unknown_person",
            words="This person has no laptop in the workspace.",
            remedy="Choose somebody whom Sharing lists.",
            field="delegate",
        )
    cells: dict[str, Cell] = {
        "person": me.person,
        "delegate": command.delegate,
        "delegate_of": command.organisation,
        "starts": command.starts,
        "ends": command.ends,
    }
    row = NewRow("delegation")
    insert = Insert("delegation", OWN, cells, row.key)
    return Outcome((insert,), (Delete("delegation", row),), "Delegate named", ("delegation", row))
