"""I15: no column that holds money, or anything else anybody signed, is a binary fraction."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from collabdesk.storage.database import FILE_NAME, Database
from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Kind


@pytest.fixture
def new(tmp_path: Path) -> sqlite3.Connection:
    Database(tmp_path / FILE_NAME).close()
    return sqlite3.connect(tmp_path / FILE_NAME)


def test_a_new_workspace_has_no_column_of_binary_fractions(new: sqlite3.Connection) -> None:
    found = new.execute(
        "SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c "
        "WHERE m.type = 'table' AND m.name <> 'alembic_version'"
    ).fetchall()
    assert len(found) > 500
    odd = [one for one in found if one[2] not in {"INTEGER", "TEXT", "BLOB"}]
    assert odd == []


def test_money_is_kept_as_whole_pence_or_sealed(new: sqlite3.Connection) -> None:
    money = [
        (PROJECTIONS[table.name].name, column.name, table.read.restricted or column.read.restricted)
        for table in REGISTRY.tables.values()
        for column in table.columns
        if column.kind is Kind.PENCE and table.name in PROJECTIONS
    ]
    assert len(money) > 40
    for table_name, column_name, sealed in money:
        (kind,) = new.execute(
            "SELECT type FROM pragma_table_info(?) WHERE name = ?", (table_name, column_name)
        ).fetchone()
        assert kind == ("BLOB" if sealed else "INTEGER"), (table_name, column_name)
