"""Spells and placements stay on the laptop; what is shared of them went through the gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts import spells
from collabdesk.services.budgets.contracts.contract_commands import (
    AddContract,
    ContractTerms,
    Entry,
    PriceFrom,
    RecordActivity,
    SetBaseline,
    SetPrices,
    SharePlacements,
    SharePosition,
)
from collabdesk.services.budgets.contracts.contracted import contracted, countable
from collabdesk.services.budgets.contracts.spells import Kept, LocalPlacement, LocalSpell
from collabdesk.storage.queries.contracts import baselines, placement_totals
from tests.services.budgets.office import YEAR, Office

APRIL, MARCH = dt.date(2026, 4, 1), dt.date(2027, 3, 31)
PERSON = "P-SECRET"


def obd(office: Office, reference: str, provider: str = "RP7") -> bytes:
    terms = ContractTerms(
        reference, office.lines["ASL"], provider, "obd", APRIL, MARCH, planned=1_200
    )
    row = office.made(AddContract(YEAR, terms))
    rise = PriceFrom("bed_days", dt.date(2026, 4, 21), 200)
    leave = PriceFrom("leave_days", APRIL, 40)
    office.run(SetPrices(row, (PriceFrom("bed_days", APRIL, 100), rise, leave)))
    office.share()
    return row


def keep(office: Office, rows: Iterable[Kept], desk: str = "a") -> None:
    spells.keep(office.alliance.desks[desk].workspace, list(rows)).result()


def spell(contract: bytes, person: int, first: int, measure: str = "bed_days") -> LocalSpell:
    admitted = dt.date(2026, 4, first)
    left = None if measure == "bed_days" else admitted + dt.timedelta(days=2)
    return LocalSpell(
        contract=contract,
        pseudonym=f"{PERSON}-{person}",
        measure=measure,
        admitted=admitted,
        discharged=left,
    )


def shared(office: Office, contract: bytes, desk: str = "lead") -> dict[str, int | None]:
    found = office.ask(countable, YEAR, desk=desk)
    return {one.measure: one.quantity for one in found if one.contract == contract}


def signed_by(office: Office, desk: str) -> bytes:
    """Return what a desk has signed since it shared last, as it will travel."""
    with office.alliance.desks[desk].workspace.database.read() as reads:
        return b"".join(reads.exec_driver_sql("SELECT content FROM open_operation").scalars())


def test_nights_are_counted_here_and_only_their_totals_are_shared(contracting: Office) -> None:
    row = obd(contracting, "S1")
    keep(contracting, [spell(row, n, 16) for n in range(6)])
    keep(contracting, [spell(row, 0, 23, "leave_days")])
    contracting.run(SharePosition(YEAR, 1), "a")
    signed = signed_by(contracting, "a")
    assert row in signed
    assert PERSON.encode() not in signed
    contracting.share()
    assert shared(contracting, row) == {"bed_days": 6 * 15 - 2, "leave_days": None}
    (one,) = (c for c in contracting.ask(contracted, YEAR) if c.contract.row == row)
    # Each night at its own price; what is hidden is not guessed at.
    assert one.due_p[0] == 30 * 100 + 58 * 200
    kept = contracting.ask(spells.local_spells, desk="a")
    workspace = contracting.alliance.desks["a"].workspace
    spells.keep(workspace, (), [one for one in kept if one.contract == row]).result()
    assert not [k for k in contracting.ask(spells.local_spells, desk="a") if k.contract == row]
    assert not contracting.ask(spells.local_spells)


def test_a_figure_hidden_takes_the_next_smallest_of_its_provider_along(
    contracting: Office,
) -> None:
    big, next_, small = (obd(contracting, f"G{n}", "RT5") for n in range(3))
    contracting.run(RecordActivity((Entry(big, 2, "bed_days", 400, 15),)))
    contracting.run(RecordActivity((Entry(next_, 2, "bed_days", 90, 6),)))
    contracting.run(RecordActivity((Entry(small, 2, "bed_days", 30, 1),)))
    quantities = [shared(contracting, row)["bed_days"] for row in (big, next_, small)]
    assert quantities == [400, None, None]


def test_a_partner_counts_its_own_contracts_alone(contracting: Office) -> None:
    other = obd(contracting, "N1", "RT5")
    with pytest.raises(Refusal) as caught:
        contracting.run(RecordActivity((Entry(other, 1, "bed_days", 90, 6),)), "a")
    assert caught.value.code == "not_yours"
    with pytest.raises(Refusal) as caught:
        contracting.run(SharePosition(YEAR, 12))
    assert caught.value.code == "no_spells"


def test_a_row_that_cannot_be_is_kept_by_nobody(contracting: Office) -> None:
    row = obd(contracting, "K1")
    named = spell(row, 1, 1)
    for wrong in (
        replace(named, pseudonym="943 476 5919"),
        replace(named, measure="bed"),
        replace(named, discharged=dt.date(2026, 3, 1)),
        replace(_placed(contracting, 1), reason="weather"),
    ):
        with pytest.raises(Refusal):
            keep(contracting, [spell(row, 2, 2), wrong])
    assert not [k for k in contracting.ask(spells.local_spells, desk="a") if k.contract == row]


def _placed(office: Office, person: int) -> LocalPlacement:
    return LocalPlacement(
        service_line=office.lines["ASL"],
        pseudonym=f"{PERSON}-{person}",
        provider="Far Away Hospital",
        admitted=dt.date(2026, 4, 21),
        discharged=None,
        price_p=71_005,
        distance_km=60,
        reason="no_bed",
        review_due=dt.date(2026, 4, 25),
    )


def test_placements_are_shared_as_totals_that_follow_what_is_kept(contracting: Office) -> None:
    keep(contracting, [_placed(contracting, n) for n in range(6)], "lead")
    contracting.run(SharePlacements(YEAR, 1))
    signed = signed_by(contracting, "lead")
    assert contracting.lines["ASL"] in signed
    assert PERSON.encode() not in signed
    contracting.share()
    found = contracting.ask(placement_totals, YEAR, desk="a")
    assert [(one.cut, one.part) for one in found] == [
        ("distance", "50 to 99 km"),
        ("everything", ""),
        ("reason", "no_bed"),
    ]
    assert {(one.people, one.nights, one.cost_p, one.overdue) for one in found} == {
        (5, 60, 60 * 71_005, 5)
    }
    kept = contracting.ask(spells.local_placements)
    moved = replace(kept[0], distance_km=10)
    keep(contracting, [moved], "lead")
    contracting.run(SharePlacements(YEAR, 1))
    cut = {one.part: one.people for one in contracting.ask(placement_totals, YEAR)}
    assert cut == {"": 5, "no_bed": 5, "under 25 km": None, "50 to 99 km": None}
    spells.keep(contracting.alliance.desks["lead"].workspace, (), kept).result()
    contracting.run(SharePlacements(YEAR, 1))
    assert not contracting.ask(placement_totals, YEAR)
    with pytest.raises(Refusal):
        contracting.run(SharePlacements(YEAR, 1))


def test_a_night_of_a_person_is_kept_once(contracting: Office) -> None:
    """Two rows over the same nights would count and cost them twice."""
    row, day = obd(contracting, "T1"), dt.date(2026, 4, 26)
    first, bed = replace(_placed(contracting, 1), discharged=day), spell(row, 1, 16)
    keep(contracting, [first, bed, spell(row, 1, 20, "leave_days")], "lead")
    for again in (
        replace(first, admitted=dt.date(2026, 4, 25), discharged=None, provider="Elsewhere"),
        spell(row, 1, 20),
        spell(row, 1, 21, "bed_held"),
    ):
        with pytest.raises(Refusal, match=f"{PERSON}-1, from .* is here already") as caught:
            keep(contracting, [again], "lead")
        assert caught.value.code == "night_counted_twice"
    kept = contracting.ask(spells.local_placements)
    later = replace(first, admitted=day, discharged=None)
    keep(contracting, [replace(kept[0], distance_km=10), later], "lead")
    with pytest.raises(Refusal, match="from 26 April 2026 at Far Away Hospital, with no end yet"):
        keep(contracting, [replace(later, admitted=dt.date(2026, 5, 1))], "lead")
    workspace = contracting.alliance.desks["lead"].workspace
    there = contracting.ask(spells.local_placements)
    twice = replace(there[1], number=0)
    with pytest.raises(Refusal, match="is here already"):
        spells.keep(workspace, [twice], there[:1]).result()
    assert contracting.ask(spells.local_placements) == there, "nothing is forgotten for it"
    done = spells.keep(workspace, [twice], there).result()
    assert done == "1 row kept, 2 rows forgotten on this laptop"
    spells.keep(workspace, (), contracting.ask(spells.local_placements)).result()
    spells.keep(workspace, (), contracting.ask(spells.local_spells)).result()


def test_a_baseline_says_where_it_was_taken_from(contracting: Office) -> None:
    line = contracting.lines["ASL"]
    with pytest.raises(Refusal) as caught:
        contracting.run(SetBaseline(YEAR, line, 4_380, 68_340, " "))
    assert caught.value.field == "evidence"
    contracting.run(SetBaseline(YEAR, line, 4_000, 68_340, "Contract monitoring, M12"))
    contracting.run(SetBaseline(YEAR, line, 4_380, 68_340, "Contract monitoring, M12", 31_100_000))
    (one,) = contracting.ask(baselines, YEAR)
    assert (one.nights, one.local_cost_p) == (4_380, 31_100_000)


def test_nights_nobody_priced_are_named_and_not_entered(contracting: Office) -> None:
    """One measure without a price would silence the whole contract."""
    row = obd(contracting, "L1", "RT5")
    with pytest.raises(Refusal, match="L1 has no price for nights a bed was held") as caught:
        contracting.run(RecordActivity((Entry(row, 1, "bed_held", 30, 9),)))
    assert (caught.value.code, caught.value.field) == ("measure_not_priced", "measure")
    contracting.run(RecordActivity((Entry(row, 1, "bed_held", 0, 0),)))
    contracting.run(SetPrices(row, (PriceFrom("bed_held", dt.date(2026, 6, 1), 30),)))
    contracting.run(RecordActivity((Entry(row, 1, "bed_held", 30, 9),)))
    contracting.run(RecordActivity((Entry(row, 1, "bed_days", 90, 9),)))
    (one,) = (c for c in contracting.ask(contracted, YEAR) if c.contract.row == row)
    assert one.why is not None
    assert one.why.words == "No price for nights a bed was held is in force on 1 April 2026."
