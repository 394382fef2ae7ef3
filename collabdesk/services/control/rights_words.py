"""What roles may do, in words: for those who sign a membership that changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from collabdesk.services.control.naming import joined, role_words
from collabdesk.sync.records import AreaRight, RoleRights
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Reach, Verb

_VERBS: Final[Mapping[Verb, str]] = {
    Verb.INSERT: "enter",
    Verb.SET: "change",
    Verb.DELETE: "delete",
    Verb.RESOLVE: "settle",
    Verb.APPROVE: "approve",
    Verb.POST: "post",
}
_REACHES: Final[Mapping[Reach, str]] = {
    Reach.OWN: "its own organisation’s",
    Reach.SHARED: "shared",
    Reach.OTHERS: "other organisations’",
}
_AREAS: Final[Mapping[str, str]] = {
    "ledger": "ledger entries",
    "reading": "permissions to read confidential entries",
    "sharing": "workspace settings",
}


def changed_rights(before: Sequence[RoleRights], after: Sequence[RoleRights]) -> Iterator[str]:
    """Return a sentence for each right that a role gains, loses or has otherwise."""
    had = {(rights.role, right.area): right for rights in before for right in rights.areas}
    has = {(rights.role, right.area): right for rights in after for right in rights.areas}
    for role, area in sorted(had.keys() | has.keys()):
        old, new = had.get((role, area)), has.get((role, area))
        if old == new:
            continue
        name = role_words([role])
        if new is None:
            yield f"{name} may no longer do anything with {_area(area)}."
        else:
            instead = f", instead of: {_right(old)}" if old else ""
            yield f"{name} may {_right(new)}{instead}."
    for role in sorted({rights.role for rights in before} - {rights.role for rights in after}):
        yield f"The role {role_words([role])} is no more."


def rights_of(rights: RoleRights) -> tuple[str, ...]:
    """Return what a role may do, a phrase for each part of the workspace."""
    return tuple(_right(right) for right in rights.areas)


def _right(right: AreaRight) -> str:
    verbs = [words for verb, words in _VERBS.items() if right.verbs & verb]
    reaches = [words for reach, words in _REACHES.items() if right.reach & reach]
    return f"{joined(verbs) or 'do nothing with'} {joined(reaches)} {_area(right.area)}".strip()


def _area(number: int) -> str:
    area = next((area for area in REGISTRY.areas.values() if area.number == number), None)
    if area is None:
        return f"area {number}, which this version does not know"
    return _AREAS.get(area.name, area.name)
