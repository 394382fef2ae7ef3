"""Deciding on releases: one row names the file, and everybody derives its figures."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow, Undelete
from collabdesk.domain.metrics.observation import ReleaseSummary
from collabdesk.domain.periods import MONTH_NAMES
from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.metrics.commands import ImportRelease, WithdrawRelease
from collabdesk.services.metrics.examined import (
    check_importable,
    check_new,
    file_chunks,
    file_hashes,
)
from collabdesk.services.wording import counted
from collabdesk.storage.queries import metrics as stored
from collabdesk.sync.blobs import blob_value

KEY: Final = "release"


def import_release(command: ImportRelease, reads: Connection, _me: Actor) -> Outcome:
    """Insert the release; the same period and status with other bytes is a new version."""
    examined = check_importable(command.examined)
    check_new(reads, examined.name, examined.file)
    summary = examined.found.summary
    cells: dict[str, Cell] = {
        "title": release_title(summary),
        "file_name": examined.name,
        "file": blob_value(file_hashes(examined.file)),
        "profile": blob_value(file_hashes(examined.profile)),
        "profile_id": summary.profile_id,
        "status": summary.status,
        "version": _version(reads, summary),
        "period_start": summary.period_start,
        "period_end": summary.period_end,
        "rows": summary.rows,
        "licence": examined.found.licence,
    }
    return Outcome(
        changes=(Insert("release", OWN, cells, KEY),),
        inverse=(Delete("release", NewRow(KEY)),),
        words=f"Import of {examined.name}: {counted(summary.rows, 'figure')}",
        record=("release", NewRow(KEY)),
        blobs=(*file_chunks(examined.file), *file_chunks(examined.profile)),
    )


def withdraw_release(command: WithdrawRelease, reads: Connection, me: Actor) -> Outcome:
    """Delete a release of one's own organisation."""
    found = stored.release(reads, command.release)
    if found is None:
        raise Refusal(
            code="no_release",
            words="This import is no longer here.",
            remedy="Look at the list of releases again.",
            field="release",
        )
    if found.scope != me.organisation:
        raise Refusal(
            code="not_yours",
            words=f"“{found.title}” was brought in by another organisation.",
            remedy="Ask them to withdraw it; you can bring in a newer version yourself.",
            field="release",
        )
    return Outcome(
        changes=(Delete("release", found.row),),
        inverse=(Undelete("release", found.row),),
        words=f"Withdrawal of {found.file_name}",
        record=("release", found.row),
    )


def release_title(summary: ReleaseSummary) -> str:
    """Name a release by what it holds, its month and its status."""
    month = f"{MONTH_NAMES[summary.period_end.month - 1]} {summary.period_end.year}"
    return f"{summary.title}, {month}, {summary.status}"


def _version(reads: Connection, summary: ReleaseSummary) -> int:
    wanted = (summary.profile_id, summary.status, summary.period_end)
    earlier = [
        release.version
        for release in stored.releases(reads)
        if (release.profile_id, release.status, release.period_end) == wanted
    ]
    return max(summary.version, 1 + max(earlier, default=0))
