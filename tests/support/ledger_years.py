"""Generated years of the ledger: balanced journals over lines, providers and months."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from random import Random

from collabdesk.domain.periods import FiscalYear
from collabdesk.exchange.ledger_year import LedgerYear, LineName, Posting

YEAR = "2026/27"
MADE_ON = dt.date(2026, 11, 22)
POTS = ("contingency", "investment", "unallocated")
# Codes that a spreadsheet takes for one number, a formula or a pattern.
ODD_CODES = ("1", "01", "001", "=1+1", "@A", "*", "-5", "a b", "a-b", "Ünal")


def line_names(lines: int, providers: int) -> list[LineName]:
    """Return lines with codes of every kind at every provider."""
    codes = [ODD_CODES[n] if n < len(ODD_CODES) else f"L{n}" for n in range(lines)]
    return [
        LineName(code, f"R{place:02}", f"Line {code}", n.to_bytes(2, "big"))
        for n, code in enumerate(codes)
        for place in range(providers)
    ]


def generated(lines: int, providers: int, journals: int, seed: int = 1) -> LedgerYear:
    """Return a year whose opening journal is followed by virements, actuals, accruals and pots."""
    random = Random(seed)  # noqa: S311 - a made-up year
    names = line_names(lines, providers)
    opening = [(name, month, random.randrange(-5_000, 9_999_999)) for name in names for month in _M]
    total = sum(amount for _, _, amount in opening)
    made = [Posting(1, "opening", "Opening", 1, m, "line", name, p) for name, m, p in opening]
    made += [
        Posting(1, "opening", "Opening", 1, 1, "unallocated", None, 12_345_678),
        Posting(1, "opening", "Opening", 1, 1, "envelope", None, -total - 12_345_678),
    ]
    for number in range(2, journals + 1):
        made += _journal(number, 1 + number * 12 // (journals + 1), names, random)
    plan: dict[LineName, list[int]] = defaultdict(lambda: [0] * 12)
    for name, month, amount in opening:
        plan[name][month - 1] = amount
    planned = {name: tuple(months) for name, months in plan.items()}
    year = FiscalYear.parse(YEAR)
    stamp = f"Ledger as at #{journals}, locked to M6"
    return LedgerYear("Devolved budget", year, stamp, MADE_ON, 6, tuple(made), planned)


_M = range(1, 13)


def _journal(number: int, posted: int, names: list[LineName], random: Random) -> list[Posting]:
    amount = random.randrange(1, 50_000_000)
    one, other = random.choice(names), random.choice(names)
    month = random.randint(1, 12)

    def said(kind: str, account: str, pence: int, name: LineName | None = None) -> Posting:
        what = '=cmd|"x"!A1 "quoted" \\ back'
        reference = f"@ref{number}"
        return Posting(
            number, kind, what, posted, month, account, name, pence, "recurrent", reference
        )

    match number % 4:
        case 0:
            return [
                said("virement", "line", amount, one),
                said("virement", "line", -amount, other),
            ]
        case 1:
            return [
                said("actual", "spend", amount, one),
                said("actual", "general_ledger", -amount),
            ]
        case 2:
            sign = random.choice((1, -1))
            kind = "accrual" if sign > 0 else "accrual_reversal"
            return [
                said(kind, "spend", sign * amount, one),
                said(kind, "accrued", -sign * amount),
            ]
        case _:
            pot = random.choice(POTS)
            return [said("release", "line", amount, one), said("release", pot, -amount)]
