"""What the judge is given: a segment whose place is known, and the operations in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from collabdesk.sync.authority.cited import Seen


@dataclass(frozen=True, slots=True)
class Placed:
    """A linked segment, or the part of an open one that is being committed.

    `past` gives, for each device, the greatest sequence number among the ancestors, and
    `ancestors` the ids of the nearest ones; `forks` the least number under which a device
    signed two segments, and `spines` which of its segments from there on stand. `start` is
    the index of the first of `ops`; `ops` is None for a body that cannot be opened, of
    which only `n_ops` is known.
    """

    id: bytes
    key: bytes
    dev16: bytes
    seq: int
    lamport: int
    schema: int
    epoch: tuple[int, bytes]
    roster: tuple[int, bytes]
    past: Mapping[bytes, int]
    seen: Seen
    ancestors: tuple[bytes, ...]
    devs: Sequence[bytes]
    ops: Sequence[list[Any]] | None
    n_ops: int
    start: int = 0
    forks: Mapping[bytes, int] = field(default_factory=dict)
    spines: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)

    @property
    def forked(self) -> bool:
        """Tell whether its device had signed two ways by this number."""
        return self.seq >= self.forks.get(self.dev16, self.seq + 1)

    @property
    def stands(self) -> bool:
        """Tell whether it lies on the line that stands of its device."""
        return not self.forked or self.id in self.spines.get(self.dev16, frozenset())

    @property
    def branch(self) -> bytes:
        """What tells its operations from others of the same dots: nothing, save in a fork."""
        return self.id if self.forked else b""
