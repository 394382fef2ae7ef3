"""What an alliance manager can do with published metrics."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from collabdesk.services.metrics.examined import Examined


@dataclass(frozen=True, slots=True)
class ImportRelease:
    """Bring in a published file that was examined; partners get the same bytes."""

    examined: Examined


@dataclass(frozen=True, slots=True)
class WithdrawRelease:
    """Take an imported release away; its figures go with it."""

    release: bytes


@dataclass(frozen=True, slots=True)
class SetStandard:
    """Hold a metric to a value from a day on; whoever sets it says where it is written.

    `kind` is standard, target, trajectory or benchmark; `value` is as typed, in the `unit`
    of the metric where that is known.
    """

    metric: str
    kind: str
    value: str
    source: str
    source_date: dt.date | None
    effective_from: dt.date | None
    unit: str = ""
