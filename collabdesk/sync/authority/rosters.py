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


def extend(ground: Ground, base: Sequence[Held]) -> tuple[tuple[Held, ...], bool]:
    """Return the pinned line with what stands above it, and whether it forked on the way.

    Of two valid successors the one with the longer line stands, then the lower id.
    """
    lifted = {lift for held in base for lift in roster_of(held).lifts}
    children = _grow(ground, base[-1], lifted)
    line, forked = list(base), False
    depth = _depths(children)
    while children[line[-1].id]:
        found = children[line[-1].id]
        forked = forked or len(found) > 1
        line.append(min(found, key=lambda held: (-depth[held.id], held.id)))
    return tuple(line), forked


def _grow(ground: Ground, root: Held, lifted: set[bytes]) -> dict[bytes, list[Held]]:
    """Return every valid successor above the pin, by the id of the roster before it.

    It goes down one line at a time: `lifted` holds what the rosters of that line lift.
    """
    children: dict[bytes, list[Held]] = {}
    waiting: list[tuple[Held, list[bytes] | None]] = [(root, None)]
    while waiting:
        held, added = waiting.pop()
        if added is not None:
            lifted.difference_update(added)
            continue
        added = [lift for lift in roster_of(held).lifts if lift not in lifted]
        lifted.update(added)
        after = ground.records.rosters_after(held.id)
        children[held.id] = [one for one in after if _follows(ground, one, held, lifted)]
        waiting.append((held, added))
        waiting.extend((one, None) for one in children[held.id])
    return children


def _depths(children: dict[bytes, list[Held]]) -> dict[bytes, int]:
    depth: dict[bytes, int] = {}
    for record_id, found in reversed(children.items()):
        depth[record_id] = 1 + max((depth[held.id] for held in found), default=0)
    return depth


def _follows(ground: Ground, held: Held, before: Held, lifted: set[bytes]) -> bool:
    roster, tip, entry = roster_of(held), roster_of(before), ground.entry
    if roster.org != entry.org or roster.m != tip.m + 1:
        return False
    if not _terms_follow(ground, roster, tip):
        return False
    out = barred(ground.suspensions, entry.org, roster.m, entry.pin[0], lifted)
    return len(held.signers.intersection(entry.admins) - out) >= entry.k_org


def _terms_follow(ground: Ground, roster: Roster, tip: Roster) -> bool:
    if not ground.is_lead:
        return not roster.terms
    return keeper.terms_follow(roster.terms, tip.terms, ground.landmarks)
