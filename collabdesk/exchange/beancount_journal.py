"""The ledger as a beancount journal, with assertions by which beancount checks every balance."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from collabdesk.exchange.ledger_csv import EVERY, pounds
from collabdesk.exchange.ledger_year import LedgerYear, LineName, Posting, Told, unheard

CURRENCY: Final = "GBP"
_BUDGET: Final = "Assets:Lines"
_SPENT: Final = "Expenses:Lines"
_POTS: Final = {
    "envelope": "Income:Envelope",
    "unallocated": "Assets:Unallocated",
    "contingency": "Assets:Contingency",
    "investment": "Assets:Investment",
    "general_ledger": "Liabilities:General-Ledger",
    "accrued": "Liabilities:Accrued",
}
_FIRST_DAY: Final = frozenset({"accrual_reversal"})
_UNFIT: Final = re.compile(r"[^A-Za-z0-9-]+")


def beancount_of(ledger: LedgerYear, told: Told = unheard) -> bytes:
    """Return a year as a journal: an account for each line, provider and month.

    Balances are asserted for every account at the end of the year, and for the sums of all
    lines and of each pot at the end of each locked month.
    """
    names = accounts(ledger)
    written = [_head(ledger), *_opened(ledger, names)]
    journals = [(n, list(of)) for n, of in groupby(ledger.postings, key=lambda one: one.journal)]
    for done, (_, postings) in enumerate(journals):
        if done % EVERY == 0:
            told("Writing journals", done, len(journals))
        written.append(_transaction(ledger, postings, names))
    written.extend(_asserted(ledger, names))
    return "\n".join((*written, "")).encode()


def accounts(ledger: LedgerYear) -> Mapping[LineName, str]:
    """Return the two components that name each line, unlike for any two lines."""
    taken: set[str] = set()
    names: dict[LineName, str] = {}
    for line in ledger.lines:
        plain = f"{_component(line.code)}:{_component(line.provider)}"
        name, n = plain, 1
        while name in taken:
            n += 1
            name = f"{plain}-{n}"
        taken.add(name)
        names[line] = name
    return names


def account_of(posting: Posting, names: Mapping[LineName, str]) -> str:
    """Return the account of a posting."""
    if posting.line is None or posting.account not in {"line", "spend"}:
        return _POTS[posting.account]
    side = _BUDGET if posting.account == "line" else _SPENT
    return f"{side}:{names[posting.line]}:M{posting.month:02}"


def _component(text: str) -> str:
    fit = _UNFIT.sub("-", text).strip("-")
    return f"{fit[0].upper()}{fit[1:]}" if fit else "X"


def _head(ledger: LedgerYear) -> str:
    title = _quoted(f"{ledger.title}, {ledger.stamp}")
    return f'option "title" {title}\noption "operating_currency" "{CURRENCY}"\n'


def _opened(ledger: LedgerYear, names: Mapping[LineName, str]) -> Iterator[str]:
    used = {account_of(one, names) for one in ledger.postings} | {_BUDGET, _SPENT, *_POTS.values()}
    day = ledger.year.start
    for account in sorted(used):
        yield f"{day} open {account} {CURRENCY}"


def _transaction(ledger: LedgerYear, postings: list[Posting], names: Mapping[LineName, str]) -> str:
    first = postings[0]
    day = _day(ledger, first)
    said = _quoted(f"{first.kind}: {first.what}")
    lines = [f"\n{day} * {said} ^journal-{first.journal}", f"  journal: {first.journal}"]
    for one in postings:
        lines.append(f"  {account_of(one, names)}  {pounds(one.amount_p)} {CURRENCY}")
        if one.reference:
            lines.append(f"    reference: {_quoted(one.reference)}")
        if one.file:
            lines.append(f"    file: {_quoted(f'{one.file}, row {one.file_row}')}")
    return "\n".join(lines)


def _day(ledger: LedgerYear, posting: Posting) -> dt.date:
    month = ledger.year.month(posting.posting_month)
    return month.first if posting.kind in _FIRST_DAY else month.last


def _asserted(ledger: LedgerYear, names: Mapping[LineName, str]) -> Iterator[str]:
    yield ""
    for number in range(1, ledger.locked + 1):
        held: dict[str, int] = dict.fromkeys([_BUDGET, _SPENT, *_POTS.values()], 0)
        for one in ledger.postings:
            if one.posting_month <= number:
                held[_sum_of(account_of(one, names))] += one.amount_p
        yield from _balances(ledger.year.month(number).last + dt.timedelta(days=1), held)
    final: dict[str, int] = defaultdict(int)
    for one in ledger.postings:
        final[account_of(one, names)] += one.amount_p
    yield from _balances(ledger.year.end + dt.timedelta(days=1), final)


def _sum_of(account: str) -> str:
    return next((side for side in (_BUDGET, _SPENT) if account.startswith(f"{side}:")), account)


def _balances(day: dt.date, held: Mapping[str, int]) -> Iterator[str]:
    for account, amount_p in sorted(held.items()):
        yield f"{day} balance {account}  {pounds(amount_p)} ~ 0.00 {CURRENCY}"


def _quoted(text: str) -> str:
    plain = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
