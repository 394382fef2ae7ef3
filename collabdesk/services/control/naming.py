"""People, trusts and laptops by the names people use, from the records held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from collabdesk.services.membership import RECOVERY_LABEL
from collabdesk.sync.authority.held import Held, entry_of, roster_of
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.records import Device, OrgEntry, Roster
from collabdesk.sync.registry import ROLES

_ROLE_WORDS: Mapping[int, str] = {role.number: role.words for role in ROLES}


def role_words(roles: Iterable[int]) -> str:
    """Return what roles are called, in one phrase."""
    return joined([_ROLE_WORDS.get(role, f"role {role}") for role in roles]) or "no role"


def joined(parts: Iterable[str]) -> str:
    """Return parts as a phrase: one, two and three."""
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def is_recovery(device: Device) -> bool:
    """Tell whether a device of a roster is an offline recovery key."""
    return not device.roles and device.label == RECOVERY_LABEL


class Names:
    """Finds what organisations, people and laptops are called; retired ones too."""

    def __init__(self, book: Rulebook) -> None:
        """Read the records of a rule book."""
        self._book = book

    @cached_property
    def _entries(self) -> Mapping[bytes, OrgEntry]:
        found: dict[bytes, OrgEntry] = {}
        held = [item for item in self._book.records.values() if item.epoch is not None]
        for item in (*held, *self._book.epochs):
            for entry in item.epoch.orgs if item.epoch else ():
                found[entry.org] = entry
        return found

    @cached_property
    def _rosters(self) -> tuple[Roster, ...]:
        """Every roster held: those not adopted first, so that adopted ones have the last word."""
        lines = [held for org in self._entries for held in self._book.rosters(org)]
        adopted = {held.id for held in lines}
        others = [
            item
            for item in self._book.records.values()
            if item.roster is not None and item.id not in adopted
        ]
        return tuple(roster_of(held) for held in (*_by_number(others), *_by_number(lines)))

    @cached_property
    def _devices(self) -> Mapping[bytes, tuple[bytes, Device]]:
        return {
            device.key: (roster.org, device)
            for roster in self._rosters
            for device in roster.devices
        }

    @cached_property
    def _people(self) -> Mapping[tuple[bytes, bytes], str]:
        return {
            (roster.org, person.pid): person.name
            for roster in self._rosters
            for person in roster.persons
        }

    def organisation(self, org: bytes) -> str:
        """Return what an organisation is called."""
        entry = self._entries.get(org)
        return entry.name if entry else "an organisation not known here"

    def person(self, org: bytes, pid: bytes) -> str:
        """Return what a person is called: their role, never a private name."""
        return self._people.get((org, pid), "somebody")

    @property
    def laptops(self) -> Mapping[bytes, tuple[bytes, Device]]:
        """Every laptop named, retired ones too, with the organisation that names it."""
        return self._devices

    def owner(self, key: bytes) -> bytes | None:
        """Return the organisation that names, or last named, a laptop."""
        found = self._devices.get(key)
        return found[0] if found else None

    def device(self, key: bytes) -> Device | None:
        """Return a laptop or recovery key as it is, or was last, listed."""
        found = self._devices.get(key)
        return found[1] if found else None

    def person_of(self, key: bytes) -> tuple[bytes, bytes] | None:
        """Return organisation and person of a laptop, as last named."""
        found = self._devices.get(key)
        return (found[0], found[1].pid) if found else None

    def laptop(self, key: bytes) -> str:
        """Return a laptop with its trust: Finance laptop 2, Lincolnshire Partnership."""
        found = self._devices.get(key)
        if found is None:
            entry = next((e for e in self._entries.values() if key in e.admins), None)
            where = f" of {entry.name}" if entry else ""
            return f"a laptop{where} that is not listed yet"
        org, device = found
        return f"{device.label}, {self.organisation(org)}"

    def signer(self, key: bytes) -> str:
        """Return who signs with a laptop: Finance lead, Lincolnshire Partnership."""
        found = self._devices.get(key)
        if found is None:
            return self.laptop(key)
        org, device = found
        if is_recovery(device):
            return f"the recovery key of {self.organisation(org)}"
        return f"{self.person(org, device.pid)}, {self.organisation(org)}"

    def signers(self, held: Held) -> tuple[str, ...]:
        """Return who signed a record, those with a voice in membership only."""
        voices = self._book.voices
        return tuple(sorted(self.signer(key) for key in held.signers if key in voices))

    def head_entry(self, org: bytes) -> OrgEntry | None:
        """Return an organisation's entry in the membership in force."""
        return entry_of(self._book.epoch, org)


def _by_number(held: Iterable[Held]) -> list[Held]:
    return sorted(held, key=lambda item: (roster_of(item).m, item.id))
