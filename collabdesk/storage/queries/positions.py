"""The posted ledger added up by account, line, provider and month."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from collabdesk.storage.tables.derived import POST
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True)
class Sum:
    """Pence on one account of a line at a provider in a month; what does not come again apart.

    `seen` is the last journal's number that counts in it.
    """

    account: str
    service_line: bytes | None
    provider: str
    month: int | None
    amount_p: int
    one_off_p: int
    seen: int


def sums(reads: Connection, fiscal_year: str, through: int | None = None) -> tuple[Sum, ...]:
    """Return what the journals of a year leave, up to journal number `through` if one is given.

    A line without a month of its own counts in the month its journal belongs to.
    """
    line, header = PROJECTIONS["journal_line"], PROJECTIONS["journal"]
    month = func.coalesce(line.c.month, header.c.effective_month)
    once = func.coalesce(line.c.one_off, 0) * line.c.amount_p
    by = (line.c.account, line.c.service_line, func.coalesce(line.c.provider, ""), month)
    query = (
        select(*by, func.sum(line.c.amount_p), func.sum(once), func.max(POST.c.number))
        .select_from(line)
        .join(header, header.c.row == line.c.journal)
        .join(POST, POST.c.header == header.c.row)
        .where(header.c.fiscal_year == fiscal_year)
        .group_by(*by)
        .order_by(*by)
    )
    if through is not None:
        query = query.where(POST.c.number <= through)
    return tuple(Sum(*found) for found in reads.execute(query))
