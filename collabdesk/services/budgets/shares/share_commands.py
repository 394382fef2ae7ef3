"""What people can do with the risk and gain share, and with money that was saved."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartnerTerms:
    """One partner's terms: its share or its weight, and its largest loss if there is a limit."""

    partner: bytes
    share_bp: int | None = None
    weight: int | None = None
    cap_p: int | None = None


@dataclass(frozen=True, slots=True)
class AddShareAgreement:
    """Record a version of what the partners agreed; it holds from a month until the next one.

    `basis` says what the shares follow, `result` whether the lines' result is shared or the
    whole envelope's. With the basis `budget` partners without a weight take their budget.
    """

    fiscal_year: str
    name: str
    effective_month: int
    collar_pct: str
    cap_pct: str
    partners: tuple[PartnerTerms, ...]
    basis: str = "stated"
    result: str = "lines"


@dataclass(frozen=True, slots=True)
class RemoveShareAgreement:
    """Take a version out again, as long as no statement was made by it."""

    agreement: bytes


@dataclass(frozen=True, slots=True)
class OpenTerms:
    """A version with its partners' terms as this laptop opened them."""

    agreement: bytes
    partners: tuple[PartnerTerms, ...]


@dataclass(frozen=True, slots=True)
class IssueStatements:
    """Tell each partner, and nobody else, its part of the year's result as forecast now."""

    fiscal_year: str
    terms: tuple[OpenTerms, ...]


@dataclass(frozen=True, slots=True)
class AddSaving:
    """Record a net saving confirmed against a stated baseline."""

    fiscal_year: str
    title: str
    recurrent_p: int
    non_recurrent_p: int
    evidence: str


@dataclass(frozen=True, slots=True)
class ProposeInvestment:
    """Propose to invest saved money in a line: a full year's recurrent money, and money once."""

    fiscal_year: str
    title: str
    service_line: bytes
    provider: str
    recurrent_p: int
    non_recurrent_p: int
    planned_start: dt.date
    start: dt.date | None = None
    measures: str = ""


@dataclass(frozen=True, slots=True)
class ChangeStart:
    """Say when an investment starts in fact; the difference to the plan is slippage."""

    investment: bytes
    start: dt.date


@dataclass(frozen=True, slots=True)
class ApproveInvestment:
    """Agree to an investment as it stands."""

    investment: bytes
    text: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawInvestment:
    """Take a proposal back that is not posted."""

    investment: bytes


@dataclass(frozen=True, slots=True)
class PostInvestment:
    """Give an approved investment its money for this year; the ledger keeper's to do."""

    investment: bytes
