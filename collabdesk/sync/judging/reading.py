"""From an array of the wire to an operation: version first, then kind, then shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from collabdesk.sync import verdicts as v
from collabdesk.sync.operations import Operation, ShapeError, read_operation
from collabdesk.sync.registry import Registry, kinds


def read_raw(
    raw: list[Any], devs: Sequence[bytes], registry: Registry
) -> tuple[Operation | None, int]:
    """Return the operation, or None and the number of the verdict on what cannot be one."""
    kind, minimum = raw[0], raw[1]
    if kind != kinds.GROUP:
        if minimum > registry.version:
            return None, v.NEWER_REGISTRY
        known = registry.kinds.get(kind)
        if known is None or known.since > minimum:
            return None, v.NEWER_THAN_MIN
    try:
        return read_operation(raw, devs), v.ACCEPTED
    except (ShapeError, ValueError, IndexError):
        return None, v.WRONG_SHAPE
