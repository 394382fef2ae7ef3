"""Makes wrong files of right ones: at every byte, and at every value of the encoding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.format_reader.encoding import head

ARRAY: Final = 4
FILLERS: Final = {
    "null": b"\xf6",
    "false": b"\xf4",
    "zero": b"\x00",
    "minus-one": b"\x20",
    "largest": b"\x1b\x7f" + b"\xff" * 7,
    "over-largest": b"\x1b\x80" + bytes(7),
    "under-least": b"\x3b\x80" + bytes(7),
    "empty-bytes": b"\x40",
    "zeros": b"\x58\x20" + bytes(32),
    "empty-text": b"\x60",
    "zero-width": b"\x63\xe2\x80\x8b",
    "surrogate": b"\x63\xed\xa0\x80",
    "overlong": b"\x62\xc0\x80",
    "empty-array": b"\x80",
    "map": b"\xa0",
    "two-keys": b"\xa2\x01\x01\x01\x02",
    "half-float": b"\xf9\x3c\x00",
    "nan": b"\xf9\x7e\x00",
    "undefined": b"\xf7",
    "simple": b"\xe0",
    "long-true": b"\xf8\x15",
    "bignum": b"\xc2\x41\x01",
    "date": b"\xc1\x00",
    "regex": b"\xd8\x23\x61\x61",
    "shared": b"\xd8\x1c\x00",
    "unknown-tag": b"\xd9\x7f\xff\x00",
    "huge-array": b"\x9b" + b"\xff" * 8,
    "huge-bytes": b"\x5b" + b"\xff" * 8,
    "open-array": b"\x9f\xff",
    "break": b"\xff",
    "reserved": b"\x1c",
}


@dataclass(frozen=True)
class Item:
    """Where one value of an encoding lies, and what its head says."""

    start: int
    content: int
    end: int
    major: int
    argument: int
    children: tuple[Item, ...] = ()


def parse(data: bytes, start: int = 0) -> Item:
    """Return the item that begins here, of bytes known to be sound."""
    major, code = data[start] >> 5, data[start] & 31
    size = {24: 1, 25: 2, 26: 4, 27: 8}.get(code, 0)
    content = start + 1 + size
    argument = int.from_bytes(data[start + 1 : content], "big") if size else code
    if major in {2, 3}:
        return Item(start, content, content + argument, major, argument)
    if major != ARRAY:
        return Item(start, content, content, major, argument)
    children, end = [], content
    for _ in range(argument):
        children.append(parse(data, end))
        end = children[-1].end
    return Item(start, content, end, major, argument, tuple(children))


def items(item: Item) -> Iterator[Item]:
    """Yield an item and all that lie in it."""
    yield item
    for child in item.children:
        yield from items(child)


def uncanonical(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield other encodings of the same values: each must be refused."""
    yield "trailing", data + b"\x00"
    yield "twice", data + data
    for item in items(parse(data)):
        inner = data[item.content : item.end]
        for name, other in _other_heads(item, inner):
            yield f"{name}@{item.start}", data[: item.start] + other + data[item.end :]


def _other_heads(item: Item, inner: bytes) -> Iterator[tuple[str, bytes]]:
    if item.major < 5:
        for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
            longer = bytes([item.major << 5 | code]) + item.argument.to_bytes(8, "big")[-size:]
            if item.argument < 1 << 8 * size and len(longer) > len(head(item.major, item.argument)):
                yield f"wide{size}", longer + inner
    if item.major in {2, 3}:
        whole = head(item.major, item.argument) + inner
        yield "indefinite", bytes([item.major << 5 | 31]) + whole + b"\xff"
    if item.major == ARRAY:
        yield "indefinite", b"\x9f" + inner + b"\xff"
    if item.major == 7:
        yield "two-byte", bytes([0xF8, item.argument])
    yield "self-described", b"\xd9\xd9\xf7" + head(item.major, item.argument) + inner


def other_values(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield encodings of other values: wrong kinds, missing, extra and swapped parts."""
    for item in items(parse(data)):
        for name, filler in FILLERS.items():
            yield f"{name}@{item.start}", data[: item.start] + filler + data[item.end :]
        if item.major == ARRAY:
            for name, children in _other_children(data, item):
                other = head(ARRAY, len(children)) + b"".join(children)
                yield f"{name}@{item.start}", data[: item.start] + other + data[item.end :]
    yield "nine-deep", b"\x81" * 8 + b"\x80"


def _other_children(data: bytes, item: Item) -> Iterator[tuple[str, list[bytes]]]:
    children = [data[child.start : child.end] for child in item.children]
    yield "extra", [*children, b"\x00"]
    yield "wrapped", [head(ARRAY, len(children)) + b"".join(children)]
    for at in range(len(children)):
        yield f"without{at}", children[:at] + children[at + 1 :]
        yield f"doubled{at}", children[: at + 1] + children[at:]
    for at in range(len(children) - 1):
        swapped = [*children[:at], children[at + 1], children[at], *children[at + 2 :]]
        yield f"swapped{at}", swapped


def damaged(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield damaged copies: flipped at every byte, cut at every length, made longer."""
    for at in range(len(data)):
        for mask in (0x01, 0x80):
            yield f"flip{mask:02x}@{at}", data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]
        yield f"cut@{at}", data[:at]
    for tail in (b"\x00", b"\xff", data, data[:12]):
        yield f"longer{len(tail)}", data + tail
