"""What membership asks of the operation log as commands: laying down the ledger, adopting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.changes import Release
from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.services.control.reissue import reissued


@dataclass(frozen=True, slots=True)
class LayDownLedger:
    """This laptop stops keeping the ledger: it posts nothing after this."""


@dataclass(frozen=True, slots=True)
class AdoptKeptAside:
    """Make changes that were set aside one's own, each by change set and place in it."""

    items: tuple[tuple[bytes, int], ...]


def lay_down(_: LayDownLedger, __: Connection, me: Actor) -> Outcome:
    """Decide to lay the ledger down; only its keeper's laptop can."""
    if not me.keeps_ledger:
        raise Refusal(
            code="not-the-keeper",
            words="This laptop does not keep the ledger.",
            remedy="The laptop that keeps it lays it down.",
        )
    return Outcome((Release(),), (), "The ledger is laid down; this cannot be undone")


def adopt(command: AdoptKeptAside, reads: Connection, me: Actor) -> Outcome:
    """Decide to make changes that were set aside again, as one's own."""
    changes, count = reissued(reads, command.items, keeps_ledger=me.keeps_ledger)
    what = "1 change" if count == 1 else f"{count} changes"
    return Outcome(changes, (), f"{what} adopted")


HANDLERS: Final[Handlers] = {LayDownLedger: lay_down, AdoptKeptAside: adopt}
