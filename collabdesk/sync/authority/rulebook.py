"""The rules in force: adopted epochs and rosters, and what they allow whom.

A pure function of the records held. Segments cite an epoch and a roster; everything a
verdict needs to know about rights is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from collabdesk.sync.authority import alarms, attempts, stalled
from collabdesk.sync.authority import keeper as ledger
from collabdesk.sync.authority.adoption import Adoption, cuts_of, newest_roster
from collabdesk.sync.authority.cited import Citation, Cited, Later
from collabdesk.sync.authority.epochs import admins_of
from collabdesk.sync.authority.held import (
    Held,
    Records,
    epoch_of,
    roster_line,
    roster_of,
    votes,
)
from collabdesk.sync.authority.keeper import Posting
from collabdesk.sync.authority.rights import Request, Rules
from collabdesk.sync.authority.suspensions import Standing
from collabdesk.sync.names import dev16
from collabdesk.sync.records import ChainPoint, Epoch, Proof, Roster, Term


class Rulebook:
    """Adopted epochs and rosters, worked out from the set of records held."""

    def __init__(self, workspace: bytes, held: Iterable[Held]) -> None:
        """Adopt what the records allow."""
        self.workspace = workspace
        self.records = Records(workspace, held)
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
        pinned = self._adoption.pinned(self._adoption.tree.nodes)
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
        return alarms.proves(proof, self.known_keys)

    @cached_property
    def proved_forks(self) -> Mapping[bytes, int]:
        """The least number under which a proof shows two signatures, by short name."""
        found: dict[bytes, int] = {}
        for _, proof in self.records.proofs:
            if self.proves(proof):
                short = dev16(proof.dev)
                found[short] = min(proof.seq, found.get(short, proof.seq))
        return found

    def forks(self, held: Mapping[bytes, int]) -> Mapping[bytes, int]:
        """Return where devices signed two ways, by the segments held and by the proofs."""
        if not self.proved_forks:
            return held
        least = dict(held)
        for dev, seq in self.proved_forks.items():
            least[dev] = min(seq, least.get(dev, seq))
        return least

    def rosters(self, org: bytes) -> tuple[Held, ...]:
        """Return an organisation's adopted rosters, oldest first: its number is its place."""
        return self._adoption.rosters.get(org, ())

    def tip(self, org: bytes) -> Held | None:
        """Return an organisation's newest adopted roster; None once it is no partner."""
        return newest_roster(self._adoption, org)

    def candidates(self, org: bytes) -> tuple[Held, ...]:
        """Return the rosters that would follow an organisation's newest and lack signatures."""
        tip = self.tip(org)
        if tip is None:
            return ()
        after = self.records.rosters_after(tip.id)
        return tuple(held for held in after if roster_of(held).org == org)

    def drafts(self) -> tuple[Held, ...]:
        """Return the epoch records that would follow the newest epoch and lack votes."""
        after = self.records.epochs_after(self.head.id)
        return tuple(held for held in after if epoch_of(held).n == self.epoch.n + 1)

    @cached_property
    def alarms(self) -> tuple[alarms.ControlAlarm, ...]:
        """What the records held show that people must know of."""
        return tuple(alarms.alarms(self._adoption, self.known_keys)) if self.epochs else ()

    # --- attempts at the next epoch ------------------------------------------------------

    @cached_property
    def attempt(self) -> int:
        """The number of the attempt at the next epoch that is open and not void."""
        return attempts.first_undecided(self.records, self.head)

    def owner(self, attempt: int) -> bytes:
        """Return the organisation without whose vote a record of an attempt cannot win."""
        return attempts.owner_of(self.epoch, attempt).org

    def owner_contradicts(self, attempt: int) -> bool:
        """Tell whether an attempt's owner voted for two records of it."""
        return attempts.owner_contradicts(self.records, self.head, attempt)

    def may_take_back(self, org: bytes, attempt: int) -> bool:
        """Tell whether an organisation may pass over an attempt although it voted in it."""
        return stalled.may_take_back(self.records, self.head, org, attempt)

    def out_of_reach(self, draft: Held) -> bool:
        """Tell whether too few are left that could still agree to a draft."""
        return stalled.out_of_reach(self.records, self.head, draft)

    def before_whom(self, draft: Held, org: bytes) -> bytes | None:
        """Return the organisation that votes for a draft before this one should."""
        first = stalled.before_whom(draft, self.head, org)
        return first.org if first else None

    def has_voided(self, org: bytes, attempt: int) -> bool:
        """Tell whether an organisation has declared an attempt at the next epoch void."""
        entries = (entry for entry in self.epoch.orgs if entry.org == org)
        return any(attempts.voided_by(self.records, self.head, entry, attempt) for entry in entries)

    def has_voted(self, org: bytes, draft: Held) -> bool:
        """Tell whether an organisation, as the newest epoch has it, voted for a draft."""
        entries = (entry for entry in self.epoch.orgs if entry.org == org)
        return any(votes(draft.signers, entry) for entry in entries)

    # --- who is suspended ----------------------------------------------------------------

    @property
    def suspensions(self) -> tuple[Standing, ...]:
        """The suspensions in force, by id."""
        return self._adoption.suspensions

    @cached_property
    def _suspended(self) -> Mapping[tuple[bytes, bytes], int]:
        found: dict[tuple[bytes, bytes], int] = {}
        for item in self.suspensions:
            at = (item.record.org, item.record.key)
            found[at] = min(item.record.seq, found.get(at, item.record.seq))
        return found

    def suspended_from(self, org: bytes, key: bytes) -> int | None:
        """Return the last number of a laptop that a suspension in force leaves alone."""
        last = self._suspended.get((org, key))
        return None if last is None else max(last, self._fixed(key))

    def roster_of(self, org: bytes) -> tuple[int, bytes] | None:
        """Return number and id of an organisation's newest adopted roster."""
        held = self.tip(org)
        return (roster_of(held).m, held.id) if held else None

    def roster(self, org: bytes) -> Roster | None:
        """Return an organisation's newest adopted roster."""
        held = self.tip(org)
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

    def lessened(self, cited: Cited, key: bytes, request: Request | None, seq: int) -> bool:
        """Tell whether later adopted rules forbid an operation past their cut.

        Without a request it is enough that the laptop stands in their roster.
        """
        return any(
            not later.rules.allows(key, request) and seq > self.excepted(later, key)
            for later in cited.later
        )

    def excepted(self, later: Later, key: bytes) -> int:
        """Return up to which number later rules leave a device what it had."""
        return max(later.cuts.get(key, 0), self._fixed(key))

    @cached_property
    def landmarks(self) -> Mapping[bytes, ChainPoint]:
        """What the newest epoch declares fixed, by key."""
        return {point.key: point for point in self.epoch.landmarks}

    def _fixed(self, key: bytes) -> int:
        point = self.landmarks.get(key)
        return point.seq if point else 0

    # --- a laptop that signed two ways -----------------------------------------------------

    def settled_cut(self, key: bytes, org: bytes | None, clash: int) -> ChainPoint | None:
        """Return the newest adopted cut that names a branch at or above a clash.

        Epochs come first, then the rosters of the organisation that the laptop's last
        undisputed segment cites.
        """
        records: list[Epoch | Roster] = [epoch_of(held) for held in reversed(self.epochs)]
        if org is not None:
            records += [roster_of(held) for held in reversed(self.rosters(org))]
        for record in records:
            for point in record.cuts:
                if point.key == key and point.seq >= clash:
                    return point
        return None

    # --- the ledger ----------------------------------------------------------------------

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of the ledger keeper, in the lead's newest roster."""
        tip = self.roster(self.epoch.lead)
        return tip.terms if tip else ()

    @property
    def open_term(self) -> int:
        """The number of the ledger keeper's present term; 0 while nobody keeps it."""
        return ledger.open_term(self.roster(self.epoch.lead))

    @property
    def keeper(self) -> bytes | None:
        """The key of the laptop that keeps the ledger."""
        return ledger.keeper(self.roster(self.epoch.lead))

    def keeps_ledger(self, cited: Cited, posting: Posting) -> bool:
        """Tell whether a device keeps the ledger in a term, by what it cites and by the tip."""
        tip = self.roster(self.epoch.lead)
        if tip is None or cited.organisation != self.epoch.lead:
            return False
        return ledger.keeps(tip, cited, posting)
