"""Signing a membership record here, keeping it, and sending it out at the next sharing."""

from __future__ import annotations

from nacl.signing import SigningKey

from collabdesk.errors import Refusal
from collabdesk.services.control.naming import Names, joined
from collabdesk.services.sharing.publishable import publishable
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import names, records
from collabdesk.sync.authority.held import entry_of
from collabdesk.sync.records import OrgEntry, RecordFile


def administered_here(workspace: Workspace) -> OrgEntry:
    """Return the organisation that this laptop signs for; Refusal in words if for none."""
    entry = entry_here(workspace)
    if entry is not None:
        return entry
    book = workspace.book
    mine = book.organisation_of(workspace.about.key) if book.epochs else None
    own = entry_of(book.epoch, mine) if mine else None
    if own is None:
        raise Refusal(
            code="not-an-administrator",
            words="This laptop does not sign for any organisation.",
            remedy="Ask the administrator who admitted you.",
        )
    there = joined(Names(book).laptop(key) for key in own.admins)
    raise Refusal(
        code="not-an-administrator",
        words=f"This laptop does not sign for {own.name}.",
        remedy=f"It is done on an administrator's laptop: {there}.",
    )


def entry_here(workspace: Workspace) -> OrgEntry | None:
    """Return the organisation that this laptop signs for, or None."""
    if not workspace.founded:
        return None
    key = workspace.about.key
    return next((entry for entry in workspace.book.epoch.orgs if key in entry.admins), None)


def keep(workspace: Workspace, *files: RecordFile) -> None:
    """Keep records with their signatures, send them out, and judge under them."""
    slot = workspace.about.slot

    def write(replica: SqliteReplica) -> None:
        for file in files:
            content = publishable(file, replica)
            replica.add_record(file)
            replica.put_out(names.record_path(slot, content), content)

    workspace.write(write)
    workspace.judge_again()


def sign(workspace: Workspace, record: bytes, *others: SigningKey) -> bytes:
    """Sign a record with this laptop's key (or the keys given), keep it, return its id."""
    workspace.refuse_restored_copy()
    signers = others or (workspace.keys().signing,)
    keep(workspace, records.sign_record(record, *signers))
    return records.record_id(record)
