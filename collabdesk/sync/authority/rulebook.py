"""The rules in force: adopted epochs and rosters, and what they allow whom.

A pure function of the records held. Segments cite an epoch and a roster; everything a
verdict needs to know about rights is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from collabdesk.sync.authority import keeper as terms
from collabdesk.sync.authority.adoption import (
    Adoption,
    cuts_of,
    epoch_of,
    newest_roster,
    roster_of,
)
from collabdesk.sync.authority.cited import Cited, Later
from collabdesk.sync.authority.epochs import Held, Records, admins_of, roster_line
from collabdesk.sync.authority.rights import Request, Rules
from collabdesk.sync.names import dev16
from collabdesk.sync.records import Epoch, Proof, Roster

Citation = tuple[tuple[int, bytes], tuple[int, bytes]]


class Rulebook:
    """Adopted epochs and rosters, worked out from the set of records held."""

    def __init__(self, workspace: bytes, held: Iterable[Held]) -> None:
        """Adopt what the records allow; NotPossible if one needs a newer version."""
        self.workspace = workspace
        self.records: Records = {item.id: item for item in held}
        self._adoption = Adoption(workspace, self.records)
        self._citations: dict[Citation, Cited | None] = {}

    @property
    def epochs(self) -> list[Held]:
        """The adopted epochs, oldest first; none before genesis is here."""
        return self._adoption.epochs

    @property
    def head(self) -> Held:
        """The newest adopted epoch."""
        return self.epochs[-1]

    @property
    def epoch(self) -> Epoch:
        """The newest adopted epoch's record."""
        return epoch_of(self.head)

    # --- who is known ----------------------------------------------------------------

    @cached_property
    def known_devices(self) -> Mapping[bytes, bytes]:
        """Every device ever named with authority: public key by 16-byte short name.

        Two keys with one short name: the lower key alone is known.
        """
        pinned = self._adoption.pinned(self._adoption.tree)
        known: dict[bytes, bytes] = {}
        for held in self.records.values():
            if held.roster is None or not (held.id in pinned or held.signers & self.admins):
                continue
            for device in held.roster.devices:
                short = dev16(device.key)
                known[short] = min(device.key, known.get(short, device.key))
        return known

    @cached_property
    def known_keys(self) -> frozenset[bytes]:
        """The public keys of the known devices."""
        return frozenset(self.known_devices.values())

    @property
    def admins(self) -> frozenset[bytes]:
        """Every admin key of an epoch in the tree."""
        return self._adoption.admins

    @cached_property
    def voices(self) -> frozenset[bytes]:
        """The admin keys of epochs in the tree, and of those that such a key has signed."""
        drafted = [held for held in self.records.values() if held.signers & self.admins]
        return self.admins | admins_of(drafted)

    @cached_property
    def _pinned(self) -> frozenset[bytes]:
        held = (item for item in self.records.values() if item.epoch is not None)
        return self._adoption.pinned(held)

    def is_pinned(self, record_id: bytes) -> bool:
        """Tell whether an epoch held pins a roster, or one that descends from it."""
        return record_id in self._pinned

    def proves(self, proof: Proof) -> bool:
        """Tell whether a proof shows that a known device signed two ways."""
        return proof.dev in self.known_keys and proof.holds()

    def roster_of(self, org: bytes) -> tuple[int, bytes] | None:
        """Return number and id of an organisation's newest adopted roster."""
        held = newest_roster(self._adoption, org)
        return (roster_of(held).m, held.id) if held else None

    def roster(self, org: bytes) -> Roster | None:
        """Return an organisation's newest adopted roster."""
        held = newest_roster(self._adoption, org)
        return roster_of(held) if held else None

    def organisation_of(self, key: bytes) -> bytes | None:
        """Return the organisation whose newest roster names a device."""
        for entry in self.epoch.orgs:
            roster = self.roster(entry.org)
            if roster and any(device.key == key for device in roster.devices):
                return entry.org
        return None

    # --- what a segment cites ----------------------------------------------------------

    def is_adopted(self, epoch: tuple[int, bytes], roster: tuple[int, bytes]) -> bool:
        """Tell whether both records a segment cites are adopted themselves."""
        return epoch[1] in self._adoption.epoch_ids and roster[1] in self._adoption.roster_ids

    def cite(self, epoch: tuple[int, bytes], roster: tuple[int, bytes]) -> Cited | None:
        """Return what a segment cites; None if a cited record is not held or is another kind."""
        key = (epoch, roster)
        if key not in self._citations:
            self._citations[key] = self._cite(epoch, roster)
        return self._citations[key]

    def _cite(self, epoch: tuple[int, bytes], roster: tuple[int, bytes]) -> Cited | None:
        epochs, held = self._epoch_line(*epoch), self.records.get(roster[1])
        if epochs is None or held is None or held.roster is None:
            return None
        org = held.roster.org
        rosters = roster_line(self.records, org, *roster)
        if rosters is None:
            return None
        e = next((i for i in epochs if i in self._adoption.epoch_ids), None)
        r = next((i for i in rosters if i in self._adoption.roster_ids), None)
        return None if e is None else self._cited(org, epoch_of(self.records[e]), r)

    def _cited(self, org: bytes, epoch: Epoch, roster_id: bytes | None) -> Cited:
        if roster_id is None:
            return Cited(org, epoch.n, -1, epoch.floor, None)
        roster = roster_of(self.records[roster_id])
        later = (*self._later_epochs(epoch, roster), *self._later_rosters(epoch, roster))
        return Cited(org, epoch.n, roster.m, epoch.floor, Rules(epoch, roster), later)

    def _later_epochs(self, epoch: Epoch, roster: Roster) -> Iterable[Later]:
        for held in self.epochs[epoch.n + 1 :]:
            newer = epoch_of(held)
            yield Later(Rules(newer, roster), cuts_of(newer))

    def _later_rosters(self, epoch: Epoch, roster: Roster) -> Iterable[Later]:
        for held in self._adoption.rosters[roster.org][roster.m + 1 :]:
            newer = roster_of(held)
            yield Later(Rules(epoch, newer), cuts_of(newer))

    def _epoch_line(self, number: int, record_id: bytes) -> list[bytes] | None:
        line: list[bytes] = []
        at = record_id
        for wanted in range(number, -1, -1):
            held = self.records.get(at)
            epoch = held.epoch if held else None
            if epoch is None or epoch.n != wanted:
                return None
            line.append(at)
            at = epoch.prev
        return line

    def lessened(self, cited: Cited, key: bytes, request: Request, seq: int) -> bool:
        """Tell whether later adopted rules forbid an operation past their cut."""
        return any(
            not later.rules.allows(key, request)
            and seq > max(later.cuts.get(key, 0), self._landmarks.get(key, 0))
            for later in cited.later
        )

    @cached_property
    def _landmarks(self) -> Mapping[bytes, int]:
        return {point.key: point.seq for point in self.epoch.landmarks}

    # --- the ledger ----------------------------------------------------------------------

    @property
    def open_term(self) -> int:
        """The number of the ledger keeper's present term; 0 while nobody keeps it."""
        return terms.open_term(self.roster(self.epoch.lead))

    @property
    def keeper(self) -> bytes | None:
        """The key of the laptop that keeps the ledger."""
        return terms.keeper(self.roster(self.epoch.lead))

    def keeps_ledger(self, cited: Cited, posting: terms.Posting) -> bool:
        """Tell whether a device keeps the ledger in a term, by what it cites and by the tip."""
        tip = self.roster(self.epoch.lead)
        if tip is None or cited.organisation != self.epoch.lead:
            return False
        return terms.keeps(tip, cited, posting)
