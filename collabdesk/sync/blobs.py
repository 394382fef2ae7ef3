"""Blobs: files too big for operations, in chunks named by their own hashes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Final

from collabdesk.sync.codec import MAX_STRING_BYTES, Malformed
from collabdesk.sync.hashing import sha256

MAX_CHUNK: Final = 8 * 1024 * 1024
HASH_LENGTH: Final = 32
MAX_CHUNKS: Final = MAX_STRING_BYTES // HASH_LENGTH


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a file's bytes in chunks of 8 MiB, the last as short as it comes."""
    while chunk := stream.read(MAX_CHUNK):
        yield chunk


def chunk_hashes(value: bytes) -> tuple[bytes, ...]:
    """Return the chunk hashes that a cell's value concatenates, or raise `Malformed`."""
    if len(value) % HASH_LENGTH or len(value) > MAX_STRING_BYTES:
        raise Malformed("blob", "This attached file")
    return tuple(value[at : at + HASH_LENGTH] for at in range(0, len(value), HASH_LENGTH))


def blob_value(hashes: Iterable[bytes]) -> bytes:
    """Return the cell's value that names these chunks in order."""
    value = b"".join(hashes)
    chunk_hashes(value)
    return value


def check_chunk(chunk: bytes, chunk_hash: bytes) -> bytes:
    """Return the chunk, or raise `Malformed` where it is not the one the hash names."""
    if len(chunk) > MAX_CHUNK:
        raise Malformed("too-large", "This attached file")
    if sha256(chunk) != chunk_hash:
        raise Malformed("blob", "This attached file")
    return chunk


def reassemble(value: bytes, fetch: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """Yield the chunks a value names, each fetched by its hash and checked."""
    for chunk_hash in chunk_hashes(value):
        yield check_chunk(fetch(chunk_hash), chunk_hash)
