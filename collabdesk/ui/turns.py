"""Much to do in the window, done one thing at a time so that it answers in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

Thing = Callable[[], object]


class Turns(QObject):
    """Does things in the order given, each in a turn of its own of the window's loop."""

    def __init__(self, owner: QObject) -> None:
        """Do nothing yet; what is left is dropped with its owner."""
        super().__init__(owner)
        self._waiting: deque[Thing] = deque()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._take)

    @property
    def busy(self) -> bool:
        """Whether something waits for its turn."""
        return bool(self._waiting)

    def put(self, *things: Thing) -> None:
        """Let things be done after what waits already."""
        self._waiting.extend(things)
        if self._waiting and not self._next.isActive():
            self._next.start(0)

    def _take(self) -> None:
        thing = self._waiting.popleft()
        # Before it is done: what raises here must not keep the others from their turn.
        if self._waiting:
            self._next.start(0)
        thing()
