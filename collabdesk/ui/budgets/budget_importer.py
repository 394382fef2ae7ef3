"""A budget workbook, as the import wizard brings it in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.planning.sheet_import import Account, BudgetImport
from collabdesk.services.workspace import Workspace
from collabdesk.ui.budgets.wording import counted
from collabdesk.ui.form import Field
from collabdesk.ui.import_wizard import DryRun, Problem
from collabdesk.ui.workers import Progress

_ASKED: Final = "What do its figures count?"
_HINT: Final = "As the head of the sheet says; pounds where it says nothing"
_UNITS: Final = (
    ("£", "Pounds (£)"),
    ("£000", "Thousands of pounds (£000)"),
    ("£m", "Millions of pounds (£m)"),
)


class BudgetImporter:
    """Reads, shows and brings in one workbook of service lines, providers and months."""

    title = "Import a budget workbook"
    kinds = "Workbooks and delimited text (*.xlsx *.csv *.txt);;All files (*)"

    def __init__(self, workspace: Workspace, version: bytes) -> None:
        """Import into a draft version of a workspace."""
        self._workspace = workspace
        self._import = BudgetImport(workspace.database.read, version)
        self._unit, self._sheet, self._path = "", "", Path()

    def answer(self, answers: Mapping[str, str]) -> None:
        """Keep what somebody said the figures count, and which sheet is meant."""
        self._unit = answers.get("unit", "")
        self._sheet = answers.get("sheet", "")

    def dry_run(self, path: Path, progress: Progress) -> DryRun:
        """Read a file through and say what it would bring."""
        progress.say("Reading")
        if path != self._path:
            self._path, self._unit, self._sheet = path, "", ""
        sheet, self._sheet = self._sheet, ""
        # A sheet that holds no budget is refused; reading again begins with the usual one.
        found = self._import.choose(path, self._unit, sheet)
        self._sheet = sheet
        rows = found.sheet.rows
        new, total = counted(found.new, "line"), format_pence(found.sheet.total_p)
        said = [f"{new} new, {found.changed:,} changed, {total} in all."]
        if found.new_lines:
            said.append(f"New service lines: {', '.join(found.new_lines)}.")
        problems = [
            Problem(f"Row {one.row}, {one.column}", one.what, f"{one.why.words} {one.why.remedy}")
            for one in found.left_out
        ]
        changes = found.new + found.changed
        return DryRun(
            layout="Budget by service line and provider",
            rows_in=len(rows) + len(found.sheet.left_out),
            mapped=changes,
            unmapped=len(found.left_out),
            suppressed=0,
            duplicates=found.same,
            changes=said,
            problems=problems,
            asks=(
                *_sheets(found),
                Field("unit", _ASKED, "choice", _HINT, found.sheet.unit.value, _UNITS),
            ),
            again="Every line of the file stands in the draft already." if not changes else "",
        )

    def carry_out(self, _run: DryRun, progress: Progress) -> str:
        """Bring the file in, all or nothing, as one step to undo."""
        progress.say("Writing and signing")
        return self._workspace.run(self._import.confirm()).words


def _sheets(found: Account) -> tuple[Field, ...]:
    if len(found.sheets) <= 1:
        return ()
    choices = tuple(
        (one.title, f"{one.title} (hidden)" if one.hidden else one.title) for one in found.sheets
    )
    chosen = found.sheet.table.sheet.title
    return (Field("sheet", "Which sheet?", "choice", _OTHERS, chosen, choices),)


_OTHERS: Final = "The other sheets of the workbook are not read."
