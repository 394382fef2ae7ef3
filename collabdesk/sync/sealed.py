"""Sealed values: a cell that travels with everybody and opens for a few.

Each value has its own random key, boxed to every reader's sealing key. The value names
the key's hash, so it cannot open to different words for two readers.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
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
from collabdesk.sync.codec import MAX_STRING_BYTES, Malformed, Wire, decode, encode, encode_checked
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


def seal(value: Wire, readers: Mapping[bytes, bytes], ws: bytes, table: int, column: int) -> bytes:
    """Return the cell that only these readers (dev16 to X25519 key) can open.

    A reader whose key is no sealing key is left out: it must not stop the others.
    """
    item_key, nonce = random(KEY_LENGTH), random(NONCE_LENGTH)
    plain = encode_checked(value, max_bytes=MAX_STRING_BYTES)
    ciphertext = crypto_aead_xchacha20poly1305_ietf_encrypt(
        plain, _context(ws, table, column), nonce, item_key
    )
    boxes = [
        [dev16, box] for dev16, key in sorted(readers.items()) if (box := _try_box(item_key, key))
    ]
    sealed = encode([FORMAT, _key_hash(item_key), boxes, nonce, ciphertext])
    if len(sealed) > MAX_STRING_BYTES:
        raise Refusal(
            code="sealed-size",
            words=f"This text is too long to be sealed for {len(readers)} laptops.",
            remedy="Shorten it, or split it into two entries.",
        )
    return sealed


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


def open_sealed(  # noqa: PLR0913 - the reader, and the place the value was sealed for
    content: bytes, ws: bytes, table: int, column: int, *, dev16: bytes, private_key: PrivateKey
) -> Wire:
    """Return the value for a reader it was sealed to."""
    return open_with(item_key_of(content, dev16, private_key), content, ws, table, column)


def item_key_of(
    content: bytes, dev16: bytes, private_key: PrivateKey, granted: bytes | None = None
) -> bytes:
    """Return the value's key from the reader's box in it, or from a box granted later."""
    sealed = _read(content)
    box = sealed.boxes.get(dev16) if granted is None else granted
    if box is None:
        raise NotPossible(
            code="not-a-reader",
            words="This value was sealed for other laptops.",
            remedy="Ask somebody who can read it to share it with this laptop.",
        )
    try:
        item_key = SealedBox(private_key).decrypt(box)
    except _UNSOUND as error:
        raise _cannot_be_opened() from error
    if _key_hash(item_key) != sealed.key_hash:
        raise _cannot_be_opened()
    return item_key


def open_with(item_key: bytes, content: bytes, ws: bytes, table: int, column: int) -> Wire:
    """Return the value of a sealed cell whose key is known."""
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
    except CryptoError as error:
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
