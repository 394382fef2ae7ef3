"""The sample's first half of the year: contracts, spending, closes, a forecast and a share.

Every figure is invented: spending follows the plan by a fixed rule, so that each build of the
sample comes to the same pence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from collabdesk.domain.budgets.actuals import SourceRow
from collabdesk.domain.budgets.closing import STEPS, lock_words
from collabdesk.domain.changes import RowRef
from collabdesk.domain.periods import FiscalYear
from collabdesk.services.budgets.actuals.actuals_commands import ImportTrialBalance, MapCode
from collabdesk.services.budgets.closing.close_commands import (
    ApproveLock,
    CloseMonth,
    LockMonth,
    TickStep,
)
from collabdesk.services.budgets.contracts.contract_commands import (
    AddContract,
    ContractTerms,
    Entry,
    PriceFrom,
    RecordActivity,
    RecordInvoice,
    RecordPaid,
    SetBaseline,
    SetPrices,
)
from collabdesk.services.budgets.forecast.forecast_commands import (
    AddRisk,
    ChooseForecasts,
    ForecastChoice,
    GiveReasons,
    KeepForecast,
    MovementReason,
)
from collabdesk.services.budgets.forecast.outturn import outturn
from collabdesk.services.budgets.position import position
from collabdesk.services.budgets.shares.share_commands import (
    AddSaving,
    AddShareAgreement,
    PartnerTerms,
    ProposeInvestment,
)
from collabdesk.services.sample.money import made, service_lines
from collabdesk.services.sample.partners import SampleDesk, sample
from collabdesk.services.workspace import Workspace

LOCKED: Final = 5
SPENT: Final = 6
_SOURCE: Final = "Trust general ledger"
_SUBJECTIVE: Final = "52160000"
# How far spending lies from the plan, in tenths of a per cent, by line and month in turn.
_DRIFT: Final = (4, -7, 12, 0, -3, 9, 21, -11, 6, 2, -5, 15, -2)
_OVERSPENT: Final = "AS-OOA"


def live_through(desks: Sequence[SampleDesk]) -> None:
    """Let the partners work through the first half of the year; the lead provider's desk first."""
    lead = desks[0].workspace
    _contracts(lead)
    _spending(lead)
    _close(desks, 1, LOCKED - 1)
    lead.run(KeepForecast(_year()))
    _close(desks, LOCKED, LOCKED)
    _forecast(lead)
    _share_and_savings(desks)
    _tick(lead, SPENT, ("cut_off", "activity"))
    _exchange(desks)


def _year() -> str:
    return sample().fiscal_year


def _exchange(desks: Sequence[SampleDesk]) -> None:
    for desk in (*desks, *desks):
        desk.share()


# --- contracts ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Written:
    """A contract of the sample: with whom, for what, and in which form."""

    line: str
    provider: str
    form: str
    share_bp: int = 10_000
    within_pct: str = "0"
    planned: int = 0


_CONTRACTS: Final = (
    _Written("AS-MED", "RXM", "block"),
    _Written("AS-LOW", "RP7", "obd", planned=5_840),
    _Written("CAMHS-GAU", "RP1", "block_tolerance", within_pct="3", planned=4_380),
    _Written("AED-INP", "RT5", "block"),
)
_MEASURE: Final = "bed_days"


def _contracts(lead: Workspace) -> None:
    rows = service_lines(lead)
    year = FiscalYear.parse(_year())
    for number, one in enumerate(_CONTRACTS, start=1):
        annual_p = _planned_p(one.line, one.provider)
        price_p = annual_p // one.planned if one.planned else 0
        contract = made(
            lead,
            AddContract(
                _year(),
                ContractTerms(
                    reference=f"C-{number:03d}",
                    service_line=rows[one.line],
                    provider=one.provider,
                    form=one.form,
                    starts=year.months[0].first,
                    ends=year.months[-1].last,
                    annual_p=0 if one.form == "obd" else annual_p,
                    planned=one.planned,
                    price_p=price_p,
                    within_pct=one.within_pct,
                    over_pct="50" if one.form == "block_tolerance" else "0",
                    under_pct="30" if one.form == "block_tolerance" else "0",
                ),
            ),
        )
        if one.form == "obd":
            _count_nights(lead, contract, one.planned, price_p)
        if one.form == "block":
            _invoice(lead, contract, one, annual_p // 12)


def _planned_p(line: str, provider: str) -> int:
    (found,) = (one for one in sample().budget.lines if one.code == line)
    return next(amount.amount_p for amount in found.plan if amount.provider == provider)


def _count_nights(lead: Workspace, contract: bytes, planned: int, price_p: int) -> None:
    first = FiscalYear.parse(_year()).months[0].first
    lead.run(SetPrices(contract, (PriceFrom(_MEASURE, first, price_p),)))
    nights = [
        Entry(contract, month, _MEASURE, planned // 12 + drift, 16)
        for month, drift in zip(range(1, SPENT + 1), _DRIFT, strict=False)
    ]
    lead.run(RecordActivity(tuple(nights[:LOCKED]), "freeze"))
    lead.run(RecordActivity(tuple(nights[LOCKED:]), "flex"))


def _invoice(lead: Workspace, contract: bytes, one: _Written, amount_p: int) -> None:
    paid = []
    for month in FiscalYear.parse(_year()).months[:SPENT]:
        invoice = made(
            lead,
            RecordInvoice(
                _year(),
                month.number,
                payer=sample().partners[0].code,
                payee=one.provider,
                invoice=f"{one.provider}-{month.number:02d}",
                amount_p=amount_p,
                invoiced=month.last,
                contract=contract,
            ),
        )
        if month.number < SPENT - 1:
            paid.append((invoice, month.last + dt.timedelta(days=28)))
    for invoice, day in paid:
        lead.run(RecordPaid((invoice,), day))


# --- spending and closes -------------------------------------------------------------------------


def _spending(lead: Workspace) -> None:
    rows = service_lines(lead)
    for code, provider in _lines():
        lead.run(
            MapCode(
                _SOURCE,
                _year(),
                1,
                cost_centre=_centre(code, provider),
                subjective="",
                service_line=rows[code],
                provider=provider,
            )
        )
    budget = lead.query(position, _year()).lines
    planned = {(key.service_line, key.provider): one.budget_p for key, one in budget.items()}
    for month in range(1, SPENT + 1):
        spent = tuple(_rows(month, rows, planned))
        lead.run(
            ImportTrialBalance(
                f"Trial balance M{month}.csv",
                sha256(repr(spent).encode()).digest(),
                _SOURCE,
                _year(),
                month,
                spent,
                sum(row.amount_p for row in spent),
            )
        )


def _lines() -> list[tuple[str, str]]:
    return [(line.code, amount.provider) for line in sample().budget.lines for amount in line.plan]


def _centre(code: str, provider: str) -> str:
    return f"{provider}-{code}"


def _rows(
    month: int, rows: Mapping[str, bytes], planned: Mapping[tuple[RowRef, str], Sequence[int]]
) -> Iterator[SourceRow]:
    for number, (code, provider) in enumerate(_lines()):
        budget_p = planned[rows[code], provider][month - 1]
        drift = _DRIFT[(number * 5 + month) % len(_DRIFT)] + 30 * (code == _OVERSPENT)
        amount_p = budget_p * (1_000 + drift) // 1_000
        words = f"{code} at {provider}"
        yield SourceRow(
            number + 2, _centre(code, provider), _SUBJECTIVE, month, amount_p, words=words
        )


def _close(desks: Sequence[SampleDesk], first: int, last: int) -> None:
    """Close months softly, let two partners agree to each, and lock it."""
    lead = desks[0].workspace
    for month in FiscalYear.parse(_year()).months[first - 1 : last]:
        _tick(lead, month.number, [step.key for step in STEPS if step.before_lock])
        lead.run(CloseMonth(_year(), month.number))
        _exchange(desks)
        for desk in desks[1:]:
            desk.workspace.run(ApproveLock(_year(), month.number, lock_words(month)))
        _exchange(desks)
        lead.run(LockMonth(_year(), month.number, lock_words(month)))


def _tick(lead: Workspace, month: int, steps: Sequence[str]) -> None:
    for step in steps:
        lead.run(TickStep(_year(), month, step, evidence="Seen and filed"))


# --- the forecast, the share and what was saved --------------------------------------------------


def _forecast(lead: Workspace) -> None:
    rows, lead_code = service_lines(lead), sample().partners[0].code
    judged = ForecastChoice(
        rows[_OVERSPENT],
        lead_code,
        "manual",
        "Two placements end in January and are not replaced.",
        ((10, 272_000_00), (11, 268_000_00), (12, 268_000_00)),
    )
    choices = (
        judged,
        ForecastChoice(rows["AS-LOW"], "RP7", "committed"),
        ForecastChoice(rows["CAMHS-PICU"], lead_code, "last_three"),
    )
    lead.run(ChooseForecasts(_year(), choices))
    moved = [line.key for line in lead.query(outturn, _year()).lines if line.moved_p]
    reasons = tuple(
        MovementReason(
            key.service_line,
            key.provider,
            "savings_slippage" if key.service_line == rows[_OVERSPENT] else "activity",
        )
        for key in moved
        if isinstance(key.service_line, bytes)
    )
    lead.run(GiveReasons(_year(), reasons))
    lead.run(KeepForecast(_year()))
    for risk in _risks():
        lead.run(risk)


def _risks() -> tuple[AddRisk, ...]:
    year, owner = _year(), "Finance lead"
    return (
        AddRisk(
            year,
            "risk",
            "Winter demand for out-of-area beds",
            0,
            310_000_00,
            690_000_00,
            "40",
            "Weekly bed call with the bed managers",
            owner,
        ),
        AddRisk(
            year,
            "risk",
            "Pay award above the uplift",
            0,
            185_000_00,
            370_000_00,
            "25",
            "Letter to the commissioner",
            owner,
        ),
        AddRisk(
            year,
            "opportunity",
            "Earlier discharge from low secure",
            420_000_00,
            160_000_00,
            0,
            "50",
            "Two community places open in December",
            owner,
        ),
    )


def _share_and_savings(desks: Sequence[SampleDesk]) -> None:
    lead = desks[0].workspace
    rows = service_lines(lead)
    shares = (4_600, 3_000, 2_400)
    terms = tuple(
        PartnerTerms(desk.workspace.me().organisation, share)
        for desk, share in zip(desks, shares, strict=True)
    )
    lead.run(AddShareAgreement(_year(), f"Agreement {_year()}", 1, "0.5", "3", terms))
    lead.run(
        SetBaseline(
            _year(),
            rows[_OVERSPENT],
            nights=4_380,
            price_p=683_40,
            evidence="Bed returns 2025/26, all partners",
            local_cost_p=311_000_00,
        )
    )
    lead.run(AddSaving(_year(), "Out-of-area nights avoided", 410_000_00, 96_000_00, "Bed returns"))
    lead.run(
        ProposeInvestment(
            _year(),
            "Community forensic team",
            rows["AS-PKG"],
            "RP1",
            240_000_00,
            38_000_00,
            dt.date(2026, 11, 1),
            measures="Length of stay in low secure",
        )
    )
