"""The port of a shared folder: six verbs, none of which is trusted.

Paths are relative to the folder people chose, use "/" and begin with the workspace's own
folder. Safety lies in the reader: a file that is partial, empty, renamed or stale is "not
here yet", and a later look may bring it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from collabdesk.errors import CollabDeskError


class Entry(NamedTuple):
    """What stands in a folder: a regular file with its size in bytes, or a folder."""

    name: str
    size: int
    is_file: bool


Entries = list[Entry]


class TooLarge(CollabDeskError):
    """A file in the shared folder is larger than any file of its kind."""

    def __init__(self, path: str, limit: int) -> None:
        """Say which file, and how large it might have been in bytes."""
        super().__init__(
            code="file-too-large",
            words=f"The file {path} in the shared folder is larger than the {limit:,} bytes "
            "a file of its kind may have. It was not read, and nothing is lost.",
            remedy="Ask the trust that owns this part of the folder to remove it.",
        )
        self.path = path
        self.limit = limit


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """What a shared folder can do; free space in bytes, None where it does not say.

    `links` tells whether a file can be given its name without replacing another, `accents`
    whether the folder rewrites letters with accents in file names.
    """

    creates: bool
    reads_back: bool
    renames: bool
    creates_once: bool
    folds_case: bool
    free: int | None
    sentences: tuple[str, ...]
    links: bool = False
    accents: bool = False

    @property
    def suitable(self) -> bool:
        """Tell whether change sets can be exchanged here."""
        return self.creates and self.reads_back and self.renames


class Store(Protocol):
    """A place where change sets are exchanged.

    Every verb raises NotPossible (code "share-not-found") where the place itself is gone.
    """

    def list(self, folder: str) -> Entries:
        """Return what a folder holds, in no order; a missing folder holds nothing."""

    def get(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None if it is not here yet.

        Raises TooLarge where it holds more than `limit` bytes, having read one more at most.
        """

    def put_new(self, path: str, content: bytes) -> None:
        """Publish a file of one's own, whole or not at all; the same bytes again are no fault.

        A file already there with other bytes is damaged, since names are derived from
        content: it is replaced. Raises NotPossible where the place refuses.
        """

    def stat(self, path: str) -> Entry | None:
        """Return a regular file's entry, or None if there is none."""

    def remove_own(self, path: str) -> None:
        """Remove a damaged file of one's own slot; one that is gone is no fault."""

    def probe(self, folder: str = "") -> ProbeReport:
        """Try what the place can do, in a folder one may write to, and leave no trace."""
