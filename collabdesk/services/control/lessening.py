"""Whose rights a record takes away or lessens, compared with what is in force."""

from __future__ import annotations

from collabdesk.sync.authority.held import entry_of
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
    """Return the laptops of all organisations to which a membership leaves fewer rights."""
    before = book.epoch
    return frozenset(
        device.key
        for entry in before.orgs
        if (roster := book.roster(entry.org)) is not None
        for device in roster.devices
        if entry_of(after, entry.org) is None
        or not _rights(before, entry.org, device) <= _rights(after, entry.org, device)
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
