"""Which attached files accepted changes name, and which of their chunks are not here."""

from __future__ import annotations

from sqlalchemy import Connection, select

from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync.blobs import chunk_hashes
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Kind


def named_chunks(reads: Connection) -> list[bytes]:
    """Return the hashes of every chunk that a standing row names, in order, once each."""
    found: dict[bytes, None] = {}
    for table in REGISTRY.tables.values():
        for column in table.columns:
            if column.kind is not Kind.BLOB:
                continue
            cell = PROJECTIONS[table.name].c[column.name]
            for (value,) in reads.execute(select(cell).where(cell.is_not(None))):
                found.update(dict.fromkeys(chunk_hashes(value)))
    return list(found)


def missing_chunks(reads: Connection) -> list[bytes]:
    """Return the hashes of chunks that are named and not here: "waiting for the file"."""
    held = {chunk for (chunk,) in reads.exec_driver_sql("SELECT hash FROM blob")}
    return [chunk for chunk in named_chunks(reads) if chunk not in held]
