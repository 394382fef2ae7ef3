"""The people and laptops of every partner as a list: in use, suspended, retired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from collabdesk.services.control.naming import Names, is_recovery, role_words
from collabdesk.services.control.signing import entry_here
from collabdesk.services.workspace import Workspace
from collabdesk.sync.authority.held import roster_of
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.records import Device, OrgEntry


class Use(StrEnum):
    """Whether a laptop is in use."""

    ACTIVE = "in use"
    SUSPENDED = "suspended"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Seated:
    """One laptop of a partner: whose it is, what it may do, and whether it is in use.

    `signs` tells whether it signs for its organisation; `mine` and `ours` whether it is this
    laptop, or one that this laptop's administrator looks after.
    """

    key: bytes
    organisation: bytes
    organisation_name: str
    label: str
    person: str
    roles: tuple[int, ...]
    roles_said: str
    use: Use
    signs: bool
    keeps_ledger: bool
    mine: bool
    ours: bool


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs, or could sign, for one's own organisation."""

    key: bytes
    words: str
    signs: bool


def signers(workspace: Workspace) -> tuple[Signer, ...]:
    """Return the laptops that could sign for the organisation this laptop signs for."""
    entry = entry_here(workspace)
    roster = workspace.book.roster(entry.org) if entry else None
    if entry is None or roster is None:
        return ()
    names = Names(workspace.book)
    return tuple(
        Signer(
            device.key,
            f"{device.label} of {names.person(entry.org, device.pid)}",
            device.key in entry.admins,
        )
        for device in sorted(roster.devices, key=lambda one: one.label)
        if not is_recovery(device)
    )


def seated(workspace: Workspace) -> tuple[Seated, ...]:
    """Return every partner's laptops: this one first, retired last; no recovery keys."""
    if not workspace.founded:
        return ()
    entry = entry_here(workspace)
    ours = entry.org if entry else b""
    found: list[Seated] = []
    for partner in workspace.book.epoch.orgs:
        laptops = _laptops(workspace.book, partner, workspace.about.key, ours)
        found += sorted(laptops, key=lambda one: (not one.mine, one.use is Use.RETIRED, one.label))
    return tuple(found)


def _laptops(book: Rulebook, entry: OrgEntry, own: bytes, ours: bytes) -> Iterator[Seated]:
    names = Names(book)
    roster = book.roster(entry.org)
    present = {device.key: device for device in (roster.devices if roster else ())}
    for device in (*present.values(), *_retired(book, entry.org, frozenset(present))):
        if is_recovery(device):
            continue
        yield Seated(
            key=device.key,
            organisation=entry.org,
            organisation_name=entry.name,
            label=device.label,
            person=names.person(entry.org, device.pid),
            roles=device.roles,
            roles_said=role_words(device.roles),
            use=_use(book, entry.org, device, in_list=device.key in present),
            signs=device.key in entry.admins,
            keeps_ledger=device.key == book.keeper,
            mine=device.key == own,
            ours=entry.org == ours,
        )


def _retired(book: Rulebook, org: bytes, present: frozenset[bytes]) -> Iterator[Device]:
    """Yield the laptops that earlier lists named, the newest first, each once."""
    seen = set(present)
    for held in reversed(book.rosters(org)):
        for device in roster_of(held).devices:
            if device.key not in seen:
                seen.add(device.key)
                yield device


def _use(book: Rulebook, org: bytes, device: Device, *, in_list: bool) -> Use:
    if not in_list:
        return Use.RETIRED
    suspended = book.suspended_from(org, device.key) is not None
    return Use.SUSPENDED if suspended else Use.ACTIVE
