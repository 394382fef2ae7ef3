"""The printed recovery key: listed, printed, and used when the only laptop is lost."""

from __future__ import annotations

from collabdesk.errors import NotPossible, Refusal
from collabdesk.services.control import roster_drafts as drafts
from collabdesk.services.control.laptops import ending_term, everyday_roles
from collabdesk.services.control.naming import Names, is_recovery
from collabdesk.services.control.recovery_sheet import Sheet, sheet
from collabdesk.services.control.roster_signing import (
    Listed,
    listed,
    own_roster,
    sign_roster,
    standing_head,
)
from collabdesk.services.control.signing import administered_here, entry_here, sign
from collabdesk.services.control.votes import draft_epoch, whose_turn
from collabdesk.services.recovery_key import RecoveryKey, make_recovery_key, read_recovery_key
from collabdesk.services.sealed.letting_in import regain_reading
from collabdesk.services.workspace import Workspace
from collabdesk.sync.hashing import Z
from collabdesk.sync.join import JoinRequest
from collabdesk.sync.records import ChainPoint, Device, OrgEntry, Person, Roster

__all__ = [
    "RecoveryKey",
    "Sheet",
    "has_recovery_key",
    "list_recovery_key",
    "lost_choices",
    "make_recovery_key",
    "read_recovery_key",
    "sheet",
    "take_seat",
    "use_recovery_key",
]


def has_recovery_key(workspace: Workspace) -> bool:
    """Tell whether one's own organisation has a recovery key that signs."""
    org = workspace.book.organisation_of(workspace.about.key) if workspace.founded else None
    roster = workspace.book.roster(org) if org else None
    admins = {key for entry in workspace.book.epoch.orgs for key in entry.admins} if org else set()
    return any(is_recovery(d) and d.key in admins for d in (roster.devices if roster else ()))


def list_recovery_key(workspace: Workspace, key: RecoveryKey) -> Listed:
    """List a recovery key made after the workspace, in place of the one there was.

    It signs from the next membership on, which lists it among the administrators.
    """
    entry = administered_here(workspace)
    roster = own_roster(workspace, entry.org)
    maker = listed(roster, workspace.about.key)
    edits = [drafts.enrolling(key.listed.listed(maker.pid))]
    edits += [
        drafts.retiring(ChainPoint(device.key, 0, Z))
        for device in roster.devices
        if is_recovery(device)
    ]
    words_said = "The recovery key is listed. It signs from the next membership on."
    return sign_roster(workspace, entry.org, edits, words_said)


# --- used from a laptop that nobody has enrolled --------------------------------------------------


def lost_choices(workspace: Workspace, key: RecoveryKey) -> tuple[Device, ...]:
    """Return the laptops of which one was lost, those that sign for the trust first."""
    entry = _entry_of(workspace, key)
    laptops = [d for d in own_roster(workspace, entry.org).devices if not is_recovery(d)]
    return tuple(sorted(laptops, key=lambda d: (d.key not in entry.admins, d.label)))


def use_recovery_key(workspace: Workspace, typed: str, lost: bytes | None = None) -> Listed:
    """Let this laptop take the place of a lost one, by the printed recovery key.

    The person keeps identity, roles and history. Where it is the trust's turn, the
    membership that makes this laptop an administrator's is signed at once too. What is
    confidential here and was sealed for the recovery key is opened to this laptop.
    """
    key = read_recovery_key(typed)
    request = _request(workspace)
    entry = _entry_of(workspace, key)
    _check_same_trust(entry, request)
    roster = own_roster(workspace, entry.org)
    old = listed(roster, lost) if lost else _only_one(lost_choices(workspace, key), entry)
    owner = next(person for person in roster.persons if person.pid == old.pid)
    edits = [
        *_seat(request, owner, old.roles, old.key),
        drafts.retiring(standing_head(workspace, old.key)),
        *ending_term(workspace, old, request.key),
    ]
    said = f"{request.label} takes the place of {old.label} for {owner.name}."
    done = sign_roster(workspace, entry.org, edits, said, key.signing)
    if done.in_force and workspace.book.owner(whose_turn(workspace)[0]) == entry.org:
        sign(workspace, draft_epoch(workspace, [], entry), key.signing)
    if workspace.enrolled:
        regain_reading(workspace, key.public, key.sealing)
    return done


def take_seat(workspace: Workspace) -> bool:
    """Enrol this laptop itself where the partners made it its organisation's administrator.

    So an organisation that lost every administrator starts again.
    """
    entry = entry_here(workspace)
    request = workspace.join_request()
    if entry is None or request is None or workspace.enrolled:
        return False
    if Names(workspace.book).owner(request.key) is not None:
        # It was listed once and is retired: it must not put itself back.
        return False
    roster = own_roster(workspace, entry.org)
    owner = _same_person(roster, request)
    edits = _seat(request, owner, everyday_roles(entry), None)
    sign_roster(workspace, entry.org, edits, f"{request.label} is enrolled.")
    return True


def _seat(
    request: JoinRequest, owner: Person, roles: tuple[int, ...], replaces: bytes | None
) -> list[drafts.Edit]:
    device = Device(request.key, request.seal_key, owner.pid, request.label, roles, replaces)
    return [drafts.enrolling(device, owner)]


def _same_person(roster: Roster, request: JoinRequest) -> Person:
    """Return the person of that role, or a new one whose id the laptop's own key gives."""
    named = request.person.casefold()
    known = next((p for p in roster.persons if p.name.casefold() == named), None)
    return known or Person(request.key[:16], request.person)


def _request(workspace: Workspace) -> JoinRequest:
    request = workspace.join_request()
    if request is None or workspace.enrolled:
        raise Refusal(
            code="enrolled-already",
            words="This laptop is enrolled; it needs no recovery key.",
            remedy="A lost laptop is replaced in Sharing.",
        )
    return request


def _entry_of(workspace: Workspace, key: RecoveryKey) -> OrgEntry:
    if not workspace.founded:
        raise NotPossible(
            code="nothing-here-yet",
            words="Nothing of this workspace has arrived here yet.",
            remedy="Share first, then use the recovery key.",
        )
    entries = workspace.book.epoch.orgs
    found = next((entry for entry in entries if key.public in entry.admins), None)
    if found is None:
        raise Refusal(
            code="another-recovery-key",
            words="This recovery key signs for no organisation of this workspace.",
            remedy="Check that it is the newest sheet, and of this workspace: its eight words "
            "are printed on it.",
            field="recovery",
        )
    return found


def _check_same_trust(entry: OrgEntry, request: JoinRequest) -> None:
    if entry.ods.upper() != request.ods.strip().upper():
        raise Refusal(
            code="another-organisation",
            words=f"The recovery key is of {entry.name} ({entry.ods}), and this laptop asked to "
            f"join for {request.org_name} ({request.ods}).",
            remedy="Join again with the right trust.",
            field="recovery",
        )


def _only_one(choices: tuple[Device, ...], entry: OrgEntry) -> Device:
    signing = [device for device in choices if device.key in entry.admins]
    if len(signing) == 1 or len(choices) == 1:
        return (signing or list(choices))[0]
    raise Refusal(
        code="which-laptop",
        words="Several laptops could be the lost one.",
        remedy=f"Say which: {', '.join(device.label for device in choices)}.",
        field="laptop",
    )
