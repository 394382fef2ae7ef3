"""The worked cases of activity, contracts and placements, by the rules the product uses."""

from __future__ import annotations

import datetime as dt

from collabdesk.domain.budgets.activity import Spell, bed_days
from collabdesk.domain.budgets.contracts import Block, Cases, Tolerance, cost_per_case
from collabdesk.domain.budgets.packages import Package
from collabdesk.domain.budgets.placements import Placements, saving
from collabdesk.domain.budgets.prices import Price, PriceList
from collabdesk.domain.periods import Month
from collabdesk.services.validation.cases import Case, Json

Answer = dict[str, Json]


def occupied_bed_days(case: Case) -> Answer:
    """FIN-12."""
    month = Month(dt.date.fromisoformat(f"{case.inputs['month']}-01"))
    spells = {each["id"]: _spell(each) for each in case.inputs["spells"]}
    total = bed_days(spells.values(), month)
    return {
        "obd": {name: spell.nights(month.first, month.last) for name, spell in spells.items()},
        "total_obd": total,
        "cost_p": total * case.inputs["price_p"],
    }


def _spell(given: Json) -> Spell:
    left = given.get("discharged")
    return Spell(
        dt.date.fromisoformat(given["admitted"]), dt.date.fromisoformat(left) if left else None
    )


def price_change_mid_spell(case: Case) -> Answer:
    """FIN-13; with no change inside the spell a later price tells before from after."""
    spell, prices = _spell(case.inputs), _prices(case.inputs["prices"])
    last = spell.discharged or spell.admitted
    parts = prices.nights(spell, spell.admitted, last)
    total = sum(part.nights for part in parts)
    before = parts[0].nights if len(parts) > 1 else 0
    if not before and prices.changes_after(spell.admitted):
        before = total
    return {
        "obd_before": before,
        "obd_after": total - before,
        "cost_p": prices.cost_p([spell], spell.admitted, last),
    }


def _prices(given: Json) -> PriceList:
    return PriceList(Price(dt.date.fromisoformat(each["from_"]), each["price_p"]) for each in given)


def enhanced_observation_package(case: Case) -> Answer:
    """FIN-14."""
    given = case.inputs
    found = Package(
        given["rate_p_per_hour"],
        given["staff"],
        given["hours_per_day"],
        given["days"],
        given["on_cost_pct"],
    )
    return {"hours": found.hours, "base_p": found.base_p, "total_p": found.total_p}


def block_with_tolerance_marginal(case: Case) -> Answer:
    """FIN-15."""
    given = case.inputs
    names = ("tolerance_pct", "marginal_over_pct", "marginal_under_pct")
    block = Block(given["plan_obd"], given["price_p"], Tolerance(*(given[name] for name in names)))
    return {"value_p": [block.value_p(actual) for actual in given["actuals"]]}


def cost_of_cases(case: Case) -> Answer:
    """FIN-16."""
    return {
        "cost_p": cost_per_case(Cases(each["n"], each["price_p"]) for each in case.inputs["cases"])
    }


def out_of_area_saving(case: Case) -> Answer:
    """FIN-17."""
    given = case.inputs
    found = saving(
        Placements(given["baseline_obd"], given["baseline_price_p"]),
        Placements(given["actual_obd"], given["actual_price_p"]),
        given["local_repatriation_cost_p"],
    )
    return {
        "baseline_cost_p": found.baseline_cost_p,
        "actual_cost_p": found.actual_cost_p,
        "gross_saving_p": found.gross_p,
        "volume_effect_p": found.volume_p,
        "price_effect_p": found.price_p,
        "net_saving_p": found.net_p,
    }
