"""The year as a paper: where the envelope stands, and budget and actual line by line."""

from __future__ import annotations

from typing import Final

from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.exchange.ledger_year import NO_MONTHS, LedgerYear, LineName, Months, Side
from collabdesk.exchange.paper.blocks import (
    Block,
    Column,
    Heading,
    Kind,
    Note,
    Paper,
    Part,
    Row,
    Table,
    Text,
)

_PARTS: Final = {
    "line": "Service lines",
    "contingency": "Contingency",
    "investment": "Investment",
    "unallocated": "Unallocated",
}


def year_paper(ledger: LedgerYear) -> Paper:
    """Return a year of the ledger as a paper: a summary upright, the months across."""
    across = (_months(ledger, side, said) for side, said in _SIDES.items())
    notes = (Part(_notes(ledger)),) if ledger.notes else ()
    return Paper(
        ledger.title,
        f"Made on {ledger.made_on:%d/%m/%Y}",
        ledger.stamp,
        ledger.made_on,
        (Part(_summary(ledger)), *(Part(blocks, across=True) for blocks in across), *notes),
    )


_SIDES: Final = {Side.BUDGET: "Budget by month", Side.ACTUAL: "Actual by month"}


def _summary(ledger: LedgerYear) -> tuple[Block, ...]:
    held = ledger.accounts
    envelope_p = -held.get("envelope", 0)
    money = Column("Amount", Kind.PENCE)
    parts = [Row((said, held.get(account, 0))) for account, said in _PARTS.items()]
    envelope = Table(
        "Where the envelope stands",
        (Column("Part"), money),
        (*parts, Row(("Envelope", envelope_p), strong=True)),
    )
    return (
        Heading("Envelope"),
        Text("Lines, contingency, investment and unallocated money add up to the envelope."),
        envelope,
        Heading("Budget and actual by line"),
        _lines(ledger),
        Note(
            "Budget is the whole year's; actual is what is posted so far, accruals included. "
            "Left is budget less actual. All figures are pounds and pence."
        ),
    )


def _lines(ledger: LedgerYear) -> Table:
    budget, actual = ledger.months(Side.BUDGET), ledger.months(Side.ACTUAL)
    rows = [
        _row(line, sum(budget.get(line, NO_MONTHS)), sum(actual.get(line, NO_MONTHS)))
        for line in ledger.lines
    ]
    whole = [sum(sum(months) for months in side.values()) for side in (budget, actual)]
    total = Row(("All lines", "", whole[0], whole[1], whole[0] - whole[1]), strong=True)
    columns = (
        Column("Service line"),
        Column("Provider"),
        Column("Budget", Kind.PENCE),
        Column("Actual", Kind.PENCE),
        Column("Left", Kind.PENCE),
    )
    return Table("Every line at every provider", columns, (*rows, total))


def _row(line: LineName, budget_p: int, actual_p: int) -> Row:
    return Row((line.name, line.provider, budget_p, actual_p, budget_p - actual_p))


def _months(ledger: LedgerYear, side: Side, said: str) -> tuple[Block, ...]:
    held = ledger.months(side)
    columns = (
        Column("Line and provider"),
        *(Column(f"M{n}", Kind.POUNDS) for n in range(1, MONTHS_IN_YEAR + 1)),
        Column(ledger.year.label, Kind.POUNDS),
    )
    marks = _marks(ledger) if side is Side.BUDGET else {}
    rows = [
        _month_row(f"{line.name}, {line.provider}{marks.get(line, '')}", held[line])
        for line in sorted(held)
    ]
    every = tuple(sum(months) for months in zip(*held.values(), strict=True)) or NO_MONTHS
    total = _month_row("All lines", every, strong=True)
    note = Note("Whole pounds, each rounded by itself from the pence: rounded figures may not sum.")
    return Heading(said), Table(said, columns, (*rows, total)), note


def _marks(ledger: LedgerYear) -> dict[LineName, str]:
    """Return the numbers of each line's notes, as they stand after its name."""
    numbers: dict[LineName, list[str]] = {}
    for number, note in enumerate(ledger.notes, 1):
        numbers.setdefault(note.line, []).append(str(number))
    return {line: f" [{', '.join(found)}]" for line, found in numbers.items()}


def _notes(ledger: LedgerYear) -> tuple[Block, ...]:
    rows = [
        Row((str(number), note.place, note.text, note.by))
        for number, note in enumerate(ledger.notes, 1)
    ]
    columns = (Column("No."), Column("Line and month"), Column("Note"), Column("Written by"))
    said = "Written on the plan; the numbers stand after the lines in the budget by month."
    return Heading("Notes"), Text(said), Table("Notes on the plan", columns, tuple(rows))


def _month_row(said: str, months: Months, *, strong: bool = False) -> Row:
    return Row((said, *months, sum(months)), strong=strong)
