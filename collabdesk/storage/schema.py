"""Making, emptying and naming the version of what is derived."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, MetaData
from sqlalchemy.schema import CreateTable

from collabdesk.storage.tables.derived import DERIVED
from collabdesk.storage.tables.projections import PROJECTED
from collabdesk.sync.registry import REGISTRY_VERSION

DISPOSABLE: tuple[MetaData, ...] = (DERIVED, PROJECTED)
RULES = "rules"
"""The setting that stands while not everything was judged under what is held."""
_VERSION = "derived_schema"


def fingerprint() -> bytes:
    """Return a digest of every derived table and the registry's version: what is judged by them.

    A newer registry judges what an older one held, so everything is worked out again.
    """
    digest = hashlib.sha256(REGISTRY_VERSION.to_bytes(4, "big"))
    for metadata in DISPOSABLE:
        for table in metadata.sorted_tables:
            digest.update(str(CreateTable(table)).encode())
            for index in sorted(table.indexes, key=lambda i: str(i.name)):
                digest.update(str(index.name).encode())
    return digest.digest()


def is_current(connection: Connection) -> bool:
    """Tell whether the derived tables are those this version makes."""
    query = "SELECT value FROM setting WHERE key = ?"
    found = connection.exec_driver_sql(query, (_VERSION,)).first()
    return found is not None and found[0] == fingerprint()


def make_derived(connection: Connection) -> None:
    """Make the derived tables anew, empty."""
    for metadata in DISPOSABLE:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO setting VALUES (?, ?)", (_VERSION, fingerprint())
    )


def judge_anew(connection: Connection) -> None:
    """Note, in the transaction that emptied the tables, that all is to be judged again.

    The laptop may stop before it is: then the next start does it.
    """
    connection.exec_driver_sql("INSERT OR REPLACE INTO setting VALUES (?, ?)", (RULES, b"changed"))


def clear_derived(connection: Connection) -> None:
    """Empty every derived table."""
    for metadata in DISPOSABLE:
        for table in metadata.sorted_tables:
            connection.execute(table.delete())
