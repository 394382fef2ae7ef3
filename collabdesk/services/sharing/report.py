"""What one exchange with the shared folder did, for people and for machines."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not taken in: where it stands, and why."""

    path: str
    code: str
    words: str


@dataclass(slots=True)
class SyncReport:
    """Counts and names of one exchange.

    `set_aside` are files left unread until a membership record says more; `damaged` those
    that lay damaged in the own slot and were mended; `reread` counts own change sets that
    this copy had lost; `let_in` says of laptops of one's own organisation what confidential
    entries they may read now; `survey` tells whether the whole folder was listed,
    `looked_into` which folders were, and `left_out` in words which could not be.
    """

    sent: int = 0
    records: int = 0
    segments: int = 0
    linked: int = 0
    blobs: int = 0
    reread: int = 0
    survey: bool = False
    confirmed: bool = False
    refused: list[RefusedFile] = field(default_factory=list)
    salvaged: list[str] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    not_yet: list[str] = field(default_factory=list)
    healed: list[str] = field(default_factory=list)
    put_back: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    not_posted: list[str] = field(default_factory=list)
    let_in: list[str] = field(default_factory=list)
    looked_into: tuple[str, ...] = ()
    left_out: list[str] = field(default_factory=list)
    joined: bool = False

    @property
    def ok(self) -> bool:
        """Tell whether the folder was seen to show this laptop's newest change set."""
        return self.confirmed

    def sentence(self) -> str:
        """Say in one line what happened."""
        parts = [
            _count(self.sent, "file sent", "files sent"),
            _count(self.segments, "change set taken in", "change sets taken in"),
            _count(self.reread, "own change set read again", "own change sets read again"),
            _count(len(self.refused), "file refused", "files refused"),
            _count(len(self.put_back) + len(self.healed), "file healed", "files healed"),
            "" if self.confirmed else "the folder does not show this laptop's newest change yet",
        ]
        said = [part for part in parts if part]
        return ", ".join(said) if said else "nothing new"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""
