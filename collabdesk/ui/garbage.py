"""Rings of objects are collected on the window's thread alone.

Python may otherwise destroy a widget on whichever thread happens to allocate next, and Qt
does not survive that.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 1000
_OLDEST: Final = 2


class CollectHere(QObject):
    """Takes over Python's collection for as long as the window is open."""

    def __init__(self, parent: QObject) -> None:
        """Collect every second what Python would have collected by then."""
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(EVERY_MS)

    def collect(self) -> None:
        """Collect the oldest generation that is due."""
        for generation in range(_OLDEST, -1, -1):
            if gc.get_count()[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Give the collection back to Python."""
        self._timer.stop()
        gc.enable()
