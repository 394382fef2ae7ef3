"""What shows that a figure is right: a file of this computer, named and fingerprinted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from collabdesk.errors import NotPossible


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file's name and SHA-256; the file itself stays where it is."""

    name: str
    sha256: bytes


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
