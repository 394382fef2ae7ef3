"""What a general ledger says was spent: its codes mapped, its total agreed, the rest posted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from collabdesk.domain.budgets.ledger import Account, JournalLine, LineKey
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal

MOST_LINES: Final = 500
"""Lines of spending in one journal: few enough to read, and to travel."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a file, by its number there; `month` 1 is April, money in pence."""

    number: int
    cost_centre: str
    subjective: str
    month: int
    amount_p: int
    reference: str = ""
    words: str = ""

    @property
    def key(self) -> str:
        """What the row is known by: its own reference, or its codes."""
        return self.reference or f"{self.cost_centre} {self.subjective}".strip()


@dataclass(frozen=True, slots=True)
class CodeRule:
    """Whose spending a code is from a month on; without a line it is nobody's here.

    No subjective stands for every subjective of the cost centre.
    """

    cost_centre: str
    subjective: str
    from_month: int
    line: LineKey | None

    @property
    def mark(self) -> str:
        """A short mark of what the rule says: any other rule has another one."""
        code = (self.cost_centre.casefold(), self.subjective.casefold())
        said = repr((code, self.from_month, self.line))
        return sha256(said.encode()).hexdigest()[:10]

    def goes_before(self, other: CodeRule) -> bool:
        """Tell whether codes that `other` maps may be mapped by this one in its stead."""
        same_centre = self.cost_centre.casefold() == other.cost_centre.casefold()
        within = other.subjective.casefold() in {"", self.subjective.casefold()}
        return same_centre and within and _rank(self) > _rank(other)


def _rank(rule: CodeRule) -> tuple[bool, int]:
    """Return how a rule stands among those that fit: the most exact wins, then the latest."""
    return bool(rule.subjective), rule.from_month


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows by what becomes of them."""

    mapped: tuple[tuple[SourceRow, LineKey], ...]
    waiting: tuple[SourceRow, ...]
    left_out: tuple[SourceRow, ...]

    @property
    def left_out_p(self) -> int:
        """What is known to be nobody's here."""
        return sum(row.amount_p for row in self.left_out)

    @property
    def waiting_p(self) -> int:
        """What waits to be mapped."""
        return sum(row.amount_p for row in self.waiting)


def rule_for(row: SourceRow, rules: Iterable[CodeRule]) -> CodeRule | None:
    """Return the rule for a row: of those in force the most exact, of these the latest."""
    fits = [
        rule
        for rule in rules
        if rule.cost_centre.casefold() == row.cost_centre.casefold()
        and rule.subjective.casefold() in {"", row.subjective.casefold()}
        and rule.from_month <= row.month
    ]
    return max(fits, key=_rank, default=None)


def marks_in_force(rules: Iterable[CodeRule], month: int) -> frozenset[str]:
    """Return the marks of the rules in force in a month: what its file was mapped by."""
    return frozenset(rule.mark for rule in rules if rule.from_month <= month)


def mapped_otherwise(by: frozenset[str], rules: Iterable[CodeRule], month: int) -> bool:
    """Tell whether rows mapped `by` the rules of these marks may be somebody else's now.

    A rule for a code that had none changes nothing: its rows wait until they are posted.
    """
    in_force = [rule for rule in rules if rule.from_month <= month]
    if not by <= {rule.mark for rule in in_force}:
        return True
    standing = [rule for rule in in_force if rule.mark in by]
    return any(
        new.line != old.line and new.goes_before(old)
        for new in in_force
        if new.mark not in by
        for old in standing
    )


def sort_rows(rows: Iterable[SourceRow], rules: Sequence[CodeRule]) -> Sorted:
    """Say of each row whose it is; one without a rule waits, none is lost."""
    by_centre: defaultdict[str, list[CodeRule]] = defaultdict(list)
    for rule in rules:
        by_centre[rule.cost_centre.casefold()].append(rule)
    mapped: list[tuple[SourceRow, LineKey]] = []
    waiting: list[SourceRow] = []
    left_out: list[SourceRow] = []
    for row in rows:
        found = rule_for(row, by_centre[row.cost_centre.casefold()])
        if found is None:
            waiting.append(row)
        elif found.line is None:
            left_out.append(row)
        else:
            mapped.append((row, found.line))
    return Sorted(tuple(mapped), tuple(waiting), tuple(left_out))


def check_control(total_p: int, typed_p: int) -> None:
    """Refuse a control total that is not the file's own, to the penny."""
    if total_p != typed_p:
        raise Refusal(
            code="control_total",
            words=f"The control total typed is {format_pence(typed_p)}; the rows that can be "
            f"read add up to {format_pence(total_p)}: "
            f"{format_pence(abs(total_p - typed_p))} apart.",
            remedy="Look for rows left out or doubled, correct the file or the total; "
            "nothing was posted.",
            field="control_p",
        )


PostedKey = tuple[str, LineKey]
"""A posted amount is known by its reference and the line it was posted to."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What the ledger holds from a source for one month, by reference and line."""

    amounts: Mapping[PostedKey, int] = field(default_factory=dict)


def difference(
    mapped: Iterable[tuple[SourceRow, LineKey]], posted: Posted, month: int, *, whole: bool = True
) -> tuple[JournalLine, ...]:
    """Return the spending to post so that the ledger holds what the file says, and no more.

    What was never posted is posted row by row; of what was, only the difference; what the
    file no longer says, or says of another line, is taken back. A file that is not `whole`
    says nothing of the rows that could not be read: it touches nothing that was posted.
    """
    wanted: defaultdict[PostedKey, list[SourceRow]] = defaultdict(list)
    for row, line in mapped:
        wanted[row.key, line].append(row)
    new = [
        line
        for key, rows in wanted.items()
        if whole or key not in posted.amounts
        for line in _to_post(key, rows, posted.amounts.get(key), month)
    ]
    if not whole:
        return tuple(new)
    gone = [
        _spend(key, -amount_p, month, None, "No longer in the file")
        for key, amount_p in posted.amounts.items()
        if key not in wanted and amount_p
    ]
    return (*new, *gone)


def _to_post(
    key: PostedKey, rows: Sequence[SourceRow], posted_p: int | None, month: int
) -> Iterator[JournalLine]:
    if posted_p is None:
        for row in rows:
            yield _spend(key, row.amount_p, month, row.number, row.words or _codes(row))
        return
    apart_p = sum(row.amount_p for row in rows) - posted_p
    if apart_p:
        words = f"Difference to what was posted: {rows[0].words or _codes(rows[0])}"
        yield _spend(key, apart_p, month, rows[0].number, words)


def _codes(row: SourceRow) -> str:
    return f"{row.cost_centre} {row.subjective}".strip()


def _spend(
    key: PostedKey, amount_p: int, month: int, number: int | None, words: str
) -> JournalLine:
    reference, line = key
    return JournalLine(
        Account.SPEND,
        amount_p,
        line,
        month,
        reference=reference,
        source_row=number,
        words=words,
    )


def journals_of(
    lines: Sequence[JournalLine], most: int = MOST_LINES
) -> tuple[tuple[JournalLine, ...], ...]:
    """Cut spending into journals of a readable size, each balanced by the general ledger."""
    kept = [line for line in lines if line.amount_p]
    return tuple(
        (*some, JournalLine(Account.GENERAL_LEDGER, -sum(line.amount_p for line in some)))
        for start in range(0, len(kept), most)
        for some in [kept[start : start + most]]
    )
