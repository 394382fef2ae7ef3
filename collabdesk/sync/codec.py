"""The one encoding of every file and hash, and the gate that refuses anything else.

Deterministic CBOR (RFC 8949 §4.2.1) without maps, floats, tags and undefined. What
`decode` returns, `encode` turns into the very same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Final, NoReturn, TypeVar, cast

import cbor2

from collabdesk.errors import CollabDeskError

Wire = None | bool | int | str | bytes | list["Wire"]
Encodable = None | bool | int | str | bytes | Sequence["Encodable"]

T = TypeVar("T")

MAX_DEPTH: Final = 8
MAX_STRING_BYTES: Final = 65_536
MAX_WEIGHT: Final = 9 * 1024 * 1024
"""Bytes of an encoding and 16 for each value in it: what a reader's memory must bear."""
ITEM_WEIGHT: Final = 16
NEVER_HEAVY: Final = MAX_WEIGHT // (1 + ITEM_WEIGHT)
"""So few bytes weigh less, whatever they hold: each value takes one at least."""
MIN_INT: Final = -(2**63)
MAX_INT: Final = 2**63 - 1

_REASONS: Final = {
    "too-large": "it is larger than the format allows",
    "too-many": "it holds more single values than a computer should be made to unpack",
    "not-cbor": "it is cut short or is not in the agreed encoding",
    "tag": "it holds a tagged value, which the format does not use",
    "type": "it holds a kind of value the format does not use",
    "depth": "its arrays lie too deep inside one another",
    "int-range": "it holds a whole number that is out of range",
    "string-size": "it holds a text or byte value over 65,536 bytes",
    "code-point": "it holds an invisible or direction-changing character",
    "not-canonical": "the same values have a shorter or other encoding",
    "trailing-bytes": "bytes follow its end",
    "magic": "it does not begin as a file of this kind does",
    "truncated": "it is shorter than it says",
    "shape": "a part of it is missing, extra or of the wrong kind",
    "order": "a list in it is out of order or names something twice",
    "range": "a number in it is out of range",
    "key": "it names a key that is not a sound Ed25519 key",
    "body-hash": "its body is not the one its header names",
    "inflate": "its body does not unpack to the size it states",
    "ratio": "its body would unpack to far more than a change set may",
    "plain-hash": "its unpacked body is not the one its header names",
    "signature": "its signature does not match",
    "name": "its content is not the one its name states, so it was damaged on the way",
    "workspace": "it belongs to another workspace",
    "blob": "its chunks are not the ones its value names",
}


class Malformed(CollabDeskError):
    """The bytes are not what the format allows, whoever signed them."""

    def __init__(self, reason: str, where: str = "This file") -> None:
        """Keep the reason as the code, and say it in words."""
        super().__init__(
            code=reason,
            words=f"{where} cannot be read: {_REASONS[reason]}.",
            remedy="It was left aside and nothing was changed. "
            "Ask the organisation that wrote it to publish it again.",
        )


class _Tagged(ValueError):
    """A tag was met."""


def _refuse_tag(*_: object) -> NoReturn:
    raise _Tagged


# Every tag the library would turn into an object of its own; others reach the tag hook.
_BUILT_IN_TAGS: Final = (
    *range(64),
    *(100, 256, 258, 260, 261, 1004, 43000, 55799),
)
_TAG_REFUSALS: Final[dict[int, Callable[..., Any]]] = dict.fromkeys(_BUILT_IN_TAGS, _refuse_tag)

_PLANE_ENDS: Final = "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)
)
_RANGES: Final = (
    (0x0000, 0x0008),
    (0x000B, 0x001F),
    (0x007F, 0x009F),
    (0x061C, 0x061C),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x2069),
    (0xD800, 0xDFFF),
    (0xFDD0, 0xFDEF),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE007F),
)
_REFUSED_CODE_POINT: Final = re.compile(
    "[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in _RANGES) + _PLANE_ENDS + "]"
)

_SHORT_HEAD: Final = 23
_HEADS: Final = {24: 1, 25: 2, 26: 4, 27: 8}
_STRINGS: Final = (2, 3)
_JOINED: Final = 1024 * 1024

_SCALARS: Final = frozenset({type(None), bool, int, str, bytes})
_ALLOWED: Final = _SCALARS | {list}


def encode(value: Encodable) -> bytes:
    """Return the deterministic CBOR of a value already known to be in the subset."""
    return cbor2.dumps(value, canonical=True)


def encode_checked(value: Encodable, *, max_bytes: int) -> bytes:
    """Return the encoding of a value of our own making, having passed it through the gate."""
    try:
        encoded = encode(value)
    except (cbor2.CBORError, ValueError) as error:
        raise Malformed("type") from error
    decode(encoded, max_bytes=max_bytes)
    return encoded


def decode(data: bytes, *, max_bytes: int) -> Wire:
    """Return the value of these bytes, or raise `Malformed` unless they are its one encoding."""
    if len(data) > max_bytes:
        raise Malformed("too-large")
    value = _parse(data)
    _check_levels(value)
    _check_again(value, data)
    return value


def decode_kept(data: bytes) -> Any:  # noqa: ANN401 - whatever was encoded
    """Return the value of bytes that `encode` made on this computer: no gate is needed."""
    return cbor2.loads(data)


def decode_fixed(data: bytes, read: Callable[[Wire], T], *, max_bytes: int) -> T:
    """Return what `read` makes of these bytes, if they are the one encoding of their value.

    As strict as `decode` where `read` checks type and range of every single element and
    passes each text to `has_refused_code_point`; it saves the walk over the elements.
    """
    if len(data) > max_bytes:
        raise Malformed("too-large")
    value = _parse(data)
    made = read(value)
    _check_again(value, data)
    return made


def has_refused_code_point(text: str) -> bool:
    """Tell whether a text holds a code point no file may carry."""
    return _REFUSED_CODE_POINT.search(text) is not None


def _check_again(value: Wire, data: bytes) -> None:
    again = encode(value)
    if again != data:
        raise Malformed("trailing-bytes" if data.startswith(again) else "not-canonical")


def weight(data: bytes) -> int:
    """Return the length of an encoding and 16 for each value in it, arrays counted.

    The count stops above `MAX_WEIGHT`, and where the encoding cannot be sound.
    """
    total, at, end = len(data), 0, len(data)
    while at < end and total <= MAX_WEIGHT:
        total += ITEM_WEIGHT
        initial = data[at]
        at += 1
        argument = initial & 31
        if argument > _SHORT_HEAD:
            following = _HEADS.get(argument)
            if following is None:
                break
            argument = int.from_bytes(data[at : at + following], "big")
            at += following
        if initial >> 5 in _STRINGS:
            at += argument
    return total


def _parse(data: bytes) -> Wire:
    if len(data) > NEVER_HEAVY and weight(data) > MAX_WEIGHT:
        raise Malformed("too-many")
    try:
        value = cbor2.loads(
            data,
            max_depth=MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=_TAG_REFUSALS,
            tag_hook=_refuse_tag,
        )
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, MemoryError) as error:
        raise Malformed(_parse_reason(error)) from error
    return cast("Wire", value)


def _parse_reason(error: Exception) -> str:
    if isinstance(error.__cause__, _Tagged):
        return "tag"
    return "depth" if "nesting depth" in str(error) else "not-cbor"


def _check_levels(value: Wire) -> None:
    """Walk the value breadth first: whole levels in a few calls, whatever their width."""
    level: list[Wire] = [value]
    depth = 0
    while list in _check_level(level):
        if depth == MAX_DEPTH:
            raise Malformed("depth")
        depth += 1
        level = list(chain.from_iterable([item for item in level if type(item) is list]))


def _check_level(level: list[Wire]) -> set[type]:
    kinds = set(map(type, level))
    if not kinds <= _ALLOWED:
        raise Malformed("type")
    _check_scalars(level, kinds)
    return kinds


def _check_scalars(level: list[Wire], kinds: set[type]) -> None:
    if int in kinds:
        _check_ints([item for item in level if type(item) is int])
    if bytes in kinds:
        _check_bytes([item for item in level if type(item) is bytes])
    if str in kinds:
        _check_texts([item for item in level if type(item) is str])


def _check_ints(numbers: list[int]) -> None:
    if max(numbers) > MAX_INT or min(numbers) < MIN_INT:
        raise Malformed("int-range")


def _check_bytes(strings: list[bytes]) -> None:
    if max(map(len, strings)) > MAX_STRING_BYTES:
        raise Malformed("string-size")


def _check_texts(texts: list[str]) -> None:
    longest = max(texts, key=len)
    # A code point takes at most four bytes of UTF-8, so short texts need no measuring.
    if len(longest) > MAX_STRING_BYTES // 4 and any(
        len(text.encode()) > MAX_STRING_BYTES for text in texts
    ):
        raise Malformed("string-size")
    # One wide character makes a joined text four times as large, so not all are joined at once.
    step = max(1, _JOINED // max(1, len(longest)))
    for start in range(0, len(texts), step):
        if _REFUSED_CODE_POINT.search("".join(texts[start : start + step])):
            raise Malformed("code-point")
