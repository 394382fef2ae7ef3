"""Budget, actual and commitment of every line at every provider, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import ACTUAL_SIDE, Account, LineKey
from collabdesk.domain.budgets.month_states import MonthState, States
from collabdesk.domain.periods import MONTHS_IN_YEAR, FiscalYear
from collabdesk.services.budgets.closing.month_states import states
from collabdesk.services.budgets.contracts.commitments import Commitment, commitments
from collabdesk.storage.queries.ledger import Stamp, stamp
from collabdesk.storage.queries.positions import Sum, sums

Months = tuple[int, ...]
_NONE: Final[Months] = (0,) * MONTHS_IN_YEAR


@dataclass(frozen=True, slots=True)
class LinePosition:
    """One line at one provider: twelve months of each, April first, in pence.

    `one_off_p` is what of the actual will not come again; it is counted in `actual_p` too.
    `outstanding_p` is what of the commitment is still to come.
    """

    budget_p: Months = _NONE
    actual_p: Months = _NONE
    one_off_p: Months = _NONE
    committed_p: Months = _NONE
    outstanding_p: Months = _NONE

    @property
    def moves(self) -> bool:
        """Tell whether anything stands in any month."""
        return any((*self.budget_p, *self.actual_p, *self.committed_p))


@dataclass(frozen=True, slots=True)
class YearPosition:
    """A year as posted; `closed` months have their actuals, `locked` of them for ever.

    Pots are what stands outside the lines, by account; the envelope as money held.
    """

    year: FiscalYear
    states: States
    stamp: Stamp
    lines: Mapping[LineKey, LinePosition]
    pots: Mapping[Account, int]

    @property
    def closed(self) -> int:
        """How many months from April on are closed, softly or locked, without a gap."""
        return self._through({MonthState.SOFT_CLOSED, MonthState.LOCKED})

    @property
    def locked(self) -> int:
        """How many months from April on are locked."""
        return self._through({MonthState.LOCKED})

    @property
    def envelope_p(self) -> int:
        """The envelope of the year."""
        return -self.pots.get(Account.ENVELOPE, 0)

    @property
    def as_at(self) -> str:
        """The stamp of figures, as ``Ledger #12, locked to M5``."""
        upto = f"locked to M{self.locked}" if self.locked else "no month locked"
        return f"{self.stamp.words}, {upto}"

    def _through(self, wanted: set[MonthState]) -> int:
        for month in self.year.months:
            if self.states.get(month, MonthState.OPEN) not in wanted:
                return month.number - 1
        return MONTHS_IN_YEAR


def position(reads: Connection, fiscal_year: str) -> YearPosition:
    """Return where every line of a year stands; lines with nothing in any month are left out."""
    year = FiscalYear.parse(fiscal_year)
    found = sums(reads, year.label)
    months = _by_line(found)
    spent = {key: tuple(kept["actual_p"]) for key, kept in months.items() if "actual_p" in kept}
    committed = {one.key: one for one in commitments(reads, year.label, spent)}
    lines = _lines(months, committed)
    pots: dict[Account, int] = {}
    for one in found:
        account = Account(one.account)
        if account is not Account.LINE and account not in ACTUAL_SIDE:
            pots[account] = pots.get(account, 0) + one.amount_p
    return YearPosition(year, states(reads, year.label), stamp(reads), lines, pots)


def _by_line(found: Iterable[Sum]) -> dict[LineKey, dict[str, list[int]]]:
    """Return the months of each line, by what stands in them."""
    months: dict[LineKey, dict[str, list[int]]] = {}
    for one in found:
        column = _COLUMNS.get(one.account)
        if column is None or one.service_line is None or one.month is None:
            continue
        if not 1 <= one.month <= MONTHS_IN_YEAR:
            continue
        kept = months.setdefault(LineKey(one.service_line, one.provider), {})
        _add(kept, column, one.month, one.amount_p)
        if column == "actual_p":
            _add(kept, "one_off_p", one.month, one.one_off_p)
    return months


def _lines(
    months: Mapping[LineKey, Mapping[str, Sequence[int]]],
    committed: Mapping[LineKey, Commitment],
) -> Mapping[LineKey, LinePosition]:
    keys = dict.fromkeys([*months, *committed])
    made = {key: _line(months.get(key, {}), committed.get(key)) for key in keys}
    return {key: line for key, line in made.items() if line.moves}


def _line(kept: Mapping[str, Sequence[int]], committed: Commitment | None) -> LinePosition:
    found = {name: tuple(amounts) for name, amounts in kept.items()}
    if committed is not None:
        found |= {
            "committed_p": committed.committed_p,
            "outstanding_p": committed.outstanding_p,
        }
    return LinePosition(**found)


_COLUMNS: Final = {Account.LINE.value: "budget_p", Account.SPEND.value: "actual_p"}


def _add(kept: dict[str, list[int]], column: str, month: int, amount_p: int) -> None:
    kept.setdefault(column, [0] * MONTHS_IN_YEAR)[month - 1] += amount_p
