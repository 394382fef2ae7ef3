"""What the workspace has agreed about budgets: tiers of approval, who may settle a dispute."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from collabdesk.domain.budgets.approvals import Tier
from collabdesk.errors import Refusal
from collabdesk.host.settings_declaration import Setting, Value, declaration
from collabdesk.storage.queries.approvals import cited_at
from collabdesk.storage.queries.budgets import Delegation, delegations
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.names import dev16
from collabdesk.sync.operations import Dot
from collabdesk.sync.registry import ROLES

_ROLE_NAMES = {role.number: role.name for role in ROLES}


def role_for(tier: Tier, held: frozenset[str]) -> str | None:
    """Return a role a person holds that a tier accepts, else any role of theirs, else None."""
    accepted = [role for role in tier.roles if role in held]
    return next(iter([*accepted, *sorted(held)]), None)


class RolesThen:
    """The roles people held when they signed, whatever has become of them since."""

    def __init__(self, reads: Connection, book: Rulebook | None) -> None:
        """Look up in a rule book what the change sets of a database cite."""
        self._reads, self._book = reads, book
        self._known: dict[tuple[bytes, int], frozenset[str]] = {}

    def of(self, dot: Dot) -> frozenset[str]:
        """Return the roles of the laptop that signed an operation, as its change set cites them."""
        place = (dot[0], dot[1])
        if place not in self._known:
            self._known[place] = self._find(*place)
        return self._known[place]

    def _find(self, device: bytes, seq: int) -> frozenset[str]:
        at = cited_at(self._reads, device, seq)
        cited = self._book.cite(*at) if self._book and at else None
        rules = cited.rules if cited else None
        if rules is None:
            return frozenset()
        person = next((d.pid for key, d in rules.devices.items() if dev16(key) == device), None)
        granted = (entry.grants for entry in rules.epoch.orgs if entry.org == rules.roster.org)
        allowed = {role for grants in granted for role in grants if role in _ROLE_NAMES}
        return frozenset(
            _ROLE_NAMES[role]
            for found in rules.devices.values()
            if found.pid == person
            for role in allowed.intersection(found.roles)
        )


def _no_roles(_: Dot) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy in force, and the roles people hold, by (organisation, person).

    `then` tells the roles of whoever signed an operation as they were when it was signed.
    """

    tiers: tuple[Tier, ...]
    own_dispute: bool
    then: Callable[[Dot], frozenset[str]] = _no_roles
    roles: Mapping[tuple[bytes, bytes], frozenset[str]] = field(default_factory=dict)
    delegations: tuple[Delegation, ...] = ()

    def acting_for(
        self, organisation: bytes, person: bytes, day: dt.date | None = None
    ) -> frozenset[tuple[bytes, bytes]]:
        """Return who may act for a person, and for whom the person may act; on a day, or ever."""
        me = (organisation, person)
        ends = [
            ((d.scope, d.person), (d.delegate_of, d.delegate))
            for d in self.delegations
            if day is None or (d.starts or day) <= day <= (d.ends or day)
        ]
        return frozenset({b for a, b in ends if a == me} | {a for a, b in ends if b == me})


def policy(reads: Connection) -> Policy:
    """Return the lead provider's signed policy, and the declared default where it has none."""
    book = _book(reads)
    lead = book.epoch.lead if book else None
    signed = _signed(reads, lead)
    tiers = _value("virement_tiers", signed)
    return Policy(
        tuple(Tier(*tier) for tier in tiers) if isinstance(tiers, tuple) else (),
        bool(_value("own_dispute", signed)),
        RolesThen(reads, book).of,
        _roles(book) if book else {},
        delegations(reads),
    )


def workspace_id(reads: Connection) -> bytes:
    """Return the id of the workspace a database belongs to; empty if it does not say."""
    about = SqliteReplica(reads).setting("about")
    return bytes.fromhex(json.loads(about)["workspace"]) if about else b""


def lead_of(reads: Connection) -> bytes | None:
    """Return the lead provider's id, or None before the workspace is founded."""
    book = _book(reads)
    return book.epoch.lead if book else None


def codes(reads: Connection) -> Mapping[bytes, str]:
    """Return the ODS codes of the partners, by the ids of their organisations."""
    book = _book(reads)
    return {entry.org: entry.ods for entry in book.epoch.orgs} if book else {}


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
