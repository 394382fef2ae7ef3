"""The one place that asks what time it is; time is a label and decides nothing."""

from __future__ import annotations

import datetime as dt
import time
from typing import Protocol


class Clock(Protocol):
    """Gives the time for labels and for people."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC."""

    def today(self) -> dt.date:
        """Return today's date in England."""


class SystemClock:
    """This computer's clock."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC."""
        return time.time_ns() // 1_000_000

    def today(self) -> dt.date:
        """Return today's date where this computer stands."""
        return dt.datetime.now().astimezone().date()
