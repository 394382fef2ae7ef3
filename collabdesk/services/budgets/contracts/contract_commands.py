"""What people can do with contracts, their activity, bills, payments and balances."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """A contract as it is written; what its form does not need is left out.

    Percentages and hours are decimal text; `annual_p` and `planned` are those of a whole year.
    """

    reference: str
    service_line: bytes
    provider: str
    form: str
    starts: dt.date
    ends: dt.date
    annual_p: int = 0
    profile: str = "equal"
    planned: int = 0
    price_p: int = 0
    within_pct: str = "0"
    over_pct: str = "0"
    under_pct: str = "0"
    threshold: int = 0
    quality_bp: int = 0
    beds: int = 0
    staff: int = 0
    hours_per_day: str = "0"
    on_cost_pct: str = "0"
    terms_days: int = 30
    note: str = ""


@dataclass(frozen=True, slots=True)
class AddContract:
    """Add a contract to a fiscal year."""

    fiscal_year: str
    terms: ContractTerms


@dataclass(frozen=True, slots=True)
class ChangeContract:
    """Write other terms of a contract in place of those there are."""

    contract: bytes
    terms: ContractTerms


@dataclass(frozen=True, slots=True)
class PriceFrom:
    """What one unit of a measure costs from a day on."""

    measure: str
    starts: dt.date
    price_p: int


@dataclass(frozen=True, slots=True)
class SetPrices:
    """Set prices of a contract, typed or pasted; one for the same day replaces the other.

    `gone` are rows of prices that no longer hold.
    """

    contract: bytes
    prices: tuple[PriceFrom, ...]
    gone: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A month's activity as counted; `people` is only asked by the gate and stays here."""

    contract: bytes
    month: int
    measure: str
    quantity: int
    people: int


@dataclass(frozen=True, slots=True)
class RecordActivity:
    """Share activity of some months as flex or freeze, typed or pasted: one step to undo."""

    entries: tuple[Entry, ...]
    position: str = "flex"


@dataclass(frozen=True, slots=True)
class SharePosition:
    """Share a month's nights of the spells on this laptop as flex or freeze."""

    fiscal_year: str
    month: int
    position: str = "flex"


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line of a bill; `credits` names what a credit note takes back."""

    month: int
    reference: str
    count: int
    price_p: int
    credits: str = ""


@dataclass(frozen=True, slots=True)
class RecordBills:
    """Record lines of bills, typed or pasted; the same reference of a month is replaced.

    `gone` are rows of bills that were recorded in error.
    """

    contract: bytes
    lines: tuple[BillLine, ...]
    gone: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A quality measure with its weight; not judged yet while `achieved_bp` is None."""

    name: str
    weight_bp: int
    achieved_bp: int | None = None


@dataclass(frozen=True, slots=True)
class JudgeQuality:
    """Say which measures a contract's quality element rests on in a quarter, and how far met."""

    contract: bytes
    quarter: int
    measures: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class RecordInvoice:
    """Record an invoice between two partners; without a contract it is a recharge."""

    fiscal_year: str
    month: int
    payer: str
    payee: str
    invoice: str
    amount_p: int
    invoiced: dt.date
    due: dt.date | None = None
    kind: str = "instalment"
    contract: bytes | None = None


@dataclass(frozen=True, slots=True)
class RecordPaid:
    """Say on which day invoices were paid; without a day, that they are not."""

    payments: tuple[bytes, ...]
    paid_on: dt.date | None


@dataclass(frozen=True, slots=True)
class StateBalance:
    """State what a partner owes us and we owe it at the end of M6, M9 or M12."""

    fiscal_year: str
    month: int
    partner: str
    owed_to_us_p: int
    owed_by_us_p: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class SharePlacements:
    """Share a month's totals of the placements on this laptop, after the gate."""

    fiscal_year: str
    month: int


@dataclass(frozen=True, slots=True)
class SetBaseline:
    """State what placements of a line were before, and what shows it."""

    fiscal_year: str
    service_line: bytes
    nights: int
    price_p: int
    evidence: str
    local_cost_p: int = 0


@dataclass(frozen=True, slots=True)
class CopyContracts:
    """Carry contracts of the year before on into a fiscal year; those there already stay.

    With `uplift` their sums and prices are uplifted by the new year's rates.
    """

    fiscal_year: str
    uplift: bool = False


@dataclass(frozen=True, slots=True)
class DeleteContract:
    """Take a contract away that nothing was counted, billed, invoiced or judged on."""

    contract: bytes
