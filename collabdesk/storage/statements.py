"""Plain statements on the driver's own connection: what the engine reads and writes by the million.

Screens read through SQLAlchemy; here its wrapping of every row would cost more than SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

Row = tuple[Any, ...]
Statements = Callable[..., "Answer"]


class Answer:
    """What a statement found, as plain tuples, fetched as they are asked for."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        """Read from a cursor."""
        self._cursor = cursor

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows."""
        return iter(self._cursor)

    def first(self) -> Row | None:
        """Return the first row, or None if there is none."""
        found: Row | None = self._cursor.fetchone()
        return found

    def one(self) -> Row:
        """Return the row there must be; LookupError if there is none."""
        found = self.first()
        if found is None:
            raise LookupError
        return found

    def scalar_one(self) -> Any:  # noqa: ANN401 - whatever the column holds
        """Return the value there must be; LookupError if there is none."""
        return self.one()[0]

    def all(self) -> list[Row]:
        """Return every row."""
        return self._cursor.fetchall()

    @property
    def rowcount(self) -> int:
        """How many rows a statement changed."""
        return self._cursor.rowcount


def statements(connection: Connection) -> Statements:
    """Return what runs a statement, with one tuple of values or a list of them for each.

    Runs inside the connection's transaction, which begins here at the latest.
    """
    if not connection.in_transaction():
        connection.begin()
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(driver)

    def run(statement: str, values: Sequence[Any] = ()) -> Answer:
        if isinstance(values, list):
            return Answer(driver.executemany(statement, values))
        return Answer(driver.execute(statement, values))

    return run
