"""A sealed value opens for its readers, to one value, and for nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt
from nacl.public import PrivateKey, PublicKey, SealedBox

from collabdesk.errors import NotPossible, Refusal
from collabdesk.sync.codec import Wire, encode
from collabdesk.sync.hashing import H
from collabdesk.sync.sealed import (
    box_for,
    item_key_of,
    open_sealed,
    open_with,
    read_sealed,
    seal,
)

WS, TABLE, COLUMN = b"\x01" * 32, 41, 3
SECRETS = [PrivateKey(bytes([seed]) * 32) for seed in (1, 2, 3)]
DEVICES = [bytes([seed]) * 16 for seed in (3, 1, 2)]
READERS = {dev: bytes(key.public_key) for dev, key in zip(DEVICES, SECRETS, strict=True)}
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-9, 2**63 - 1), st.binary(max_size=99))


def open_as(
    content: bytes, reader: int, ws: bytes = WS, table: int = TABLE, column: int = COLUMN
) -> Wire:
    device, secret = DEVICES[reader], SECRETS[reader]
    return open_sealed(content, ws, table, column, dev16=device, private_key=secret)


def refused(content: bytes, reader: int = 0, **place: int) -> str:
    with pytest.raises(NotPossible) as caught:
        open_as(content, reader, **place)  # type: ignore[arg-type]
    assert caught.value.remedy
    return caught.value.code


@given(VALUES)
def test_every_reader_opens_the_same_value(value: Wire) -> None:
    content = seal(value, READERS, WS, TABLE, COLUMN)
    assert [open_as(content, reader) for reader in range(3)] == [value] * 3
    assert list(read_sealed(content).boxes) == sorted(DEVICES)


def test_nobody_else_opens_it() -> None:
    content = seal("private", {DEVICES[0]: READERS[DEVICES[0]]}, WS, TABLE, COLUMN)
    assert refused(content, 1) == "not-a-reader"
    with pytest.raises(NotPossible) as caught:
        open_sealed(content, WS, TABLE, COLUMN, dev16=DEVICES[0], private_key=SECRETS[1])
    assert caught.value.code == "cannot-be-opened"
    assert b"private" not in content


def test_it_opens_only_where_it_was_sealed_for() -> None:
    content = seal("private", READERS, WS, TABLE, COLUMN)
    assert refused(content, 0, table=42) == "cannot-be-opened"
    assert refused(content, 0, column=4) == "cannot-be-opened"
    with pytest.raises(NotPossible):
        open_as(content, 0, ws=b"\x02" * 32)


def test_two_seals_of_one_value_differ() -> None:
    assert seal(1, READERS, WS, TABLE, COLUMN) != seal(1, READERS, WS, TABLE, COLUMN)


def test_a_reader_who_joins_later_is_granted_the_key() -> None:
    content = seal("shared later", {DEVICES[0]: READERS[DEVICES[0]]}, WS, TABLE, COLUMN)
    item_key = item_key_of(content, DEVICES[0], SECRETS[0])
    box = box_for(item_key, READERS[DEVICES[1]])
    granted = item_key_of(content, DEVICES[1], SECRETS[1], granted=box)
    assert open_with(granted, content, WS, TABLE, COLUMN) == "shared later"


def test_a_granted_box_with_another_key_opens_nothing() -> None:
    content = seal("x", READERS, WS, TABLE, COLUMN)
    for box in (box_for(b"\x09" * 32, READERS[DEVICES[0]]), b"", b"short", bytes(80)):
        with pytest.raises(NotPossible) as caught:
            item_key_of(content, DEVICES[0], SECRETS[0], granted=box)
        assert caught.value.code == "cannot-be-opened"


def test_a_reader_without_a_sound_key_does_not_stop_the_others() -> None:
    content = seal("x", {**READERS, b"\x00" * 16: bytes(32)}, WS, TABLE, COLUMN)
    assert open_as(content, 0) == "x"
    with pytest.raises(Refusal, match="sealing key is not sound"):
        box_for(bytes(32), bytes(32))


def test_a_value_with_too_many_readers_is_refused_in_words() -> None:
    with pytest.raises(Refusal, match="too long to be sealed for 3 laptops") as caught:
        seal("x" * 65_400, READERS, WS, TABLE, COLUMN)
    assert caught.value.code == "sealed-size"


def made(item_key: bytes, plain: bytes, ciphertext: bytes | None = None) -> bytes:
    """Return a sealed value for the first reader, however dishonest."""
    nonce = bytes(24)
    context = b"collabdesk/sealed/1\0" + WS + TABLE.to_bytes(4, "big") + COLUMN.to_bytes(4, "big")
    text = ciphertext
    if text is None:
        text = crypto_aead_xchacha20poly1305_ietf_encrypt(plain, context, nonce, item_key)
    box = SealedBox(PublicKey(READERS[DEVICES[0]])).encrypt(item_key)
    return encode([1, H("collabdesk/item/1", item_key), [[DEVICES[0], box]], nonce, text])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80",
        encode([2, bytes(32), [], bytes(24), b""]),
        encode([1, bytes(32), [], bytes(23), b""]),
        encode([1, bytes(32), [[b"\x01" * 16, b""], [b"\x01" * 16, b""]], bytes(24), b""]),
        made(b"\x05" * 32, b"\x18\x01"),
        made(b"\x05" * 32, b"\xf9\x7e\x00"),
        made(b"\x05" * 32, b"", ciphertext=b"short"),
        made(b"too short", b"", ciphertext=bytes(20)),
    ],
)
def test_a_dishonest_value_cannot_be_opened(content: bytes) -> None:
    assert refused(content) == "cannot-be-opened"


def test_an_honest_value_made_by_hand_opens() -> None:
    assert open_as(made(b"\x05" * 32, b"\x01"), 0) == 1
