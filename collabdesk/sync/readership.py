"""Who may read a restricted value: laptops of the newest adopted rosters.

Asked when a value is sealed and when somebody is let in later, on one laptop; never by a
verdict. A value sealed earlier stays open to those it was sealed to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.names import dev16
from collabdesk.sync.records import Device, OrgEntry
from collabdesk.sync.registry import ROLES
from collabdesk.sync.registry.model import Circle, ReadClass, Side

_ROLES: Final = {role.name: role.number for role in ROLES}


@dataclass(frozen=True, slots=True)
class Concern:
    """What a value is about: whose row it stands in, the party named, and who is conflicted.

    `barred` holds (organisation, person); `conflicted` whole organisations.
    """

    owner: bytes | None
    party: bytes | None = None
    barred: frozenset[tuple[bytes, bytes]] = field(default_factory=frozenset)
    conflicted: frozenset[bytes] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Reader:
    """A laptop that may read: its organisation, short name and sealing key."""

    organisation: bytes
    dev16: bytes
    seal_key: bytes | None


def is_recovery_key(device: Device) -> bool:
    """Tell whether a device of a roster is an offline recovery key: it has no roles."""
    return not device.roles


def readers(book: Rulebook, read: ReadClass, concern: Concern) -> dict[bytes, Reader]:
    """Return the laptops that may read, by 16-byte short name.

    A suspended laptop gets nothing while it is suspended.
    """
    found: dict[bytes, Reader] = {}
    for entry in book.epoch.orgs:
        roster = book.roster(entry.org)
        for device in roster.devices if roster else ():
            if book.suspended_from(entry.org, device.key) is not None:
                continue
            if _may_read(book, read, concern, entry, device):
                short = dev16(device.key)
                found[short] = Reader(entry.org, short, device.seal_key)
    return found


def recovery_keys(book: Rulebook, organisation: bytes) -> Mapping[bytes, bytes]:
    """Return the sealing keys of an organisation's recovery keys, by short name."""
    roster = book.roster(organisation)
    return {
        dev16(device.key): device.seal_key
        for device in (roster.devices if roster else ())
        if is_recovery_key(device) and device.seal_key is not None
    }


def _may_read(
    book: Rulebook, read: ReadClass, concern: Concern, entry: OrgEntry, device: Device
) -> bool:
    if is_recovery_key(device):
        return False
    if entry.org == concern.owner and any(c.side is Side.OWNER for c in read.circles):
        return any(_is_in(book, circle, concern, entry, device) for circle in read.circles)
    if entry.org in concern.conflicted or (entry.org, device.pid) in concern.barred:
        return False
    return any(_is_in(book, circle, concern, entry, device) for circle in read.circles)


def _is_in(
    book: Rulebook, circle: Circle, concern: Concern, entry: OrgEntry, device: Device
) -> bool:
    wanted = {
        Side.OWNER: concern.owner,
        Side.PARTY: concern.party,
        Side.LEAD: book.epoch.lead,
        Side.ANYBODY: entry.org,
    }[circle.side]
    if entry.org != wanted:
        return False
    # A role beyond what the organisation was granted is void.
    held = set(device.roles) & set(entry.grants)
    return not circle.roles or any(_ROLES[role] in held for role in circle.roles)
