"""A sealed value opens for its readers, to one value, and for nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt
from nacl.public import PrivateKey, PublicKey, SealedBox

from collabdesk.errors import NotPossible, Refusal
from collabdesk.sync.codec import Malformed, Wire, encode
from collabdesk.sync.hashing import H
from collabdesk.sync.sealed import (
    Item,
    box_for,
    item_key_of,
    nonce_of,
    open_sealed,
    open_with,
    read_sealed,
    seal,
)

WS, TABLE, COLUMN, AUTHOR = b"\x01" * 32, 41, 3, b"\x0a" * 16
ITEM = Item(WS, TABLE, AUTHOR)
SECRETS = [PrivateKey(bytes([seed]) * 32) for seed in (1, 2, 3)]
DEVICES = [bytes([seed]) * 16 for seed in (3, 1, 2)]
READERS = {dev: bytes(key.public_key) for dev, key in zip(DEVICES, SECRETS, strict=True)}
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-9, 2**63 - 1), st.binary(max_size=99))


def sealed(value: Wire, *readers: int) -> bytes:
    boxed = {DEVICES[reader]: READERS[DEVICES[reader]] for reader in readers or (0, 1, 2)}
    return seal({COLUMN: value}, boxed, ITEM)[COLUMN]


def open_as(content: bytes, reader: int, item: Item = ITEM, column: int = COLUMN) -> Wire:
    device, secret = DEVICES[reader], SECRETS[reader]
    return open_sealed(content, item, column, dev16=device, private_key=secret)


def refused(content: bytes, reader: int = 0, item: Item = ITEM, column: int = COLUMN) -> str:
    with pytest.raises(NotPossible) as caught:
        open_as(content, reader, item, column)
    assert caught.value.remedy
    return caught.value.code


@given(VALUES)
def test_every_reader_opens_the_same_value(value: Wire) -> None:
    content = sealed(value)
    assert [open_as(content, reader) for reader in range(3)] == [value] * 3
    assert list(read_sealed(content).boxes) == sorted(DEVICES)


def test_nobody_else_opens_it() -> None:
    content = sealed("private", 0)
    assert refused(content, 1) == "not-a-reader"
    with pytest.raises(NotPossible) as caught:
        open_sealed(content, ITEM, COLUMN, dev16=DEVICES[0], private_key=SECRETS[1])
    assert caught.value.code == "cannot-be-opened"
    assert b"private" not in content


def test_what_one_operation_writes_has_one_key_and_a_nonce_for_each_column() -> None:
    cells = seal({3: "three", 4: "three", 9: 9}, READERS, ITEM)
    parts = [read_sealed(content) for content in cells.values()]
    assert len({part.key_hash for part in parts}) == 1
    assert len({part.nonce for part in parts}) == len({part.ciphertext for part in parts}) == 3
    assert [open_as(content, 1, column=column) for column, content in cells.items()] == [
        "three",
        "three",
        9,
    ]


@pytest.mark.parametrize(
    ("item", "column"),
    [
        (Item(WS, 42, AUTHOR), COLUMN),
        (ITEM, 4),
        (Item(WS, TABLE, b"\x0b" * 16), COLUMN),
    ],
)
def test_it_opens_only_where_its_author_put_it(item: Item, column: int) -> None:
    assert refused(sealed("private"), 0, item, column) == "not-the-authors"


def test_it_opens_in_its_own_workspace_table_and_column_alone() -> None:
    content = sealed("private")
    item_key = item_key_of(content, DEVICES[0], SECRETS[0])
    assert open_with(item_key, content, WS, TABLE, COLUMN) == "private"
    for place in ((b"\x02" * 32, TABLE, COLUMN), (WS, 42, COLUMN), (WS, TABLE, 4)):
        with pytest.raises(NotPossible) as caught:
            open_with(item_key, content, *place)
        assert caught.value.code == "cannot-be-opened"
    assert refused(content, 0, Item(b"\x02" * 32, TABLE, AUTHOR)) == "cannot-be-opened"


def test_a_copier_who_cannot_read_it_cannot_make_it_its_own() -> None:
    """Else it could ask the readers to let it in to “its own” value."""
    original, copier = sealed("private", 0), Item(WS, TABLE, DEVICES[2])
    assert refused(original, 0, copier) == "not-the-authors"
    parts = read_sealed(original)
    guessed = nonce_of(bytes(32), copier, COLUMN)
    boxes = [[dev16, box] for dev16, box in parts.boxes.items()]
    forged = encode([1, parts.key_hash, boxes, guessed, parts.ciphertext])
    assert refused(forged, 0, copier) == "not-the-authors"


def test_two_seals_of_one_value_differ() -> None:
    assert sealed(1) != sealed(1)


def test_a_reader_who_joins_later_is_granted_the_key() -> None:
    content = sealed("shared later", 0)
    box = box_for(item_key_of(content, DEVICES[0], SECRETS[0]), READERS[DEVICES[1]])
    reader = {"dev16": DEVICES[1], "private_key": SECRETS[1]}
    granted = [b"", bytes(80), box]
    found = open_sealed(content, ITEM, COLUMN, granted=granted, **reader)  # type: ignore[arg-type]
    assert found == "shared later"


def test_a_granted_box_with_another_key_opens_nothing() -> None:
    content = sealed("x", 1)
    for box in (box_for(b"\x09" * 32, READERS[DEVICES[0]]), b"", b"short", bytes(80)):
        with pytest.raises(NotPossible) as caught:
            item_key_of(content, DEVICES[0], SECRETS[0], granted=[box])
        assert caught.value.code == "cannot-be-opened"


def test_a_bad_box_in_the_value_does_not_spoil_a_good_one_granted_later() -> None:
    good = sealed("x", 0)
    parts = read_sealed(good)
    item_key = item_key_of(good, DEVICES[0], SECRETS[0])
    bad = encode([1, parts.key_hash, [[DEVICES[1], bytes(80)]], parts.nonce, parts.ciphertext])
    assert refused(bad, 1) == "cannot-be-opened"
    box = box_for(item_key, READERS[DEVICES[1]])
    assert item_key_of(bad, DEVICES[1], SECRETS[1], granted=[box]) == item_key


def test_a_reader_without_a_sound_key_does_not_stop_the_others() -> None:
    content = seal({COLUMN: "x"}, {**READERS, b"\x00" * 16: bytes(32)}, ITEM)[COLUMN]
    assert open_as(content, 0) == "x"
    for key in (bytes(32), b"", b"short"):
        with pytest.raises(Refusal, match="sealing key is not sound"):
            box_for(bytes(32), key)


def test_a_text_too_long_for_its_readers_is_refused_in_words() -> None:
    with pytest.raises(
        Refusal, match=r"3 laptops: it has 65,403 bytes, and 65,1\d\d fit"
    ) as caught:
        sealed("x" * 65_400)
    assert caught.value.code == "sealed-size"
    with pytest.raises(Refusal, match="too long to be sealed"):
        sealed("x" * 70_000)
    length = next(n for n in range(65_200, 65_000, -1) if fits(n))
    assert open_as(sealed("x" * length), 0) == "x" * length


def fits(length: int) -> bool:
    try:
        return len(sealed("x" * length)) <= 65_536
    except Refusal:
        return False


def test_more_readers_than_a_cell_can_name_are_refused_in_words() -> None:
    readers = {number.to_bytes(16): READERS[DEVICES[0]] for number in range(700)}
    with pytest.raises(Refusal, match="700 laptops may read this") as caught:
        seal({COLUMN: 1}, readers, ITEM)
    assert caught.value.code == "sealed-readers"


def test_what_no_reader_could_take_in_is_not_sealed() -> None:
    with pytest.raises(Malformed):
        sealed("invisible\u202e")


def made(item_key: bytes, plain: bytes, ciphertext: bytes | None = None) -> bytes:
    """Return a sealed value for the first reader, however dishonest."""
    nonce = nonce_of(item_key, ITEM, COLUMN)
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
