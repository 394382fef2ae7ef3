"""A laptop suspended at once, and the suspension lifted again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from collabdesk.errors import Refusal
from collabdesk.services.control import decisions, roster_drafts
from collabdesk.services.control.heads import Heads
from collabdesk.services.control.naming import Names
from collabdesk.services.control.roster_signing import sign_roster
from collabdesk.services.control.signing import administered_here, sign
from collabdesk.services.control.votes import lift_by_vote
from collabdesk.services.wording import filled
from collabdesk.services.workspace import Workspace
from collabdesk.sync.authority.held import Held
from collabdesk.sync.authority.suspensions import OTHERS_NEEDED, Standing
from collabdesk.sync.records import OrgEntry, Suspension, encode_record

_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Suspended:
    """A suspension in force: whose laptop, since which change set, why, and who may lift it."""

    id: bytes
    key: bytes
    laptop: str
    after: int
    reason: str
    signed_by: tuple[str, ...]
    by_own_organisation: bool

    @property
    def words(self) -> str:
        """The suspension in a sentence."""
        return (
            f"{self.laptop} is suspended: what it shared after change set {self.after} is set "
            f"aside. Reason given: {self.reason}"
        )

    @property
    def lifted_by(self) -> str:
        """Who can lift it, in words."""
        if self.by_own_organisation:
            return "Its own organisation's administrator lifts it, or the partners by a vote."
        return "The partners lift it by a vote."


@dataclass(frozen=True, slots=True)
class Signed:
    """A suspension that was signed: its words, and whether it holds already."""

    record: bytes
    words: str
    in_force: bool


def suspended(workspace: Workspace) -> tuple[Suspended, ...]:
    """Return the suspensions in force."""
    if not workspace.founded:
        return ()
    book = workspace.book
    names = Names(book)
    return tuple(_suspended(item, book.records[item.id], names) for item in book.suspensions)


def suspend(workspace: Workspace, key: bytes, reason: str) -> Signed:
    """Set aside at once what a laptop shares from now on.

    One administrator suffices for a laptop of one's own organisation; for another's, an
    administrator of each of two other organisations signs.
    """
    entry = administered_here(workspace)
    book = workspace.book
    names = Names(book)
    why = filled(
        reason,
        "reason",
        "A suspension needs a reason, and there is none.",
        "Say in a sentence what happened.",
    )
    org = _organisation(workspace, key)
    if key == workspace.about.key:
        raise Refusal(
            code="this-laptop",
            words="A laptop cannot suspend itself.",
            remedy="Retire it, from another administrator's laptop.",
            field="laptop",
        )
    if book.suspended_from(org, key) is not None:
        raise Refusal(code="suspended-already", words=f"{names.laptop(key)} is suspended already.")
    if org != entry.org:
        _refuse_too_few(workspace, names.laptop(key))
    waiting = _waiting(workspace, key) if org != entry.org else None
    record_id = _join(workspace, waiting) if waiting else _begin(workspace, org, key, why)
    in_force = workspace.book.suspended_from(org, key) is not None
    words = f"{names.laptop(key)} is suspended."
    if not in_force:
        words = (
            f"The suspension of {names.laptop(key)} is signed. It takes effect once an "
            "administrator of a second organisation has signed it too."
        )
    return Signed(record_id, words, in_force)


def lift(workspace: Workspace, suspension: bytes) -> str:
    """Lift a suspension, by one's own list of laptops or by a vote; say which."""
    entry = administered_here(workspace)
    standing = next((s for s in workspace.book.suspensions if s.id == suspension), None)
    if standing is None:
        raise Refusal(
            code="not-suspended",
            words="This suspension is not in force.",
            remedy="Look at the list again.",
        )
    laptop = Names(workspace.book).laptop(standing.record.key)
    if standing.own and standing.record.org == entry.org:
        return _lift_by_list(workspace, entry, standing, laptop)
    proposed = lift_by_vote(workspace, suspension)
    if proposed.in_force:
        return f"{laptop} is no longer suspended."
    return f"It is proposed that {laptop} is no longer suspended. It waits for the partners."


def _lift_by_list(workspace: Workspace, entry: OrgEntry, standing: Standing, laptop: str) -> str:
    if workspace.book.suspended_from(entry.org, workspace.about.key) is not None:
        raise Refusal(
            code="suspended-itself",
            words="This laptop is suspended itself, so it cannot lift a suspension.",
            remedy="Another administrator lifts it, or the partners by a vote.",
        )
    edits = [roster_drafts.lifting([standing.id])]
    done = sign_roster(workspace, entry.org, edits, f"{laptop} is no longer suspended.")
    return done.sentence


# --- small parts -------------------------------------------------------------------------------


def _organisation(workspace: Workspace, key: bytes) -> bytes:
    org = workspace.book.organisation_of(key)
    if org is None:
        raise Refusal(
            code="not-listed",
            words="This laptop is on no organisation's list: what it shares is set aside already.",
            field="laptop",
        )
    return org


def _refuse_too_few(workspace: Workspace, laptop: str) -> None:
    organisations = len(workspace.book.epoch.orgs)
    if organisations < _FEW:
        raise Refusal(
            code="two-organisations",
            words=f"In a workspace of {organisations} organisations neither can suspend the "
            f"other's laptops, so {laptop} can only be suspended by its own administrator.",
            remedy="Telephone them. What their laptop does to your figures is kept in history, "
            "and every figure it changed can be put back.",
            field="laptop",
        )


def _waiting(workspace: Workspace, key: bytes) -> Held | None:
    """Return a suspension of the same laptop that one other organisation has signed."""
    found = [item for item in decisions.drafted(workspace) if item.kind == decisions.SUSPENSION]
    for item in found:
        held = workspace.book.records[item.id]
        if isinstance(held.record, Suspension) and held.record.key == key and item.can_sign:
            return held
    return None


def _join(workspace: Workspace, waiting: Held) -> bytes:
    return sign(workspace, encode_record(waiting.record))


def _begin(workspace: Workspace, org: bytes, key: bytes, reason: str) -> bytes:
    book = workspace.book
    with workspace.database.read() as reads:
        head = Heads(reads, book).standing(key)
    earlier = [
        held.record.serial
        for held in book.records.values()
        if isinstance(held.record, Suspension) and held.record.key == key
    ]
    tip = book.roster_of(org)
    record = Suspension(
        ws=book.workspace,
        org=org,
        key=key,
        seq=head.seq,
        id=head.id,
        m=tip[0] if tip else 0,
        reason=reason,
        serial=1 + max(earlier, default=0),
    )
    return sign(workspace, encode_record(record))


def _suspended(item: Standing, held: Held, names: Names) -> Suspended:
    return Suspended(
        id=item.id,
        key=item.record.key,
        laptop=names.laptop(item.record.key),
        after=item.record.seq,
        reason=item.record.reason,
        signed_by=names.signers(held),
        by_own_organisation=item.own,
    )


__all__ = ["OTHERS_NEEDED", "Signed", "Suspended", "lift", "suspend", "suspended"]
