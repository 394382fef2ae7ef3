"""What the workspace has agreed about budgets: tiers of approval, who may settle a dispute."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from collabdesk.domain.budgets.approvals import Tier
from collabdesk.errors import Refusal
from collabdesk.host.settings_declaration import Setting, Value, declaration
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.registry import ROLES

_ROLE_NAMES = {role.number: role.name for role in ROLES}


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy in force, and the roles people hold, by (organisation, person)."""

    tiers: tuple[Tier, ...]
    own_dispute: bool
    roles: Mapping[tuple[bytes, bytes], frozenset[str]] = field(default_factory=dict)

    def role_for(self, tier: Tier, organisation: bytes, person: bytes) -> str | None:
        """Return a role of a person that a tier accepts, else any role of theirs, else None."""
        held = self.roles.get((organisation, person), frozenset())
        accepted = [role for role in tier.roles if role in held]
        return next(iter([*accepted, *sorted(held)]), None)


def policy(reads: Connection) -> Policy:
    """Return the lead provider's signed policy, and the declared default where it has none."""
    book = _book(reads)
    lead = book.epoch.lead if book else None
    signed = _signed(reads, lead)
    tiers = _value("virement_tiers", signed)
    return Policy(
        tuple(Tier(*tier) for tier in tiers) if isinstance(tiers, tuple) else (),
        bool(_value("own_dispute", signed)),
        _roles(book) if book else {},
    )


def workspace_id(reads: Connection) -> bytes:
    """Return the id of the workspace a database belongs to; empty if it does not say."""
    about = SqliteReplica(reads).setting("about")
    return bytes.fromhex(json.loads(about)["workspace"]) if about else b""


def lead_of(reads: Connection) -> bytes | None:
    """Return the lead provider's id, or None before the workspace is founded."""
    book = _book(reads)
    return book.epoch.lead if book else None


def _book(reads: Connection) -> Rulebook | None:
    book = Rulebook(workspace_id(reads), SqliteReplica(reads).records())
    return book if book.epochs else None


def _roles(book: Rulebook) -> dict[tuple[bytes, bytes], frozenset[str]]:
    held: dict[tuple[bytes, bytes], frozenset[str]] = {}
    for entry in book.epoch.orgs:
        roster = book.roster(entry.org)
        for device in roster.devices if roster else ():
            granted = {
                _ROLE_NAMES[n] for n in device.roles if n in entry.grants and n in _ROLE_NAMES
            }
            held[entry.org, device.pid] = held.get((entry.org, device.pid), frozenset()) | granted
    return held


def _signed(reads: Connection, lead: bytes | None) -> dict[str, str]:
    table = PROJECTIONS["policy"]
    query = select(table.c.key, table.c.value).where(table.c.scope == lead).order_by(table.c.row)
    return {signed.key: signed.value for signed in reads.execute(query)}


def _value(key: str, signed: Mapping[str, str]) -> Value:
    setting: Setting = declaration().workspace[key]
    try:
        return setting.parse(signed[key]) if key in signed else setting.default
    except Refusal:
        # Another version may have allowed more; what this one cannot read it does not guess.
        return setting.default
