"""What a segment cites of the control records, and what its past had seen of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from collabdesk.sync.authority.rights import Request, Rules

Citation = tuple[tuple[int, bytes], tuple[int, bytes]]
"""Number and id of an epoch and of a roster, as a segment's header names them."""


@dataclass(frozen=True, slots=True)
class Later:
    """Rules adopted after the cited ones, and up to where each laptop was excepted."""

    rules: Rules
    cuts: Mapping[bytes, int]


@dataclass(frozen=True, slots=True)
class Cited:
    """What a segment cites, read in the rule book.

    `rules` is None where no roster on the cited line was ever adopted; the roster's
    number is then −1. `later` are the rules its operations must satisfy past their cuts.
    """

    organisation: bytes
    epoch_number: int
    roster_number: int
    floor: int
    rules: Rules | None
    later: tuple[Later, ...] = ()

    def allows(self, key: bytes, request: Request | None) -> bool:
        """Tell whether the cited rules let a device do what it asks."""
        return self.rules is not None and self.rules.allows(key, request)

    def person(self, key: bytes) -> bytes | None:
        """Return the person a device belonged to under the cited roster."""
        device = self.rules.devices.get(key) if self.rules else None
        return device.pid if device else None

    def author(self, key: bytes) -> tuple[bytes, bytes] | None:
        """Return organisation and person of a device under the cited roster."""
        person = self.person(key)
        return None if person is None else (self.organisation, person)


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest epoch, and roster of each organisation, that a segment's past cites."""

    epoch: int = -1
    rosters: Mapping[bytes, int] = field(default_factory=dict)

    def newer_than(self, cited: Cited) -> bool:
        """Tell whether an author cites older rules than it had seen."""
        if self.epoch > cited.epoch_number:
            return True
        roster = self.rosters.get(cited.organisation, -1)
        return cited.rules is not None and roster > cited.roster_number

    def after(self, cited: Cited | None) -> Seen:
        """Return what the successors of a segment have seen; one that waits adds nothing."""
        if cited is None:
            return self
        epoch = max(self.epoch, cited.epoch_number)
        mine = self.rosters.get(cited.organisation, -1)
        if cited.roster_number > mine:
            return Seen(epoch, {**self.rosters, cited.organisation: cited.roster_number})
        return self if epoch == self.epoch else Seen(epoch, self.rosters)

    def union(self, other: Seen) -> Seen:
        """Return what two pasts together have seen."""
        if other == self:
            return self
        rosters = dict(self.rosters)
        for org, number in other.rosters.items():
            rosters[org] = max(number, rosters.get(org, -1))
        return Seen(max(self.epoch, other.epoch), rosters)
