"""What drafting asks when a command writes to a restricted column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from collabdesk.sync.operations import Dot, Value
from collabdesk.sync.registry.model import Table


@dataclass(frozen=True, slots=True)
class RowInHand:
    """The row an operation is being drafted for: its scope, and its cells by column.

    `row` is None for a new one. The cells are those that will stand after the operation.
    """

    row: bytes | None
    scope: bytes | int
    cells: Mapping[int, Value]


class Sealer(Protocol):
    """Seals values for those who may read them now: once, when a command is kept."""

    def seal(self, table: Table, at: RowInHand, values: Mapping[int, Value]) -> Mapping[int, bytes]:
        """Return the sealed cells by column; bytes are a value sealed before, sealed anew."""

    def check_readable(self, table: Table, column: int, dot: Dot, content: Value) -> None:
        """Raise Refusal where a value that somebody is about to approve cannot be read here."""
