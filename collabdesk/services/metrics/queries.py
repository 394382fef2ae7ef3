"""What the Metrics pages show besides the league table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.metrics.catalogue import Better, PublishedMeasure, Unit
from collabdesk.services.metrics.derive import waiting_releases
from collabdesk.services.metrics.reference import Reference, measure_title
from collabdesk.storage.queries import metrics as stored


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One release: whether it is shown, and whether its file is here and read."""

    release: stored.Release
    current: bool
    state: str


def release_list(reads: Connection) -> tuple[ReleaseLine, ...]:
    """Return the releases, the newest period first, each period's current one leading."""
    waiting = {release.row for release in waiting_releases(reads)}
    derived = stored.derived(reads)
    lines, periods = [], set[tuple[str, dt.date]]()
    for release in stored.releases(reads):
        period = (release.profile_id, release.period_end)
        current = period not in periods and release.row in derived
        if current:
            periods.add(period)
        state = _state(release.row in waiting, release.row in derived, current)
        lines.append(ReleaseLine(release, current, state))
    return tuple(lines)


def _state(waits: bool, read: bool, current: bool) -> str:  # noqa: FBT001 - three plain facts
    if not read:
        return "waiting for the file" if waits else "its file cannot be read"
    return "shown" if current else "superseded"


def published_measure(reference: Reference, code: str) -> PublishedMeasure:
    """Return a measure of the reference list as it is compared; KeyError if it has none."""
    known = reference.measures[code]
    return PublishedMeasure(
        code,
        measure_title(reference, code),
        Unit(known.unit),
        Better(known.direction),
        known.denominator if Unit(known.unit) is Unit.PERCENT else "",
    )


def periods(reads: Connection) -> tuple[dt.date, ...]:
    """Return the last days of the periods that have figures, the newest first."""
    derived = stored.derived(reads)
    ends = {release.period_end for release in stored.releases(reads) if release.row in derived}
    return tuple(sorted(ends, reverse=True))


def standards(reads: Connection, metric: str) -> tuple[stored.Standard, ...]:
    """Return the standards of a metric, each with its source, the latest last."""
    return stored.standards(reads, metric)
