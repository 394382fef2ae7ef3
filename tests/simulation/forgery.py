"""Another body under a signed header, of the same length: what a malicious folder could do."""

from __future__ import annotations

import zlib
from random import Random

from collabdesk.sync import segment
from collabdesk.sync.codec import Malformed, decode

_TRIES = 40


def forged(file: bytes, dice: Random) -> bytes | None:
    """Return the file with one byte of what it says changed, packed to the same length."""
    try:
        read = segment.read(file)
        plain = zlib.decompress(read.body)
    except (Malformed, zlib.error):
        return None
    for _ in range(_TRIES):
        other = bytearray(plain)
        other[dice.randrange(len(other))] = dice.randrange(256)
        body = zlib.compress(bytes(other), 6)
        if len(body) == len(read.body) and bytes(other) != plain and _reads(bytes(other)):
            return file[: len(file) - len(read.body)] + body
    return None


def _reads(plain: bytes) -> bool:
    try:
        decode(plain, max_bytes=len(plain))
    except Malformed:
        return False
    return True
