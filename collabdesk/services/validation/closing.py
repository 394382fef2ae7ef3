"""The worked cases of close, reconciliation and investment, by the rules the product uses."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from collabdesk.domain.budgets.corrections import correct
from collabdesk.domain.budgets.investment import Purses, Wish, invest
from collabdesk.domain.budgets.month_states import MonthState, may_become
from collabdesk.domain.budgets.part_year import effect
from collabdesk.domain.budgets.postings import (
    Posting,
    PostingKind,
    reported_p,
    restated_p,
    year_to_date_p,
)
from collabdesk.domain.budgets.reconciliation import Item, reconcile
from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.services.validation.cases import Case, Json

Answer = dict[str, Json]

_YEAR: Final = FiscalYear(2026)
_POSTED_KEY = re.compile(r"m([0-9]+)_posted_p")


def accrual_reversal(case: Case) -> Answer:
    """FIN-32; the entries hold the reversal already."""
    postings = [
        Posting(PostingKind.ACTUAL, _month(name), _month(name), amount_p, words=words)
        for name, words, amount_p in case.inputs["entries"]
    ]
    months = sorted({posting.period for posting in postings})
    return {
        **{f"m{month.number}_p": reported_p(postings, month) for month in months},
        f"ytd_m{months[-1].number}_p": year_to_date_p(postings, months[-1]),
    }


def _month(name: str) -> Month:
    return _YEAR.month(int(name.removeprefix("M")))


def closed_period_correction(case: Case) -> Answer:
    """FIN-33."""
    given = case.inputs
    number = next(int(key[1]) for key in map(_POSTED_KEY.fullmatch, given) if key)
    closed_in, found_in = _YEAR.month(number), _YEAR.month(given["found_in"])
    states = {_YEAR.month(n): MonthState.LOCKED for n in range(1, given["closed_through"] + 1)}
    original = Posting(
        PostingKind.ACTUAL, closed_in, closed_in, given[f"m{number}_posted_p"], key="orig"
    )
    pair = correct(original, given[f"m{number}_true_p"], found_in, states, [original])
    ledger = (original, *pair)
    effect_p = year_to_date_p(ledger, found_in) - year_to_date_p([original], found_in)
    return {
        "entries": [_entry(posting) for posting in pair],
        f"m{number}_as_reported_p": reported_p(ledger, closed_in),
        f"m{number}_restated_p": restated_p(ledger, closed_in),
        f"ytd_m{found_in.number}_effect_p": effect_p,
        "period_checked_open": _name(found_in),
    }


def _entry(posting: Posting) -> Answer:
    entry: Answer = {
        "period": _name(posting.period),
        "kind": posting.kind.value,
        "amount_p": posting.amount_p,
        "effective": _name(posting.effective),
    }
    return entry | ({"ref": posting.reverses} if posting.reverses else {})


def _name(month: Month) -> str:
    return f"M{month.number}"


def period_states(case: Case) -> Answer:
    """FIN-34."""
    steps = case.inputs["transitions"]
    known = frozenset(MonthState)
    return {
        "allowed": [
            {now, then} <= known and may_become(MonthState(now), MonthState(then))
            for now, then in steps
        ]
    }


def partner_return_reconciliation(case: Case) -> Answer:
    """FIN-35."""
    given = case.inputs
    found = reconcile(given["ledger"], given["partner_return"], given["tolerance_p"])
    return {
        "items": [_item(item) for item in found.items],
        "ledger_total_p": found.ledger_p,
        "return_total_p": found.return_p,
        "difference_p": found.difference_p,
    }


def _item(item: Item) -> Answer:
    return {
        "key": item.key,
        "ledger_p": item.ledger_p,
        "return_p": item.return_p,
        "status": item.match.value,
        "difference_p": item.difference_p,
    }


def full_and_part_year_effect(case: Case) -> Answer:
    """FIN-36."""
    given = {key: dt.date.fromisoformat(case.inputs[key]) for key in _DAYS}
    year = FiscalYear.of(given["fy_end"])
    if year.end != given["fy_end"]:
        raise ValueError(case.inputs["fy_end"])
    found = effect(case.inputs["full_year_p"], given["start"], given["planned_start"], year)
    return {"days": found.days, "part_year_p": found.part_year_p, "slippage_p": found.slippage_p}


_DAYS: Final = ("start", "fy_end", "planned_start")


def investment_capped(case: Case) -> Answer:
    """FIN-37."""
    given = case.inputs
    wishes = [
        Wish(each["id"], each["recurrent_p"], each["nonrecurrent_p"]) for each in given["proposals"]
    ]
    found = invest(Purses(given["recurrent_net_saving_p"], given["nonrecurrent_p"]), wishes)
    return {
        "affordable": found.affordable,
        "refused": [
            {
                "id": each.key,
                "code": each.why.code,
                "commitment_p": each.commitment_p,
                "limit_p": each.limit_p,
            }
            for each in found.turned_down
        ],
        "left": {
            "recurrent_p": found.left.recurrent_p,
            "nonrecurrent_p": found.left.non_recurrent_p,
        },
    }
