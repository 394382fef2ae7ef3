"""Sharing while people work: on its own thread, every so often, and after a pause."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from collabdesk.errors import CollabDeskError
from collabdesk.ui.connection import Connection
from collabdesk.ui.workers import deliver

if TYPE_CHECKING:
    from collabdesk.services.doors import Doors
    from collabdesk.services.notices import Notice
    from collabdesk.services.sharing.report import SyncReport
    from collabdesk.services.sharing.waiting import Waiting
    from collabdesk.ui.desk import Desk

T = TypeVar("T")
PAUSE_MS: Final = 60_000
_MINUTE_MS: Final = 60_000
_GONE: Final = "share-not-found"


class BackgroundSharing(QObject):
    """Shares one workspace, one exchange at a time, and tells how the connection stands."""

    told = Signal(object)
    """How things stand: a `Connection`."""
    shared = Signal(object)
    """An exchange went through: its report."""
    failed = Signal(object)
    """An exchange did not go through: why. Nothing is lost."""
    busy_changed = Signal()

    def __init__(self, desk: Desk, doors: Doors, seconds: int) -> None:
        """Share every so many seconds; 0 shares only when asked."""
        super().__init__(desk)
        self._desk, self._doors = desk, doors
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="sharing")
        self._stop = threading.Event()
        self._gone: Exception | None = None
        self.busy = False
        self.connection = Connection("shared")
        self._every = self._timer(self.share)
        self._pause = self._timer(self._after_pause)
        self._pause.setSingleShot(True)
        self._minute = self._timer(self.look)
        self._minute.start(_MINUTE_MS)
        self.set_interval(seconds)
        desk.noticed.connect(self._hear)

    def set_interval(self, seconds: int) -> None:
        """Share every so many seconds from now on."""
        self._seconds = seconds
        if seconds:
            self._every.start(seconds * 1000)
        else:
            self._every.stop()

    def begin(self) -> None:
        """Say how things stand, and share if that is done without asking."""
        self.look()
        if self._seconds:
            self.share()

    def share(self) -> None:
        """Exchange with the shared folder now, unless that is under way."""
        if self.busy or self._stop.is_set():
            return
        self.busy = True
        self.busy_changed.emit()
        workspace = self._desk.workspace
        work = self._pool.submit(
            self._doors.share, workspace, lambda _words: None, self._stop.is_set
        )
        deliver(self, work, self._done, self._not_done)

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], object],
        refused: Callable[[Exception], object],
    ) -> None:
        """Do something between exchanges, never during one; then exchange, so that it goes out."""

        def carried_out(answer: T) -> None:
            done(answer)
            self.share()

        if not self._stop.is_set():
            deliver(owner, self._pool.submit(work), carried_out, refused)

    def look(self) -> None:
        """Read what waits and when was shared last."""
        from collabdesk.services.sharing.waiting import waiting

        if self._stop.is_set():
            return
        self._desk.ask(self, waiting, done=self._tell)

    def close(self) -> None:
        """Stop at the next safe point and wait for it."""
        self._stop.set()
        for timer in (self._every, self._pause, self._minute):
            timer.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _timer(self, do: object) -> QTimer:
        timer = QTimer(self)
        timer.timeout.connect(do)
        return timer

    def _hear(self, notice: Notice) -> None:
        if notice.origin == "local":
            self._pause.start(PAUSE_MS)
        self.look()

    def _after_pause(self) -> None:
        if not self._stop.is_set():
            deliver(
                self,
                self._pool.submit(self._doors.seal, self._desk.workspace),
                lambda _none: self.share() if self._seconds else self.look(),
                self._not_done,
            )

    def _done(self, report: SyncReport) -> None:
        self._gone = None
        self._end()
        self.shared.emit(report)

    def _not_done(self, fault: Exception) -> None:
        self._gone = fault
        self._end()
        self.failed.emit(fault)

    def _end(self) -> None:
        self.busy = False
        self.busy_changed.emit()
        self.look()

    def _tell(self, found: Waiting) -> None:
        now_ms = self._desk.workspace.clock.now_ms()
        age = dt.timedelta(milliseconds=max(0, now_ms - found.last_shared_ms))
        fault = self._gone
        if fault is None:
            self.connection = Connection("shared", age if found.last_shared_ms else None)
        elif isinstance(fault, CollabDeskError) and fault.code == _GONE:
            self.connection = Connection("missing", waiting=found.changes)
        else:
            self.connection = Connection("offline", waiting=found.changes)
        self.told.emit(self.connection)
