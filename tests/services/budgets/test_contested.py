from __future__ import annotations

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.amounts import Amount
from collabdesk.services.contested import ResolveContested
from collabdesk.services.figures import contested_cells, history, siblings
from collabdesk.services.policy import SetPolicy
from tests.services.budgets.office import OPENING_P, Office
from tests.support.alliance import TRUSTS

REASON = "Beds open in September"


@pytest.fixture
def disputed(drafting: Office) -> tuple[Office, bytes]:
    """Two partners set M6 of one line offline; everybody has seen both."""
    row = next(r.plan_line for r in drafting.grid().rows if r.plan_line)
    drafting.run(c.SetPlannedAmounts((c.AmountEdit(row, 6, 1_000_000),)), "a")
    drafting.run(c.SetPlannedAmounts((c.AmountEdit(row, 6, 3_000_000),)), "b")
    drafting.share()
    return drafting, row


def test_both_amounts_stand_everywhere_with_who_entered_them(
    disputed: tuple[Office, bytes],
) -> None:
    office, row = disputed
    seen = set()
    for desk in office.alliance.desks:
        (cell,) = office.ask(contested_cells, desk=desk)
        assert (cell.table, cell.row, cell.column) == ("plan_line", row, "m6")
        assert cell.siblings == office.ask(siblings, row, "m6", desk=desk)
        assert [one.shown for one in cell.siblings] == [True, False]
        seen.add(tuple((one.value, one.author.organisation) for one in cell.siblings))
    (standing,) = seen
    assert {value for value, _ in standing} == {1_000_000, 3_000_000}
    assert len({organisation for _, organisation in standing}) == 2


def test_totals_show_the_range(disputed: tuple[Office, bytes]) -> None:
    office, row = disputed
    grid = office.grid("b")
    line = next(r for r in grid.rows if r.plan_line == row)
    cell = line.months[5]
    assert (cell.amount.low_p, cell.amount.high_p) == (1_000_000, 3_000_000)
    assert {one.value for one in cell.siblings} == {1_000_000, 3_000_000}
    assert (line.total.low_p, line.total.high_p) == (23_000_000, 25_000_000)
    assert (grid.total.total.low_p, grid.total.total.high_p) == (35_000_000, 37_000_000)
    drafted = office.summary("b").drafted
    assert (drafted.lines.low_p, drafted.lines.high_p) == (35_000_000, 37_000_000)
    left = drafted.unallocated
    assert (left.low_p, left.high_p) == (OPENING_P - 37_000_000, OPENING_P - 35_000_000)
    assert left.contested
    assert drafted.identity_holds


def test_a_contested_amount_is_not_overtyped_or_spread_away(
    disputed: tuple[Office, bytes],
) -> None:
    office, row = disputed
    for command in (c.SetPlannedAmounts((c.AmountEdit(row, 6, 5),)), c.SpreadTotal(row, 12)):
        with pytest.raises(Refusal) as refused:
            office.run(command)
        assert (refused.value.code, refused.value.field) == ("contested", "m6")


@pytest.mark.parametrize("value", [3_000_000, 2_222_222])
def test_it_is_settled_everywhere_with_the_reason_in_its_history(
    disputed: tuple[Office, bytes], value: int
) -> None:
    office, row = disputed
    done = office.run(ResolveContested("plan_line", row, "m6", value, f" {REASON} "), "a")
    assert "cannot be undone" in done.words
    office.share()
    for desk in office.alliance.desks:
        assert office.ask(contested_cells, desk=desk) == ()
        assert [one.value for one in office.ask(siblings, row, "m6", desk=desk)] == [value]
        settled = office.ask(history, row, desk=desk)[-1]
        assert (settled.kind, settled.text, settled.verdict) == ("resolve", REASON, 0)
        (change,) = settled.changes
        assert sorted(map(str, change.old)) == ["1000000", "3000000"]
        assert change.new == value


def test_history_tells_each_step_with_old_and_new(disputed: tuple[Office, bytes]) -> None:
    office, row = disputed
    made, *edits = office.ask(history, row)
    assert (made.kind, made.verdict) == ("insert", 0)
    assert {change.column: change.new for change in made.changes}["m6"] == 2_000_000
    told = [change for step in edits for change in step.changes if change.column == "m6"]
    assert [change.old for change in told] == [(2_000_000,), (2_000_000,)]
    assert {change.new for change in told} == {1_000_000, 3_000_000}
    assert all(step.author.segment and step.author.wall_ms for step in edits)
    assert office.ask(history, b"?" * 16) == ()


@pytest.mark.parametrize(
    ("column", "value", "reason", "code"),
    [
        ("m6", 5, " ", "reason_missing"),
        ("m6", "five", REASON, "not_a_value"),
        ("m7", 5, REASON, "not_contested"),
        ("m13", 5, REASON, "not_here"),
    ],
)
def test_a_settlement_without_sense_is_refused(
    disputed: tuple[Office, bytes], column: str, value: int | str, reason: str, code: str
) -> None:
    office, row = disputed
    with pytest.raises(Refusal) as refused:
        office.run(ResolveContested("plan_line", row, column, value, reason))
    assert refused.value.code == code


def test_an_author_settles_only_where_policy_lets_them(disputed: tuple[Office, bytes]) -> None:
    office, row = disputed
    office.run(SetPolicy("own_dispute", "no"))
    office.share()
    command = ResolveContested("plan_line", row, "m6", 1_000_000, REASON)
    with pytest.raises(Refusal, match="asks a third person"):
        office.run(command, "a")
    office.run(command, "lead")
    assert TRUSTS["lead"][1] in {r.provider for r in office.grid().rows}


def test_ranges_add_least_to_least_and_turn_round_when_negated() -> None:
    assert Amount(5, 4, 6) + Amount.exact(-1) == Amount(4, 3, 5)
    assert -Amount(5, 4, 6) == Amount(-5, -6, -4)
