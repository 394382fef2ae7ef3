"""Spells and placements of people, by pseudonym, as they are kept on this laptop alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, insert, select

from collabdesk.storage.tables.durable import LOCAL_PLACEMENT, LOCAL_SPELL

_DAYS: Final = ("admitted", "discharged", "review_due")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSpell:
    """A stay under a contract; `number` 0 is one that is not kept yet."""

    number: int = 0
    contract: bytes
    pseudonym: str
    measure: str
    admitted: dt.date
    discharged: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPlacement:
    """A placement out of area at a price a night."""

    number: int = 0
    service_line: bytes
    pseudonym: str
    provider: str
    admitted: dt.date
    discharged: dt.date | None
    price_p: int
    distance_km: int
    reason: str
    review_due: dt.date | None


Kept = LocalSpell | LocalPlacement


def local_spells(reads: Connection) -> tuple[LocalSpell, ...]:
    """Return the spells kept here, in the order they came."""
    return tuple(LocalSpell(**row) for row in _rows(reads, LOCAL_SPELL))


def local_placements(reads: Connection) -> tuple[LocalPlacement, ...]:
    """Return the placements kept here, in the order they came."""
    return tuple(LocalPlacement(**row) for row in _rows(reads, LOCAL_PLACEMENT))


def keep(connection: Connection, rows: Iterable[Kept]) -> None:
    """Keep rows: those with a number replace what stood there."""
    for row in rows:
        cells = {name: _kept(value) for name, value in asdict(row).items()}
        table = _table(row)
        if row.number:
            connection.execute(delete(table).where(table.c.number == row.number))
        else:
            del cells["number"]
        connection.execute(insert(table).values(**cells))


def forget(connection: Connection, rows: Iterable[Kept]) -> None:
    """Forget rows for good."""
    for row in rows:
        table = _table(row)
        connection.execute(delete(table).where(table.c.number == row.number))


def _table(row: Kept) -> Table:
    return LOCAL_SPELL if isinstance(row, LocalSpell) else LOCAL_PLACEMENT


def _rows(reads: Connection, table: Table) -> list[dict[str, Any]]:
    found = reads.execute(select(table).order_by(table.c.number)).mappings()
    return [{name: _cell(name, value) for name, value in row.items()} for row in found]


def _kept(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _cell(name: str, value: Any) -> Any:  # noqa: ANN401 - as SQLite gives it
    return dt.date.fromisoformat(value) if name in _DAYS and value is not None else value
