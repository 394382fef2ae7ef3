"""The quick way to read a header takes exactly what the decoding gate takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.sync import codec, segment
from collabdesk.sync.codec import Malformed
from collabdesk.sync.hashing import Z
from collabdesk.sync.header import read_at_one_look

EDGES = [0, 1, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**63 - 1]
B16, B32 = st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32)
NUMBER = st.one_of(st.sampled_from(EDGES), st.integers(0, 2**63 - 1))


def up_to(high: int, low: int = 0) -> st.SearchStrategy[int]:
    edges = [edge for edge in EDGES if low <= edge <= high]
    return st.one_of(st.sampled_from([*edges, high]), st.integers(low, high))


@st.composite
def headers(draw: st.DrawFn) -> segment.Header:
    seq = draw(up_to(2**32 - 1, 1))
    devices = sorted(draw(st.sets(B16, max_size=4)))
    body_len = draw(up_to(segment.MAX_BODY))
    return segment.Header(
        ws=draw(B32),
        dev=draw(B32),
        seq=seq,
        prev=Z if seq == 1 else draw(B32.filter(lambda prev: prev != Z)),
        parents=tuple((dev, draw(up_to(2**32 - 1, 1)), draw(B32)) for dev in devices),
        lamport=draw(NUMBER.filter(bool)),
        wall_ms=draw(up_to(2**53)),
        app=draw(st.text("aé 1€", max_size=10)),
        schema=draw(NUMBER),
        epoch=(draw(NUMBER), draw(B32)),
        roster=(draw(NUMBER), draw(B32)),
        incarnation=draw(B16),
        enc_key_id=draw(st.none() | B16),
        body_len=body_len,
        body_hash=draw(B32),
        plain_len=draw(up_to(max(65_536, min(64 * body_len, segment.MAX_PLAIN)))),
        plain_hash=draw(B32),
        n_ops=draw(up_to(segment.MAX_OPS)),
    )


@given(headers())
def test_every_header_is_read_at_one_look(header: segment.Header) -> None:
    encoded = codec.encode(header.to_wire())
    assert read_at_one_look(encoded) == header
    assert segment.read_header(encoded) == header


@pytest.mark.parametrize("count", [0, 1, 23, 24, 255, 256])
def test_any_number_of_parents_is_read(count: int) -> None:
    parents = tuple((at.to_bytes(16, "big"), at + 1, Z) for at in range(count))
    header = some_header(parents=parents)
    assert segment.read_header(codec.encode(header.to_wire())) == header
    assert read_at_one_look(codec.encode(header.to_wire())) == header


@given(headers(), st.data())
def test_no_spoiled_header_is_taken_that_the_gate_refuses(
    header: segment.Header, data: st.DataObject
) -> None:
    encoded = bytearray(codec.encode(header.to_wire()))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(encoded) - 1))
        piece = data.draw(st.binary(max_size=3))
        encoded[at : at + data.draw(st.integers(0, 3))] = piece
    taken(bytes(encoded))


@pytest.mark.parametrize("at", range(19))
@pytest.mark.parametrize(
    "value", [-1, 2**53 + 1, 2**63, True, None, "", b"", [], 1.0, Z, bytes(16)]
)
def test_every_field_of_another_kind_is_judged_alike(at: int, value: Any) -> None:  # noqa: ANN401
    wire: list[Any] = some_header().to_wire()
    wire[at] = value
    taken(codec.encode(wire))


def test_a_longer_number_is_refused() -> None:
    encoded = codec.encode(some_header().to_wire())
    at = encoded.index(b"\x18\x4d")
    with pytest.raises(Malformed, match="encoding"):
        segment.read_header(encoded[:at] + b"\x19\x00\x4d" + encoded[at + 2 :])


def some_header(**changes: Any) -> segment.Header:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "ws": bytes(range(32)),
        "dev": bytes(32),
        "seq": 77,
        "prev": bytes(range(1, 33)),
        "parents": (),
        "lamport": 5,
        "wall_ms": 1_767_225_600_000,
        "app": "CollabDesk 1",
        "schema": 2,
        "epoch": (1, Z),
        "roster": (0, Z),
        "incarnation": bytes(16),
        "enc_key_id": None,
        "body_len": 100,
        "body_hash": Z,
        "plain_len": 1_000,
        "plain_hash": Z,
        "n_ops": 3,
    }
    return segment.Header(**{**fields, **changes})


def taken(encoded: bytes) -> None:
    """Check that bytes are taken only if they are what their header encodes to."""
    try:
        header = segment.read_header(encoded)
    except Malformed:
        return
    assert codec.encode(header.to_wire()) == encoded
    assert codec.decode(encoded, max_bytes=segment.MAX_HEADER)
