"""Balances as beancount works them out from an exported journal."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from beancount.core.data import Transaction
from beancount.loader import load_string

from collabdesk.exchange.beancount_journal import account_of, accounts
from collabdesk.exchange.ledger_year import LedgerYear


def faults(journal: bytes) -> list[str]:
    """Return what beancount finds wrong: syntax, balance of a journal, an assertion."""
    _, errors, _ = load_string(journal.decode())
    return [error.message for error in errors]


def balances(journal: bytes) -> dict[str, int]:
    """Return what beancount leaves on each account, in pence; refuses a journal with a fault."""
    entries, errors, _ = load_string(journal.decode())
    if errors:
        raise AssertionError([error.message for error in errors[:3]])
    held: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if isinstance(entry, Transaction):
            for posting in entry.postings:
                units: Any = posting.units
                held[posting.account] += units.number
    return {account: int(amount * 100) for account, amount in held.items()}


def ours(ledger: LedgerYear) -> dict[str, int]:
    """Return what our own sums leave on the same accounts."""
    names = accounts(ledger)
    held: dict[str, int] = defaultdict(int)
    for one in ledger.postings:
        held[account_of(one, names)] += one.amount_p
    return dict(held)
