"""The worked cases of virements and their approval, by the rules the product uses."""

from __future__ import annotations

from collections.abc import Sequence

from collabdesk.domain.budgets.approvals import Decision, Proposer, Tier, tally, tier_index
from collabdesk.domain.budgets.draws import Draw, draw_in_order
from collabdesk.domain.budgets.ledger import LineKey, Recurrence
from collabdesk.domain.budgets.splitting import Proposed, together
from collabdesk.domain.budgets.staleness import why_void
from collabdesk.domain.budgets.virement import Virement
from collabdesk.services.validation.cases import Case, Json

Answer = dict[str, Json]


def virement_thresholds(case: Case) -> Answer:
    """FIN-27."""
    scheme = _scheme(case.inputs["scheme"])
    return {"tier_index": [tier_index(scheme, amount) for amount in case.inputs["amounts_p"]]}


def _scheme(rows: Sequence[Json]) -> tuple[Tier, ...]:
    return tuple(Tier(row["upto_p"], tuple(row["roles"]), row["n"]) for row in rows)


def virement_splitting_detected(case: Case) -> Answer:
    """FIN-28; the last move is the one that is tested."""
    scheme = _scheme(case.inputs["scheme"])
    live = [_proposed(place, move) for place, move in enumerate(case.inputs["moves"])]
    found = together(scheme, live[-1], live)
    return {
        "individual_tiers": [tier_index(scheme, each.virement.amount_p) for each in live],
        "aggregate_p": found.amount_p,
        "aggregate_tier": found.tier,
        "flag": "possible_split" if found.possible_split else None,
    }


def _proposed(place: int, move: Json) -> Proposed:
    source, target = (LineKey(move[end].encode(), "") for end in ("from_", "to"))
    virement = Virement("2026/27", source, target, move["amount_p"], 1, Recurrence.RECURRENT, "")
    return Proposed(str(place).encode(), move["by"], virement)


def two_person_rule(case: Case) -> Answer:
    """FIN-29."""
    decisions = [Decision(each["by"], each["v"] == "approve") for each in case.inputs["decisions"]]
    count = tally(Proposer(case.inputs["proposer"]), decisions, case.inputs["needed"])
    return {
        "counted": count.counted,
        "rejected": [{"by": by, "why": why} for by, why in count.not_counted],
        "state_after": [standing.value for standing in count.standings],
    }


def concurrent_overdraw(case: Case) -> Answer:
    """FIN-30; changesets are draws on the unallocated money."""
    given = case.inputs
    draws = [
        Draw(each["id"].encode(), each["lamport"], each["amount_p"]) for each in given["changesets"]
    ]
    found = draw_in_order(draws, given["unallocated_p"])
    return {
        "posted": [row.decode() for row in found.posted],
        "refused": [
            {"id": back.row.decode(), "why": back.why.code, "available_p": back.available_p}
            for back in found.sent_back
        ],
        "unallocated_after_p": found.left_p,
    }


def stale_approval(case: Case) -> Answer:
    """FIN-31."""
    why = why_void(case.inputs["virement_version_signed"], case.inputs["virement_version_now"])
    return {"approval_valid": not why, "why": why or None}
