"""The laptops of one's own organisation: enrolled, given roles, replaced and retired."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from collabdesk.errors import Refusal
from collabdesk.services.control import roster_drafts as drafts
from collabdesk.services.control.naming import is_recovery, role_words
from collabdesk.services.control.roster_signing import (
    Listed,
    branch_head,
    listed,
    own_roster,
    sign_roster,
    standing_head,
)
from collabdesk.services.control.signing import administered_here
from collabdesk.services.sharing.enrolment import find_request
from collabdesk.services.wording import filled
from collabdesk.services.workspace import Workspace
from collabdesk.sync.join import JoinRequest
from collabdesk.sync.records import Device, OrgEntry, Person, Roster
from collabdesk.sync.registry import ROLES
from collabdesk.sync.stores.port import Store

ADMINISTRATOR = next(role.number for role in ROLES if role.name == "administrator")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of one's own organisation, for choosing whose a laptop is."""

    person: bytes
    name: str
    laptops: tuple[str, ...]


def colleagues(workspace: Workspace) -> tuple[Colleague, ...]:
    """Return the people of one's own organisation, each with their laptops."""
    entry = administered_here(workspace)
    roster = own_roster(workspace, entry.org)
    return tuple(
        Colleague(
            person.pid,
            person.name,
            tuple(d.label for d in roster.devices if d.pid == person.pid and not is_recovery(d)),
        )
        for person in roster.persons
    )


def roles_to_give(workspace: Workspace) -> tuple[tuple[int, str], ...]:
    """Return the roles an organisation's laptops can be given: number and words."""
    entry = administered_here(workspace)
    return tuple((role, role_words([role])) for role in entry.grants)


def enrol_laptop(  # noqa: PLR0913 - what the form asks
    workspace: Workspace,
    store: Store,
    typed_words: str,
    *,
    person: bytes | None = None,
    new_person: str = "",
    roles: Sequence[int] = (),
    replaces: bytes | None = None,
) -> Listed:
    """Enrol the laptop whose eight words were read out, for a person known or new.

    Without roles it gets those of the laptop it replaces, else all but administrator.
    """
    entry = administered_here(workspace)
    request = find_request(workspace, store, typed_words)
    _check_ours(entry, request)
    return enrol_request(
        workspace, request, person=person, new_person=new_person, roles=roles, replaces=replaces
    )


def enrol_request(  # noqa: PLR0913 - what the form asks
    workspace: Workspace,
    request: JoinRequest,
    *,
    person: bytes | None = None,
    new_person: str = "",
    roles: Sequence[int] = (),
    replaces: bytes | None = None,
) -> Listed:
    """Enrol a laptop whose request was found by its words."""
    entry = administered_here(workspace)
    roster = own_roster(workspace, entry.org)
    _check_new(roster, request)
    old = listed(roster, replaces) if replaces else None
    owner = _person(roster, request, person or (old.pid if old else None), new_person)
    chosen = tuple(sorted(set(roles or (old.roles if old else everyday_roles(entry)))))
    _check_roles(entry, chosen)
    device = Device(request.key, request.seal_key, owner.pid, request.label, chosen, replaces)
    edits = [drafts.enrolling(device, owner)]
    words = f"{request.label} of {owner.name} is enrolled as {role_words(chosen)}."
    if old is not None:
        edits.append(drafts.retiring(standing_head(workspace, old.key)))
        edits.extend(ending_term(workspace, old, request.key))
        words = f"{request.label} of {owner.name} takes the place of {old.label}."
    return sign_roster(workspace, entry.org, edits, words)


def replace_laptop(workspace: Workspace, store: Store, typed_words: str, lost: bytes) -> Listed:
    """Retire a lost laptop and enrol another in its place: same person, roles and history."""
    return enrol_laptop(workspace, store, typed_words, replaces=lost)


def retire_laptop(workspace: Workspace, key: bytes, branch: bytes | None = None) -> Listed:
    """Take a laptop out of use; what it shared up to the newest change set seen here stands.

    Of a laptop that signed two ways, `branch` names the end of the version that stands.
    """
    entry = administered_here(workspace)
    device = listed(own_roster(workspace, entry.org), key)
    _refuse_keeper(workspace, device)
    _refuse_last(entry, device)
    cut = branch_head(workspace, key, branch) if branch else standing_head(workspace, key)
    words = f"{device.label} is retired. What it shared up to change set {cut.seq} stands."
    return sign_roster(workspace, entry.org, [drafts.retiring(cut)], words)


def settle_branches(workspace: Workspace, key: bytes, branch: bytes) -> Listed:
    """Say which of the two versions that a laptop signed stands; it stays out of use."""
    entry = administered_here(workspace)
    cut = branch_head(workspace, key, branch)
    words = f"The version up to change set {cut.seq} stands."
    return sign_roster(workspace, entry.org, [drafts.cutting(cut)], words)


def change_roles(workspace: Workspace, key: bytes, roles: Sequence[int]) -> Listed:
    """Give a laptop other roles, within what its organisation may give."""
    entry = administered_here(workspace)
    device = listed(own_roster(workspace, entry.org), key)
    chosen = tuple(sorted(set(roles)))
    _check_roles(entry, chosen)
    if chosen == device.roles:
        raise Refusal(
            code="same-roles", words=f"{device.label} has these roles already.", field="roles"
        )
    taken = set(device.roles) - set(chosen)
    cut = standing_head(workspace, key) if taken else None
    words = f"{device.label} is {role_words(chosen)} from now on."
    return sign_roster(workspace, entry.org, [drafts.giving(key, chosen, cut)], words)


# --- what is asked first -----------------------------------------------------------------------


def everyday_roles(entry: OrgEntry) -> tuple[int, ...]:
    """Return what a new laptop may do unless it is said: everything but to administer."""
    return tuple(role for role in entry.grants if role != ADMINISTRATOR)


def _check_ours(entry: OrgEntry, request: JoinRequest) -> None:
    if request.ods.strip().upper() != entry.ods.upper():
        raise Refusal(
            code="another-organisation",
            words=f"The laptop with these words says it is of {request.org_name} "
            f"({request.ods}), not of {entry.name}.",
            remedy="Each organisation enrols its own laptops. A new partner's first laptop is "
            "admitted at the lead provider.",
            field="words",
        )


def _check_new(roster: Roster, request: JoinRequest) -> None:
    if any(device.key == request.key for device in roster.devices):
        raise Refusal(
            code="already-enrolled",
            words=f"{request.label} is enrolled already.",
            remedy="It only has to share.",
            field="words",
        )


def _check_roles(entry: OrgEntry, roles: Sequence[int]) -> None:
    beyond = [role for role in roles if role not in entry.grants]
    if beyond:
        raise Refusal(
            code="roles-beyond-grant",
            words=f"The partners do not let {entry.name} give the role {role_words(beyond)}.",
            remedy=f"It can give: {role_words(entry.grants)}.",
            field="roles",
        )
    if not roles:
        raise Refusal(
            code="no-roles",
            words="A laptop without a role can do nothing.",
            remedy="Choose at least one role, or retire the laptop.",
            field="roles",
        )


def _person(roster: Roster, request: JoinRequest, known: bytes | None, name: str) -> Person:
    people = {person.pid: person for person in roster.persons}
    if known is not None:
        if known not in people:
            raise Refusal(
                code="unknown-person",
                words="This person is not listed in your organisation.",
                remedy="Choose one of the list, or enter a new one.",
                field="person",
            )
        return people[known]
    wanted = filled(
        name or request.person,
        "person",
        "Nobody is named as the laptop's owner.",
        "Say whose it is, by role: Finance lead, for example.",
    )
    same = next((p for p in roster.persons if p.name.casefold() == wanted.casefold()), None)
    return same if same and not name else Person(secrets.token_bytes(16), wanted)


def ending_term(workspace: Workspace, old: Device, heir: bytes) -> list[drafts.Edit]:
    """Let the laptop that replaces the ledger keeper's keep the ledger."""
    if old.key != workspace.book.keeper:
        return []
    head = standing_head(workspace, old.key)
    return [drafts.ending_term((head.seq, head.id)), drafts.starting_term(heir)]


def _refuse_keeper(workspace: Workspace, device: Device) -> None:
    if device.key == workspace.book.keeper:
        raise Refusal(
            code="keeps-the-ledger",
            words=f"{device.label} keeps the ledger.",
            remedy="Hand the ledger over first. If the laptop is lost, choose who keeps it next: "
            "that ends its term and retires it at once.",
        )


def _refuse_last(entry: OrgEntry, device: Device) -> None:
    if set(entry.admins) == {device.key}:
        raise Refusal(
            code="last-administrator",
            words=f"{device.label} is the only one that can sign for {entry.name}.",
            remedy="Enrol another laptop in its place instead, so that somebody can sign.",
        )
