"""The registry: one declaration per room of everything that has a number on the wire."""

from __future__ import annotations

from typing import Final

from collabdesk.sync.registry import budgets, improvement, metrics, pilots, sharing
from collabdesk.sync.registry.kinds import OPERATION_KINDS, ROLES
from collabdesk.sync.registry.model import Area, OperationKind, Room, SharedArea, Table

REGISTRY_VERSION: Final = 2


class Registry:
    """Looks up what the rooms declare, by number and by name."""

    def __init__(self, version: int, rooms: tuple[Room, ...]) -> None:
        """Index the rooms; ValueError if two lines claim one number or leave their range."""
        self.version = version
        self.rooms = rooms
        self.tables: dict[int, Table] = {}
        self.table_names: dict[str, Table] = {}
        self.areas: dict[str, Area] = {}
        self.shared_areas: dict[int, SharedArea] = {}
        self.shared_area_names: dict[str, SharedArea] = {}
        self.kinds: dict[int, OperationKind] = {k.number: k for k in OPERATION_KINDS}
        for room in rooms:
            self._add(room)

    def _add(self, room: Room) -> None:
        for table in room.tables:
            if table.number not in room.numbers or table.number in self.tables:
                message = f"table {table.name}: number {table.number} is not free in {room.name}"
                raise ValueError(message)
            self.tables[table.number] = table
            self.table_names[table.name] = table
        for area in room.areas:
            self.areas[area.name] = area
        for shared in room.shared_areas:
            self.shared_areas[shared.number] = shared
            self.shared_area_names[shared.name] = shared

    def room_of(self, table: str) -> str:
        """Return the name of the room that declares a table."""
        number = self.table_names[table].number
        return next(room.name for room in self.rooms if number in room.numbers)


REGISTRY: Final = Registry(
    REGISTRY_VERSION,
    (budgets.ROOM, improvement.ROOM, pilots.ROOM, metrics.ROOM, sharing.ROOM),
)

__all__ = ["OPERATION_KINDS", "REGISTRY", "REGISTRY_VERSION", "ROLES", "Registry"]
