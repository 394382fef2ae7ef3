"""Roles brought up to this version: what a newer version adds, agreed to by the partners.

A workspace keeps the roles it was founded with. A decision of the partners adds the roles
it does not know, and to the others the areas that came after the first version and that no
role of it knows; what the partners have settled of other areas stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from collabdesk.errors import Refusal
from collabdesk.services.control.laptops import ADMINISTRATOR
from collabdesk.services.control.votes import Proposed, propose_epoch
from collabdesk.services.membership import rights_of
from collabdesk.services.workspace import Workspace
from collabdesk.sync.records import Epoch, OrgEntry, RoleRights
from collabdesk.sync.registry import REGISTRY, ROLES

_LATER: Final = {area.number for area in REGISTRY.areas.values() if area.since > 1}


def has_newer_roles(workspace: Workspace) -> bool:
    """Tell whether this version knows roles or rights that the workspace does not."""
    return workspace.founded and with_newer_roles(workspace.book.epoch) != workspace.book.epoch


def propose_newer_roles(workspace: Workspace) -> Proposed:
    """Propose the roles and rights that this version adds; Refusal where there are none."""
    if not has_newer_roles(workspace):
        raise Refusal(
            code="roles-up-to-date",
            words="The workspace has every role that this version knows.",
        )
    return propose_epoch(workspace, with_newer_roles)


def with_newer_roles(epoch: Epoch) -> Epoch:
    """Return a membership with what this version adds to roles."""
    known = {rights.role: rights for rights in epoch.roles}
    areas = {right.area for rights in epoch.roles for right in rights.areas}
    roles = [
        _widened(known[rights.role], rights, areas) if rights.role in known else rights
        for rights in map(rights_of, ROLES)
    ]
    declared = {rights.role for rights in roles}
    kept = [rights for role, rights in known.items() if role not in declared]
    return replace(
        epoch,
        roles=tuple(sorted([*roles, *kept], key=lambda rights: rights.role)),
        orgs=tuple(_granted(entry, known.keys(), declared) for entry in epoch.orgs),
    )


def _widened(rights: RoleRights, newer: RoleRights, areas: set[int]) -> RoleRights:
    added = [right for right in newer.areas if right.area in _LATER - areas]
    every = sorted([*rights.areas, *added], key=lambda right: right.area)
    return replace(rights, areas=tuple(every))


def _granted(entry: OrgEntry, known: Iterable[int], declared: set[int]) -> OrgEntry:
    """Give the new roles to organisations that could give every role but administrator."""
    if set(entry.grants) | {ADMINISTRATOR} < set(known):
        return entry
    return replace(entry, grants=tuple(sorted({*entry.grants, *(declared - set(known))})))
