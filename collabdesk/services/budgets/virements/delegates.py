"""Who acts for whom: neither of the two approves what the other proposed."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow, Undelete
from collabdesk.errors import Refusal
from collabdesk.services.budgets.commands import EndDelegations, NameDelegate
from collabdesk.services.budgets.policy import policy
from collabdesk.services.commands import Actor, Outcome
from collabdesk.storage.queries.budgets import delegations


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
    if command.starts and command.ends and command.ends < command.starts:
        raise Refusal(
            code="ends_before_start",
            words="The delegation would end before it begins.",
            remedy="Correct one of the two dates.",
            field="ends",
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


def end_delegations(_: EndDelegations, reads: Connection, me: Actor) -> Outcome:
    """Take back every delegation of the actor's own; what was posted meanwhile stands."""
    mine = [
        one for one in delegations(reads) if (one.scope, one.person) == (me.organisation, me.person)
    ]
    if not mine:
        raise Refusal(
            code="no_delegate",
            words="You have named nobody who acts for you.",
            remedy="Name a delegate first.",
            field="delegate",
        )
    changes = tuple(Delete("delegation", one.row) for one in mine)
    back = tuple(Undelete("delegation", one.row) for one in mine)
    return Outcome(changes, back, "Delegates ended", ("delegation", mine[0].row))
