"""Section 2 of docs/change-set-format.md: the encoding, read byte by byte."""

from __future__ import annotations

from typing import Final

Value = None | bool | int | str | bytes | list["Value"]

MAX_STRING: Final = 65_536
MAX_ARRAYS: Final = 8
MAX_WEIGHT: Final = 9 * 1024 * 1024
SIMPLE: Final[dict[int, bool | None]] = {0xF4: False, 0xF5: True, 0xF6: None}
ARGUMENT_BYTES: Final = {24: 1, 25: 2, 26: 4, 27: 8}
BANNED: Final = (
    (0x0, 0x8),
    (0xB, 0x1F),
    (0x7F, 0x9F),
    (0x61C, 0x61C),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x2069),
    (0xD800, 0xDFFF),
    (0xFDD0, 0xFDEF),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE007F),
)


class RefusedError(Exception):
    """These bytes are not what the page allows."""


class _Cursor:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0
        self.weight = len(content)

    def take(self, count: int) -> bytes:
        if count > len(self.content) - self.at:
            raise RefusedError("cut short")
        self.at += count
        return self.content[self.at - count : self.at]


def decode(content: bytes, limit: int) -> Value:
    """Return the one value that fills these bytes."""
    if len(content) > limit:
        raise RefusedError("too large")
    cursor = _Cursor(content)
    value = _item(cursor, 0)
    if cursor.at != len(content):
        raise RefusedError("bytes after the value")
    return value


def encode(value: object) -> bytes:
    """Return the one encoding of a value."""
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(encode(element) for element in value)
    raise TypeError(type(value))


def head(major: int, argument: int) -> bytes:
    """Return the shortest head of an item."""
    if argument < 24:
        return bytes([major << 5 | argument])
    code, size = next(
        (code, size) for code, size in ARGUMENT_BYTES.items() if argument < 1 << 8 * size
    )
    return bytes([major << 5 | code]) + argument.to_bytes(size, "big")


def _item(cursor: _Cursor, arrays: int) -> Value:
    initial = cursor.take(1)[0]
    cursor.weight += 16
    if cursor.weight > MAX_WEIGHT:
        raise RefusedError("too many values")
    if initial in SIMPLE:
        return SIMPLE[initial]
    major, argument = initial >> 5, _argument(cursor, initial & 31)
    if major < 2:
        return _integer(major, argument)
    if major < 4:
        return _string(cursor, major, argument)
    if major != 4:
        raise RefusedError("a kind of value that is not used")
    if arrays == MAX_ARRAYS:
        raise RefusedError("too deep")
    # An element takes a byte at least: a count beyond the bytes left is a lie.
    if argument > len(cursor.content) - cursor.at:
        raise RefusedError("cut short")
    return [_item(cursor, arrays + 1) for _ in range(argument)]


def _argument(cursor: _Cursor, code: int) -> int:
    if code < 24:
        return code
    if code not in ARGUMENT_BYTES:
        raise RefusedError("indefinite or reserved length")
    size = ARGUMENT_BYTES[code]
    argument = int.from_bytes(cursor.take(size), "big")
    smallest = 24 if size == 1 else 1 << 4 * size
    if argument < smallest:
        raise RefusedError("a longer head than needed")
    return argument


def _integer(major: int, argument: int) -> int:
    if argument >= 1 << 63:
        raise RefusedError("integer out of range")
    return argument if major == 0 else -1 - argument


def _string(cursor: _Cursor, major: int, length: int) -> str | bytes:
    if length > MAX_STRING:
        raise RefusedError("string too long")
    raw = cursor.take(length)
    if major == 2:
        return raw
    try:
        text = raw.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise RefusedError("not UTF-8") from error
    if any(_banned(ord(character)) for character in text):
        raise RefusedError("a code point that is not allowed")
    return text


def _banned(point: int) -> bool:
    return point & 0xFFFE == 0xFFFE or any(low <= point <= high for low, high in BANNED)
