"""Sealed values: a cell that travels with everybody and opens for a few.

What one operation writes to one row has one random key, boxed to every reader's sealing
key. Each value names the key's hash, so it cannot open to different words for two
readers; and its nonce follows from the key and from who wrote it, so that nobody can
pass a value they cannot read for their own and have it opened for them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.utils import random

from collabdesk.errors import NotPossible, Refusal
from collabdesk.sync import shapes
from collabdesk.sync.codec import MAX_STRING_BYTES, Malformed, Wire, decode, encode
from collabdesk.sync.hashing import H

FORMAT: Final = 1
KEY_LENGTH: Final = 32
NONCE_LENGTH: Final = 24
# The library raises the last two for parts of a length that no sound box or text has.
_UNSOUND: Final = (CryptoError, ValueError, TypeError)
_DOMAIN: Final = b"collabdesk/sealed/1\0"


@dataclass(frozen=True, slots=True)
class SealedValue:
    """The parts of a sealed value; anybody may see them, none of them tells the value."""

    key_hash: bytes
    boxes: Mapping[bytes, bytes]
    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class Item:
    """Where values stand: the workspace, the table's number, and the dev16 that wrote them."""

    ws: bytes
    table: int
    author: bytes


def seal(
    values: Mapping[int, Wire], readers: Mapping[bytes, bytes], item: Item
) -> dict[int, bytes]:
    """Return the cells, by column, that only these readers (dev16 to X25519 key) can open.

    A reader whose key is no sealing key is left out: it must not stop the others.
    """
    item_key = random(KEY_LENGTH)
    boxes = [
        [dev16, box] for dev16, key in sorted(readers.items()) if (box := _try_box(item_key, key))
    ]
    return {
        column: _sealed(encode(value), item_key, boxes, item, column)
        for column, value in values.items()
    }


def _sealed(
    plain: bytes, item_key: bytes, boxes: list[list[bytes]], item: Item, column: int
) -> bytes:
    nonce = nonce_of(item_key, item, column)
    ciphertext = crypto_aead_xchacha20poly1305_ietf_encrypt(
        plain, _context(item.ws, item.table, column), nonce, item_key
    )
    content = encode([FORMAT, _key_hash(item_key), boxes, nonce, ciphertext])
    if len(content) > MAX_STRING_BYTES:
        raise _too_large(len(plain), len(content) - len(plain), len(boxes))
    # What the gate would refuse, nobody could open.
    decode(plain, max_bytes=MAX_STRING_BYTES)
    return content


def nonce_of(item_key: bytes, item: Item, column: int) -> bytes:
    """Return the nonce of an author's value: nobody without the key can make another's."""
    place = struct.pack(">II", item.table, column)
    return H("collabdesk/sealed-nonce/1", item_key, item.author, place)[:NONCE_LENGTH]


def _too_large(length: int, overhead: int, readers: int) -> Refusal:
    room = MAX_STRING_BYTES - overhead
    if room <= 0:
        return Refusal(
            code="sealed-readers",
            words=f"{readers:,} laptops may read this, and it can be sealed for fewer.",
            remedy="Ask the administrator to give fewer laptops the role that reads it.",
        )
    return Refusal(
        code="sealed-size",
        words=f"This text is too long to be sealed for {readers:,} laptops: "
        f"it has {length:,} bytes, and {room:,} fit.",
        remedy="Shorten it, or split it into two entries.",
    )


def read_sealed(content: bytes) -> SealedValue:
    """Return the parts of a sealed value, or raise `Malformed`."""
    fields = shapes.array(decode(content, max_bytes=MAX_STRING_BYTES), 5)
    shapes.uint(fields[0], FORMAT, FORMAT)
    boxes = shapes.array_of(fields[2], _box)
    shapes.ascending([dev16 for dev16, _ in boxes])
    return SealedValue(
        key_hash=shapes.b32(fields[1]),
        boxes=dict(boxes),
        nonce=shapes.byte_string(fields[3], NONCE_LENGTH),
        ciphertext=shapes.any_bytes(fields[4]),
    )


def open_sealed(  # noqa: PLR0913 - the value, its place, and the reader
    content: bytes,
    item: Item,
    column: int,
    *,
    dev16: bytes,
    private_key: PrivateKey,
    granted: Sequence[bytes] = (),
) -> Wire:
    """Return the value for a reader it was sealed to, or to whom its key was granted later."""
    item_key = item_key_of(content, dev16, private_key, granted)
    if _read(content).nonce != nonce_of(item_key, item, column):
        raise NotPossible(
            code="not-the-authors",
            words="This sealed value was made on another laptop than the one that entered it.",
            remedy="Ask whoever entered it where it comes from, and to enter it again.",
        )
    return open_with(item_key, content, item.ws, item.table, column)


def item_key_of(
    content: bytes, dev16: bytes, private_key: PrivateKey, granted: Sequence[bytes] = ()
) -> bytes:
    """Return the value's key from the reader's box in it, or from a box granted later."""
    sealed = _read(content)
    own = sealed.boxes.get(dev16)
    boxes = [*granted] if own is None else [own, *granted]
    if not boxes:
        raise NotPossible(
            code="not-a-reader",
            words="This value was sealed for other laptops.",
            remedy="Ask somebody who can read it to share it with this laptop.",
        )
    found = _first_key(boxes, sealed.key_hash, private_key)
    if found is None:
        raise _cannot_be_opened()
    return found


def _first_key(boxes: Iterable[bytes], key_hash: bytes, private_key: PrivateKey) -> bytes | None:
    mine = SealedBox(private_key)
    for box in boxes:
        try:
            item_key = mine.decrypt(box)
        except _UNSOUND:
            continue
        if _key_hash(item_key) == key_hash:
            return item_key
    return None


def open_with(item_key: bytes, content: bytes, ws: bytes, table: int, column: int) -> Wire:
    """Return the value of a sealed cell whose key is known, whoever made it."""
    sealed = _read(content)
    try:
        plain = crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed.ciphertext, _context(ws, table, column), sealed.nonce, item_key
        )
        return decode(plain, max_bytes=MAX_STRING_BYTES)
    except (*_UNSOUND, Malformed) as error:
        raise _cannot_be_opened() from error


def box_for(item_key: bytes, seal_key: bytes) -> bytes:
    """Return a value's key, boxed to one reader's sealing key."""
    try:
        return SealedBox(PublicKey(seal_key)).encrypt(item_key)
    except _UNSOUND as error:
        raise Refusal(
            code="sealing-key",
            words="This laptop's sealing key is not sound, so nothing can be sealed for it.",
            remedy="Enrol the laptop again with new keys.",
        ) from error


def _try_box(item_key: bytes, seal_key: bytes) -> bytes | None:
    try:
        return box_for(item_key, seal_key)
    except Refusal:
        return None


def _read(content: bytes) -> SealedValue:
    try:
        return read_sealed(content)
    except Malformed as error:
        raise _cannot_be_opened() from error


def _box(value: Wire) -> tuple[bytes, bytes]:
    items = shapes.array(value, 2)
    return shapes.b16(items[0]), shapes.any_bytes(items[1])


def _key_hash(item_key: bytes) -> bytes:
    return H("collabdesk/item/1", item_key)


def _context(ws: bytes, table: int, column: int) -> bytes:
    return _DOMAIN + ws + struct.pack(">II", table, column)


def _cannot_be_opened() -> NotPossible:
    return NotPossible(
        code="cannot-be-opened",
        words="This sealed value cannot be opened.",
        remedy="Ask its author to enter it again.",
    )
