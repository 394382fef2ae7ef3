"""Founding a workspace, asking to join it, admitting partners: the control records.

Nothing here is data: who the partners are is settled by records that the
organisations sign, before any change set is judged.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nacl.signing import SigningKey

from collabdesk.errors import Refusal
from collabdesk.sync import records as r
from collabdesk.sync.authority.held import Held
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.hashing import Z
from collabdesk.sync.join import JoinRequest
from collabdesk.sync.names import dev16, dev26, is_device_folder
from collabdesk.sync.registry import REGISTRY, ROLES
from collabdesk.sync.registry.model import RoleDeclaration

EVERY_ROLE: Final = tuple(role.number for role in ROLES)
RECOVERY_LABEL: Final = "Recovery key"
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


@dataclass(frozen=True, slots=True)
class Recovery:
    """The two public keys of a printed recovery key: they are listed, and one signs."""

    key: bytes
    seal_key: bytes

    def listed(self, person: bytes) -> r.Device:
        """Return the entry in its organisation's list: a device without roles.

        It belongs to whoever made it, so that signing with it is not a second person's voice.
        """
        return r.Device(self.key, self.seal_key, person, RECOVERY_LABEL, (), None)


def found(
    founder: Founder,
    name: str,
    signing_key: SigningKey,
    seal_key: bytes,
    recovery: Recovery | None = None,
) -> Founded:
    """Return the records that found a workspace; the founder's laptop keeps the ledger.

    A recovery key is an administrator beside the laptop; either may sign alone.
    """
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
            devices=_devices(device, recovery),
            cuts=(),
            lifts=(),
            terms=(r.Term(key, None),),
        )
    )
    entry = r.OrgEntry(
        org=organisation,
        name=founder.organisation_name,
        ods=founder.ods,
        admins=_admins(key, recovery),
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
        roles=tuple(rights_of(role) for role in ROLES),
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


def rights_of(role: RoleDeclaration) -> r.RoleRights:
    """Return what a role may do, as a membership record says it."""
    areas = sorted(
        (REGISTRY.areas[grant.area].number, int(grant.verbs), int(grant.reach))
        for grant in role.grants
    )
    return r.RoleRights(role.number, tuple(r.AreaRight(*area) for area in areas))


def _devices(device: r.Device, recovery: Recovery | None) -> tuple[r.Device, ...]:
    listed = (device, *([recovery.listed(device.pid)] if recovery else []))
    return tuple(sorted(listed, key=lambda one: one.key))


def _admins(key: bytes, recovery: Recovery | None) -> tuple[bytes, ...]:
    return tuple(sorted((key, *([recovery.key] if recovery else []))))


def newcomer(request: JoinRequest, recovery: Recovery | None = None) -> tuple[bytes, r.OrgEntry]:
    """Return the first list of laptops of an organisation that asked, and its entry."""
    organisation, person = secrets.token_bytes(16), secrets.token_bytes(16)
    device = r.Device(request.key, request.seal_key, person, request.label, PARTNER_ROLES, None)
    roster = r.encode_record(
        r.Roster(
            ws=Z,
            org=organisation,
            m=0,
            prev=Z,
            persons=(r.Person(person, request.person),),
            devices=_devices(device, recovery),
            cuts=(),
            lifts=(),
            terms=(),
        )
    )
    entry = r.OrgEntry(
        org=organisation,
        name=request.org_name,
        ods=request.ods,
        admins=_admins(request.key, recovery),
        k_org=1,
        grants=PARTNER_ROLES,
        pin=(0, r.record_id(roster)),
    )
    return roster, entry


def check_newcomers(rulebook: Rulebook, requests: Sequence[JoinRequest]) -> None:
    """Raise Refusal if an organisation that asks to join is a partner already."""
    present = {entry.ods: entry.name for entry in rulebook.epoch.orgs}
    for request in requests:
        if request.ods in present:
            raise Refusal(
                code="already-a-partner",
                words=f"{present[request.ods]} ({request.ods}) is already a partner here.",
                remedy="A partner's further laptops are enrolled by that partner's own "
                "administrator: read the words to them.",
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
    expected = {dev26(request.key), *([name] if (name := recovery26(request)) else [])}
    return (
        (entry.ods, entry.name) == (request.ods, request.org_name)
        and {dev26(device.key) for device in roster.devices} == expected
        and {dev26(key) for key in entry.admins} == expected
        and len(roster.persons) == 1
        and roster.persons[0].name == request.person
    )


def is_being_agreed(rulebook: Rulebook, key: bytes, record_id: bytes, record: r.Record) -> bool:
    """Tell whether a record is one that newcomers agree to before the partners vote.

    Such a draft bears no partner's signature yet: a newcomer keeps one that names its own
    laptop with a list that a partner has signed, and whoever holds it already keeps the
    newcomer's signature.
    """
    if record_id in rulebook.records:
        return True
    if not isinstance(record, r.Epoch) or rulebook.organisation_of(key) is not None:
        return False
    lists = (rulebook.records.get(e.pin[1]) for e in record.orgs if key in e.admins)
    return any(held is not None and held.signers & rulebook.voices for held in lists)


# --- the recovery key of a newcomer ------------------------------------------------------------


def app_with_recovery(app: str, recovery: Recovery) -> str:
    """Return what a request says of the program, and of its organisation's recovery key.

    The words that are read out vouch for the request, and so for the key it names.
    """
    return f"{app} {dev26(recovery.key)}"


def recovery26(request: JoinRequest) -> str:
    """Return the file name of the recovery key that a request names; empty if it names none."""
    *_, last = request.app.split(" ")
    return last if is_device_folder(last) else ""


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
