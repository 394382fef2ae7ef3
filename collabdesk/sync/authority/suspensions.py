"""Which suspensions are in force: power that takes away, and who may give it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from collabdesk.sync.authority.held import Held, Records, entry_of, epoch_of, roster_of
from collabdesk.sync.records import Epoch, Suspension

OTHERS_NEEDED: Final = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """A suspension that its signers may make; `own` if it rests on its own organisation only."""

    id: bytes
    record: Suspension
    own: bool


def standing(records: Records, epochs: Sequence[Held]) -> list[Standing]:
    """Return the suspensions that hold unless an own roster lifts them, by id."""
    head = epoch_of(epochs[-1])
    lifted = {lift for held in epochs for lift in epoch_of(held).lifts}
    return [
        Standing(record_id, record, own=others < OTHERS_NEEDED)
        for record_id, record, signers in records.suspensions
        if record_id not in lifted
        for own, others in [_signed_by(head, record.org, signers)]
        if own or others >= OTHERS_NEEDED
    ]


def _signed_by(head: Epoch, org: bytes, signers: frozenset[bytes]) -> tuple[bool, int]:
    mine = entry_of(head, org)
    own = mine is not None and not signers.isdisjoint(mine.admins)
    others = [entry for entry in head.orgs if entry.org != org]
    return own, sum(not signers.isdisjoint(entry.admins) for entry in others)


def barred(
    found: Iterable[Standing], org: bytes, number: int, pin: int, lifted: AbstractSet[bytes]
) -> set[bytes]:
    """Return the keys whose signatures on an organisation's roster of this number do not count.

    `lifted` are the suspensions that the rosters before it lift.
    """
    return {
        item.record.key
        for item in found
        if item.record.org == org
        and number > max(item.record.m, pin)
        and not (item.own and item.id in lifted)
    }


def in_force(
    found: Iterable[Standing], rosters: Mapping[bytes, Sequence[Held]]
) -> tuple[Standing, ...]:
    """Return the suspensions that no adopted roster of their own organisation lifts."""
    lifts = {
        org: {lift for held in line for lift in roster_of(held).lifts}
        for org, line in rosters.items()
    }
    return tuple(
        item for item in found if not (item.own and item.id in lifts.get(item.record.org, ()))
    )
