"""Each organisation's rosters: up to the pin by the epoch, above it by its administrators.

Step 3 of the verdict procedure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collabdesk.sync.authority import keeper
from collabdesk.sync.authority.held import Held, Records, roster_of
from collabdesk.sync.authority.suspensions import Standing, barred
from collabdesk.sync.records import OrgEntry, Roster


@dataclass(frozen=True, slots=True)
class Ground:
    """What decides who may extend one organisation's rosters above the pin."""

    records: Records
    entry: OrgEntry
    is_lead: bool
    suspensions: Sequence[Standing]
    landmarks: Mapping[bytes, int]


@dataclass(frozen=True, slots=True)
class _Node:
    held: Held
    lifted: frozenset[bytes]


def extend(ground: Ground, base: Sequence[Held]) -> tuple[tuple[Held, ...], bool]:
    """Return the pinned line with what stands above it, and whether it forked on the way.

    Of two valid successors the one with the longer line stands, then the lower id.
    """
    lifted = frozenset(lift for held in base for lift in roster_of(held).lifts)
    root = _Node(base[-1], lifted)
    children = _grow(ground, root)
    line, at, forked = list(base), root, False
    depth = _depths(children)
    while children[at.held.id]:
        found = children[at.held.id]
        forked = forked or len(found) > 1
        at = min(found, key=lambda node: (-depth[node.held.id], node.held.id))
        line.append(at.held)
    return tuple(line), forked


def _grow(ground: Ground, root: _Node) -> dict[bytes, list[_Node]]:
    """Return every valid successor above the pin, by the id of the roster before it."""
    children: dict[bytes, list[_Node]] = {}
    waiting = [root]
    for node in waiting:
        found = [
            _Node(held, node.lifted.union(roster_of(held).lifts))
            for held in ground.records.rosters_after(node.held.id)
            if _follows(ground, held, node)
        ]
        children[node.held.id] = found
        waiting.extend(found)
    return children


def _depths(children: dict[bytes, list[_Node]]) -> dict[bytes, int]:
    depth: dict[bytes, int] = {}
    for record_id, found in reversed(children.items()):
        depth[record_id] = 1 + max((depth[node.held.id] for node in found), default=0)
    return depth


def _follows(ground: Ground, held: Held, before: _Node) -> bool:
    roster, tip, entry = roster_of(held), roster_of(before.held), ground.entry
    if roster.org != entry.org or roster.m != tip.m + 1:
        return False
    if not _terms_follow(ground, roster, tip):
        return False
    out = barred(ground.suspensions, entry.org, roster.m, entry.pin[0], before.lifted)
    return len(held.signers.intersection(entry.admins) - out) >= entry.k_org


def _terms_follow(ground: Ground, roster: Roster, tip: Roster) -> bool:
    if not ground.is_lead:
        return not roster.terms
    return keeper.terms_follow(roster.terms, tip.terms, ground.landmarks)
