"""A replica on the bench: the real engine over a database in memory, records as given."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine as SqlEngine
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool, StaticPool

from collabdesk.storage.queries.state import control_head, projection_digests, state_root
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.tables.derived import DERIVED
from collabdesk.storage.tables.durable import DURABLE
from collabdesk.storage.tables.projections import PROJECTED
from collabdesk.sync.authority.held import Held
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.engine import Engine, Identity, Received
from collabdesk.sync.operations import Dot, Value
from collabdesk.sync.registry import REGISTRY, Registry
from tests.support.paper_alliance import PaperAlliance, Scribe, Written, fixed

if TYPE_CHECKING:
    from collections.abc import Iterator


Verdicts = Mapping[tuple[Dot, bytes], int]
Cells = Mapping[tuple[bytes, int], Mapping[Dot, Value]]


class Bench:
    """Takes in records and segments in any order, and tells what it makes of them."""

    def __init__(
        self,
        workspace: bytes,
        records: Iterable[Held] = (),
        registry: Registry = REGISTRY,
        scribe: Scribe | None = None,
    ) -> None:
        """Start with records; `scribe` is the laptop that commits here, if any does."""
        self.registry = registry
        self.rulebook = Rulebook(workspace, records)
        self.scribe = scribe
        self.connection = _engine().connect()
        self.replica = SqliteReplica(self.connection, "slot", registry)

    @property
    def engine(self) -> Engine:
        """The engine under the rules as they are."""
        me = self.scribe
        identity = (
            Identity(me.public, me.org, fixed(me.name), "test", lambda: me.key) if me else None
        )
        return Engine(self.replica, self.registry, self.rulebook, identity, lambda: 1)

    def receive(self, *written: Written) -> Received:
        """Take in segments together."""
        return self.engine.receive([segment.file for segment in written])

    def learn(self, *records: Held) -> None:
        """Take in records, and judge again what they touch."""
        self.engine.seal()
        before = self.rulebook
        self.rulebook = Rulebook(before.workspace, [*before.records.values(), *records])
        self.engine.rejudge(before)

    def verdicts(self) -> Verdicts:
        """Return every verdict by dot and branch."""
        found = self.connection.exec_driver_sql("SELECT * FROM operation")
        return {((o.dev16, o.seq, o.idx), o.branch): o.verdict for o in found}

    def verdict(self, dot: Dot) -> int:
        """Return the verdict on an operation of a device that signed one way."""
        return self.verdicts()[dot, b""]

    def of(self, written: Written) -> list[int]:
        """Return the verdicts on a segment's operations in order."""
        found = self.connection.exec_driver_sql(
            "SELECT o.verdict FROM operation o JOIN place p ON p.dev16 = o.dev16 AND p.seq = o.seq "
            "AND (o.branch = x'' OR o.branch = p.id) WHERE p.id = ? ORDER BY o.idx",
            (written.id,),
        )
        return [verdict for (verdict,) in found]

    def cells(self) -> Cells:
        """Return the live values of every cell."""
        cells: dict[tuple[bytes, int], dict[Dot, Any]] = {}
        rows = [row for (row,) in self.connection.exec_driver_sql("SELECT row FROM row")]
        for row, columns in self.replica.log.cells(rows).items():
            for column, live in columns.items():
                cells[row, column] = {dot: sibling.value for dot, sibling in live.items()}
        return {key: live for key, live in cells.items() if live}

    def live(self, row: bytes, column: int) -> set[Value]:
        """Return the live values of one cell."""
        return set(self.cells().get((row, column), {}).values())

    def shown(self, table: str, row: bytes) -> Mapping[str, Any] | None:
        """Return a row as screens see it."""
        target = PROJECTED.tables[f"{self.registry.room_of(table)}_{table}"]
        found = self.connection.execute(target.select().where(target.c.row == row)).mappings()
        shown = found.first()
        return dict(shown) if shown else None

    @property
    def root(self) -> bytes:
        """The state root."""
        return state_root(self.connection)

    @property
    def control(self) -> bytes:
        """The control head."""
        return control_head(self.connection, self.rulebook)

    def digests(self) -> Mapping[str, str]:
        """Return the digest of every derived table."""
        return projection_digests(self.connection)

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()


@cache
def _empty() -> bytes:
    """Return a database with every table and no row; making it is what takes time."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    for tables in (PROJECTED, DERIVED, DURABLE):
        tables.create_all(engine)
    raw = engine.raw_connection()
    made = raw.driver_connection
    assert isinstance(made, sqlite3.Connection)
    content = made.serialize()
    raw.close()
    engine.dispose()
    return content


@cache
def _engine() -> SqlEngine:
    """Return what gives every connection a database of its own."""
    return create_engine("sqlite://", poolclass=NullPool, creator=_fresh)


def _fresh() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.deserialize(_empty())
    return connection


@contextmanager
def bench(alliance: PaperAlliance, scribe: Scribe | None = None) -> Iterator[Bench]:
    """Open a replica that knows all of an alliance's records."""
    made = Bench(alliance.workspace, alliance.records, scribe=scribe)
    yield made
    made.close()
