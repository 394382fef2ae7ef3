"""What this laptop knows of itself in a workspace."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Final

INCARNATION: Final = 16


@dataclass(frozen=True, slots=True)
class About:
    """What this laptop knows of itself in a workspace; kept beside the data."""

    workspace: bytes
    name: str
    slot: str
    store: str
    key: bytes
    incarnation: bytes
    organisation_name: str
    ods: str
    person: str
    label: str
    sample: bool = False

    def to_json(self) -> bytes:
        """Return the text kept in the database."""
        values = {
            name: value.hex() if isinstance(value := getattr(self, name), bytes) else value
            for name in self.__slots__
        }
        return json.dumps(values, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> About:
        """Read the text kept in the database."""
        values = json.loads(text)
        for name in ("workspace", "key", "incarnation"):
            values[name] = bytes.fromhex(values[name])
        return cls(**values)


def make_incarnation() -> bytes:
    """Return a fresh random name for this installation of the workspace."""
    return secrets.token_bytes(INCARNATION)
