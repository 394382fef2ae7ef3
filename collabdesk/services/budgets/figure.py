"""What is known about one figure of a budget: what was signed, and what it adds up from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.services.budgets.papers.audit import Entry, drill
from collabdesk.services.figures import Signed, history


@dataclass(frozen=True, slots=True)
class Known:
    """Everything signed about the plan line of a figure, and the ledger lines behind it."""

    signed: Sequence[Signed] = ()
    entries: Sequence[Entry] = ()


def known_of(  # noqa: PLR0913, PLR0917 - what names a figure
    reads: Connection,
    plan_line: bytes,
    posted_in: str,
    service_line: bytes | None,
    provider: str,
    month: int | None,
) -> Known:
    """Return what is known about a figure; `posted_in` is the year of a posted one, else empty."""
    return Known(
        history(reads, plan_line) if plan_line else (),
        drill(reads, posted_in, service_line, provider, month) if posted_in and provider else (),
    )
