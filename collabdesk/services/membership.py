"""Founding a workspace, asking to join it, admitting partners: the control records.

Nothing here is data: who the partners are is settled by records that the
organisations sign, before any change set is judged.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nacl.signing import SigningKey

from collabdesk.errors import Refusal
from collabdesk.sync import records as r
from collabdesk.sync.authority.held import Held
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.hashing import Z
from collabdesk.sync.join import JoinRequest
from collabdesk.sync.names import dev16
from collabdesk.sync.registry import REGISTRY, ROLES
from collabdesk.sync.registry.model import RoleDeclaration

EVERY_ROLE: Final = tuple(role.number for role in ROLES)
PARTNER_ROLES: Final = tuple(role.number for role in ROLES if role.name != "administrator")


@dataclass(frozen=True, slots=True)
class Founder:
    """Who founds: the organisation, the person (by role) and the laptop."""

    organisation_name: str
    ods: str
    person: str
    label: str


@dataclass(frozen=True, slots=True)
class Founded:
    """A new workspace: its id, the organisation's id, and the two record files."""

    workspace: bytes
    organisation: bytes
    roster: r.RecordFile
    genesis: r.RecordFile


def found(founder: Founder, name: str, signing_key: SigningKey, seal_key: bytes) -> Founded:
    """Return the records that found a workspace; the founder's laptop keeps the ledger."""
    key = bytes(signing_key.verify_key)
    organisation, person = secrets.token_bytes(16), secrets.token_bytes(16)
    device = r.Device(key, seal_key, person, founder.label, EVERY_ROLE, None)
    roster = r.encode_record(
        r.Roster(
            ws=Z,
            org=organisation,
            m=0,
            prev=Z,
            persons=(r.Person(person, founder.person),),
            devices=(device,),
            cuts=(),
            lifts=(),
            terms=(r.Term(key, None),),
        )
    )
    entry = r.OrgEntry(
        org=organisation,
        name=founder.organisation_name,
        ods=founder.ods,
        admins=(key,),
        k_org=1,
        grants=EVERY_ROLE,
        pin=(0, r.record_id(roster)),
    )
    epoch = r.Epoch(
        ws=Z,
        n=0,
        prev=Z,
        attempt=0,
        k=1,
        lead=organisation,
        orgs=(entry,),
        roles=tuple(_rights(role) for role in ROLES),
        thresholds=(),
        floor=1,
        cuts=(),
        lifts=(),
        landmarks=(),
        note=name,
    )
    genesis = r.encode_record(r.Genesis(epoch, secrets.token_bytes(16)))
    return Founded(
        r.record_id(genesis),
        organisation,
        r.sign_record(roster, signing_key),
        r.sign_record(genesis, signing_key),
    )


def _rights(role: RoleDeclaration) -> r.RoleRights:
    areas = sorted(
        (REGISTRY.areas[grant.area].number, int(grant.verbs), int(grant.reach))
        for grant in role.grants
    )
    return r.RoleRights(role.number, tuple(r.AreaRight(*area) for area in areas))


def admit(
    rulebook: Rulebook, requests: Sequence[JoinRequest], signing_key: SigningKey
) -> list[r.RecordFile]:
    """Return the drafted rosters and the epoch that admits the organisations that asked.

    More than half of all partners must agree to later changes; the drafts carry the
    lead's signature and are adopted once every newcomer has signed too.
    """
    epoch = rulebook.epoch
    _check_newcomers(rulebook, requests)
    rosters: list[bytes] = []
    entries: list[r.OrgEntry] = []
    for request in requests:
        roster, entry = _newcomer(request)
        rosters.append(roster)
        entries.append(entry)
    lead, others = epoch.orgs[0], sorted((*epoch.orgs[1:], *entries), key=lambda e: e.org)
    orgs = (lead, *others)
    successor = r.encode_record(
        replace(
            epoch,
            ws=rulebook.workspace,
            n=epoch.n + 1,
            prev=rulebook.head.id,
            k=len(orgs) // 2 + 1,
            orgs=orgs,
        )
    )
    return [r.sign_record(record, signing_key) for record in (*rosters, successor)]


def _newcomer(request: JoinRequest) -> tuple[bytes, r.OrgEntry]:
    organisation, person = secrets.token_bytes(16), secrets.token_bytes(16)
    device = r.Device(request.key, request.seal_key, person, request.label, PARTNER_ROLES, None)
    roster = r.encode_record(
        r.Roster(
            ws=Z,
            org=organisation,
            m=0,
            prev=Z,
            persons=(r.Person(person, request.person),),
            devices=(device,),
            cuts=(),
            lifts=(),
            terms=(),
        )
    )
    entry = r.OrgEntry(
        org=organisation,
        name=request.org_name,
        ods=request.ods,
        admins=(request.key,),
        k_org=1,
        grants=PARTNER_ROLES,
        pin=(0, r.record_id(roster)),
    )
    return roster, entry


def _check_newcomers(rulebook: Rulebook, requests: Sequence[JoinRequest]) -> None:
    present = {entry.ods: entry.name for entry in rulebook.epoch.orgs}
    for request in requests:
        if request.ods in present:
            raise Refusal(
                code="already-a-partner",
                words=f"{present[request.ods]} ({request.ods}) is already a partner here.",
                remedy="A partner's second laptop is enrolled by that partner's administrator "
                "with a later version.",
                field="words",
            )
        present[request.ods] = request.org_name


def invitation(rulebook: Rulebook, key: bytes) -> Held | None:
    """Return the drafted epoch that names a laptop's organisation and waits for its vote."""
    for held in rulebook.records.values():
        epoch = held.epoch
        if epoch is None or epoch.n != rulebook.epoch.n + 1 or key in held.signers:
            continue
        if epoch.prev == rulebook.head.id and any(key in entry.admins for entry in epoch.orgs):
            return held
    return None


def matches_request(rulebook: Rulebook, drafted: Held, request: JoinRequest) -> bool:
    """Tell whether a drafted epoch admits exactly the laptop and trust that asked."""
    epoch = drafted.epoch
    if epoch is None:
        return False
    entry = next((e for e in epoch.orgs if request.key in e.admins), None)
    held = rulebook.records.get(entry.pin[1]) if entry else None
    roster = held.roster if held else None
    if entry is None or roster is None or roster.org != entry.org:
        return False
    return (
        (entry.ods, entry.name) == (request.ods, request.org_name)
        and [device.key for device in roster.devices] == [request.key]
        and len(roster.persons) == 1
        and roster.persons[0].name == request.person
    )


@dataclass(frozen=True, slots=True)
class Member:
    """A person at a laptop, in words: for lists and histories."""

    organisation: bytes
    organisation_name: str
    ods: str
    person: bytes
    role: str
    laptop: str
    key: bytes
    is_lead: bool
    keeps_ledger: bool


def members(rulebook: Rulebook) -> Mapping[bytes, Member]:
    """Return every laptop of the newest rosters, by 16-byte short name."""
    found: dict[bytes, Member] = {}
    for entry in rulebook.epoch.orgs:
        roster = rulebook.roster(entry.org)
        if roster is None:
            continue
        persons = {person.pid: person.name for person in roster.persons}
        for device in roster.devices:
            found[dev16(device.key)] = Member(
                entry.org,
                entry.name,
                entry.ods,
                device.pid,
                persons.get(device.pid, ""),
                device.label,
                device.key,
                entry.org == rulebook.epoch.lead,
                device.key == rulebook.keeper,
            )
    return found
