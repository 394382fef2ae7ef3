"""What shows that a figure is right: a file of this computer, named and fingerprinted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from collabdesk.errors import NotPossible, Refusal


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file's name and SHA-256; the file itself stays where it is."""

    name: str
    sha256: bytes


_FINGERPRINT: Final = 32


def check_fingerprint(sha256: bytes | None) -> None:
    """Refuse what is not the fingerprint of a file."""
    if sha256 is not None and len(sha256) != _FINGERPRINT:
        raise Refusal(
            code="not_a_fingerprint",
            words=f"A file's fingerprint has {_FINGERPRINT} bytes; this one has {len(sha256)}.",
            remedy="Choose the file again, or leave it out.",
            field="evidence_file",
        )


def evidence_of(path: Path) -> Evidence:
    """Read a file's fingerprint; not on a window's thread."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
    except OSError as fault:
        raise NotPossible(
            code="evidence_not_readable",
            words=f"{path.name or 'The file'} cannot be read.",
            remedy="Choose a file that is on this computer, or leave the field empty.",
            field="evidence_file",
        ) from fault
    return Evidence(path.name, digest)
