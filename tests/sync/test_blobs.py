"""A file travels in chunks, each named by its hash and checked when it comes back."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.sync.blobs import (
    MAX_CHUNK,
    MAX_CHUNKS,
    blob_value,
    check_chunk,
    chunk_hashes,
    chunks,
    reassemble,
)
from collabdesk.sync.codec import Malformed
from collabdesk.sync.hashing import sha256


def reason(value: bytes) -> str:
    with pytest.raises(Malformed, match="attached file") as caught:
        chunk_hashes(value)
    return caught.value.code


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_chunks_come_back_as_they_went(parts: list[bytes]) -> None:
    held = {sha256(part): part for part in parts}
    value = blob_value(map(sha256, parts))
    assert b"".join(reassemble(value, held.__getitem__)) == b"".join(parts)
    assert chunk_hashes(value) == tuple(map(sha256, parts))


def test_a_file_is_cut_into_full_chunks_and_a_rest() -> None:
    content = bytes(MAX_CHUNK) + b"rest"
    assert [len(chunk) for chunk in chunks(io.BytesIO(content))] == [MAX_CHUNK, 4]
    assert list(chunks(io.BytesIO(b""))) == []


def test_another_chunk_is_refused() -> None:
    value = blob_value([sha256(b"one")])
    with pytest.raises(Malformed) as caught:
        list(reassemble(value, lambda _: b"two"))
    assert caught.value.code == "blob"


def test_a_chunk_is_at_most_8_mib() -> None:
    whole = bytes(MAX_CHUNK)
    assert check_chunk(whole, sha256(whole)) == whole
    with pytest.raises(Malformed) as caught:
        check_chunk(whole + b"\x00", sha256(whole + b"\x00"))
    assert caught.value.code == "too-large"


def test_a_value_is_whole_hashes_within_a_cells_size() -> None:
    assert reason(bytes(33)) == "blob"
    assert len(chunk_hashes(bytes(32 * MAX_CHUNKS))) == 2_048
    with pytest.raises(Malformed):
        blob_value([bytes(32)] * (MAX_CHUNKS + 1))
