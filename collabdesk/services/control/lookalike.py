"""Names that could be taken for others: told where somebody joins, and never refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from collabdesk.services.control.naming import is_recovery, joined
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.join import JoinRequest
from collabdesk.sync.records import Device, Epoch, OrgEntry, Roster

_ALIKE: Final = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "8": "b"})
_PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def seen_as(name: str) -> str:
    """Return a name as a hurried eye sees it: names that are seen alike return the same.

    >>> seen_as("Ward Iaptop 1O") == seen_as("ward-laptop l0")
    True
    >>> seen_as("Northern Care") == seen_as("Northem care")
    True
    >>> seen_as("Ward laptop 1") == seen_as("Ward laptop 2")
    False
    """
    parted = unicodedata.normalize("NFKD", name).casefold()
    seen = "".join(sign for sign in parted if sign.isalnum() or sign == "|")
    for pair, one in _PAIRS:
        seen = seen.replace(pair, one)
    return seen.translate(_ALIKE)


def alike(book: Rulebook, request: JoinRequest, beside: bytes | None = None) -> tuple[str, ...]:
    """Return, in sentences, which names of a laptop that asks to join look like others.

    `beside` is the laptop whose place it takes: to be called like that one confuses nobody.
    """
    code = request.ods.strip().upper()
    entry = next((one for one in book.epoch.orgs if one.ods.upper() == code), None)
    if entry is None:
        return tuple(_organisation(request.org_name, request.ods, book.epoch.orgs))
    roster = book.roster(entry.org)
    return tuple(_within(request, roster, beside)) if roster else ()


def alike_in(before: Epoch, after: Epoch) -> tuple[str, ...]:
    """Return, in sentences, which names a membership brings in that look like a partner's."""
    had = {entry.org: (entry.name, entry.ods) for entry in before.orgs}
    new = [entry for entry in after.orgs if had.get(entry.org) != (entry.name, entry.ods)]
    return tuple(
        said
        for entry in new
        for said in _organisation(
            entry.name, entry.ods, [one for one in after.orgs if one.org != entry.org]
        )
    )


def alike_laptops(before: Roster | None, after: Roster) -> tuple[str, ...]:
    """Return, in sentences, which laptops that a list brings in are named like others of it."""
    had = {device.key for device in before.devices} if before else set()
    new = [one for one in after.devices if one.key not in had and not is_recovery(one)]
    return tuple(
        f"{device.label} is named like {joined(others)}."
        for device in new
        if (others := [_owned(one, after) for one in _like(device, after)])
    )


def _like(device: Device, roster: Roster) -> list[Device]:
    seen = seen_as(device.label)
    return [d for d in roster.devices if d.key != device.key and seen_as(d.label) == seen]


def _owned(device: Device, roster: Roster) -> str:
    return f"{device.label} of {_person(roster, device.pid)}"


def _organisation(name: str, ods: str, present: Iterable[OrgEntry]) -> Iterator[str]:
    for entry in present:
        if seen_as(entry.name) == seen_as(name):
            yield (
                f"“{name}” ({ods}) can be taken for “{entry.name}” ({entry.ods}), who takes part "
                "already. Make sure that they are two organisations."
            )
        elif seen_as(entry.ods) == seen_as(ods):
            yield (
                f"The code {ods} of {name} can be taken for {entry.ods} of {entry.name}. Make "
                "sure that it is right."
            )


def _within(request: JoinRequest, roster: Roster, beside: bytes | None) -> Iterator[str]:
    people = [one.name for one in roster.persons if seen_as(one.name) == seen_as(request.person)]
    if people and request.person not in people:
        yield (
            f"“{request.person}” can be taken for “{people[0]}”, who takes part already. If they "
            f"are one person, choose {people[0]}."
        )
    for device in roster.devices:
        if device.key in {beside, request.key} or is_recovery(device):
            continue
        if seen_as(device.label) == seen_as(request.label):
            yield (
                f"The name “{request.label}” can be taken for {_owned(device, roster)}: both "
                "would stand in histories."
            )


def _person(roster: Roster, pid: bytes) -> str:
    return next((person.name for person in roster.persons if person.pid == pid), "somebody")
