"""Small checks that decoded values are the shapes a page of the format names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from collabdesk.sync.codec import MAX_INT, Malformed, Wire
from collabdesk.sync.hashing import Z
from collabdesk.sync.names import MAX_SEQ

T = TypeVar("T")
Key = TypeVar("Key", int, bytes)


def array(value: Wire, length: int | None = None) -> list[Wire]:
    """Return an array, of exactly this many elements where a length is given."""
    if type(value) is not list or (length is not None and len(value) != length):
        raise Malformed("shape")
    return value


def array_of(value: Wire, read: Callable[[Wire], T], limit: int | None = None) -> tuple[T, ...]:
    """Return an array's elements, each read by its own check."""
    items = array(value)
    if limit is not None and len(items) > limit:
        raise Malformed("range")
    return tuple([read(item) for item in items])


def uint(value: Wire, low: int = 0, high: int = MAX_INT) -> int:
    """Return a whole number between two bounds, both allowed."""
    if type(value) is not int:
        raise Malformed("shape")
    if not low <= value <= high:
        raise Malformed("range")
    return value


def byte_string(value: Wire, length: int) -> bytes:
    """Return a byte string of exactly this length."""
    if type(value) is not bytes or len(value) != length:
        raise Malformed("shape")
    return value


def b16(value: Wire) -> bytes:
    """Return a byte string of 16."""
    return byte_string(value, 16)


def b32(value: Wire) -> bytes:
    """Return a byte string of 32."""
    return byte_string(value, 32)


def any_bytes(value: Wire) -> bytes:
    """Return a byte string of any length."""
    if type(value) is not bytes:
        raise Malformed("shape")
    return value


def text(value: Wire) -> str:
    """Return a text."""
    if type(value) is not str:
        raise Malformed("shape")
    return value


def optional(value: Wire, read: Callable[[Wire], T]) -> T | None:
    """Return nothing for null, else the value read."""
    return None if value is None else read(value)


def numbered_id(value: Wire) -> tuple[int, bytes]:
    """Return `[n, id]`, the number and id of a control record."""
    items = array(value, 2)
    return uint(items[0]), b32(items[1])


def head(seq: Wire, segment_id: Wire) -> tuple[int, bytes]:
    """Return a place in a chain: the id is Z exactly where the number is 0."""
    number, identity = uint(seq, 0, MAX_SEQ), b32(segment_id)
    if (number == 0) != (identity == Z):
        raise Malformed("shape")
    return number, identity


def ascending(keys: Sequence[Key]) -> None:
    """Refuse keys that are not strictly ascending."""
    if list(keys) != sorted(set(keys)):
        raise Malformed("order")
