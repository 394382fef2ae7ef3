"""What several parts of one reading ask for, worked out once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")
_found: Final[ContextVar[dict[tuple[Connection, str], Any] | None]] = ContextVar(
    "found", default=None
)


@contextmanager
def one_reading() -> Iterator[None]:
    """Keep what is worked out within; the reading sees one state of the workspace throughout."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def once(reads: Connection, name: str, work: Callable[[Connection], T]) -> T:
    """Return what a reading found under a name, or work it out; outside of one always anew."""
    found = _found.get()
    if found is None:
        return work(reads)
    if (reads, name) not in found:
        found[reads, name] = work(reads)
    answer: T = found[reads, name]
    return answer
