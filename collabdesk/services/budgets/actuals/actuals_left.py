"""What of the general ledger's files is not in the ledger yet, month by month."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.services.budgets.actuals.actuals import latest_files, waiting_by_file
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
        if held > month or stored.was_corrected(reads, fiscal_year, file.source, held):
            continue
        spent = stored.posted_spend(reads, fiscal_year, file.source, held)
        waits = sum(row.amount_p for row in stored.waiting_rows(reads) if _of(row, file))
        apart_p = (file.control_p or 0) - (file.left_out_p or 0) - waits - sum(spent.values())
        if apart_p:
            found.append((file.name, apart_p))
    return found


def _of(row: stored.WaitingRow, file: stored.SourceFile) -> bool:
    return row.source_file == file.row
