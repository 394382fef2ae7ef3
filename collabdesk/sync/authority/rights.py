"""What one epoch with one roster allows a laptop to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from collabdesk.sync.authority.held import entry_of
from collabdesk.sync.records import Device, Epoch, Roster
from collabdesk.sync.registry.model import Reach, Verb

Rights = frozenset[tuple[int, int, int]]
"""Single rights (area, one verb's bit, one reach's bit); (0, 0, 0) for standing in the roster."""

_STANDING: Final = (0, 0, 0)
_VERBS: Final = tuple(int(verb) for verb in Verb)
_REACHES: Final = tuple(int(reach) for reach in Reach)


class Request(NamedTuple):
    """What an operation asks for: an area's number, a verb, and the scope of the row."""

    area: int
    verb: Verb
    scope: bytes | int


@dataclass(frozen=True)
class Rules:
    """One adopted epoch with one adopted roster: who may do what."""

    epoch: Epoch
    roster: Roster

    @cached_property
    def devices(self) -> Mapping[bytes, Device]:
        """The devices of the roster, by key."""
        return {device.key: device for device in self.roster.devices}

    @cached_property
    def _granted(self) -> frozenset[int]:
        entry = entry_of(self.epoch, self.roster.org)
        return frozenset(entry.grants) if entry else frozenset()

    @cached_property
    def _roles(self) -> Mapping[int, tuple[tuple[int, int, int], ...]]:
        return {
            rights.role: tuple((a.area, int(a.verbs), int(a.reach)) for a in rights.areas)
            for rights in self.epoch.roles
        }

    @cached_property
    def _answers(self) -> dict[tuple[bytes, Request], bool]:
        return {}

    def allows(self, key: bytes, request: Request | None) -> bool:
        """Tell whether a device may do what it asks; asking nothing, it must stand here."""
        if request is None:
            return key in self.devices
        asked = (key, request)
        known = self._answers.get(asked)
        if known is None:
            known = self._answers[asked] = self._allows(key, request)
        return known

    def rights(self, key: bytes) -> Rights:
        """Return every single right of a device, so that two rules can be compared."""
        device = self.devices.get(key)
        if device is None:
            return frozenset()
        single = {
            (area, verb, reach)
            for role in device.roles
            if role in self._granted
            for area, verbs, reaches in self._roles.get(role, ())
            for verb in _VERBS
            for reach in _REACHES
            if verbs & verb and reaches & reach
        }
        return frozenset((_STANDING, *single))

    def _allows(self, key: bytes, request: Request) -> bool:
        device = self.devices.get(key)
        if device is None:
            return False
        reach = self._reach(request.scope)
        return any(
            area == request.area and verbs & request.verb and reaches & reach
            for role in device.roles
            if role in self._granted
            for area, verbs, reaches in self._roles.get(role, ())
        )

    def _reach(self, scope: bytes | int) -> Reach:
        if isinstance(scope, int):
            return Reach.SHARED
        return Reach.OWN if scope == self.roster.org else Reach.OTHERS
