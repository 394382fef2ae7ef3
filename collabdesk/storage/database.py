"""Opening a workspace's database: durable tables brought up to date, faults told in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from collabdesk.errors import NotPossible
from collabdesk.storage import schema

FILE_NAME: Final = "workspace.sqlite3"
_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 5


class Database:
    """One workspace's SQLite file: one writing connection at a time, many reading ones."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; NotPossible in words if that cannot be."""
        self.path = path
        self.needs_rebuild = False
        self._writer = _engine(path, read_only=False)
        self._reader = _engine(path, read_only=True)
        with _faults(path):
            self._prepare()

    def _prepare(self) -> None:
        with self._writer.connect() as connection:
            self._migrate(connection)
        with self._writer.begin() as connection:
            if not schema.is_current(connection):
                schema.make_derived(connection)
                self.needs_rebuild = _has_segments(connection)
                if self.needs_rebuild:
                    schema.judge_anew(connection)

    def _migrate(self, connection: Connection) -> None:
        known = revisions()
        present = _revision(connection)
        if present == known[-1]:
            return
        if present is not None and present not in known:
            raise _newer(self.path)
        if present is not None:
            self.copy_to(self.path.with_suffix(f".before-{known[-1]}.sqlite3"))
        _upgrade(connection)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run one transaction that lasts (synchronous=FULL); rolled back on any error."""
        with _faults(self.path), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Run queries on a connection that cannot write."""
        with _faults(self.path), self._reader.connect() as connection:
            yield connection

    def copy_to(self, target: Path) -> None:
        """Copy the whole database with SQLite's backup, while it is in use."""
        with (
            closing(sqlite3.connect(self.path)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)

    def close(self) -> None:
        """Close every connection."""
        self._writer.dispose()
        self._reader.dispose()


def _engine(path: Path, *, read_only: bool) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:  # noqa: ANN401 - a DBAPI connection
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-16000")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def revisions() -> list[str]:
    """Return the revisions of the durable tables, oldest first: files are named after theirs."""
    steps = sorted((_MIGRATIONS / "versions").glob("v[0-9]*.py"))
    return [step.name[1:].partition("_")[0] for step in steps]


def _upgrade(connection: Connection) -> None:
    # Alembic takes a while to import, and nearly every start finds nothing to do.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


def _revision(connection: Connection) -> str | None:
    table = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    if connection.exec_driver_sql(table).first() is None:
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return found[0] if found else None


def _has_segments(connection: Connection) -> bool:
    held = "SELECT 1 FROM segment UNION SELECT 1 FROM open_segment LIMIT 1"
    return connection.exec_driver_sql(held).first() is not None


def _newer(path: Path) -> NotPossible:
    return NotPossible(
        code="newer-workspace",
        words=f"The workspace in {path.parent} was last opened by a newer version of CollabDesk.",
        remedy="Install that version or a later one. Nothing was changed.",
    )


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    """Tell known database faults in words; all others are bugs and pass."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        known = _in_words(path, str(getattr(error, "orig", error)))
        if known is None:
            raise
        raise known from error


def _in_words(path: Path, text: str) -> NotPossible | None:
    place = path.parent
    damaged = (
        "damaged-database",
        f"The workspace in {place} is damaged.",
        "Restore the newest backup; everything already shared comes back from the folder.",
    )
    faults = {
        "database is locked": (
            "locked-database",
            f"The workspace in {place} is in use by another program.",
            "Close the other CollabDesk window or wait for the backup to finish, then try again.",
        ),
        "readonly database": (
            "read-only-folder",
            f"The workspace in {place} cannot be written to.",
            "Ask for write permission on the folder, or move the workspace to your own folder.",
        ),
        "unable to open database file": (
            "cannot-open",
            f"The workspace in {place} cannot be opened.",
            "Check that the folder exists and that you may write to it.",
        ),
        "file is not a database": (
            "not-a-workspace",
            f"The file {path.name} in {place} is not a CollabDesk workspace.",
            "Choose the folder that holds your workspace. The file was left as it is.",
        ),
        "malformed": damaged,
        # Bytes that somebody's tool rewrote as text.
        "Could not decode": damaged,
        "disk I/O error": (
            "disk-failed",
            f"The disk that holds {place} could not be read or written.",
            "Check that the disk is there and sound, then try again. The last change was not kept.",
        ),
        "disk is full": (
            "disk-full",
            f"The disk that holds {place} is full.",
            "Free some space and try again. The last change was not kept.",
        ),
    }
    return next(
        (
            NotPossible(code=code, words=words, remedy=remedy)
            for sign, (code, words, remedy) in faults.items()
            if sign in text
        ),
        None,
    )
