"""Which segments another rule book judges differently: the least that must be looked at again.

Two rule books are compared only by what a verdict asks of them: for every pair of records
cited and device citing them, its rights, those later taken away and up to where, and
whether it is suspended.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from collabdesk.sync.authority.cited import Citation, Cited
from collabdesk.sync.authority.rights import Rights
from collabdesk.sync.authority.rulebook import Rulebook


class Base(NamedTuple):
    """What a citation means for one device before anything was taken away."""

    organisation: bytes
    epoch: int
    roster: int
    floor: int
    person: bytes | None
    rights: Rights


Loss = tuple[Rights, int]


class Bearing(NamedTuple):
    """What a rule book says of the segments of a device that cite the same two records.

    `losses` are rights taken away with the number up to which they stood; `suspended` is
    the last number a suspension leaves alone.
    """

    base: Base | None
    losses: frozenset[Loss]
    suspended: int | None


def bearing(book: Rulebook, citation: Citation, key: bytes) -> Bearing:
    """Return what a rule book says of a device under a citation."""
    cited = book.cite(*citation)
    if cited is None:
        return Bearing(None, frozenset(), None)
    rights = cited.rules.rights(key) if cited.rules else frozenset()
    base = Base(
        cited.organisation,
        cited.epoch_number,
        cited.roster_number,
        cited.floor,
        cited.person(key),
        rights,
    )
    suspended = book.suspended_from(cited.organisation, key) if cited.rules else None
    return Bearing(base, frozenset(_losses(book, cited, key, rights)), suspended)


def _losses(book: Rulebook, cited: Cited, key: bytes, rights: Rights) -> Iterator[Loss]:
    for later in cited.later:
        lost = rights - later.rules.rights(key)
        if lost:
            yield lost, book.excepted(later, key)


def first_touched(old: Bearing, new: Bearing) -> int | None:
    """Return the number after which two rule books may differ on segments; None if nowhere."""
    if old.base != new.base:
        return 0
    bounds = [bound for _, bound in old.losses ^ new.losses]
    if old.suspended != new.suspended:
        bounds += [last for last in (old.suspended, new.suspended) if last is not None]
    return min(bounds, default=None)


def same_citation(old: Bearing, new: Bearing) -> bool:
    """Tell whether a citation counts alike for those whose past holds it."""
    return _counted(old) == _counted(new)


def _counted(found: Bearing) -> tuple[bytes, int, int] | None:
    base = found.base
    return (base.organisation, base.epoch, base.roster) if base else None
