"""What people can do to close a month."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CloseMonth:
    """Close a month softly: nothing more is posted in it; it can be opened again."""

    fiscal_year: str
    month: int


@dataclass(frozen=True, slots=True)
class ReopenMonth:
    """Open a softly closed month again; agreements to its lock are void."""

    fiscal_year: str
    month: int


@dataclass(frozen=True, slots=True)
class ApproveLock:
    """Agree to the lock of a softly closed month; `typed` names the month."""

    fiscal_year: str
    month: int
    typed: str


@dataclass(frozen=True, slots=True)
class LockMonth:
    """Lock a month for ever, after two people agreed; `typed` names the month."""

    fiscal_year: str
    month: int
    typed: str


@dataclass(frozen=True, slots=True)
class TickStep:
    """Say that a step of the close is done, or is not, with what shows it."""

    fiscal_year: str
    month: int
    step: str
    done: bool = True
    evidence: str = ""
    owner: str = ""
    evidence_sha256: bytes | None = None
