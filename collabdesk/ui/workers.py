"""Work off the window's thread: short readings, and long jobs with progress and Cancel."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from functools import cache
from typing import Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")
Failed = Callable[[Exception], object]


class Ticket:
    """One piece of work under way; its answer arrives on the window's thread."""

    def __init__(self, owner: QObject, deliver: Callable[[], object]) -> None:
        """Belong to the object that asked; when that goes, the answer is dropped."""
        self._owner = owner
        self._deliver = deliver
        self.wanted = True

    def drop(self) -> None:
        """Let the work end unheard."""
        self.wanted = False

    def hand_over(self) -> None:
        """Deliver, on the window's thread, unless nobody waits any more."""
        if self.wanted and shiboken6.isValid(self._owner):
            self._deliver()


class _Bridge(QObject):
    """Carries answers from any thread to the window's.

    One for the application, never destroyed: a signal sent from another thread
    through an object that is just going away brings the program down.
    """

    arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.arrived.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def _hand_over(self, ticket: Ticket) -> None:
        ticket.hand_over()


@cache
def _bridge() -> _Bridge:
    return _Bridge()


def _settle(answer: Future[T], done: Callable[[T], object], failed: Failed) -> None:
    try:
        result = answer.result()
    except CancelledError:
        return
    except Exception as fault:  # noqa: BLE001 the owner shows every failure in words
        failed(fault)
    else:
        done(result)


def deliver(
    owner: QObject, answer: Future[T], done: Callable[[T], object], failed: Failed
) -> Ticket:
    """Hand a future's answer to the window's thread; call it from there."""
    ticket = Ticket(owner, lambda: _settle(answer, done, failed))
    bridge = _bridge()
    answer.add_done_callback(lambda _answer: bridge.arrived.emit(ticket))
    return ticket


class Readers:
    """The pool on which screens read and charts are drawn."""

    def __init__(self, executor: Executor) -> None:
        """Use a pool made and closed by the composition root."""
        self._executor = executor

    def read(
        self, owner: QObject, work: Callable[[], T], done: Callable[[T], object], failed: Failed
    ) -> Ticket:
        """Run `work` on the pool and hand its result to `done` on the window's thread."""
        try:
            answer = self._executor.submit(work)
        except RuntimeError:  # the pool is closed because the program is closing
            closing = Ticket(owner, lambda: None)
            closing.drop()
            return closing
        return deliver(owner, answer, done, failed)

    def start(self, job: LongJob) -> None:
        """Start a long job on the pool."""
        job.begin(self._executor)


class Stopped(Exception):
    """Raised inside a job at the first safe point after Cancel."""


class Progress(Protocol):
    """What a long job is given: a place to say how far it is and to learn of Cancel."""

    def say(self, words: str, done: int = 0, total: int = 0) -> None:
        """Tell how far the job is; a total of 0 means unknown. Raises `Stopped` after Cancel."""

    @property
    def cancelled(self) -> bool:
        """Whether Cancel was pressed."""


class LongJob(QObject):
    """An import, sync, report or export: progress, Cancel, and one of three endings."""

    progressed = Signal(str, int, int)
    finished = Signal(object)
    failed = Signal(object)
    stopped = Signal()
    ended = Signal()

    def __init__(
        self, title: str, work: Callable[[Progress], object], parent: QObject | None = None
    ) -> None:
        """Name the job in words; `work` runs off the window's thread."""
        super().__init__(parent)
        self.title = title
        self._work = work
        self._stop = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether Cancel was pressed."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the job to stop at its next safe point, leaving nothing half-done."""
        self._stop.set()

    def say(self, words: str, done: int = 0, total: int = 0) -> None:
        """Tell how far the job is, from the job's own thread."""
        if self.cancelled or not shiboken6.isValid(self):
            raise Stopped
        self.progressed.emit(words, done, total)

    def begin(self, executor: Executor) -> None:
        """Put the job on a pool."""
        deliver(self, executor.submit(self._work, self), self._finish, self._fail)

    def _finish(self, result: object) -> None:
        self.finished.emit(result)
        self.ended.emit()

    def _fail(self, fault: Exception) -> None:
        if isinstance(fault, Stopped):
            self.stopped.emit()
        else:
            self.failed.emit(fault)
        self.ended.emit()
