"""What people can do with a partner's return."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Returned:
    """One row of a return, in pence."""

    number: int
    reference: str
    amount_p: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class ImportReturn:
    """Bring in a partner's return of a month; it takes the place of an earlier one."""

    name: str
    sha256: bytes
    partner: str
    fiscal_year: str
    month: int
    items: tuple[Returned, ...]


@dataclass(frozen=True, slots=True)
class MatchReferences:
    """Say that a reference of the ledger and one of the return are the same."""

    fiscal_year: str
    month: int
    partner: str
    ledger_reference: str
    return_reference: str


@dataclass(frozen=True, slots=True)
class Unmatch:
    """Take a match made by hand apart again."""

    match: bytes


@dataclass(frozen=True, slots=True)
class SetTolerance:
    """Let differences up to some pence pass in one month's reconciliation with a partner."""

    fiscal_year: str
    month: int
    partner: str
    tolerance_p: int


@dataclass(frozen=True, slots=True)
class AskPartner:
    """Ask a partner about one reference; the question goes with the next sharing."""

    fiscal_year: str
    month: int
    partner: str
    reference: str
    question: str


@dataclass(frozen=True, slots=True)
class AnswerQuery:
    """Answer a query: the partner it was put to, or the lead provider for it."""

    query: bytes
    answer: str


@dataclass(frozen=True, slots=True)
class SettleQuery:
    """Say that a query is settled, or open again."""

    query: bytes
    settled: bool = True
