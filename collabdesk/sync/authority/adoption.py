"""Which records rule: the epochs of the walk, and each organisation's rosters up to its pin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from collabdesk.sync.authority.epochs import (
    Held,
    Records,
    admins_of,
    entry_of,
    needs_newer_version,
    roster_line,
    tree,
    votes,
    walk,
)
from collabdesk.sync.records import Epoch, Proof, Roster, Suspension, Void


def epoch_of(held: Held) -> Epoch:
    """Return the epoch a record is; TypeError if it is none."""
    if held.epoch is None:
        raise TypeError(held.id.hex())
    return held.epoch


def roster_of(held: Held) -> Roster:
    """Return the roster a record is; TypeError if it is none."""
    if held.roster is None:
        raise TypeError(held.id.hex())
    return held.roster


class Adoption:
    """What the records held adopt; NotPossible if one of them needs a newer version."""

    def __init__(self, workspace: bytes, records: Records) -> None:
        """Walk from genesis; nothing is adopted while it is not held or not signed."""
        self.records = records
        genesis = records.get(workspace)
        founded = genesis is not None and _signed_by_founder(genesis)
        self.tree: list[Held] = tree(records, workspace) if founded else []
        self.epochs: list[Held] = walk(records, workspace) if founded else []
        self.admins = admins_of(self.tree)
        self.epoch_ids = {held.id: held for held in self.epochs}
        self.rosters: dict[bytes, tuple[Held, ...]] = {}
        for held in self.epochs:
            self._pin(held)
        self.roster_ids = {held.id: held for line in self.rosters.values() for held in line}
        self._stop_at_the_unknown()

    def _pin(self, held: Held) -> None:
        for entry in epoch_of(held).orgs:
            line = roster_line(self.records, entry.org, *entry.pin)
            if line is not None:
                self.rosters[entry.org] = tuple(self.records[i] for i in reversed(line))

    def _stop_at_the_unknown(self) -> None:
        for held in self.records.values():
            signed = bool(held.signers & self.admins)
            match held.record:
                case Suspension() | Void() if signed:
                    raise needs_newer_version("a suspension or a void vote")
                case Proof() if held.record.holds():
                    raise needs_newer_version("a proof that a laptop signed two ways")
                case Epoch(attempt=attempt) if signed and attempt > 0:
                    raise needs_newer_version("a second attempt at a membership vote")
                case Roster(m=m) if signed and m > 0 and held.id not in self.roster_ids:
                    raise needs_newer_version("a change of laptops between membership votes")
                case _:
                    continue

    def pinned(self, epochs: Iterable[Held]) -> frozenset[bytes]:
        """Return the ids of the rosters that epochs pin, and of those these descend from."""
        return frozenset(
            record_id
            for held in epochs
            for entry in epoch_of(held).orgs
            for record_id in roster_line(self.records, entry.org, *entry.pin) or ()
        )


def _signed_by_founder(genesis: Held) -> bool:
    epoch = genesis.epoch
    return epoch is not None and votes(genesis, epoch.orgs[0])


def newest_roster(adoption: Adoption, org: bytes) -> Held | None:
    """Return the newest adopted roster of an organisation in the newest epoch."""
    if entry_of(epoch_of(adoption.epochs[-1]), org) is None:
        return None
    line = adoption.rosters.get(org, ())
    return line[-1] if line else None


def cuts_of(record: Epoch | Roster) -> Mapping[bytes, int]:
    """Return up to which number each laptop is excepted from what a record takes away."""
    return {point.key: point.seq for point in record.cuts}
