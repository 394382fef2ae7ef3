"""Whose laptop keeps the ledger: laid down, handed over, ended when the laptop is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from collabdesk.errors import Refusal
from collabdesk.services.control import roster_drafts as drafts
from collabdesk.services.control.commands import LayDownLedger
from collabdesk.services.control.naming import Names, is_recovery
from collabdesk.services.control.roster_signing import (
    Listed,
    listed,
    own_roster,
    sign_roster,
    standing_head,
)
from collabdesk.services.control.signing import administered_here
from collabdesk.services.sharing.publish import seal
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.control import released_at
from collabdesk.sync.authority.held import roster_of
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.names import dev16
from collabdesk.sync.records import Device, OrgEntry
from collabdesk.sync.registry.model import Verb

_TWO: Final = 2


@dataclass(frozen=True, slots=True)
class Keeping:
    """Who keeps the ledger now: the laptop in words, and whether it has laid it down."""

    key: bytes | None
    laptop: str
    term: int
    laid_down: bool
    mine: bool


def keeping(workspace: Workspace) -> Keeping:
    """Return who keeps the ledger."""
    book = workspace.book
    key = book.keeper
    if key is None:
        return Keeping(None, "Nobody", book.open_term, laid_down=False, mine=False)
    laid_down = workspace.query(released_at, dev16(key), book.open_term) is not None
    mine = key == workspace.about.key
    return Keeping(key, Names(book).laptop(key), book.open_term, laid_down, mine)


def release_ledger(workspace: Workspace) -> str:
    """Lay the ledger down on the laptop that keeps it, so that another can take it up."""
    if keeping(workspace).laid_down:
        raise Refusal(
            code="laid-down-already",
            words="This laptop has laid the ledger down already.",
            remedy="The administrator appoints the next laptop.",
        )
    workspace.run(LayDownLedger())
    return (
        "This laptop no longer posts journals. Share; then an administrator appoints the laptop "
        "that keeps the ledger next."
    )


def appoint_keeper(workspace: Workspace, key: bytes) -> Listed:
    """Let a laptop keep the ledger after the one before has laid it down."""
    entry = _lead_here(workspace)
    device = _may_keep(workspace, entry, key)
    edits = [*_end_of_laid_down(workspace), drafts.starting_term(key)]
    words = f"{device.label} keeps the ledger from now on."
    return sign_roster(workspace, entry.org, edits, words)


def end_lost_term(workspace: Workspace, successor: bytes | None = None) -> Listed:
    """End the term of a lost laptop at the newest change set seen here, and retire it.

    Share first: partners may hold later change sets. Journals past the end can be adopted
    under new numbers. Without a successor nothing is posted until one is appointed.
    """
    entry = _lead_here(workspace)
    now = keeping(workspace)
    if now.key is None:
        raise Refusal(code="no-keeper", words="No laptop keeps the ledger at present.")
    if now.mine:
        raise Refusal(
            code="here-not-lost",
            words="This is the laptop that keeps the ledger; it is not lost.",
            remedy="Lay the ledger down, then appoint the next laptop.",
        )
    head = standing_head(workspace, now.key)
    edits = [drafts.ending_term((head.seq, head.id)), drafts.retiring(head)]
    words = f"{now.laptop} no longer keeps the ledger; what it posted up to change set "
    words += f"{head.seq} stands."
    if successor is not None:
        device = _may_keep(workspace, entry, successor)
        edits.append(drafts.starting_term(successor))
        words += f" {device.label} keeps the ledger from now on."
    return sign_roster(workspace, entry.org, edits, words)


def may_keep(workspace: Workspace) -> tuple[Device, ...]:
    """Return the laptops of the lead provider that could keep the ledger."""
    roster = workspace.book.roster(workspace.book.epoch.lead)
    devices = roster.devices if roster else ()
    return tuple(
        device
        for device in devices
        if device.key != workspace.book.keeper
        and not is_recovery(device)
        and _posts(workspace.book, device)
    )


def appointments_by_one(workspace: Workspace) -> tuple[str, ...]:
    """Return, in sentences, the appointments of a ledger keeper that one person made alone."""
    if not workspace.founded:
        return ()
    return tuple(_alone(workspace.book))


def _alone(book: Rulebook) -> Iterator[str]:
    names = Names(book)
    terms = 1
    for held in book.rosters(book.epoch.lead)[1:]:
        roster = roster_of(held)
        people = {names.person_of(key) or (b"", key) for key in held.signers & book.admins}
        if len(roster.terms) > terms and len(people) < _TWO:
            laptop = names.laptop(roster.terms[-1].key)
            who = ", ".join(names.signers(held)) or "nobody known here"
            yield (
                f"{laptop} was appointed to keep the ledger by one person alone ({who}). "
                "A second person at the lead provider should look at what it posted."
            )
        terms = max(terms, len(roster.terms))


# --- small parts -------------------------------------------------------------------------------


def _lead_here(workspace: Workspace) -> OrgEntry:
    entry = administered_here(workspace)
    if entry.org != workspace.book.epoch.lead:
        raise Refusal(
            code="lead-appoints",
            words="The ledger is kept at the lead provider, which appoints its keeper.",
            remedy="Ask the lead provider's administrator.",
        )
    return entry


def _may_keep(workspace: Workspace, entry: OrgEntry, key: bytes) -> Device:
    device = listed(own_roster(workspace, entry.org), key)
    if not _posts(workspace.book, device):
        raise Refusal(
            code="cannot-post",
            words=f"{device.label} may not post journals.",
            remedy="Give it a role that may, Finance lead for example, and appoint it then.",
            field="laptop",
        )
    if key == workspace.book.keeper:
        raise Refusal(
            code="keeps-already",
            words=f"{device.label} keeps the ledger already.",
            field="laptop",
        )
    return device


def _posts(book: Rulebook, device: Device) -> bool:
    return any(
        area.verbs & Verb.POST
        for rights in book.epoch.roles
        if rights.role in device.roles
        for area in rights.areas
    )


def _end_of_laid_down(workspace: Workspace) -> list[drafts.Edit]:
    """Return the edit that ends the running term where its keeper laid the ledger down."""
    now = keeping(workspace)
    if now.key is None:
        return []
    if now.mine:
        seal(workspace)
    end = workspace.query(released_at, dev16(now.key), now.term)
    if end is None or not end[1]:
        raise Refusal(
            code="not-laid-down",
            words=f"{now.laptop} still keeps the ledger.",
            remedy="Lay the ledger down there and share. If that laptop is lost, end its term "
            "instead.",
        )
    return [drafts.ending_term(end)]
