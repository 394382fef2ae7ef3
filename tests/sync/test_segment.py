"""A segment file is taken whole, signed and within its caps, or not at all."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from collabdesk.errors import NotPossible
from collabdesk.sync import segment
from collabdesk.sync.codec import MAX_INT, Malformed, Wire, encode
from collabdesk.sync.hashing import Z, sha256
from collabdesk.sync.names import MAX_SEQ
from tests.format_reader import encoding, reader
from tests.sync.format_vectors import listed

KEY = SigningKey(b"\x07" * 32)
B16 = st.binary(min_size=16, max_size=16)
B32 = st.binary(min_size=32, max_size=32)
UINTS = st.integers(0, MAX_INT)
OPS = st.lists(st.tuples(UINTS, UINTS, st.binary(max_size=40)).map(list), max_size=20)
PLACES = st.tuples(UINTS, B32)


def sealed(**changes: Any) -> bytes:  # noqa: ANN401
    fields: dict[str, Any] = {
        "signing_key": KEY,
        "ws": b"\x01" * 32,
        "seq": 2,
        "prev": b"\x02" * 32,
        "parents": (),
        "lamport": 5,
        "wall_ms": 0,
        "app": "0.1",
        "schema": 1,
        "epoch": (0, b"\x01" * 32),
        "roster": (0, b"\x03" * 32),
        "incarnation": b"\x04" * 16,
        "devs": [],
        "ops": [[1, 1]],
    }
    return segment.seal(**(fields | changes))


def header(**changes: Any) -> segment.Header:  # noqa: ANN401
    return segment.read(sealed()).header._replace(**changes)


def packed(body: bytes, plain_len: int, plain: bytes = b"", n_ops: int = 1) -> segment.Segment:
    """Return a segment signed by its author that says this of its body."""
    made = header(
        body_len=len(body),
        body_hash=sha256(body),
        plain_len=plain_len,
        plain_hash=sha256(plain),
        n_ops=n_ops,
    )
    return segment.read(segment.assemble(made, body, KEY))


def refused_body(found: segment.Segment) -> str:
    with pytest.raises(Malformed) as caught:
        segment.open_body(found)
    return caught.value.code


def refused(data: bytes) -> str:
    with pytest.raises(Malformed) as caught:
        segment.read(data)
    with pytest.raises(encoding.RefusedError):
        reader.read_segment(data)
    return caught.value.code


@given(
    st.integers(1, MAX_SEQ),
    st.lists(st.tuples(B16, st.integers(1, MAX_SEQ), B32), unique_by=lambda p: p[0], max_size=9),
    st.integers(1, MAX_INT),
    st.integers(0, 2**53),
    st.lists(B16, unique=True, max_size=9),
    OPS,
    PLACES,
    st.integers(0, 9),
)
def test_what_is_sealed_reads_back(  # noqa: PLR0913, PLR0917 - as many as a header draws
    seq: int,
    parents: list[segment.Parent],
    lamport: int,
    wall_ms: int,
    devs: list[bytes],
    ops: list[list[Wire]],
    place: tuple[int, bytes],
    level: int,
) -> None:
    fields: dict[str, Any] = {
        "seq": seq,
        "prev": Z if seq == 1 else b"\x09" * 32,
        "parents": tuple(sorted(parents)),
        "lamport": lamport,
        "wall_ms": wall_ms,
        "epoch": place,
        "roster": place,
    }
    data = sealed(devs=sorted(devs), ops=ops, level=level, **fields)
    found = segment.read(data)
    assert {name: getattr(found.header, name) for name in fields} == fields
    assert found.header.dev == bytes(KEY.verify_key)
    assert found.header.n_ops == len(ops)
    assert found.id == segment.segment_id(found.header_bytes)
    assert segment.verify(found)
    body = segment.open_body(found)
    assert (list(body.devs), body.ops) == (sorted(devs), ops)
    theirs = reader.read_segment(data)
    assert theirs == (listed(found.header.to_wire()), [sorted(devs), ops])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ws": b"\x01" * 31}, "shape"),
        ({"seq": 0}, "range"),
        ({"seq": MAX_SEQ + 1}, "range"),
        ({"seq": True}, "shape"),
        ({"prev": Z}, "shape"),
        ({"seq": 1}, "shape"),
        ({"parents": ((b"\x02" * 16, 1, Z), (b"\x01" * 16, 1, Z))}, "order"),
        ({"parents": ((b"\x01" * 16, 1, Z), (b"\x01" * 16, 2, Z))}, "order"),
        ({"parents": ((b"\x01" * 16, 0, Z),)}, "range"),
        ({"parents": tuple((struct.pack(">QQ", 0, n), 1, Z) for n in range(257))}, "range"),
        ({"lamport": 0}, "range"),
        ({"wall_ms": 2**53 + 1}, "range"),
        ({"wall_ms": -1}, "range"),
        ({"app": "x" * 33}, "range"),
        ({"app": "é" * 17}, "range"),
        ({"app": "\u202e"}, "code-point"),
        ({"app": None}, "shape"),
        ({"schema": -1}, "range"),
        ({"epoch": (0,)}, "shape"),
        ({"roster": (-1, Z)}, "range"),
        ({"incarnation": b""}, "shape"),
        ({"devs": [b"\x02" * 16, b"\x01" * 16]}, "order"),
        ({"devs": [b"\x01" * 15]}, "shape"),
        ({"devs": [struct.pack(">QQ", 0, n) for n in range(513)]}, "range"),
        ({"ops": [[1]]}, "shape"),
        ({"ops": [1]}, "shape"),
        ({"ops": [[-1, 1]]}, "range"),
        ({"ops": [[1, None]]}, "shape"),
        ({"ops": [[True, 1]]}, "shape"),
        ({"ops": [[1, 1, 1.5]]}, "type"),
        ({"ops": [[1, 1, "\u200b"]]}, "code-point"),
        ({"ops": [[1, 1]] * 5_001}, "range"),
    ],
)
def test_nothing_a_reader_would_refuse_is_sealed(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Malformed) as caught:
        sealed(**changes)
    assert caught.value.code == code


def test_caps_are_reached() -> None:
    parents = tuple((struct.pack(">QQ", 0, n), MAX_SEQ, Z) for n in range(256))
    devs = [struct.pack(">QQ", 0, n) for n in range(512)]
    data = sealed(parents=parents, devs=devs, ops=[[1, 1]] * 5_000, app="x" * 32, wall_ms=2**53)
    assert segment.open_body(segment.read(data)).ops == [[1, 1]] * 5_000
    with pytest.raises(Malformed):
        sealed(parents=(*parents, (b"\xff" * 16, 1, Z)))


def test_the_workspace_and_the_format_are_where_they_belong() -> None:
    found = segment.read(sealed())
    other = found.header.to_wire()
    other[0] = 2
    header_bytes = encode(other)
    tail = found.signature + found.body
    data = segment.MAGIC + struct.pack(">I", len(header_bytes)) + header_bytes + tail
    assert refused(data) == "range"


def test_a_header_is_at_most_16_kib() -> None:
    with pytest.raises(Malformed) as caught:
        segment.read_header(bytes(segment.MAX_HEADER + 1))
    assert caught.value.code == "too-large"


def test_a_file_is_as_long_as_it_says() -> None:
    data = sealed()
    assert refused(data + b"\x00") == "trailing-bytes"
    assert refused(data[:-1]) == "truncated"
    assert refused(data[:11]) == "truncated"
    assert refused(data[:100]) == "truncated"
    assert refused(b"") == "magic"
    assert refused(b"CDSEG\x02\r\n" + data[8:]) == "magic"
    assert refused(data[:8] + b"\xff" * 4 + data[12:]) == "too-large"
    assert refused(data[:-1] + bytes([data[-1] ^ 1])) == "body-hash"


def test_only_the_author_signs() -> None:
    data = sealed()
    found = segment.read(data)
    other = SigningKey(b"\x08" * 32)
    forged = other.sign(segment.SIGNATURE_DOMAIN + found.header_bytes).signature
    assert segment.verify(found)
    assert not segment.verify(found._replace(signature=forged))
    assert not segment.verify(found._replace(signature=bytes(64)))
    bare = KEY.sign(found.header_bytes).signature
    assert not segment.verify(found._replace(signature=bare))


def test_a_signature_with_a_larger_s_is_no_signature() -> None:
    found = segment.read(sealed())
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(found.signature[32:], "little") + order
    grown = found.signature[:32] + s.to_bytes(32, "little")
    assert not segment.verify(found._replace(signature=grown))


@pytest.mark.parametrize("point", [bytes(32), b"\x01" + bytes(31), b"\xff" * 32])
def test_a_weak_key_signs_nothing(point: bytes) -> None:
    found = segment.read(sealed())
    forged = point + bytes(32)
    assert not segment.verify_header(point, found.header_bytes, forged)


def test_an_encrypted_body_waits_for_a_newer_version() -> None:
    body = b"\xee" * 10
    made = header(
        enc_key_id=b"\x05" * 16, body_len=10, body_hash=sha256(body), plain_len=9, n_ops=3
    )
    found = segment.read(segment.assemble(made, body, KEY))
    with pytest.raises(NotPossible, match="encrypted") as caught:
        segment.open_body(found)
    assert caught.value.code == "sealed-body"


def test_a_body_that_compresses_too_well_is_stored() -> None:
    ops: list[list[Wire]] = [[1, 1, "a" * 60_000], [1, 1, "a" * 60_000]]
    data = sealed(ops=ops)
    assert len(data) > 120_000
    assert segment.open_body(segment.read(data)).ops == ops


def test_a_body_that_cannot_be_stored_is_split_by_its_author() -> None:
    with pytest.raises(Malformed):
        sealed(ops=[[1, 1, "a" * 60_000]] * 20)


def test_a_gibibyte_bomb_is_refused_in_little_memory() -> None:
    squeezer = zlib.compressobj(9)
    block = bytes(2**20)
    bomb = b"".join(squeezer.compress(block) for _ in range(1_024)) + squeezer.flush()
    assert 1_000_000 < len(bomb) < segment.MAX_BODY
    found = packed(bomb, segment.MAX_PLAIN)
    tracemalloc.start()
    try:
        assert refused_body(found) == "inflate"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 32 * 2**20


def test_a_ratio_beyond_the_cap_is_refused_before_unpacking() -> None:
    plain = bytes(65_537)
    body = zlib.compress(plain)
    with pytest.raises(Malformed) as caught:
        packed(body, len(plain), plain)
    assert caught.value.code == "ratio"
    packed(zlib.compress(bytes(65_536)), 65_536)


def test_the_ratio_is_64_to_the_byte() -> None:
    assert packed(bytes(2_000), 128_000).header.plain_len == 128_000
    with pytest.raises(Malformed):
        packed(bytes(2_000), 128_001)


@pytest.mark.parametrize(
    ("body", "plain_len", "code"),
    [
        (b"", 3, "inflate"),
        (b"not zlib", 3, "inflate"),
        (zlib.compress(b"\x82\x80\x80")[:-1], 3, "inflate"),
        (zlib.compress(b"\x82\x80\x80") + b"\x00", 3, "inflate"),
        (zlib.compress(b"\x82\x80\x80") * 2, 3, "inflate"),
        (zlib.compress(b"\x82\x80\x80"), 2, "inflate"),
        (zlib.compress(b"\x82\x80\x80"), 4, "inflate"),
        (zlib.compress(b"\x82\x80\x80"), 0, "inflate"),
        (zlib.compress(b"\x82\x80\x00"), 3, "plain-hash"),
    ],
)
def test_a_body_unpacks_to_what_the_header_says(body: bytes, plain_len: int, code: str) -> None:
    assert refused_body(packed(body, plain_len, b"\x82\x80\x80", n_ops=0)) == code


@pytest.mark.parametrize(
    ("plain", "n_ops", "code"),
    [
        (b"\x82\x80\x80", 1, "range"),
        (b"\x83\x80\x80\x80", 0, "shape"),
        (b"\x80", 0, "shape"),
        (b"\x82\x80\xf6", 0, "shape"),
        (b"\x82\xf6\x80", 0, "shape"),
        (b"\x82\x80\x80\x00", 0, "trailing-bytes"),
        (b"\x82\x80\x98\x00", 0, "not-canonical"),
        (b"\x82\x80\x81\x82\x01\xf9\x7e\x00", 1, "type"),
    ],
)
def test_a_body_is_two_lists(plain: bytes, n_ops: int, code: str) -> None:
    assert refused_body(packed(zlib.compress(plain), len(plain), plain, n_ops)) == code


def test_another_dictionary_is_no_way_in() -> None:
    squeezer = zlib.compressobj(zdict=b"\x82\x80\x80")
    body = squeezer.compress(b"\x82\x80\x80") + squeezer.flush()
    assert refused_body(packed(body, 3, b"\x82\x80\x80", n_ops=0)) == "inflate"
