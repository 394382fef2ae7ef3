"""The audit list: every membership decision in words, who signed it, and when it was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from collabdesk.services.control.naming import Names
from collabdesk.services.control.told import Telling
from collabdesk.services.sharing.times import EARLIER_MS
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.control import first_seen
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.authority.held import Held, epoch_of, roster_of
from collabdesk.sync.records import Epoch, Genesis, Proof, Roster, Suspension, Void

SEEN: Final = "membership-record"
IN_FORCE: Final = "in force"
WAITS: Final = "waits for signatures"
LIFTED: Final = "lifted"
LOST: Final = "not in force"


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: what it was, what it changed, who signed it, and whether it holds.

    `first_seen_ms` is this laptop's clock, 0 where it was seen before anybody looked; `doubtful`
    tells that this clock was set wrong, since what the decision follows was first seen later.
    """

    id: bytes
    title: str
    changes: tuple[str, ...]
    signed_by: tuple[str, ...]
    standing: str
    first_seen_ms: int
    doubtful: bool = False


def decisions(workspace: Workspace) -> list[Decided]:
    """Return every membership decision held, newest first."""
    if not workspace.founded:
        return []
    seen = workspace.query(first_seen, SEEN)
    audit = _Audit(workspace)
    found = [
        replace(audit.decided(held, seen.get(held.id, 0)), doubtful=_out_of_order(held, seen))
        for held in audit.records()
    ]
    order = {decided.id: at for at, decided in enumerate(found)}
    return sorted(found, key=lambda d: (-d.first_seen_ms, -order[d.id]))


def _out_of_order(held: Held, seen: Mapping[bytes, int]) -> bool:
    follows = held.epoch or held.roster
    before = seen.get(follows.prev, 0) if follows else 0
    return 0 < seen.get(held.id, 0) < before - EARLIER_MS


def note_first_seen(workspace: Workspace) -> None:
    """Remember when records were first seen that have come since the last time."""
    known = workspace.query(first_seen, SEEN)
    new = [record_id for record_id in workspace.book.records if record_id not in known]
    if not new:
        return
    now = workspace.clock.now_ms()

    def note(replica: SqliteReplica) -> None:
        for record_id in sorted(new):
            replica.add_event(now, SEEN, record_id.hex())

    workspace.write(note)


class _Audit:
    """The records of a workspace, oldest first, as decisions."""

    def __init__(self, workspace: Workspace) -> None:
        self._book = workspace.book
        self._names = Names(self._book)
        self._telling = Telling(self._book)
        self._epochs = {held.id for held in self._book.epochs}
        self._rosters = {
            held.id
            for org in {entry.org for e in self._book.epochs for entry in epoch_of(e).orgs}
            for held in self._book.rosters(org)
        }
        self._suspensions = {standing.id for standing in self._book.suspensions}
        self._waiting = {held.id for held in self._book.drafts()} | {
            held.id for entry in self._book.epoch.orgs for held in self._book.candidates(entry.org)
        }

    def records(self) -> Iterator[Held]:
        """Yield the records, memberships by number, each organisation's lists by number."""
        every = sorted(self._book.records.values(), key=_order)
        yield from every

    def decided(self, held: Held, seen_ms: int) -> Decided:
        """Return one record as a decision."""
        title, changes = self._told(held)
        return Decided(
            held.id, title, changes, self._names.signers(held), self._standing(held), seen_ms
        )

    def _told(self, held: Held) -> tuple[str, tuple[str, ...]]:
        match held.record:
            case Genesis(epoch=epoch):
                return "Workspace founded", (f"{epoch.orgs[0].name} founded “{epoch.note}”.",)
            case Epoch() as epoch:
                before = self._book.records.get(epoch.prev)
                old = before.epoch if before else None
                said = self._telling.epoch(old, epoch) if old else ()
                return f"Membership {epoch.n}", said or ("Nothing changed; it was confirmed.",)
            case Roster() as roster:
                return self._list(roster)
            case Suspension() as suspension:
                return "Laptop suspended", self._telling.suspension(suspension)
            case Void() as void:
                return "Turn to vote passed over", self._telling.void(void)
            case Proof() as proof:
                laptop = self._names.laptop(proof.dev)
                return "Proof against a laptop", (f"{laptop} signed two ways.",)

    def _list(self, roster: Roster) -> tuple[str, tuple[str, ...]]:
        name = self._names.organisation(roster.org)
        before = self._book.records.get(roster.prev)
        said = self._telling.roster(before.roster if before else None, roster)
        return f"Laptops of {name}", said or ("Nothing changed; it was confirmed.",)

    def _standing(self, held: Held) -> str:
        match held.record:
            case Genesis() | Epoch():
                in_force = held.id in self._epochs
            case Roster():
                in_force = held.id in self._rosters
            case Suspension():
                return IN_FORCE if held.id in self._suspensions else self._past_suspension(held)
            case Void() | Proof():
                return IN_FORCE
        if in_force:
            return IN_FORCE
        return WAITS if held.id in self._waiting else LOST

    def _past_suspension(self, held: Held) -> str:
        lifts = {lift for e in self._book.epochs for lift in epoch_of(e).lifts}
        for entry in self._book.epoch.orgs:
            for adopted in self._book.rosters(entry.org):
                lifts.update(roster_of(adopted).lifts)
        return LIFTED if held.id in lifts else WAITS


def _order(held: Held) -> tuple[int, int, bytes]:
    epoch, roster = held.epoch, held.roster
    if epoch is not None:
        return (epoch.n, 0, held.id)
    if roster is not None:
        return (roster.m, 1, held.id)
    return (1 << 32, 2, held.id)
