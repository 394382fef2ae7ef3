"""Whose rights a record takes away or lessens, compared with what is in force."""

from __future__ import annotations

from collabdesk.sync.authority.held import entry_of, roster_of
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.records import Device, Epoch, Roster

Right = tuple[int, int, int]


def lessened_by_roster(before: Roster, after: Roster) -> frozenset[bytes]:
    """Return the laptops that a list takes away, or takes a role from."""
    now = {device.key: frozenset(device.roles) for device in after.devices}
    return frozenset(
        device.key
        for device in before.devices
        if device.key not in now or not now[device.key].issuperset(device.roles)
    )


def lessened_by_epoch(book: Rulebook, after: Epoch) -> frozenset[bytes]:
    """Return the laptops of all organisations to which a membership leaves fewer rights.

    Retired ones too: what they signed under older lists is judged by it as well.
    """
    before = book.epoch
    return frozenset(
        device.key
        for entry in before.orgs
        for device in ever_listed(book, entry.org)
        if entry_of(after, entry.org) is None
        or not _rights(before, entry.org, device) <= _rights(after, entry.org, device)
    )


def ever_listed(book: Rulebook, org: bytes) -> list[Device]:
    """Return every laptop of an organisation's lists so far, each as each list had it."""
    return [device for held in book.rosters(org) for device in roster_of(held).devices]


def unsettled(book: Rulebook, org: bytes) -> frozenset[bytes]:
    """Return the laptops that only lists above the settled one name: they go with their trust."""
    entry = entry_of(book.epoch, org)
    number = entry.pin[0] if entry else 0
    rosters = [roster_of(held) for held in book.rosters(org)]
    settled = {device.key for roster in rosters[: number + 1] for device in roster.devices}
    return frozenset(
        device.key
        for roster in rosters[number + 1 :]
        for device in roster.devices
        if device.key not in settled
    )


def _rights(epoch: Epoch, org: bytes, device: Device) -> frozenset[Right]:
    """Return what a laptop may do, one verb and one reach at a time."""
    entry = entry_of(epoch, org)
    granted = frozenset(entry.grants) if entry else frozenset()
    held = granted.intersection(device.roles)
    return frozenset(
        (area.area, verb, reach)
        for rights in epoch.roles
        if rights.role in held
        for area in rights.areas
        for verb in _bits(area.verbs)
        for reach in _bits(area.reach)
    )


def _bits(mask: int) -> list[int]:
    return [1 << at for at in range(mask.bit_length()) if mask >> at & 1]
