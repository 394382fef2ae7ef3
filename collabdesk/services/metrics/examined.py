"""A file read through before it is brought in, and what must hold for it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from sqlalchemy import Connection

from collabdesk.errors import Refusal
from collabdesk.exchange.dry_run import DryRun
from collabdesk.storage.queries import metrics as stored
from collabdesk.sync.blobs import chunk_hashes, chunks
from collabdesk.sync.hashing import sha256

PUBLISHED: Final = "published"


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that was read through: its bytes, the profile they were read with, the account."""

    name: str
    file: bytes
    profile: bytes
    found: DryRun


def check_new(reads: Connection, name: str, content: bytes) -> None:
    """Refuse a file whose bytes are here already, whatever it is called."""
    hashes = file_hashes(content)
    for release in stored.releases(reads):
        if chunk_hashes(release.file) == hashes:
            raise Refusal(
                code="same_file",
                words=f"{name}: this file is here already, imported as “{release.title}”, "
                f"version {release.version}.",
                remedy="Nothing needs to be done. To bring it in again, withdraw that import.",
                field="file",
            )


def check_importable(examined: Examined) -> Examined:
    """Return what was examined, or refuse a local file or one with blocking faults."""
    found = examined.found
    if found.travels != PUBLISHED:
        raise Refusal(
            code="local_file",
            words=f"{examined.name}: its import profile does not mark it as published under an "
            f"open licence, so the file stays on this laptop. This version of CollabDesk shares "
            f"published files only.",
            remedy="Bring the published file, or mark the licence in the profile if it has one.",
            field="file",
        )
    if found.blocked:
        raise Refusal(
            code="import_blocked",
            words=f"{examined.name}: {' '.join(found.blocked)}",
            remedy="Nothing was brought in. Ask the publisher for a corrected file.",
            field="file",
        )
    return examined


def file_hashes(content: bytes) -> tuple[bytes, ...]:
    """Return the hashes of a file's chunks in order."""
    return tuple(sha256(chunk) for chunk in file_chunks(content))


def file_chunks(content: bytes) -> tuple[bytes, ...]:
    """Return a file's bytes cut as blobs are."""
    return tuple(chunks(BytesIO(content)))
