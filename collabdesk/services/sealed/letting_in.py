"""Readers let in from a workspace: by a person, by themselves, and by a recovery key."""

from __future__ import annotations

from nacl.public import PrivateKey
from sqlalchemy import Connection, select

from collabdesk.errors import CollabDeskError, Refusal
from collabdesk.host.settings_declaration import declaration
from collabdesk.services import membership
from collabdesk.services.sealed.granting import Granter, GrantReading, may_grant
from collabdesk.services.workspace import Done, Workspace
from collabdesk.storage.queries.changes import heads
from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync.names import dev16
from collabdesk.sync.readership import recovery_keys

POLICY = "let_own_laptops_read"


def prepared(workspace: Workspace, reader: bytes, *, again: bool = False) -> GrantReading:
    """Return the command that lets a laptop (by short name) read what waits for it.

    With `again` it is let in to everything it may read, because a box it has does not open.
    """
    if not workspace.enrolled or not may_grant(workspace.book, workspace.about.key):
        raise Refusal(
            code="cannot-grant",
            words="Your role in this workspace does not let readers in.",
            remedy="Ask the workspace administrator to give it that right "
            "with the next membership decision.",
        )
    command: GrantReading = workspace.query(_command, workspace, reader, again)
    return command


def let_read(workspace: Workspace, reader: bytes, *, again: bool = False) -> Done:
    """Let a laptop read what waits for it and opens here; not on the window's thread."""
    return workspace.run(prepared(workspace, reader, again=again))


def let_own_laptops_read(workspace: Workspace) -> list[str]:
    """Let the laptops and recovery keys of one's own organisation read, where policy says so.

    Returns what was done in words. The key store is asked only if somebody waits, and
    nothing is looked through again while nothing has come since nobody did.
    """
    if workspace.read_only or not workspace.enrolled:
        return []
    stands = _stands(workspace)
    if workspace.let_in_at == stands or not may_grant(workspace.book, workspace.about.key):
        return []
    if not workspace.query(_is_automatic, workspace.book.epoch.lead):
        return []
    waiting: frozenset[bytes] = workspace.query(_waiting, workspace)
    tried = [_let_in(workspace, reader) for reader in sorted(waiting & _own(workspace))]
    done = [words for words in tried if words]
    workspace.let_in_at = stands if not done else None
    return done


def _let_in(workspace: Workspace, reader: bytes) -> str:
    """Let one laptop in; a refusal concerns that laptop and must not stop the sharing."""
    try:
        command = prepared(workspace, reader)
        return workspace.run(command).words if command.boxes else ""
    except CollabDeskError:
        return ""


def regain_reading(workspace: Workspace, recovery_key: bytes, private_key: PrivateKey) -> list[str]:
    """Let this laptop read what a recovery key opens, after every other laptop was lost.

    `recovery_key` is the key as the roster names it; nothing of it is kept.
    """
    mine = dev16(workspace.about.key)

    def command(reads: Connection) -> GrantReading:
        granter = Granter(reads, workspace.book, dev16(recovery_key), lambda: private_key)
        return granter.command(mine, _whose(workspace, mine))

    found = workspace.query(command)
    return [workspace.run(found).words] if found.boxes else []


def _stands(workspace: Workspace) -> object:
    """Return what tells whether anything has come: chains' heads and the rules in force."""
    book = workspace.book
    rosters = tuple(book.roster_of(entry.org) for entry in book.epoch.orgs)
    return workspace.query(heads), book.head.id, rosters, book.suspensions


def _command(
    reads: Connection,
    workspace: Workspace,
    reader: bytes,
    again: bool,  # noqa: FBT001 - a query's argument
) -> GrantReading:
    granter = _granter(reads, workspace)
    return granter.command(reader, _whose(workspace, reader), again=again)


def _waiting(reads: Connection, workspace: Workspace) -> frozenset[bytes]:
    return _granter(reads, workspace).waiting()


def _granter(reads: Connection, workspace: Workspace) -> Granter:
    mine = dev16(workspace.about.key)
    return Granter(reads, workspace.book, mine, lambda: workspace.keys().sealing)


def _own(workspace: Workspace) -> frozenset[bytes]:
    organisation = workspace.book.organisation_of(workspace.about.key) or b""
    roster = workspace.book.roster(organisation)
    laptops = {dev16(device.key) for device in (roster.devices if roster else ())}
    return frozenset(laptops | recovery_keys(workspace.book, organisation).keys())


def _whose(workspace: Workspace, reader: bytes) -> str:
    found = membership.members(workspace.book).get(reader)
    if found is None:
        return "A laptop that is no longer enrolled"
    return f"{found.laptop}, {found.organisation_name}"


def _is_automatic(reads: Connection, lead: bytes) -> bool:
    table, setting = PROJECTIONS["policy"], declaration().workspace[POLICY]
    query = select(table.c.value).where(table.c.scope == lead, table.c.key == POLICY)
    signed = reads.execute(query.order_by(table.c.row)).scalars().first()
    try:
        return bool(setting.default if signed is None else setting.parse(signed))
    except Refusal:
        # What this version cannot read it does not guess.
        return False
