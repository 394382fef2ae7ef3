"""What every command has in common: who acts, what comes out, how it is undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from collabdesk.domain.changes import Change, RowRef


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: organisation and person (ids on the wire), role words, and what they keep.

    `today` is given, never read from a clock by a handler.
    """

    organisation: bytes
    ods: str
    organisation_name: str
    person: bytes
    role: str
    is_lead: bool
    keeps_ledger: bool
    today: dt.date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command decided: changes, their inverse, words for undo and history, the record.

    `blobs` are the chunks of files that the changes name by hash; they are kept with them.
    """

    changes: tuple[Change, ...]
    inverse: tuple[Change, ...]
    words: str
    record: tuple[str, RowRef] | None = None
    blobs: tuple[bytes, ...] = ()


Handler = Callable[[Any, Connection, Actor], Outcome]
Handlers = Mapping[type, Handler]
