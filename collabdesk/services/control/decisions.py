"""What waits for somebody's signature, and what each of it would change, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from collabdesk.errors import Refusal
from collabdesk.services.control.duties import Duties
from collabdesk.services.control.heads import Heads
from collabdesk.services.control.lookalike import alike_in, alike_laptops
from collabdesk.services.control.naming import Names, joined
from collabdesk.services.control.signing import entry_here
from collabdesk.services.control.statements import (
    refuse_second_statement,
    refuse_too_steep,
    refuse_where_left_out,
    voids,
)
from collabdesk.services.control.told import Telling
from collabdesk.services.wording import counted
from collabdesk.services.workspace import Workspace
from collabdesk.sync.authority.held import Held, entry_of, epoch_of, roster_of, votes
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.records import Epoch, OrgEntry, Roster, Suspension, Void

MEMBERSHIP = "membership"
LAPTOPS = "laptops"
PASSED_OVER = "passed-over"
SUSPENSION = "suspension"
_TITLES = {
    MEMBERSHIP: "A change of membership",
    LAPTOPS: "A change of laptops",
    PASSED_OVER: "Passing over a turn to vote",
    SUSPENSION: "A suspension",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A record that lacks signatures: what it changes, who signed, who is waited for.

    `why_not` says why this laptop cannot or should not sign; empty if it can. `out_of_reach`
    says that too few are left who could agree, `may_pass_over` that this laptop can go on to
    the next round.
    """

    id: bytes
    kind: str
    title: str
    changes: tuple[str, ...]
    signed_by: tuple[str, ...]
    waits_for: tuple[str, ...]
    mine: bool
    why_not: str
    remedy: str
    out_of_reach: bool = False
    may_pass_over: bool = False

    @property
    def can_sign(self) -> bool:
        """Tell whether this laptop's signature is asked for and may be given."""
        return not self.mine and not self.why_not


def drafted(workspace: Workspace) -> list[Decision]:
    """Return what waits for a signature, one's own organisation's first."""
    if not workspace.founded:
        return []
    with workspace.database.read() as reads:
        waiting = Waiting(workspace, Duties(workspace.book, Heads(reads, workspace.book)))
        found = [waiting.decision(held) for held in waiting.records()]
    return sorted(found, key=lambda decision: (not decision.can_sign, decision.kind, decision.id))


class Waiting:
    """The records that lack signatures, as this laptop sees them."""

    def __init__(self, workspace: Workspace, duties: Duties) -> None:
        """Look at the rules in force from this laptop."""
        self._book: Rulebook = workspace.book
        self._key = workspace.about.key
        self._entry = entry_here(workspace)
        self._duties = duties
        self._names = Names(self._book)
        self._telling = Telling(self._book)

    def records(self) -> Iterator[Held]:
        """Yield the records that could still take effect and that somebody has vouched for."""
        book = self._book
        yield from (held for held in book.drafts() if self._consented(held))
        for entry in book.epoch.orgs:
            for held in book.candidates(entry.org):
                if 0 < len(held.signers.intersection(entry.admins)) < entry.k_org:
                    yield held
        for held, void in voids(book):
            speaker = entry_of(book.epoch, void.org)
            if speaker is None or votes(held.signers, speaker):
                continue
            if not held.signers.isdisjoint(speaker.admins):
                yield held
        in_force = {standing.id for standing in book.suspensions}
        lifted = _lifted(book)
        for held in book.records.values():
            if isinstance(held.record, Suspension) and held.id not in in_force | lifted:
                yield held

    def _consented(self, held: Held) -> bool:
        """Tell whether every newcomer has agreed: only then do the partners vote.

        Without newcomers, whether an administrator in force has signed at all.
        """
        before, after = self._book.epoch, epoch_of(held)
        new = [entry for entry in after.orgs if entry_of(before, entry.org) is None]
        if not new:
            return any(not held.signers.isdisjoint(entry.admins) for entry in before.orgs)
        return all(votes(held.signers, entry) for entry in new)

    def decision(self, held: Held) -> Decision:
        """Return a record as a decision for a person."""
        kind, changes = self._told(held)
        reason = self._objection(held)
        lost = held.epoch is not None and self._book.out_of_reach(held)
        return Decision(
            id=held.id,
            kind=kind,
            title=_TITLES[kind],
            changes=changes,
            signed_by=self._names.signers(held),
            waits_for=self._waits_for(held),
            mine=self._key in held.signers,
            why_not=reason.words if reason else "",
            remedy=reason.remedy if reason else "",
            out_of_reach=lost,
            may_pass_over=lost and self._may_pass_over(held),
        )

    def _may_pass_over(self, held: Held) -> bool:
        """Tell whether this laptop's organisation can still pass over a draft's round."""
        attempt = epoch_of(held).attempt
        if self._entry is None or attempt != self._book.attempt:
            return False
        if self._book.has_voided(self._entry.org, attempt):
            return False
        try:
            refuse_second_statement(self._book, self._entry, attempt, b"", passing_over=True)
        except Refusal:
            return False
        return True

    def _told(self, held: Held) -> tuple[str, tuple[str, ...]]:
        match held.record:
            case Epoch() as epoch:
                said = self._telling.epoch(self._book.epoch, epoch)
                said = (*said, *alike_in(self._book.epoch, epoch))
                back = self._duties.brought_back_by(epoch)
                if back:
                    what = "1 change that was" if back == 1 else f"{back} changes that were"
                    said = (*said, f"It brings back {what} set aside here.")
                lost = self._duties.lost_with(epoch)
                if lost:
                    what = counted(lost, "change set")
                    said = (
                        *said,
                        f"It sets aside {what} of laptops lately enrolled by who leaves.",
                    )
                return MEMBERSHIP, said or ("Nothing changes; it confirms what there is.",)
            case Roster() as roster:
                before = self._book.records.get(roster.prev)
                old = before.roster if before else None
                name = self._names.organisation(roster.org)
                said = (*self._telling.roster(old, roster), *alike_laptops(old, roster))
                return LAPTOPS, tuple(f"{name}: {line}" for line in said)
            case Suspension() as suspension:
                said = self._telling.suspension(suspension)
                known = self._duties.set_aside_by(suspension)
                return SUSPENSION, (
                    *said,
                    f"Known here, it sets aside {counted(known, 'change set')}.",
                )
            case Void() as void:
                return PASSED_OVER, self._telling.void(void)
            case _:
                raise TypeError(held.record)

    def _waits_for(self, held: Held) -> tuple[str, ...]:
        match held.record:
            case Epoch() as epoch:
                return self._votes_missing(held, epoch)
            case Roster(org=org) | Void(org=org):
                return self._signatures_missing(held, org)
            case Suspension(org=org):
                others = [entry for entry in self._book.epoch.orgs if entry.org != org]
                left = [e.name for e in others if held.signers.isdisjoint(e.admins)]
                return (f"one more of {joined(left)}",)
            case _:
                return ()

    def _votes_missing(self, held: Held, epoch: Epoch) -> tuple[str, ...]:
        owner = self._book.owner(epoch.attempt)
        asked = [*self._book.epoch.orgs, *epoch.orgs]
        missing = {e.org: e.name for e in asked if not votes(held.signers, e)}
        return tuple(sorted(missing.values(), key=lambda name: (missing.get(owner) != name, name)))

    def _signatures_missing(self, held: Held, org: bytes) -> tuple[str, ...]:
        entry = entry_of(self._book.epoch, org)
        if entry is None:
            return ()
        more = entry.k_org - len(held.signers.intersection(entry.admins))
        left = [self._names.signer(key) for key in entry.admins if key not in held.signers]
        return (f"{more} more of: {joined(left)}",)

    # --- whether this laptop may sign ------------------------------------------------------

    def refuse(self, held: Held) -> None:
        """Raise Refusal in words if this laptop cannot, or should not, sign a record."""
        entry = self._entry or self._entry_to_be(held)
        if entry is None:
            raise Refusal(
                code="not-an-administrator",
                words="This laptop does not sign for an organisation.",
                remedy="An administrator's laptop does.",
            )
        match held.record:
            case Epoch() as epoch:
                self._refuse_epoch(held, epoch, entry)
            case Roster() as roster:
                _refuse_foreign(roster.org, entry, "Each organisation signs for its own laptops.")
                self._duties.roster(roster)
            case Suspension() as suspension:
                self._duties.suspension(suspension)
            case Void() as void:
                _refuse_foreign(void.org, entry, "Each organisation speaks for itself.")
                for attempt in range(void.first, void.last + 1):
                    refuse_second_statement(self._book, entry, attempt, held.id, passing_over=True)
            case _:
                raise TypeError(held.record)

    def _entry_to_be(self, held: Held) -> OrgEntry | None:
        """Return the organisation for which a draft would let this laptop sign."""
        orgs = held.epoch.orgs if held.epoch else ()
        found = next((entry for entry in orgs if self._key in entry.admins), None)
        return entry_of(self._book.epoch, found.org) if found else None

    def _refuse_epoch(self, held: Held, epoch: Epoch, entry: OrgEntry) -> None:
        refuse_second_statement(self._book, entry, epoch.attempt, held.id)
        self._refuse_another_round(epoch.attempt)
        owner = entry_of(self._book.epoch, self._book.owner(epoch.attempt))
        if owner and owner.org != entry.org and not votes(held.signers, owner):
            raise Refusal(
                code="owner-signs-first",
                words=f"It is {owner.name}'s turn to propose, and {owner.name} has not signed "
                "this.",
                remedy="Sign after them; your one signature in this round would be lost.",
            )
        if not self._consented(held):
            raise Refusal(
                code="newcomers-first",
                words="An organisation that would join has not agreed yet.",
                remedy="Sign after it has shared.",
            )
        refuse_where_left_out(self._book, entry, epoch)
        refuse_too_steep(self._book, epoch)
        self._refuse_stalled(held, entry)
        self._duties.epoch(epoch)

    def _refuse_stalled(self, held: Held, entry: OrgEntry) -> None:
        """Refuse what cannot be agreed to any more, or not before another partner has."""
        if self._book.out_of_reach(held):
            raise Refusal(
                code="out-of-reach",
                words="So many partners passed over this round that too few are left to agree.",
                remedy="Pass over it as well; then the next partner may propose.",
            )
        first = self._book.before_whom(held, entry.org)
        if first is not None:
            name = self._names.organisation(first)
            raise Refusal(
                code="another-signs-first",
                words=f"This asks for more signatures than before, so {name} signs first.",
                remedy=f"Sign after {name}; then a round that comes to nothing can be closed.",
            )

    def _refuse_another_round(self, attempt: int) -> None:
        present = self._book.attempt
        if attempt < present:
            raise Refusal(
                code="round-closed",
                words=f"Round {attempt + 1} is closed: enough organisations passed over it.",
                remedy=f"The present round is {present + 1}.",
            )
        if attempt > present:
            raise Refusal(
                code="round-not-open",
                words=f"Round {attempt + 1} has not begun; the present one is {present + 1}.",
                remedy="Sign it once the rounds before are closed.",
            )

    def _objection(self, held: Held) -> Refusal | None:
        try:
            self.refuse(held)
        except Refusal as refused:
            return refused
        return None


def find(workspace: Workspace, record_id: bytes) -> Held:
    """Return a record that waits for signatures; Refusal if it no longer does."""
    with workspace.database.read() as reads:
        waiting = Waiting(workspace, Duties(workspace.book, Heads(reads, workspace.book)))
        found = next((held for held in waiting.records() if held.id == record_id), None)
        if found is not None:
            waiting.refuse(found)
            return found
    raise Refusal(
        code="nothing-waits",
        words="This no longer waits for a signature: it took effect, or something else did.",
        remedy="Look at the list again.",
    )


def _refuse_foreign(org: bytes, entry: OrgEntry, why: str) -> None:
    if org != entry.org:
        raise Refusal(code="another-organisation", words=why)


def _lifted(book: Rulebook) -> set[bytes]:
    return {lift for held in book.epochs for lift in epoch_of(held).lifts} | {
        lift
        for entry in book.epoch.orgs
        for held in book.rosters(entry.org)
        for lift in roster_of(held).lifts
    }
