"""What typed or pasted texts would change, worked out in turns of the window's loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from PySide6.QtCore import QObject, QTimer

from collabdesk.ui.grid.cells import Plan, Proposed

AT_ONCE: Final = 500
"""How many cells are worked out in one turn; fewer are written before the key is let go."""

Proposals = Iterator[Proposed | None]


class Weighing(QObject):
    """Works out one paste after another, each in its turns, and hands over what it would do."""

    def __init__(self, owner: QObject, settle: Callable[[Plan], object]) -> None:
        """Hand each plan to `settle`; what is left is dropped with the owner."""
        super().__init__(owner)
        self._settle = settle
        self._waiting: deque[Proposals] = deque()
        self._found: list[Proposed] = []
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._go_on)

    def begin(self, proposals: Proposals) -> None:
        """Work these out: at once if they are few and nothing is under way."""
        self._waiting.append(proposals)
        if len(self._waiting) == 1:
            self._go_on()

    def _go_on(self) -> None:
        turn = list(islice(self._waiting[0], AT_ONCE))
        self._found += [line for line in turn if line is not None]
        if len(turn) == AT_ONCE:
            self._next.start(0)
            return
        plan, self._found = Plan(tuple(self._found)), []
        try:
            self._settle(plan)
        finally:
            # Only now: a question that is still open must not have the next one put over it.
            self._waiting.popleft()
            if self._waiting:
                self._next.start(0)
