"""What a laptop says by itself at sharing, because a person agreed to it before."""

from __future__ import annotations

from collabdesk.services.control.audit import note_first_seen
from collabdesk.services.control.recovery import take_seat
from collabdesk.services.control.roster_signing import make_again
from collabdesk.services.control.unsaid import say_unsaid
from collabdesk.services.control.votes import vote_as_agreed
from collabdesk.services.workspace import Workspace


def speak(workspace: Workspace) -> bool:
    """Sign what was agreed to, make again what lost a race; tell whether anything was said."""
    if not workspace.founded:
        return False
    note_first_seen(workspace)
    seated = take_seat(workspace)
    again = make_again(workspace)
    voted = vote_as_agreed(workspace)
    say_unsaid(workspace)
    return seated or bool(again) or voted
