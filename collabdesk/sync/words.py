"""Eight words that stand for a laptop, a workspace or a state, to read out by telephone.

The first 88 bits of a digest are eight 11-bit big-endian indices into the English
BIP-39 list, whose words differ in their first four letters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from mnemonic import Mnemonic

from collabdesk.errors import Refusal
from collabdesk.sync.names import base32

COUNT: Final = 8
BITS: Final = 88
SEARCH_LENGTH: Final = 17
_INDEX_BITS: Final = 11
_PREFIX: Final = 4
_SEPARATORS: Final = re.compile(r"[\s,;.·\-]+")
_REMEDY: Final = "Ask for the words to be read out again and type them in the same order."


def words_of(digest: bytes) -> tuple[str, ...]:
    """Return the eight words of a digest."""
    bits = int.from_bytes(digest[: BITS // 8], "big")
    shifts = range(BITS - _INDEX_BITS, -1, -_INDEX_BITS)
    return tuple(_list()[bits >> shift & 0x7FF] for shift in shifts)


def parse_words(text: str) -> tuple[str, ...]:
    """Return the eight words of typed text: any case and spacing, four letters of each suffice."""
    typed = [token for token in _SEPARATORS.split(text.casefold()) if token]
    if len(typed) != COUNT:
        raise Refusal(
            code="word-count",
            words=f"{len(typed)} words were typed; there are {COUNT}.",
            remedy=_REMEDY,
            field="words",
        )
    return tuple(_complete(position, token) for position, token in enumerate(typed, start=1))


def bits_of(words: Sequence[str]) -> bytes:
    """Return the first 11 bytes of the digest that full words stand for."""
    bits = 0
    for word in words:
        bits = bits << _INDEX_BITS | _indices()[word]
    return bits.to_bytes(BITS // 8, "big")


def search_name(words: Sequence[str]) -> str:
    """Return the first 17 characters of the dev26 under which a join request lies."""
    return base32(bits_of(words))[:SEARCH_LENGTH]


def matches(words: Sequence[str], digest: bytes) -> bool:
    """Tell whether all 88 bits of the words are those of the digest."""
    return tuple(words) == words_of(digest)


def _complete(position: int, token: str) -> str:
    if token in _indices():
        return token
    word = _by_prefix().get(token[:_PREFIX])
    if word is None or not word.startswith(token):
        raise Refusal(
            code="unknown-word",
            words=f"Word {position}, “{token}”, is not in the word list.",
            remedy=_REMEDY,
            field="words",
        )
    return word


@cache
def _list() -> tuple[str, ...]:
    return tuple(Mnemonic("english").wordlist)


@cache
def _indices() -> dict[str, int]:
    return {word: index for index, word in enumerate(_list())}


@cache
def _by_prefix() -> dict[str, str]:
    return {word[:_PREFIX]: word for word in _list() if len(word) >= _PREFIX}
