"""Files on their way into Budgets, as the one import wizard wants them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from collabdesk.services.budgets.actuals.file_reading import Account, Answers, Asked
from collabdesk.services.workspace import Workspace
from collabdesk.ui.budgets.wording import counted
from collabdesk.ui.form import Field, Shape
from collabdesk.ui.import_wizard import DryRun, Problem
from collabdesk.ui.workers import Progress, Stopped

_KINDS = "Tables (*.xlsx *.csv *.txt);;All files (*)"


class _FileImporter:
    """Reads a file with what was answered so far; nothing is written before it is confirmed."""

    title = ""
    kinds = _KINDS
    verb = "Import"

    def __init__(self, workspace: Workspace) -> None:
        """Import into a workspace."""
        self._workspace = workspace
        self._answers: dict[str, str] = {}
        self._path: Path | None = None

    def answer(self, answers: Mapping[str, str]) -> None:
        """Keep what somebody said about the file."""
        self._answers = dict(answers)

    def dry_run(self, path: Path, progress: Progress) -> DryRun:
        """Read a file through and say what it would bring."""
        if path != self._path:
            self._path, self._answers = path, {}
        progress.say("Reading")
        return shown(self._account(path, self._answers), self.verb)

    def _account(self, path: Path, answers: Answers) -> Account:
        raise NotImplementedError

    def carry_out(self, run: DryRun, progress: Progress) -> str:
        """Bring the file in."""
        progress.say("Writing and signing")
        return self._workspace.run(run.plan).words


class LedgerImporter(_FileImporter):
    """One month of the general ledger: posted to the penny, what has no mapping waits."""

    title = "Import a month of the general ledger"
    verb = "Post"

    def __init__(self, workspace: Workspace, fiscal_year: str) -> None:
        """Import into a year of a workspace."""
        super().__init__(workspace)
        self._year = fiscal_year

    def _account(self, path: Path, answers: Answers) -> Account:
        from collabdesk.services.budgets.actuals.ledger_reading import read_ledger

        return read_ledger(self._workspace.database.read, self._year, path, answers)

    def carry_out(self, run: DryRun, progress: Progress) -> str:
        """Post the file; a long one in several steps, each resting on what stands."""
        from collabdesk.services.budgets.actuals.actuals import still_to_come

        progress.say("Posting and signing")
        words, steps = self._workspace.run(run.plan).words, 1
        # Once begun it is finished: a month half posted would be worse than waiting for it.
        while left := self._workspace.query(still_to_come, run.plan):
            with suppress(Stopped):
                progress.say(f"Posting and signing; {left:,} lines and rows to come")
            self._workspace.run(run.plan)
            steps += 1
        if steps == 1:
            return words
        waits = f"; {counted(run.unmapped, 'row')} to be mapped" if run.unmapped else ""
        return f"{counted(run.mapped, 'line')} posted in {steps} steps{waits}"


class PublishedImporter(_FileImporter):
    """A published file that is kept whole: spending over £25,000, or allocations."""

    title = "Import published spending or allocations"

    def _account(self, path: Path, answers: Answers) -> Account:
        from collabdesk.services.budgets.actuals.published_reading import read_published

        return read_published(self._workspace.database.read, path, answers)


class ReturnImporter(_FileImporter):
    """A partner's return of a month."""

    title = "Import a partner’s return"

    def __init__(self, workspace: Workspace, fiscal_year: str) -> None:
        """Import into a year of a workspace."""
        super().__init__(workspace)
        self._year = fiscal_year

    def _account(self, path: Path, answers: Answers) -> Account:
        from collabdesk.services.budgets.returns.return_reading import read_partner_return

        workspace = self._workspace
        return read_partner_return(
            workspace.database.read, workspace.me(), self._year, path, answers
        )


def shown(account: Account, verb: str) -> DryRun:
    """Return a file's account as the wizard shows it."""
    brought = account.brought + account.waiting
    return DryRun(
        layout=account.layout,
        rows_in=account.rows,
        mapped=account.brought,
        unmapped=account.waiting,
        suppressed=len(account.told),
        duplicates=account.here_already,
        changes=account.said,
        problems=[Problem(one.where, one.what, one.why) for one in account.told],
        again=account.again,
        plan=account.command,
        asks=[_field(one) for one in account.asked],
        faults={one.key: one.hint or "Say this first." for one in account.asked if one.open},
        ready=account.command is not None,
        verb=f"{verb} {counted(brought, 'row')}" if brought else verb,
        captions=("Would be brought in", "Would wait for a mapping", "Left out"),
    )


def _field(one: Asked) -> Field:
    shape: Shape = "choice" if one.choices else "line"
    hint = "" if one.open else one.hint
    half = one.key not in {"date_order", "source", "control"}
    return Field(one.key, one.label, shape, hint, one.value, one.choices, half=half)
