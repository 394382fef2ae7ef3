"""The organisations of the alliance, as its membership names them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.services.budgets.policy import workspace_id
from collabdesk.services.organisations import short_names
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.authority.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation that takes part, the lead provider among them."""

    organisation: bytes
    ods: str
    name: str
    is_lead: bool

    @property
    def short(self) -> str:
        """What it is called where room is short."""
        return short_names().get(self.ods, self.name)


def partners(reads: Connection) -> tuple[Partner, ...]:
    """Return the partners in force, the lead provider first; none before the founding."""
    book = Rulebook(workspace_id(reads), SqliteReplica(reads).records())
    if not book.epochs:
        return ()
    found = (
        Partner(entry.org, entry.ods, entry.name, entry.org == book.epoch.lead)
        for entry in book.epoch.orgs
    )
    return tuple(sorted(found, key=lambda one: (not one.is_lead, one.name, one.organisation)))
