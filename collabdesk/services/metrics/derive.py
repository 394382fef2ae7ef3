"""Figures of releases from their files: the same bytes give the same rows on every laptop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.errors import CollabDeskError
from collabdesk.exchange.delimited import observations
from collabdesk.exchange.profiles import parse_profile
from collabdesk.storage.queries import metrics as stored
from collabdesk.sync.blobs import reassemble
from collabdesk.sync.codec import Malformed

BlobReader = Callable[[bytes], bytes | None]


@dataclass(frozen=True, slots=True)
class Derived:
    """What became of one release: its count of figures, or why its file gives none."""

    release: bytes
    title: str
    rows: int
    refused: CollabDeskError | None = None


def derive_observations(writes: Connection, blob: BlobReader) -> tuple[Derived, ...]:
    """Derive what is not derived yet and drop the figures of withdrawn releases.

    `blob` returns a chunk by its hash, or None while it has not arrived; a release with a
    missing chunk waits. A file that cannot be read gives no figures on any laptop.
    """
    live = stored.releases(writes)
    done = stored.derived(writes)
    stored.forget(writes, done - {release.row for release in live})
    tried = (_derived(writes, release, blob) for release in live if release.row not in done)
    return tuple(derived for derived in tried if derived is not None)


def waiting_releases(reads: Connection) -> tuple[stored.Release, ...]:
    """Return the releases whose file or profile has not arrived: “waiting for the file”."""
    return tuple(release for release in stored.releases(reads) if _waits(reads, release))


def _waits(reads: Connection, release: stored.Release) -> bool:
    try:
        return bool(stored.missing_chunks(reads, release.file, release.profile))
    except Malformed:  # names no file that could ever arrive
        return False


def _derived(writes: Connection, release: stored.Release, blob: BlobReader) -> Derived | None:
    try:
        profile = parse_profile(_whole(release.profile, blob))
        figures = observations(_whole(release.file, blob), profile)
        return Derived(release.row, release.title, stored.keep(writes, release.row, figures))
    except _NotHereError:
        return None
    except CollabDeskError as refused:
        stored.forget(writes, [release.row])
        return Derived(release.row, release.title, 0, refused)


class _NotHereError(LookupError):
    """A chunk has not arrived."""


def _whole(value: bytes, blob: BlobReader) -> bytes:
    def fetch(chunk_hash: bytes) -> bytes:
        chunk = blob(chunk_hash)
        if chunk is None:
            raise _NotHereError
        return chunk

    return b"".join(reassemble(value, fetch))
