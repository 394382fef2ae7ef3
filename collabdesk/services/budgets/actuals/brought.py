"""Which ledger files are here, as what they were brought, and what each keeps of its reading."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.actuals import marks_in_force
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.actuals.actuals_commands import ImportTrialBalance
from collabdesk.services.budgets.actuals.mapping_rules import rules_of
from collabdesk.services.budgets.actuals.sheet_choice import sheet_of
from collabdesk.services.wording import plain
from collabdesk.storage.queries import actuals as stored

KINDS: Final = ("trial_balance", "transactions")


def known_source(reads: Connection, fiscal_year: str, source: str) -> str:
    """Return a source by the name that is kept already: GL and gl are one ledger."""
    plainly = plain(source, "source")
    names = [one.source for one in stored.source_files(reads)]
    names += [one.source for one in stored.mappings(reads, fiscal_year)]
    return next((name for name in names if name.casefold() == plainly.casefold()), plainly)


def files_of(
    reads: Connection, source: str, fiscal_year: str, month: int
) -> tuple[stored.SourceFile, ...]:
    """Return the ledger files of a source that are here for a month, the latest last."""
    return tuple(
        one
        for one in stored.source_files(reads, *KINDS)
        if (one.source, one.fiscal_year, one.month) == (source, fiscal_year, month)
    )


def latest_files(reads: Connection, fiscal_year: str = "") -> tuple[stored.SourceFile, ...]:
    """Return the latest ledger file of each source and month, of a year or of all."""
    found = {
        (one.source, one.fiscal_year, one.month): one
        for one in stored.source_files(reads, *KINDS)
        if fiscal_year in {"", one.fiscal_year}
    }
    return tuple(found.values())


# --- once is once: the same rows never come in as another month, or from another ledger -------


def check_brought_once(reads: Connection, command: ImportTrialBalance) -> None:
    """Refuse rows of a file that stand already as another month's, or another ledger's."""
    for one in latest_files(reads):
        if _same_rows(one, command) and _stands(reads, one):
            raise _brought(one, command)


def _same_rows(one: stored.SourceFile, command: ImportTrialBalance) -> bool:
    """Tell whether a file that is here has the rows a command brings as something else."""
    if one.sha256 != command.sha256 or sheet_of(one.reading) != sheet_of(command.reading):
        return False
    mine = (command.source, command.fiscal_year, command.month)
    if (one.source, one.fiscal_year, one.month) == mine:
        return False
    same_month = command.unsaid == "month" or one.month == command.month
    return same_month and (bool(command.unsaid) or one.fiscal_year == command.fiscal_year)


def _stands(reads: Connection, one: stored.SourceFile) -> bool:
    spent = stored.posted_spend(reads, one.fiscal_year, one.source, one.month or 0)
    waits = (row.source_file == one.row for row in stored.waiting_rows(reads))
    return any(spent.values()) or any(waits)


def _brought(one: stored.SourceFile, command: ImportTrialBalance) -> Refusal:
    month = FiscalYear.parse(one.fiscal_year).month(one.month or 1).label
    another = one.source != command.source
    return Refusal(
        code="brought_already",
        words=f"The same rows are here already as {month} from {one.source} ({one.name}); "
        "they would count twice.",
        remedy=f"Bring the file of this {'ledger' if another else 'month'}. If they were wrong "
        f"there, bring {month}’s own file from {one.source} first, or correct what it posted.",
        field="source" if another else "month",
    )


# --- what a file keeps of its reading ---------------------------------------------------------


def record_of(reads: Connection, command: ImportTrialBalance) -> str:
    """Return what a file keeps: the answers about it, what was not read, what it was mapped by."""
    said = json.loads(command.reading or "{}")
    rules = rules_of(reads, command.source, command.fiscal_year)
    said["mapped_by"] = sorted(marks_in_force(rules, command.month))
    if command.unread:
        said["unread"] = command.unread
    return json.dumps(said, sort_keys=True)


def with_marks(reading: str | None, marks: Iterable[str]) -> str:
    """Return what a file keeps once more of its rows are mapped by rules of these marks."""
    said = json.loads(reading or "{}")
    said["mapped_by"] = sorted({*said.get("mapped_by", ()), *marks})
    return json.dumps(said, sort_keys=True)


def mapped_by(file: stored.SourceFile) -> frozenset[str] | None:
    """Return the marks of the rules a file was mapped by; None where it did not keep them."""
    marks = json.loads(file.reading or "{}").get("mapped_by")
    return None if marks is None else frozenset(marks)


def unread_of(file: stored.SourceFile) -> int:
    """Return how many rows of a file could not be read."""
    return int(json.loads(file.reading or "{}").get("unread", 0))
