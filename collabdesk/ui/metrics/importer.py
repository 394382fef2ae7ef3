"""The published file on its way in, as the one import wizard wants it."""

from __future__ import annotations

from pathlib import Path

from collabdesk.services.metrics.importing import ReleaseImport
from collabdesk.services.metrics.shipped import shipped_reference
from collabdesk.services.wording import counted
from collabdesk.services.workspace import Workspace
from collabdesk.ui.import_wizard import DryRun, Problem
from collabdesk.ui.workers import Progress


class ReleaseImporter:
    """Reads, shows and brings in one published file."""

    title = "Import published figures"
    kinds = "Published files (*.csv *.csv.gz *.gz);;All files (*)"

    def __init__(self, workspace: Workspace) -> None:
        """Import into a workspace."""
        self._workspace = workspace
        self._import = ReleaseImport(workspace.database.read, shipped_reference())

    def dry_run(self, path: Path, progress: Progress) -> DryRun:
        """Read a file through and say what it would bring."""
        found = self._import.choose(
            path, progress=lambda done, total: progress.say("Reading", done, total)
        )
        summary, changes = found.summary, found.changes
        new = f"{counted(changes.added, 'figure')} new, {changes.revised:,} revised"
        said = [
            f"{new}, {changes.gone:,} no longer given.",
            f"{found.licence}. Status: {summary.status}.",
            *found.warnings,
        ]
        blocked = [
            Problem("Whole file", words, "Nothing can be imported") for words in found.blocked
        ]
        return DryRun(
            layout=summary.title,
            rows_in=found.rows_in,
            mapped=0 if found.blocked else found.mapped,
            unmapped=found.parked,
            suppressed=summary.suppressed,
            duplicates=changes.same,
            changes=said,
            problems=blocked,
        )

    def carry_out(self, _run: DryRun, progress: Progress) -> str:
        """Bring the file in, in one transaction, and work its figures out."""
        progress.say("Writing and signing")
        done = self._workspace.run(self._import.confirm())
        self._workspace.derive_now()
        return done.words
