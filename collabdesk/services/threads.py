"""One writer, a pool of readers: work is queued, results come back as futures."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


class Threads:
    """The threads of one open workspace."""

    def __init__(self, name: str, readers: int = 3) -> None:
        """Start with idle threads."""
        self._writer = ThreadPoolExecutor(1, thread_name_prefix=f"{name}-writer")
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix=f"{name}-reader")

    def write(self, work: Callable[[], Result]) -> Future[Result]:
        """Queue work for the single writer."""
        return self._writer.submit(work)

    def read(self, work: Callable[[], Result]) -> Future[Result]:
        """Queue work for the readers."""
        return self._readers.submit(work)

    def close(self) -> None:
        """Wait for the writer; cancel what the readers have not begun."""
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)
