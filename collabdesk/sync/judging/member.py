"""One operation of a group on its way to a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from collabdesk.sync.operations import Operation


@dataclass(slots=True)
class Member:
    """An operation at its index, as it stands on the wire and as read.

    `read` is the number of what kept it from being read; `verdict` that of all tests;
    `row` the row it makes or changes.
    """

    idx: int
    raw: list[Any]
    op: Operation | None
    read: int
    verdict: int = 0
    row: bytes | None = None
