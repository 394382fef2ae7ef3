"""What was signed since given change sets: counted by laptop, change set, table and kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.sync.registry import REGISTRY

_QUERY = (
    "SELECT o.dev16, o.seq, o.kind, o.tbl, COUNT(DISTINCT o.row), MIN(o.row), p.organisation, "
    "COALESCE(s.wall_ms, 0), p.id, p.lamport FROM operation o "
    "JOIN place p ON p.dev16 = o.dev16 AND p.seq = o.seq LEFT JOIN segment s ON s.id = p.id "
    "WHERE o.verdict = 0 AND o.kind <> 0 AND o.tbl IS NOT NULL "
    "GROUP BY o.dev16, o.seq, o.kind, o.tbl ORDER BY p.lamport DESC, o.dev16, o.seq DESC, o.tbl"
)


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Records of one table changed in one way by one change set; `row` is one of them."""

    device: bytes
    seq: int
    kind: str
    table: str
    records: int
    row: bytes
    organisation: bytes | None
    wall_ms: int
    segment: bytes


def heads(reads: Connection) -> dict[str, int]:
    """Return the newest change set of each laptop, by its short name in hex."""
    found = reads.exec_driver_sql("SELECT dev16, MAX(seq) FROM place GROUP BY dev16")
    return {device.hex(): seq for device, seq in found}


def changes_since(reads: Connection, seen: Mapping[str, int], limit: int) -> list[ChangeGroup]:
    """Return what came after the change sets seen, newest first, as far as `limit`."""
    found: list[ChangeGroup] = []
    for device, seq, kind, number, count, row, organisation, *made, _ in reads.exec_driver_sql(
        _QUERY
    ):
        if seq <= seen.get(device.hex(), 0):
            continue
        table = REGISTRY.tables.get(number)
        named = REGISTRY.kinds.get(kind)
        if table is None or named is None:
            continue
        found.append(
            ChangeGroup(device, seq, named.name, table.name, count, row, organisation, *made)
        )
        if len(found) == limit:
            break
    return found
