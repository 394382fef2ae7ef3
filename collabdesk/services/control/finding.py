"""A laptop, a person or a role found by what somebody types."""

from __future__ import annotations

from collections.abc import Iterable

from collabdesk.errors import Refusal
from collabdesk.services.control.naming import Names, joined
from collabdesk.services.workspace import Workspace
from collabdesk.sync import words
from collabdesk.sync.names import devhash
from collabdesk.sync.records import Device
from collabdesk.sync.registry import ROLES


def laptop_named(
    workspace: Workspace, typed: str, *, own: bool = False, retired: bool = False
) -> bytes:
    """Return the laptop of that name, with its trust if two have it, or of those eight words.

    With `own`, only of one's own organisation; with `retired`, also one no longer listed.
    """
    listed = list(_named(workspace) if retired else _listed(workspace, own=own))
    names = Names(workspace.book)
    asked = typed.strip().casefold()
    found = [
        device.key
        for ods, device in listed
        if asked
        in {
            device.label.casefold(),
            f"{device.label}, {ods}".casefold(),
            names.laptop(device.key).casefold(),
            " ".join(words.words_of(devhash(device.key))),
        }
    ]
    if len(found) == 1:
        return found[0]
    there = joined(f"“{device.label}, {ods}”" for ods, device in listed)
    raise Refusal(
        code="which-laptop" if found else "no-such-laptop",
        words=f"Several laptops are called “{typed}”." if found else f"No laptop is “{typed}”.",
        remedy=f"There are: {there}.",
        field="laptop",
    )


def organisation_coded(workspace: Workspace, ods: str) -> bytes:
    """Return the organisation with that ODS code."""
    wanted = ods.strip().upper()
    for entry in workspace.book.epoch.orgs:
        if entry.ods.upper() == wanted:
            return entry.org
    there = joined(f"{entry.ods} ({entry.name})" for entry in workspace.book.epoch.orgs)
    raise Refusal(
        code="no-such-organisation",
        words=f"No partner has the code {wanted}.",
        remedy=f"There are: {there}.",
        field="organisation",
    )


def roles_named(typed: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of roles by their words or names."""
    known = {role.words.casefold(): role.number for role in ROLES}
    known |= {role.name: role.number for role in ROLES}
    found = []
    for name in typed:
        number = known.get(name.strip().casefold())
        if number is None:
            raise Refusal(
                code="unknown-role",
                words=f"There is no role “{name}”.",
                remedy=f"There are: {joined(role.words for role in ROLES)}.",
                field="roles",
            )
        found.append(number)
    return tuple(sorted(set(found)))


def _named(workspace: Workspace) -> Iterable[tuple[str, Device]]:
    codes = {entry.org: entry.ods for entry in workspace.book.epoch.orgs}
    for org, device in Names(workspace.book).laptops.values():
        yield codes.get(org, ""), device


def _listed(workspace: Workspace, *, own: bool) -> Iterable[tuple[str, Device]]:
    mine = workspace.me().organisation if own else None
    for entry in workspace.book.epoch.orgs:
        roster = workspace.book.roster(entry.org)
        if roster is not None and mine in {None, entry.org}:
            yield from ((entry.ods, device) for device in roster.devices)
