"""After every write: what changed. Screens decide whether they care."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Origin = Literal["local", "sync"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Rows changed, by table, and where the change came from."""

    origin: Origin
    changed: Mapping[str, frozenset[bytes]] = field(default_factory=dict)
    words: str = ""


class Notices:
    """Tells every subscriber, on the thread that wrote; subscribers must return at once."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._listeners: list[Callable[[Notice], None]] = []
        self._lock = threading.Lock()

    def subscribe(self, listener: Callable[[Notice], None]) -> Callable[[], None]:
        """Add a listener; return what removes it."""
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._remove(listener)

    def _remove(self, listener: Callable[[Notice], None]) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def tell(self, notice: Notice) -> None:
        """Tell everybody."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(notice)
