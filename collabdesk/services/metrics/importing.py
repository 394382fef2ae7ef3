"""The import of a published file, step by step: choose, read what it would do, confirm."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection

from collabdesk.domain.metrics.observation import Observation
from collabdesk.errors import NotPossible, Refusal
from collabdesk.exchange.dry_run import DryRun, dry_run
from collabdesk.exchange.foreign_text import MAX_TEXT_BYTES, CancelToken, Progress
from collabdesk.exchange.recognition import HEAD_BYTES, recognise
from collabdesk.services.metrics.commands import ImportRelease
from collabdesk.services.metrics.examined import Examined, check_importable, check_new
from collabdesk.services.metrics.reference import Layout, Reference
from collabdesk.storage.queries import metrics as stored

Reads = Callable[[], AbstractContextManager[Connection]]
_Job = tuple[Progress | None, CancelToken | None]


class ReleaseImport:
    """One import from choosing the file to the command; nothing is written before that."""

    def __init__(self, reads: Reads, reference: Reference) -> None:
        """Stand ready; `reads` opens a reading connection."""
        self._reads = reads
        self._reference = reference
        self._examined: Examined | None = None

    def choose(
        self,
        path: Path,
        *,
        progress: Progress | None = None,
        cancel: CancelToken | None = None,
    ) -> DryRun:
        """Return the account of a file, or refuse it; an earlier choice is forgotten."""
        self._examined = None
        content = _content(path)
        layout = self._layout(path.name, content)
        with self._reads() as reads:
            check_new(reads, path.name, content)
            found = self._account(reads, path.name, content, layout, (progress, cancel))
        self._examined = Examined(path.name, content, layout.content, found)
        return found

    def confirm(self) -> ImportRelease:
        """Return the command that brings the chosen file in."""
        if self._examined is None:
            raise Refusal(
                code="nothing_chosen",
                words="No file has been read yet.",
                remedy="Choose the published file first.",
                field="file",
            )
        return ImportRelease(check_importable(self._examined))

    def _layout(self, name: str, content: bytes) -> Layout:
        layouts = self._reference.layouts
        profile = recognise(name, content[:HEAD_BYTES], [layout.profile for layout in layouts])
        return next(layout for layout in layouts if layout.profile is profile)

    def _account(
        self, reads: Connection, name: str, content: bytes, layout: Layout, job: _Job
    ) -> DryRun:
        def read(previous: tuple[Observation, ...] = ()) -> DryRun:
            return dry_run(
                content,
                name,
                layout.profile,
                known_measures=self._reference.units,
                known_orgs=self._reference.organisations.keys(),
                previous=previous,
                progress=job[0],
                cancel=job[1],
            )

        found = read()
        previous = _current(reads, found)
        return read(tuple(stored.figures(reads, previous.row))) if previous else found


def _current(reads: Connection, found: DryRun) -> stored.Release | None:
    """Return the release shown today for the period of a file, or None."""
    summary = found.summary
    return next(
        (
            release
            for release in stored.releases(reads)
            if (release.profile_id, release.period_end) == (summary.profile_id, summary.period_end)
        ),
        None,
    )


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_TEXT_BYTES:
            raise Refusal(
                code="too-large",
                words=f"{path.name} is larger than {MAX_TEXT_BYTES // 1024**2} MiB.",
                remedy="Check that it is the published file.",
                field="file",
            )
        return path.read_bytes()
    except OSError as error:
        raise NotPossible(
            code="file-not-readable",
            words=f"{path.name} cannot be opened: {error.strerror}.",
            remedy="Close it in other programs and check that you may read it.",
            field="file",
        ) from error
