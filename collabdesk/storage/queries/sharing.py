"""What the Sharing page asks: who was heard when, what waits, what was kept aside."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.sync.registry import REGISTRY


@dataclass(frozen=True, slots=True)
class Heard:
    """The newest linked change set of a laptop, by its 16-byte short name."""

    device: bytes
    seq: int
    wall_ms: int
    organisation: bytes | None


@dataclass(frozen=True, slots=True)
class KeptAside:
    """An operation that is not accepted, with where and by whom."""

    device: bytes
    seq: int
    idx: int
    verdict: int
    table: str
    row: bytes | None
    organisation: bytes | None
    person: bytes | None
    wall_ms: int
    segment: bytes


@dataclass(frozen=True, slots=True)
class Counts:
    """How much this laptop holds, and how much waits.

    Operations are what people did: no group's marker, nothing a laptop says by itself.
    """

    operations: int
    segments: int
    waiting_out: int
    open_changes: int
    waiting_in: int
    contested: int


def heard(reads: Connection) -> tuple[Heard, ...]:
    """Return the newest change set of every laptop."""
    found = reads.exec_driver_sql(
        "SELECT p.dev16, MAX(p.seq), COALESCE(s.wall_ms, 0), p.organisation FROM place p "
        "LEFT JOIN segment s ON s.id = p.id GROUP BY p.dev16 ORDER BY p.dev16"
    )
    return tuple(Heard(*row) for row in found)


def past_of(reads: Connection, device: bytes) -> bytes:
    """Return the packed past of a laptop's newest change set: what it has seen."""
    found = reads.exec_driver_sql(
        "SELECT past FROM place WHERE dev16 = ? ORDER BY seq DESC LIMIT 1", (device,)
    ).first()
    return found[0] if found else b""


def kept_aside(reads: Connection) -> tuple[KeptAside, ...]:
    """Return every operation that is held, quarantined or refused, oldest first."""
    found = reads.exec_driver_sql(
        "SELECT o.dev16, o.seq, o.idx, o.verdict, o.tbl, o.row, p.organisation, p.person, "
        "COALESCE(s.wall_ms, 0), p.id FROM operation o "
        "JOIN place p ON p.dev16 = o.dev16 AND p.seq = o.seq "
        "AND (o.branch = x'' OR o.branch = p.id) "
        "LEFT JOIN segment s ON s.id = p.id WHERE o.verdict <> 0 AND o.kind <> 0 "
        "ORDER BY p.lamport, o.dev16, o.seq, o.idx"
    )
    return tuple(
        KeptAside(dev, seq, idx, verdict, _table(tbl), row, org, person, wall, segment)
        for dev, seq, idx, verdict, tbl, row, org, person, wall, segment in found
    )


def counts(reads: Connection) -> Counts:
    """Return how much is held and how much waits."""

    def count(query: str) -> int:
        return int(reads.exec_driver_sql(query).scalar_one())

    return Counts(
        operations=count("SELECT COUNT(*) FROM operation WHERE kind NOT IN (0, 16, 17)"),
        segments=count("SELECT COUNT(*) FROM segment"),
        waiting_out=count("SELECT COUNT(*) FROM outbox"),
        open_changes=count(
            "SELECT COUNT(*) FROM operation o JOIN place p ON p.dev16 = o.dev16 "
            "AND p.seq = o.seq AND o.branch = x'' "
            "WHERE p.id = x'' AND o.kind NOT IN (0, 16, 17)"
        ),
        waiting_in=count("SELECT COUNT(*) FROM waiting"),
        contested=count("SELECT COUNT(*) FROM contested"),
    )


def _table(number: int | None) -> str:
    table = REGISTRY.tables.get(number) if number is not None else None
    return table.name if table else ""
