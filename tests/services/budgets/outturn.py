"""A year part-way through: an agreed budget, six closed months with their actuals, one alliance."""

from __future__ import annotations

from collections.abc import Mapping

from collabdesk.domain.budgets.ledger import (
    Account,
    Heading,
    JournalKind,
    JournalLine,
    LineKey,
    post,
)
from collabdesk.domain.changes import OWN, Cell, Insert
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import Alliance

ASL_P, PER_P, OUT_P = 24_000_000, 12_000_000, 6_000_000
SPENT: Mapping[tuple[str, str], tuple[int, ...]] = {
    ("ASL", "RHA"): (2_000_000, 2_100_000, 2_050_000, 2_000_000, 2_200_000, 2_150_000),
    ("PER", "RHA"): (900_000, 900_000, 950_000, 900_000, 900_000, 900_000),
    ("ASL", "RP7"): (500_000, 480_000, 470_000, 490_000, 500_000, 500_000),
    ("PER", "RT5"): (0, 0, 12_345, 0, 0, 0),
}
"""What was spent in M1 to M6; perinatal at RT5 has no budget, and £500 of ASL in M5 is one-off."""
CLOSED = 6


def begun(alliance: Alliance) -> Office:
    """Return an office with its budget agreed and nothing spent."""
    office = Office(alliance)
    office.begin("0.5")
    office.plan("ASL", "RHA", ASL_P)
    office.plan("PER", "RHA", PER_P)
    office.plan("ASL", "RP7", OUT_P)
    office.agree()
    return office


def under_way(alliance: Alliance, closed: int = CLOSED) -> Office:
    """Return an office after months of spending."""
    office = begun(alliance)
    for month in range(1, closed + 1):
        spend(office, month)
        close(office, month)
    office.share()
    return office


def spend(office: Office, month: int, **given: int) -> None:
    """Post a month's spending as the keeper would; `given` replaces a code's amount at RHA."""
    lines: list[JournalLine] = []
    for (code, provider), months in SPENT.items():
        usual = months[min(month, len(months)) - 1]
        amount_p = given.get(code, usual) if provider == "RHA" else usual
        key = LineKey(office.lines[code], provider)
        once = 50_000 if (code, provider, month) == ("ASL", "RHA", 5) else 0
        lines += [
            JournalLine(Account.SPEND, amount_p - once, key, month),
            JournalLine(Account.SPEND, once, key, month, one_off=True),
        ]
    total = sum(line.amount_p for line in lines)
    lines.append(JournalLine(Account.GENERAL_LEDGER, -total))
    heading = Heading(YEAR, JournalKind.ACTUAL, month, f"Trial balance of M{month}")
    office.alliance.desks["lead"].change(post(heading, lines))


def close(office: Office, month: int, state: str = "locked") -> None:
    """Set a month's state in the lead provider's scope."""
    cells: dict[str, Cell] = {"fiscal_year": YEAR, "month": month, "state": state}
    office.alliance.desks["lead"].change(Insert("month_state", OWN, cells))
