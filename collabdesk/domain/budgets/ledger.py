"""The ledger: balanced journals, what they leave on each account, and what looks wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from collabdesk.domain.changes import OWN, Cell, Insert, NewRow, PostJournal, RowRef
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal


class Account(StrEnum):
    """Where money stands; on the budget side the envelope is in credit, all others in debit.

    SPEND, GENERAL_LEDGER and ACCRUED are the actual side: what was spent, against what the
    Trust's general ledger has booked or what is only expected.
    """

    ENVELOPE = "envelope"
    UNALLOCATED = "unallocated"
    LINE = "line"
    CONTINGENCY = "contingency"
    INVESTMENT = "investment"
    SPEND = "spend"
    GENERAL_LEDGER = "general_ledger"
    ACCRUED = "accrued"


ACTUAL_SIDE: Final = frozenset({Account.SPEND, Account.GENERAL_LEDGER, Account.ACCRUED})
"""The accounts of what was spent; all others are of what is delegated."""


class Recurrence(StrEnum):
    """Whether money comes again next year."""

    RECURRENT = "recurrent"
    NON_RECURRENT = "non_recurrent"


class JournalKind(StrEnum):
    """What a journal is for."""

    OPENING = "opening"
    VIREMENT = "virement"
    REVERSAL = "reversal"
    CORRECTION = "correction"
    ALLOCATION = "allocation"
    UPLIFT = "uplift"
    RELEASE = "release"
    REPHASING = "rephasing"
    INVESTMENT = "investment"
    ACTUAL = "actual"
    ACCRUAL = "accrual"
    ACCRUAL_REVERSAL = "accrual_reversal"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class LineKey:
    """A service line at one provider."""

    service_line: RowRef
    provider: str


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One side of a journal: debits above nought, credits below.

    `reference` and `source_row` say where in a file the amount stood; `one_off` marks what
    does not come again.
    """

    account: Account
    amount_p: int
    line: LineKey | None = None
    month: int | None = None
    recurrence: Recurrence | None = None
    reference: str = ""
    source_row: int | None = None
    one_off: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Journal:
    """One journal as posted; `words` names it to people."""

    kind: JournalKind
    words: str
    lines: tuple[JournalLine, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the lines of a journal about to be posted.

    `month` is the one it is posted in; `effective_month` the one it belongs to, if another.
    `reverses` is the journal it cancels, `source_file` the file it was taken from; `key`
    names its row to later journals of the same command.
    """

    fiscal_year: str
    kind: JournalKind
    month: int
    words: str
    version: bytes | None = None
    effective_month: int | None = None
    reverses: RowRef | None = None
    source_file: RowRef | None = None
    key: str = "journal"


def out_of_balance(lines: Iterable[JournalLine]) -> int:
    """Return by how much a journal is out: of its budget side, or else of its actual side."""
    budget = actual = 0
    for line in lines:
        if line.account in ACTUAL_SIDE:
            actual += line.amount_p
        else:
            budget += line.amount_p
    return budget or actual


def post(
    heading: Heading, lines: Sequence[JournalLine], source: tuple[str, bytes] | None = None
) -> PostJournal:
    """Make a journal of the lines that are not nil; refuse it unless each side sums to nought.

    What is spent never changes what is delegated: a journal balances on both sides by itself.
    """
    kept = [line for line in lines if line.amount_p]
    total = out_of_balance(kept)
    if total:
        raise Refusal(
            code="unbalanced",
            words=f"“{heading.words}” is out of balance by {format_pence(total)}.",
            remedy="Debits and credits of a journal must add up to nought on each side.",
        )
    if not kept:
        raise Refusal(
            code="nothing_to_post",
            words=f"“{heading.words}” moves no money.",
            remedy="Enter at least one amount other than nought.",
        )
    inserts = tuple(_insert(line, heading.key) for line in kept)
    return PostJournal(_header(heading), inserts, source)


def _header(heading: Heading) -> Insert:
    cells: dict[str, Cell] = {
        "fiscal_year": heading.fiscal_year,
        "kind": heading.kind.value,
        "posting_month": heading.month,
        "effective_month": heading.effective_month or heading.month,
        "words": heading.words,
    }
    named = {
        "version": heading.version,
        "reverses": heading.reverses,
        "source": heading.source_file,
    }
    cells |= {name: row for name, row in named.items() if row is not None}
    return Insert("journal", OWN, cells, heading.key)


def _insert(line: JournalLine, journal: str) -> Insert:
    cells: dict[str, Cell] = {
        "journal": NewRow(journal),
        "account": line.account.value,
        "amount_p": line.amount_p,
    }
    if line.line is not None:
        cells |= {"service_line": line.line.service_line, "provider": line.line.provider}
    if line.month is not None:
        cells["month"] = line.month
    if line.recurrence is not None:
        cells["recurrence"] = line.recurrence.value
    said: dict[str, Cell] = {
        "reference": line.reference or None,
        "source_row": line.source_row,
        "one_off": line.one_off or None,
        "words": line.words or None,
    }
    cells |= {name: value for name, value in said.items() if value is not None}
    return Insert("journal_line", OWN, cells)


@dataclass(frozen=True, slots=True)
class Balances:
    """What stands on each account, all shown as positive money held.

    `recurrent_p` is the recurrent envelope less the recurrent money on lines, None where
    nobody added it up.
    """

    envelope_p: int
    unallocated_p: int
    contingency_p: int
    investment_p: int
    lines: Mapping[LineKey, int]
    recurrent_p: int | None = field(default=None, compare=False)

    @property
    def lines_p(self) -> int:
        """What stands on all service lines together."""
        return sum(self.lines.values())

    @property
    def identity_holds(self) -> bool:
        """Lines + contingency + investment + unallocated = envelope."""
        held = self.lines_p + self.contingency_p + self.investment_p + self.unallocated_p
        return held == self.envelope_p


def balances(lines: Iterable[JournalLine]) -> Balances:
    """Add up journal lines by account, and service lines by line and provider."""
    accounts: dict[Account, int] = defaultdict(int)
    by_line: dict[LineKey, int] = defaultdict(int)
    recurrent_p = 0
    for line in lines:
        accounts[line.account] += line.amount_p
        if line.account in _RECURRING and line.recurrence is not Recurrence.NON_RECURRENT:
            recurrent_p -= line.amount_p
        if line.account is Account.LINE and line.line is not None:
            by_line[line.line] += line.amount_p
    return Balances(
        -accounts[Account.ENVELOPE],
        accounts[Account.UNALLOCATED],
        accounts[Account.CONTINGENCY],
        accounts[Account.INVESTMENT],
        dict(by_line),
        recurrent_p,
    )


_RECURRING: Final = frozenset({Account.ENVELOPE, Account.LINE})
"""Where every posting is of one recurrence; the pots hold both kinds side by side."""


def months_of(lines: Iterable[JournalLine], key: LineKey) -> tuple[int, ...]:
    """Return what the ledger holds for a line in each month, April first."""
    months = [0] * 12
    for line in lines:
        if line.account is Account.LINE and line.line == key and line.month is not None:
            months[line.month - 1] += line.amount_p
    return tuple(months)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the posted ledger that people should see; nothing is undone by it."""

    code: str
    words: str
    amount_p: int
    line: LineKey | None = None


def findings(journals: Sequence[Journal]) -> tuple[Finding, ...]:
    """List what looks wrong: journals out of balance, and pots and lines drawn below nought.

    Recurrent lines beyond the recurrent envelope are listed too.
    """
    held = balances(line for journal in journals for line in journal.lines)
    opened = balances(
        line
        for journal in journals
        if journal.kind is JournalKind.OPENING
        for line in journal.lines
    )
    return (*unbalanced(journals), *overdrawn(held, opened))


def unbalanced(journals: Iterable[Journal]) -> tuple[Finding, ...]:
    """List the journals of which a side does not sum to nought."""
    found = ((journal.words, out_of_balance(journal.lines)) for journal in journals)
    return tuple(
        Finding("unbalanced", f"“{words}” is out of balance by {format_pence(total)}.", total)
        for words, total in found
        if total
    )


def overdrawn(held: Balances, opened: Balances) -> tuple[Finding, ...]:
    """List the pots and lines drawn below nought, and recurrent lines without recurrent money.

    A line that opened below nought is a savings target, not overdrawn.
    """
    pots = {
        "The unallocated money": held.unallocated_p,
        "The contingency": held.contingency_p,
        "The investment money": held.investment_p,
    }
    return (
        *(_overdrawn(name, held_p) for name, held_p in pots.items() if held_p < 0),
        *(
            _overdrawn(f"A service line at {key.provider}", held_p, key)
            for key, held_p in held.lines.items()
            if held_p < min(0, opened.lines.get(key, 0))
        ),
        *_beyond_recurrent(held),
    )


def _beyond_recurrent(held: Balances) -> Iterator[Finding]:
    beyond_p = -(held.recurrent_p or 0)
    if beyond_p > 0:
        words = (
            f"Recurrent lines hold {format_pence(beyond_p)} more than the recurrent envelope: "
            "the money may not come again."
        )
        yield Finding("beyond_recurrent_envelope", words, -beyond_p)


def _overdrawn(name: str, held_p: int, key: LineKey | None = None) -> Finding:
    return Finding("overdrawn", f"{name} is overdrawn by {format_pence(-held_p)}.", held_p, key)
