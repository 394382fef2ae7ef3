"""Budget, actual and commitment of every line, as the ledger holds them."""

from __future__ import annotations

from collabdesk.domain.budgets.ledger import Account, LineKey
from collabdesk.services.budgets.position import position
from tests.services.budgets.office import OPENING_P, YEAR, Office
from tests.services.budgets.outturn import ASL_P, CLOSED, OUT_P, PER_P, SPENT


def test_every_line_has_its_budget_and_its_actuals_by_month(half_year: Office) -> None:
    found = half_year.ask(position, YEAR)
    asl = found.lines[LineKey(half_year.lines["ASL"], "RHA")]
    assert sum(asl.budget_p) == ASL_P
    assert asl.actual_p[:CLOSED] == SPENT["ASL", "RHA"]
    assert asl.actual_p[CLOSED:] == (0,) * 6
    assert asl.one_off_p == (0, 0, 0, 0, 50_000, *(0,) * 7)
    unbudgeted = found.lines[LineKey(half_year.lines["PER"], "RT5")]
    assert (sum(unbudgeted.budget_p), sum(unbudgeted.actual_p)) == (0, 12_345)


def test_lines_and_pots_make_up_the_envelope(half_year: Office) -> None:
    found = half_year.ask(position, YEAR)
    lines_p = sum(sum(line.budget_p) for line in found.lines.values())
    assert lines_p == ASL_P + PER_P + OUT_P
    assert found.envelope_p == OPENING_P
    pots = {Account.CONTINGENCY, Account.UNALLOCATED, Account.INVESTMENT}
    assert lines_p + sum(found.pots.get(pot, 0) for pot in pots) == OPENING_P


def test_months_are_closed_without_a_gap_and_the_stamp_says_how_far(half_year: Office) -> None:
    found = half_year.ask(position, YEAR)
    assert (found.closed, found.locked) == (CLOSED, CLOSED)
    assert found.as_at == f"Ledger #{1 + CLOSED}, locked to M{CLOSED}"
    assert half_year.ask(position, "2030/31").as_at.endswith("no month locked")


def test_every_laptop_reads_the_same_position(half_year: Office) -> None:
    lead, partner = (half_year.ask(position, YEAR, desk=desk) for desk in ("lead", "a"))
    assert lead.lines == partner.lines
