"""The records held: each by its id, and by the record it follows."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from collabdesk.sync.records import (
    Epoch,
    Genesis,
    OrgEntry,
    Proof,
    Record,
    Roster,
    Suspension,
    Void,
)


@dataclass(frozen=True, slots=True)
class Held:
    """A record held, with the keys whose signatures on it are valid."""

    id: bytes
    record: Record
    signers: frozenset[bytes]

    @property
    def epoch(self) -> Epoch | None:
        """The epoch this record is; genesis is epoch 0."""
        if isinstance(self.record, Genesis):
            return self.record.epoch
        return self.record if isinstance(self.record, Epoch) else None

    @property
    def roster(self) -> Roster | None:
        """The roster this record is."""
        return self.record if isinstance(self.record, Roster) else None


class Records(Mapping[bytes, Held]):
    """Every record held of one workspace; those of another are as if not held."""

    def __init__(self, workspace: bytes, held: Iterable[Held]) -> None:
        """Sort the records by what they follow."""
        self._by_id = {item.id: item for item in held if _belongs(item, workspace)}
        self._epochs: dict[bytes, list[Held]] = {}
        self._rosters: dict[bytes, list[Held]] = {}
        self._voids: dict[bytes, list[tuple[Void, frozenset[bytes]]]] = {}
        self.voided: dict[tuple[bytes, bytes], list[tuple[int, int]]] = {}
        """What an organisation passed over after an epoch, once it was asked for."""
        self.suspensions: list[tuple[bytes, Suspension, frozenset[bytes]]] = []
        self.proofs: list[tuple[bytes, Proof]] = []
        for item in sorted(self._by_id.values(), key=lambda one: one.id):
            self._sort_in(item)

    def _sort_in(self, item: Held) -> None:
        match item.record:
            case Epoch(prev=prev):
                self._epochs.setdefault(prev, []).append(item)
            case Roster(prev=prev):
                self._rosters.setdefault(prev, []).append(item)
            case Void(prev=prev) as void:
                self._voids.setdefault(prev, []).append((void, item.signers))
            case Suspension() as suspension:
                self.suspensions.append((item.id, suspension, item.signers))
            case Proof() as proof:
                self.proofs.append((item.id, proof))
            case Genesis():
                return

    def __getitem__(self, record_id: bytes) -> Held:
        """Return a record by its id."""
        return self._by_id[record_id]

    def __iter__(self) -> Iterator[bytes]:
        """Yield the ids of the records held."""
        return iter(self._by_id)

    def __len__(self) -> int:
        """Return how many records are held."""
        return len(self._by_id)

    def epochs_after(self, record_id: bytes) -> list[Held]:
        """Return the epoch records that name this one as the epoch before, by id."""
        return self._epochs.get(record_id, [])

    def rosters_after(self, record_id: bytes) -> list[Held]:
        """Return the rosters that name this one as the roster before, by id."""
        return self._rosters.get(record_id, [])

    def voids_after(self, record_id: bytes) -> list[tuple[Void, frozenset[bytes]]]:
        """Return the voids of attempts to follow this epoch, with their signers."""
        return self._voids.get(record_id, [])


def _belongs(item: Held, workspace: bytes) -> bool:
    """Tell whether a record names this workspace; genesis and first rosters cannot name it."""
    match item.record:
        case Genesis():
            return item.id == workspace
        case Roster(m=0):
            return True
        case record:
            return record.ws == workspace


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


def votes(signers: frozenset[bytes], entry: OrgEntry) -> bool:
    """Tell whether an organisation voted: at least k of its administrators signed."""
    return len(signers.intersection(entry.admins)) >= entry.k_org


def entry_of(epoch: Epoch, org: bytes) -> OrgEntry | None:
    """Return an organisation's entry in an epoch."""
    return next((entry for entry in epoch.orgs if entry.org == org), None)


def roster_line(
    records: Mapping[bytes, Held],
    org: bytes,
    number: int,
    record_id: bytes,
    known: Container[bytes] = (),
) -> list[bytes] | None:
    """Return the ids from a roster down to number 0, or None if a link is missing or wrong.

    The line ends early at a roster that is `known` to have a whole line itself.
    """
    line: list[bytes] = []
    wanted, at = number, record_id
    while True:
        held = records.get(at)
        roster = held.roster if held else None
        if roster is None or roster.org != org or roster.m != wanted:
            return None
        line.append(at)
        if wanted == 0 or at in known:
            return line
        wanted, at = wanted - 1, roster.prev
