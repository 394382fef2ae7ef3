"""Workspace databases in memory: kept between runs, filled from a template, crashed at will."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from collabdesk.storage import database
from collabdesk.storage.database import Database
from tests.simulation.faults import Fault, Weather
from tests.simulation.power import Power


@dataclass
class Memory:
    """The disk of one laptop: one database that outlives every opening of it."""

    name: str
    power: Power | None = None
    weather: Weather | None = None
    writer: Engine = field(init=False)
    reader: Engine = field(init=False)
    keeps: sqlite3.Connection = field(init=False)
    writing: Connection = field(init=False)
    reading: Connection = field(init=False)
    readers: int = 0

    def __post_init__(self) -> None:
        """Open the memory, so that it lasts."""
        self.keeps = self._connect()
        self.writer = self._engine(read_only=False)
        self.reader = self._engine(read_only=True)
        self.writing, self.reading = self.writer.connect(), self.reader.connect()

    def fill(self, content: bytes) -> None:
        """Make the database a copy of another."""
        with closing(sqlite3.connect(":memory:")) as source:
            source.deserialize(content)
            source.backup(self.keeps)

    def content(self) -> bytes:
        """Return the whole database as it lasts."""
        with closing(sqlite3.connect(":memory:")) as copy:
            self.keeps.backup(copy)
            return copy.serialize()

    def _connect(self) -> sqlite3.Connection:
        address = f"file:/{self.name}?vfs=memdb"
        return sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None)

    def _engine(self, *, read_only: bool) -> Engine:
        engine = create_engine("sqlite://", creator=self._connect, poolclass=QueuePool)

        @event.listens_for(engine, "connect")
        def _prepare(connection: Any, _: Any) -> None:  # noqa: ANN401 - a DBAPI connection
            connection.execute("PRAGMA journal_mode=MEMORY")
            connection.execute("PRAGMA synchronous=OFF")
            if read_only:
                connection.execute("PRAGMA query_only=ON")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("BEGIN" if read_only else "BEGIN IMMEDIATE")

        return engine


@cache
def memory_of(name: str) -> Memory:
    """Return the one memory with a name."""
    return Memory(name)


class MemoryDatabase(Database):
    """A workspace's database whose every transaction may be a laptop's last."""

    def __init__(self, path: Path) -> None:
        """Open the memory named as the folder."""
        self.path = path
        self.needs_rebuild = False
        self.memory = memory_of(path.parent.name)
        self._writer, self._reader = self.memory.writer, self.memory.reader

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run one transaction that lasts, unless the laptop stops or its disk is full."""
        memory = self.memory
        with database._faults(self.path), memory.writing.begin():  # noqa: SLF001 - told in its words
            yield memory.writing
            if memory.power is not None:
                memory.power.before("transaction")
            if memory.weather is not None and memory.weather.hits(Fault.DISK_FULL):
                raise _full()
        if memory.power is not None:
            memory.power.after("transaction")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Run queries on the one connection that cannot write."""
        memory = self.memory
        with database._faults(self.path):  # noqa: SLF001 - told in its words
            if memory.readers:
                yield memory.reading
                return
            memory.readers += 1
            try:
                with memory.reading.begin():
                    yield memory.reading
            finally:
                memory.readers -= 1

    def close(self) -> None:
        """Leave the memory to the next opening."""


def _full() -> OperationalError:
    return OperationalError("COMMIT", None, sqlite3.OperationalError("database or disk is full"))
