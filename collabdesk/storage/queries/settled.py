"""What has been approved, agreed or posted, so that nothing may quietly go back behind it."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.storage.packing import pack_dots
from collabdesk.storage.queries.approvals import inserted_at, was_seen

_IN_VERSION = ("allocation_move", "plan_line")


def is_settled(reads: Connection, table: str, row: bytes) -> bool:
    """Tell whether an approval, a post, an agreed version or a locked month rests on a row."""
    return (
        _approved(reads, row)
        or is_posted(reads, row)
        or (table in _IN_VERSION and _agreed(reads, table, row) and not _came_later(reads, row))
        or (table == "budget_version" and _state(reads, row) == "agreed")
        or (table == "close_step" and _locked(reads, row))
    )


def _approved(reads: Connection, row: bytes) -> bool:
    query = "SELECT 1 FROM approval WHERE row = ? AND withdrawn = 0 LIMIT 1"
    return reads.exec_driver_sql(query, (row,)).first() is not None


def is_posted(reads: Connection, row: bytes) -> bool:
    """Tell whether a post carries out the proposal in a row."""
    query = "SELECT dev16, seq, idx FROM row WHERE row = ?"
    made = reads.exec_driver_sql(query, (row,)).first()
    if made is None:
        return False
    source = pack_dots([(made[0], made[1], made[2])])
    found = reads.exec_driver_sql("SELECT 1 FROM post WHERE source = ? LIMIT 1", (source,))
    return found.first() is not None


def _agreed(reads: Connection, table: str, row: bytes) -> bool:
    query = f"SELECT version FROM budgets_{table} WHERE row = ?"  # noqa: S608 - our own names
    found = reads.exec_driver_sql(query, (row,)).first()
    return found is not None and _state(reads, found[0]) == "agreed"


def _state(reads: Connection, version: bytes) -> str:
    query = "SELECT state FROM budgets_budget_version WHERE row = ?"
    found = reads.exec_driver_sql(query, (version,)).first()
    return found[0] if found else ""


def _came_later(reads: Connection, row: bytes) -> bool:
    """Tell whether an allocation was recorded after its version had been posted."""
    query = (
        "SELECT p.dev16, p.seq, p.idx FROM budgets_allocation_move m "
        "JOIN budgets_journal j ON j.version = m.version AND j.kind = 'opening' "
        "JOIN post p ON p.header = j.row WHERE m.row = ?"
    )
    found = reads.exec_driver_sql(query, (row,)).first()
    return found is not None and not was_seen(
        reads, inserted_at(reads, row), (found[0], found[1], found[2])
    )


def _locked(reads: Connection, step: bytes) -> bool:
    """Tell whether the month of a step of the close is locked."""
    query = (
        "SELECT 1 FROM budgets_close_step c JOIN budgets_month_state s "
        "ON s.fiscal_year = c.fiscal_year AND s.month = c.month AND s.state = 'locked' "
        "WHERE c.row = ? LIMIT 1"
    )
    return reads.exec_driver_sql(query, (step,)).first() is not None
