"""Activity shared month by month: through the suppression gate, as flex and then as freeze."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.budgets.prices import PriceList
from collabdesk.domain.budgets.stays import counted_nights
from collabdesk.domain.budgets.terms import COUNTED, Counted, Form
from collabdesk.domain.changes import Cell
from collabdesk.domain.periods import FiscalYear, Month
from collabdesk.domain.statistics.suppression import Total
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_commands import (
    Entry,
    RecordActivity,
    SharePosition,
)
from collabdesk.services.budgets.contracts.contracted import FREEZE, price_lists
from collabdesk.services.budgets.contracts.contracting import contract_named
from collabdesk.services.budgets.contracts.gate import gate
from collabdesk.services.budgets.contracts.spells import stay_of
from collabdesk.services.budgets.put import Putting
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import chosen, counted
from collabdesk.storage.queries import contracts as stored
from collabdesk.storage.queries.local_rows import local_spells
from collabdesk.sync.registry.budgets.contracts import POSITION

POSITIONS = tuple(name for _, name, _ in POSITION.members)
Place = tuple[bytes, str]


@dataclass(frozen=True, slots=True)
class _Figure:
    """A total before the gate, with what it costs where every night was priced."""

    contract: stored.Contract
    total: Total[Place]
    cost_p: int | None = None


def record_activity(command: RecordActivity, reads: Connection, me: Actor) -> Outcome:
    """Share activity as counted elsewhere, all or none."""
    by_month: dict[int, list[_Figure]] = defaultdict(list)
    for entry in command.entries:
        by_month[entry.month].append(_entered(entry, reads, me))
    step = Putting()
    for month, figures in sorted(by_month.items()):
        _share(step, reads, figures, month, command.position)
    return step.outcome(f"{counted(len(command.entries), 'activity figure')}, {command.position}")


def _entered(entry: Entry, reads: Connection, me: Actor) -> _Figure:
    contract = contract_named(reads, entry.contract)
    check_counts(contract, me)
    FiscalYear.parse(contract.fiscal_year).month(entry.month)
    measure = chosen(Counted, entry.measure, "measure")
    if measure not in COUNTED[Form(contract.form)]:
        raise Refusal(
            code="measure_not_paid",
            words=f"Contract {contract.reference} does not count {measure.words}.",
            remedy="Choose a measure its form counts, or record its bills.",
            field="measure",
        )
    if entry.quantity:
        _check_priced(contract, measure, price_lists(_prices(reads, contract)))
    if entry.quantity and not entry.people:
        raise Refusal(
            code="people_missing",
            words=f"{contract.reference}, M{entry.month}: nobody is behind {entry.quantity:,}.",
            remedy="Enter how many people it rests on. The count stays on this laptop; below "
            f"{gate(reads).below} the figure is hidden from others.",
            field="people",
        )
    return _Figure(contract, Total((contract.row, measure.value), entry.quantity, entry.people))


def _prices(reads: Connection, contract: stored.Contract) -> Iterable[stored.ContractPrice]:
    every = stored.prices(reads, contract.fiscal_year)
    return (price for price in every if price.contract == contract.row)


def _check_priced(
    contract: stored.Contract, measure: Counted, prices: Mapping[Counted, PriceList]
) -> None:
    """Refuse nights without any price: the whole contract could no longer be reckoned."""
    if Form(contract.form) is Form.OBD and measure not in prices:
        raise Refusal(
            code="measure_not_priced",
            words=f"Contract {contract.reference} has no price for {measure.words}.",
            remedy="The lead provider sets it in the contract's price list, at nought where "
            "nothing is paid; then enter the activity.",
            field="measure",
        )


def check_counts(contract: stored.Contract, me: Actor) -> None:
    """Refuse activity of others: a provider counts its own, the lead provider for everybody."""
    if not me.is_lead and contract.provider != me.ods:
        raise Refusal(
            code="not_yours",
            words=f"Contract {contract.reference} is with {contract.provider}, not with "
            f"{me.organisation_name}.",
            remedy="Enter the activity of your own contracts.",
            field="contract",
        )


def share_position(command: SharePosition, reads: Connection, me: Actor) -> Outcome:
    """Share a month's nights of the spells on this laptop."""
    month = FiscalYear.parse(command.fiscal_year).month(command.month)
    figures = _counted_here(reads, command.fiscal_year, month, me)
    if not figures:
        raise Refusal(
            code="no_spells",
            words=f"No spell on this laptop has a night in {month.label}.",
            remedy="Paste the month's spells first, or enter its totals.",
            field="month",
        )
    step = Putting()
    _share(step, reads, figures, command.month, command.position)
    return step.outcome(f"Activity of {month.label}, {command.position}")


def _counted_here(reads: Connection, year: str, month: Month, me: Actor) -> list[_Figure]:
    known = {one.row: one for one in stored.contracts(reads, year)}
    of: dict[bytes, list[stored.ContractPrice]] = defaultdict(list)
    for price in stored.prices(reads, year):
        of[price.contract].append(price)
    stays = defaultdict(list)
    for spell in local_spells(reads):
        if spell.contract in known:
            stays[spell.contract].append(stay_of(spell))
    figures = []
    for row, found in sorted(stays.items()):
        check_counts(known[row], me)
        prices = price_lists(of[row])
        for measure, nights in counted_nights(found, month, prices).items():
            _check_priced(known[row], measure, prices)
            total = Total((row, measure.value), nights.nights, nights.people)
            figures.append(_Figure(known[row], total, nights.cost_p))
    return figures


def _share(
    step: Putting, reads: Connection, figures: list[_Figure], month: int, position: str
) -> None:
    """Put a month's figures through the gate and write what may be shown of them."""
    _check_position(position)
    year = figures[0].contract.fiscal_year
    there = {
        (one.contract, one.measure, one.position): one
        for one in stored.activity(reads, year)
        if one.month == month
    }
    _check_not_frozen(figures, there, month, position)
    providers = {one.row: one.provider for one in stored.contracts(reads, year)}
    asked: dict[Place, _Figure] = {one.total.key: one for one in figures}
    agreed = gate(reads)
    for group in _groups(figures, there.values(), providers, position, agreed.below):
        for key, quantity in agreed.gated(group).items():
            row, measure = key
            before = there.get((row, measure, position))
            if key not in asked and (before is None or before.quantity == quantity):
                continue
            cells: dict[str, Cell] = {
                "contract": row,
                "month": month,
                "measure": measure,
                "position": position,
                "quantity": quantity,
                "cost_p": asked[key].cost_p if key in asked and quantity is not None else None,
            }
            step.put("activity", before, cells)


def _groups(
    figures: Iterable[_Figure],
    there: Iterable[stored.Activity],
    providers: Mapping[bytes, str],
    position: str,
    enough: int,
) -> list[list[Total[Place]]]:
    """Return what adds up together: one measure of one provider, with what was shared before.

    Of what was shared before, nobody knows any more on how many people it rests: shown, it was
    enough, and hidden, it stays so.
    """
    groups: dict[tuple[str, str], dict[Place, Total[Place]]] = defaultdict(dict)
    for one in there:
        if one.position == position and one.contract in providers:
            key = (one.contract, one.measure)
            people = 0 if one.quantity is None else enough
            total = Total(key, one.quantity or 0, people)
            groups[providers[one.contract], one.measure][key] = total
    for figure in figures:
        group = groups[figure.contract.provider, figure.total.key[1]]
        group[figure.total.key] = figure.total
    asked = {(figure.contract.provider, figure.total.key[1]) for figure in figures}
    return [list(groups[place].values()) for place in sorted(asked)]


def _check_position(position: str) -> None:
    if position not in POSITIONS:
        raise Refusal(
            code="not_a_choice",
            words=f"“{position}” is neither flex nor freeze.",
            remedy="Flex is the first count of a month; freeze replaces it for good.",
            field="position",
        )


def _check_not_frozen(
    figures: Iterable[_Figure],
    there: Mapping[tuple[bytes, str, str], stored.Activity],
    month: int,
    position: str,
) -> None:
    for one in figures:
        if position != FREEZE and (*one.total.key, FREEZE) in there:
            raise Refusal(
                code="frozen",
                words=f"{one.contract.reference}, M{month} is frozen; a flex figure no longer "
                "counts.",
                remedy="Share it as freeze to correct it; who changed it stays in its history.",
                field="position",
            )
