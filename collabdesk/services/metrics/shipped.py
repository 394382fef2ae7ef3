"""The import profiles, measures and organisations that come with CollabDesk."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from collabdesk.host.paths import resource
from collabdesk.services.metrics.reference import Reference, read_reference


@cache
def shipped_reference() -> Reference:
    """Return the shipped import profiles and lists, read once."""
    profiles = sorted(resource("profiles").glob("*.toml"))
    return read_reference(
        [(path.name, path.read_bytes()) for path in profiles],
        resource("measures/measures.csv").read_bytes(),
        resource("organisations/organisations.csv").read_bytes(),
    )


def shipped_files() -> tuple[Path, ...]:
    """Return the published files that come with CollabDesk, by name."""
    return tuple(sorted(resource("samples").glob("*.csv.gz")))
