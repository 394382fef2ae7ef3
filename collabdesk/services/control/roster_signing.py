"""Signing the next list of one's own laptops, and making a change again that lost a race."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from nacl.signing import SigningKey

from collabdesk.errors import Refusal
from collabdesk.services.control import roster_drafts as drafts
from collabdesk.services.control.duties import Duties
from collabdesk.services.control.heads import Heads
from collabdesk.services.control.naming import Names
from collabdesk.services.control.promises import retired_signers
from collabdesk.services.control.signing import entry_here, sign
from collabdesk.services.control.told import Telling
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.authority.held import Held, entry_of, roster_of
from collabdesk.sync.records import ChainPoint, Device, OrgEntry, Roster, read_record

_STILL_SIGNS: Final = (
    "The old laptop can sign for the organisation until the partners have confirmed the next "
    "membership: have it proposed and signed now."
)


@dataclass(frozen=True, slots=True)
class Listed:
    """What was signed about laptops: in words, and whether it already holds."""

    record: bytes
    words: str
    in_force: bool

    @property
    def sentence(self) -> str:
        """The words, and who is waited for if it does not hold yet."""
        if self.in_force:
            return self.words
        return f"{self.words} It takes effect once a second administrator has signed."


def own_roster(workspace: Workspace, org: bytes) -> Roster:
    """Return the newest list of an organisation's people and laptops."""
    return roster_of(drafts.tip_of(workspace.book, org))


def listed(roster: Roster, key: bytes) -> Device:
    """Return a laptop of a list; Refusal if it is not on it."""
    found = next((device for device in roster.devices if device.key == key), None)
    if found is None:
        raise Refusal(
            code="not-listed",
            words="This laptop is not on your organisation's list.",
            remedy="Choose one of the list: each organisation looks after its own laptops.",
            field="laptop",
        )
    return found


def standing_head(workspace: Workspace, key: bytes) -> ChainPoint:
    """Return how far a laptop's changes were seen here and stand unquestioned."""
    with workspace.database.read() as reads:
        return Heads(reads, workspace.book).standing(key)


def branch_head(workspace: Workspace, key: bytes, branch: bytes) -> ChainPoint:
    """Return the end of one of the versions that a laptop signed; Refusal if it is none."""
    with workspace.database.read() as reads:
        branches = Heads(reads, workspace.book).branches(key)
    found = next((b.head for b in branches if b.head.id == branch), None)
    if found is None:
        name = Names(workspace.book).laptop(key)
        raise Refusal(
            code="no-such-version",
            words=f"{name} did not sign a version that ends there.",
            remedy="Choose one of the versions shown.",
        )
    return found


def sign_roster(
    workspace: Workspace,
    org: bytes,
    edits: Iterable[drafts.Edit],
    words: str,
    *others: SigningKey,
) -> Listed:
    """Sign the list that follows with edits made; a second signature may still be needed.

    `others` sign in place of this laptop, for the printed recovery key.
    """
    record = drafts.next_roster(workspace.book, org, edits)
    check_roster(workspace, record)
    record_id = sign(workspace, record, *others)
    in_force = _in_force(workspace, org, record_id)
    entry = entry_of(workspace.book.epoch, org)
    if in_force and entry and retired_signers(workspace.book, entry):
        words = f"{words} {_STILL_SIGNS}"
    return Listed(record_id, words, in_force)


def check_roster(workspace: Workspace, record: bytes) -> None:
    """Raise Refusal if this laptop should not sign a list."""
    roster = read_record(record)
    if isinstance(roster, Roster):
        with workspace.database.read() as reads:
            Duties(workspace.book, Heads(reads, workspace.book)).roster(roster)


def _in_force(workspace: Workspace, org: bytes, record_id: bytes) -> bool:
    return any(held.id == record_id for held in workspace.book.rosters(org))


# --- made again on top of what won ---------------------------------------------------------------


def make_again(workspace: Workspace) -> tuple[str, ...]:
    """Make this laptop's changes again that lost to another administrator's; say which.

    Two administrators who change the list at the same time both keep their change.
    """
    entry = entry_here(workspace)
    if entry is None or workspace.book.suspended_from(entry.org, workspace.about.key) is not None:
        return ()
    said: list[str] = []
    for lost in _lost(workspace, entry):
        said += _made_again(workspace, entry.org, lost)
        workspace.write(partial(SqliteReplica.set_setting, key=_mark(lost.id), value=b"done"))
    return tuple(said)


def _made_again(workspace: Workspace, org: bytes, lost: Held) -> tuple[str, ...]:
    before = workspace.book.records.get(roster_of(lost).prev)
    if before is None or before.roster is None:
        return ()
    edits = drafts.changes_of(before.roster, roster_of(lost))
    base = edited = own_roster(workspace, org)
    for edit in edits:
        edited = edit(edited)
    if edited == base:
        return ()
    try:
        sign_roster(workspace, org, edits, "")
    except Refusal as refused:
        return (refused.words,)
    return Telling(workspace.book).roster(base, edited)


def _lost(workspace: Workspace, entry: OrgEntry) -> Iterator[Held]:
    """Yield the lists this laptop signed that do not stand and no longer can, oldest first."""
    book = workspace.book
    standing = {held.id for held in book.rosters(entry.org)}
    waiting = {held.id for held in book.candidates(entry.org)}
    found = [
        held
        for held in book.records.values()
        if held.roster is not None
        and held.roster.org == entry.org
        and workspace.about.key in held.signers
        and held.id not in standing | waiting
    ]
    found.sort(key=lambda held: (roster_of(held).m, held.id))
    with workspace.database.read() as reads:
        replica = SqliteReplica(reads)
        left = [held for held in found if replica.setting(_mark(held.id)) is None]
    yield from left


def _mark(record_id: bytes) -> str:
    return f"made-again:{record_id.hex()}"
