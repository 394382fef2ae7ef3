"""Votes on who takes part: proposed by the organisation whose turn it is, signed by the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from collabdesk.errors import Refusal
from collabdesk.services.control import decisions
from collabdesk.services.control import epoch_drafts as drafts
from collabdesk.services.control.decisions import Decision, drafted
from collabdesk.services.control.duties import Duties
from collabdesk.services.control.heads import Heads
from collabdesk.services.control.lessening import ever_listed
from collabdesk.services.control.naming import Names, is_recovery, joined, role_words
from collabdesk.services.control.roster_signing import own_roster
from collabdesk.services.control.signing import administered_here, entry_here, keep
from collabdesk.services.control.signing import sign as sign_record
from collabdesk.services.control.statements import (
    own_entry,
    refuse_second_statement,
    refuse_too_steep,
    refuse_where_left_out,
    statements,
)
from collabdesk.services.control.told import Telling
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import records
from collabdesk.sync.authority.held import entry_of
from collabdesk.sync.records import Epoch, OrgEntry, Threshold, Void, encode_record, read_record
from collabdesk.sync.registry import REGISTRY_VERSION

__all__ = ["Decision", "Proposed", "drafted"]
_AGREED: Final = "agreed:"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A membership proposed or signed: its words, and whether it holds already."""

    record: bytes
    changes: tuple[str, ...]
    in_force: bool
    waits_for: tuple[str, ...]


def sign(workspace: Workspace, decision: bytes) -> Proposed:
    """Sign what waits; Refusal in words if an honest laptop would not."""
    _pass_over_closed(workspace)
    held = decisions.find(workspace, decision)
    told = next(item for item in drafted(workspace) if item.id == decision)
    _sign_beside_others(workspace, held.id)
    return _outcome(workspace, decision, told.changes)


def _sign_beside_others(workspace: Workspace, record: bytes) -> None:
    """Sign a record and send it out with the signatures it had.

    Whoever sees a vote then sees those before it, and takes none for one not given.
    """
    workspace.refuse_restored_copy()
    stored = workspace.query(lambda reads: SqliteReplica(reads).stored_records())
    had = next(file for rid, file in stored if rid == record)
    signed = records.sign_record(had.record_bytes, workspace.keys().signing)
    keep(workspace, records.unite(had, signed))


def void(workspace: Workspace, attempt: int | None = None) -> Proposed:
    """Pass over a round, counted from 0: one's organisation does not vote in it and will not.

    Without a number it is the present one.
    """
    entry = administered_here(workspace)
    wanted = workspace.book.attempt if attempt is None else attempt
    if wanted > workspace.book.attempt:
        raise Refusal(
            code="round-not-open",
            words=f"Round {wanted + 1} has not begun; the present one is "
            f"{workspace.book.attempt + 1}.",
            remedy="Pass over a round once it is somebody's turn in it.",
        )
    _pass_over_closed(workspace, wanted)
    rid = _pass_over(workspace, entry, wanted)
    said = (f"{entry.name} does not vote in round {wanted + 1}, and will not.",)
    return Proposed(rid, said, workspace.book.has_voided(entry.org, wanted), ())


def _pass_over(workspace: Workspace, entry: OrgEntry, attempt: int) -> bytes:
    book = workspace.book
    content = encode_record(Void(book.workspace, entry.org, book.head.id, attempt, attempt))
    record = records.record_id(content)
    refuse_second_statement(book, entry, attempt, record, passing_over=True)
    return sign_record(workspace, content)


def whose_turn(workspace: Workspace) -> tuple[int, str, bool]:
    """Return the present round, whose turn it is to propose, and whether it is one's own."""
    book = workspace.book
    owner = book.owner(book.attempt)
    entry = entry_here(workspace)
    mine = entry is not None and entry.org == owner
    return book.attempt, Names(book).organisation(owner), mine


# --- proposing ---------------------------------------------------------------------------------


def propose_epoch(workspace: Workspace, *edits: drafts.Edit) -> Proposed:
    """Propose the next membership; without edits it only fixes what was done so far.

    Every organisation's newest list of laptops is settled with it. Refusal unless it is
    one's own organisation's turn.
    """
    content = draft_epoch(workspace, edits)
    epoch = read_record(content)
    said = _told(workspace, epoch)
    rid = sign_record(workspace, content)
    return _outcome(workspace, rid, said)


def review(workspace: Workspace) -> Proposed:
    """Propose that nothing changes, so that what was done so far is fixed: every month."""
    return propose_epoch(workspace)


def draft_epoch(
    workspace: Workspace, edits: Iterable[drafts.Edit], signer: OrgEntry | None = None
) -> bytes:
    """Return the next membership, checked as its signers will; Refusal in words."""
    entry = signer or administered_here(workspace)
    attempt = _own_turn(workspace, entry)
    if signer is None:
        _pass_over_closed(workspace)
    book = workspace.book
    with workspace.database.read() as reads:
        heads = Heads(reads, book)
        content = drafts.next_epoch(book, heads.fixed(), attempt, edits)
        record = read_record(content)
        refuse_second_statement(book, entry, attempt, records.record_id(content))
        if isinstance(record, Epoch):
            _refuse_impossible_agreement(record)
            refuse_where_left_out(book, entry, record)
            refuse_too_steep(book, record)
            Duties(book, heads).epoch(record)
    return content


def remove_organisation(workspace: Workspace, org: bytes, *, at_once: bool = False) -> Proposed:
    """Propose that an organisation leaves; what its laptops shared until now stands.

    Of laptops that it enrolled since the last membership that does not hold, so a review comes
    first, unless it must leave `at_once`.
    """
    book = workspace.book
    entry = own_entry(book, org)
    if org == book.epoch.lead:
        raise Refusal(
            code="lead-stays",
            words="The lead provider cannot leave in this version.",
            remedy="The lead of a workspace cannot change.",
        )
    tip = book.roster_of(org)
    if not at_once and tip and tip != entry.pin:
        raise Refusal(
            code="settle-first",
            words=f"{entry.name} has changed its list of laptops since the last membership. What "
            "laptops on its new list did would be set aside if it left now.",
            remedy="Propose first that nothing changes, so that the list is settled; then that "
            "it leaves.",
        )
    return propose_epoch(workspace, drafts.removing(org, _heads_of(workspace, entry)))


def bring_back(workspace: Workspace, key: bytes) -> Proposed:
    """Propose that everything seen here of a laptop stands, whatever a cut set aside of it.

    For a laptop whose own organisation took away more than it should have.
    """
    with workspace.database.read() as reads:
        heads = Heads(reads, workspace.book)
        head, forked = heads.verified(key), heads.forked_at(key)
    if forked or not head.seq:
        raise Refusal(
            code="nothing-to-bring-back",
            words=f"{Names(workspace.book).laptop(key)} has shared nothing here that could be "
            "brought back.",
            remedy="Of a laptop that signed two ways its administrator says which version stands."
            if forked
            else "Share first.",
            field="laptop",
        )
    return propose_epoch(workspace, drafts.fixing([head]))


def reset_organisation(
    workspace: Workspace, org: bytes, administrator: bytes, recovery: bytes | None = None
) -> Proposed:
    """Propose new administrators for an organisation that lost all of its own."""
    own_entry(workspace.book, org)
    keys = [administrator, *([recovery] if recovery else [])]
    return propose_epoch(workspace, drafts.administered(org, keys, 1))


def change_administrators(
    workspace: Workspace, keys: Sequence[bytes], signatures: int | None = None
) -> Proposed:
    """Propose who signs for one's own organisation, and how many of them must.

    A printed recovery key that is listed goes on signing beside them.
    """
    entry = administered_here(workspace)
    devices = own_roster(workspace, entry.org).devices
    unlisted = set(keys) - {device.key for device in devices}
    if unlisted or not keys:
        raise Refusal(
            code="not-listed",
            words="An administrator's laptop is enrolled first.",
            remedy="Enrol it, then make it an administrator's.",
            field="laptop",
        )
    signing = {*keys, *(device.key for device in devices if is_recovery(device))}
    needed = drafts.usual_signatures(len(signing)) if signatures is None else signatures
    if not 1 <= needed <= len(signing):
        raise Refusal(
            code="too-many-signatures",
            words=f"{needed} of {len(signing)} administrators cannot sign.",
            remedy="Name more administrators, or ask for fewer signatures.",
            field="signatures",
        )
    return propose_epoch(workspace, drafts.administered(entry.org, signing, needed))


def newest_version() -> int:
    """Return the newest version of the data that this laptop understands."""
    return REGISTRY_VERSION


def require_version(workspace: Workspace, version: int) -> Proposed:
    """Propose that laptops need this version of the data at least; refused while any is older."""
    book = workspace.book
    if version <= book.epoch.floor or version > REGISTRY_VERSION:
        raise Refusal(
            code="no-such-version",
            words=f"Version {version} cannot be asked for: {book.epoch.floor} is asked for now, "
            f"and this laptop has {REGISTRY_VERSION}.",
            field="version",
        )
    with workspace.database.read() as reads:
        heads = Heads(reads, book)
        older = [
            device.key
            for entry in book.epoch.orgs
            if (roster := book.roster(entry.org)) is not None
            for device in roster.devices
            if 0 < heads.version(device.key) < version
        ]
    if older:
        names = Names(book)
        raise Refusal(
            code="older-laptops",
            words=f"{joined(names.laptop(key) for key in older)} still have an older version: "
            "what they sign would be set aside.",
            remedy="Have them updated and share, then propose it again.",
        )
    return propose_epoch(workspace, drafts.requiring(version))


def change_grants(workspace: Workspace, org: bytes, roles: Sequence[int]) -> Proposed:
    """Propose which roles an organisation may give its laptops."""
    entry = own_entry(workspace.book, org)
    known = {rights.role for rights in workspace.book.epoch.roles}
    if not set(roles) <= known:
        raise Refusal(
            code="unknown-role",
            words="One of these roles is not known in this workspace.",
            remedy=f"There are: {role_words(sorted(known))}.",
            field="roles",
        )
    lessened = not set(entry.grants) <= set(roles)
    cuts = _heads_of(workspace, entry) if lessened else []
    return propose_epoch(workspace, drafts.granting(org, roles, cuts))


def change_agreement(workspace: Workspace, organisations: int) -> Proposed:
    """Propose how many organisations must agree to later changes of membership."""
    return propose_epoch(workspace, drafts.agreeing(organisations))


def change_thresholds(workspace: Workspace, thresholds: Sequence[Threshold]) -> Proposed:
    """Propose from which amounts on how many approvals are needed."""
    return propose_epoch(workspace, drafts.approving(thresholds))


def lift_by_vote(workspace: Workspace, *suspensions: bytes) -> Proposed:
    """Propose to lift suspensions, whoever made them."""
    return propose_epoch(workspace, drafts.lifting(suspensions))


# --- admission: the newcomers agree before the partners do -------------------------------------


def agree_when_all_have(workspace: Workspace, draft: bytes) -> None:
    """Let this laptop sign a drafted membership as soon as every newcomer has."""
    setting = f"{_AGREED}{records.record_id(draft).hex()}"
    workspace.write(lambda replica: replica.set_setting(setting, b"yes"))
    keep(workspace, records.RecordFile(draft))


def vote_as_agreed(workspace: Workspace) -> bool:
    """Sign the drafts that were agreed to here and that every newcomer has now signed."""
    if entry_here(workspace) is None:
        return False
    with workspace.database.read() as reads:
        replica = SqliteReplica(reads)
        agreed = [
            held.id
            for held in workspace.book.drafts()
            if replica.setting(f"{_AGREED}{held.id.hex()}")
            and workspace.about.key not in held.signers
        ]
    ready = [item.id for item in drafted(workspace) if item.id in agreed and item.can_sign]
    for record_id in ready:
        sign(workspace, record_id)
    return bool(ready)


# --- small parts -------------------------------------------------------------------------------


def _pass_over_closed(workspace: Workspace, before: int | None = None) -> None:
    """Pass over the rounds that are closed and in which one's organisation said nothing.

    So that it speaks in order; nobody can win a closed round any more.
    """
    entry = entry_here(workspace)
    if entry is None:
        return
    for attempt in range(workspace.book.attempt if before is None else before):
        if not statements(workspace.book, entry, attempt):
            _pass_over(workspace, entry, attempt)


def _own_turn(workspace: Workspace, entry: OrgEntry) -> int:
    book = workspace.book
    attempt = book.attempt
    owner = entry_of(book.epoch, book.owner(attempt))
    if owner is not None and owner.org != entry.org:
        raise Refusal(
            code="another-turn",
            words=f"It is {owner.name}'s turn to propose a change of membership.",
            remedy=f"Ask {owner.name}. If they do not answer, pass over their turn together with "
            "the others; then it is the next organisation's.",
        )
    return attempt


def _refuse_impossible_agreement(epoch: Epoch) -> None:
    count = len(epoch.orgs)
    if not count / 2 < epoch.k <= count:
        raise Refusal(
            code="impossible-agreement",
            words=f"{epoch.k} of {count} organisations cannot be asked to agree: it must be more "
            "than half, and at most all.",
            remedy=f"Choose from {drafts.majority(count)} to {count}.",
            field="organisations",
        )


def _heads_of(workspace: Workspace, entry: OrgEntry) -> list[records.ChainPoint]:
    """Return how far every laptop of an organisation came, retired ones to their cuts."""
    keys = sorted({device.key for device in ever_listed(workspace.book, entry.org)})
    with workspace.database.read() as reads:
        heads = Heads(reads, workspace.book)
        return [heads.standing(key) for key in keys]


def _told(workspace: Workspace, record: records.Record) -> tuple[str, ...]:
    if not isinstance(record, Epoch):
        return ()
    return Telling(workspace.book).epoch(workspace.book.epoch, record)


def _outcome(workspace: Workspace, record_id: bytes, said: tuple[str, ...]) -> Proposed:
    still = next((item for item in drafted(workspace) if item.id == record_id), None)
    return Proposed(record_id, said, still is None, still.waits_for if still else ())
