"""The records the Improvement pages read, under the names they are spoken of by."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.storage.queries.improvement import (
    Cycle,
    DataPoint,
    Driver,
    Measure,
    Project,
    cycle,
    driver,
    measure,
    points,
)

__all__ = ["Cycle", "DataPoint", "Driver", "Measure", "Project", "measure_points", "project_of"]


def measure_points(reads: Connection, row: bytes) -> tuple[DataPoint, ...]:
    """Return the points of a measure as they were entered, by period."""
    return points(reads, row)


def project_of(reads: Connection, table: str, row: bytes) -> bytes | None:
    """Return the project that a driver, cycle, measure or point belongs to, or None."""
    match table:
        case "driver":
            found: Cycle | Driver | Measure | None = driver(reads, row)
        case "pdsa_cycle":
            found = cycle(reads, row)
        case "measure":
            found = measure(reads, row)
        case _:
            found = None
    return None if found is None else found.project
