"""What of the general ledger's files is not in the ledger yet, month by month."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.budgets.actuals import mapped_otherwise
from collabdesk.services.budgets.actuals.actuals import waiting_by_file
from collabdesk.services.budgets.actuals.brought import latest_files, mapped_by, unread_of
from collabdesk.services.budgets.actuals.mapping_rules import rules_of
from collabdesk.storage.queries import actuals as stored


def rows_waiting(reads: Connection, fiscal_year: str, month: int) -> tuple[int, int]:
    """Return how many rows up to a month of its year wait to be posted, and their pence."""
    rows = [
        row
        for file, waiting in waiting_by_file(reads, fiscal_year)
        if (file.month or 1) <= month
        for row in waiting
    ]
    return len(rows), sum(row.amount_p for row in rows)


def not_posted(reads: Connection, fiscal_year: str, month: int) -> list[tuple[str, int]]:
    """Return the files up to a month whose rows are not all posted, waiting or left out.

    By name, with the pence apart. What was corrected by hand since is not held against a file.
    """
    found = []
    for file in latest_files(reads, fiscal_year):
        held = file.month or 1
        if held > month or unread_of(file) or _was_corrected(reads, file):
            continue
        spent = stored.posted_spend(reads, fiscal_year, file.source, held)
        waits = sum(row.amount_p for row in stored.waiting_rows(reads) if _of(row, file))
        apart_p = (file.control_p or 0) - (file.left_out_p or 0) - waits - sum(spent.values())
        if apart_p:
            found.append((file.name, apart_p))
    return found


def not_read(reads: Connection, fiscal_year: str, month: int) -> list[tuple[str, int]]:
    """Return the files up to a month of which rows could not be read, by name, and how many."""
    return [
        (file.name, unread)
        for file in latest_files(reads, fiscal_year)
        if (file.month or 1) <= month and (unread := unread_of(file))
    ]


def mapped_anew(reads: Connection, fiscal_year: str, month: int) -> list[tuple[str, str]]:
    """Return the files up to a month whose mapping has changed since, by name, and their source.

    What was corrected by hand since is not held against a file.
    """
    return [
        (file.name, file.source)
        for file in latest_files(reads, fiscal_year)
        if (file.month or 1) <= month and is_mapped_anew(reads, file)
    ]


def is_mapped_anew(reads: Connection, file: stored.SourceFile) -> bool:
    """Tell whether the codes of a file are mapped otherwise than when it was brought."""
    by = mapped_by(file)
    if by is None or _was_corrected(reads, file):
        return False
    rules = rules_of(reads, file.source, file.fiscal_year)
    return mapped_otherwise(by, rules, file.month or 1)


def _was_corrected(reads: Connection, file: stored.SourceFile) -> bool:
    return stored.was_corrected(reads, file.fiscal_year, file.source, file.month or 1)


def _of(row: stored.WaitingRow, file: stored.SourceFile) -> bool:
    return row.source_file == file.row
