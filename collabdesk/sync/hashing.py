"""Domain-separated SHA-256: a digest of one kind never passes for one of another."""

from __future__ import annotations

import hashlib
from typing import Final

Z: Final = bytes(32)
"""Thirty-two zero bytes: the place of an id where there is none."""


def H(domain: str, *parts: bytes) -> bytes:  # noqa: N802 - the letter the format's page uses
    """Return SHA-256 over the ASCII domain, a zero byte and the parts."""
    digest = hashlib.sha256(domain.encode("ascii") + b"\0")
    for part in parts:
        digest.update(part)
    return digest.digest()


def sha256(content: bytes) -> bytes:
    """Return the plain SHA-256 of the content."""
    return hashlib.sha256(content).digest()
