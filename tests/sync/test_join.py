"""A join request is small, sound and signed by the key that asks."""

from __future__ import annotations

import dataclasses
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from collabdesk.sync.codec import Malformed, has_refused_code_point
from collabdesk.sync.join import MAGIC, MAX_FILE, JoinRequest, read_join, write_join

KEY = SigningKey(b"\x09" * 32)
TEXTS = st.text(max_size=40).filter(lambda text: not has_refused_code_point(text))
REQUEST = JoinRequest(
    b"\x01" * 32, bytes(KEY.verify_key), None, "QI lead", "Trust", "RXX", "Laptop", "0.1"
)


@given(st.lists(TEXTS, min_size=5, max_size=5), st.none() | st.binary(min_size=32, max_size=32))
def test_a_request_reads_back(texts: list[str], seal_key: bytes | None) -> None:
    request = JoinRequest(REQUEST.ws, REQUEST.key, seal_key, *texts)
    assert read_join(write_join(request, KEY)) == request


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ws": b""}, "shape"),
        ({"key": b"\x01" + bytes(31)}, "key"),
        ({"seal_key": b""}, "shape"),
        ({"person": "\u200b"}, "code-point"),
        ({"label": "x" * 2_000}, "too-large"),
        ({"key": bytes(SigningKey(b"\x08" * 32).verify_key)}, "signature"),
    ],
)
def test_nothing_a_reader_would_refuse_is_written(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Malformed) as caught:
        write_join(dataclasses.replace(REQUEST, **changes), KEY)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_file_is_as_long_as_it_says() -> None:
    data = write_join(REQUEST, KEY)
    cases = {
        b"": "magic",
        MAGIC: "truncated",
        data[:40]: "truncated",
        data[:-1]: "truncated",
        data + b"\x00": "trailing-bytes",
        data[:-1] + bytes([data[-1] ^ 1]): "signature",
        MAGIC + struct.pack(">I", 2**32 - 1) + data[12:]: "truncated",
        bytes(MAX_FILE + 1): "too-large",
    }
    for wrong, code in cases.items():
        with pytest.raises(Malformed) as caught:
            read_join(wrong)
        assert caught.value.code == code
