"""A draft is planned, and agreed when it is settled and fits its envelope."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.ledger import (
    Account,
    Journal,
    JournalKind,
    JournalLine,
    LineKey,
    Recurrence,
    balances,
    findings,
)
from collabdesk.domain.budgets.phasing import Profile
from collabdesk.domain.budgets.plan import (
    DRAFT_PLAN,
    Edit,
    Move,
    PlanLine,
    Spread,
    Version,
    add_line,
    agree,
    opening_lines,
    set_amounts,
    spread_total,
    standing,
)
from collabdesk.domain.changes import SetCells
from collabdesk.errors import Refusal

DRAFT = Version(b"v" * 16, "2026/27", "Plan 2026/27", "draft", "0.5")
SECURE = PlanLine(b"1" * 16, LineKey(b"s" * 16, "RHA"), "Adult secure at RHA", (100,) * 12)
CAMHS = PlanLine(b"2" * 16, LineKey(b"c" * 16, "RP1"), "CAMHS at RP1", (50,) * 12)
OPENING = Move("Opening", 10_000, Recurrence.RECURRENT)
PENCE = st.integers(-(10**10), 10**10)


def test_a_line_is_added_with_its_total_phased() -> None:
    change = add_line(DRAFT, [CAMHS], SECURE.key, Spread(1_201, Profile.EQUAL), "new")
    assert (change.table, change.scope, change.key) == ("plan_line", DRAFT_PLAN, "new")
    assert change.cells["version"] == DRAFT.row
    assert change.cells["provider"] == "RHA"
    assert change.cells["profile"] == "equal"
    assert [change.cells[f"m{n}"] for n in range(1, 13)] == [101] + [100] * 11


def test_a_line_is_not_added_twice() -> None:
    with pytest.raises(Refusal) as refused:
        add_line(DRAFT, [SECURE], SECURE.key, Spread(0, Profile.EQUAL))
    assert refused.value.code == "line_exists"


def test_amounts_of_one_line_become_one_change() -> None:
    edits = [Edit(SECURE, 1, 5), Edit(CAMHS, 2, 7), Edit(SECURE, 3, 6)]
    assert set_amounts(DRAFT, edits) == (
        SetCells("plan_line", SECURE.row, {"profile": "custom", "m1": 5, "m3": 6}),
        SetCells("plan_line", CAMHS.row, {"profile": "custom", "m2": 7}),
    )


def test_a_contested_month_is_resolved_not_overwritten() -> None:
    contested = replace(SECURE, contested=frozenset({3}))
    assert set_amounts(DRAFT, [Edit(contested, 2, 5)])
    with pytest.raises(Refusal, match="Adult secure at RHA, M3") as refused:
        set_amounts(DRAFT, [Edit(contested, 2, 5), Edit(contested, 3, 5)])
    assert (refused.value.code, refused.value.field) == ("contested", "m3")
    with pytest.raises(Refusal):
        spread_total(DRAFT, contested, Spread(1, Profile.EQUAL))


def test_a_month_outside_the_year_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        set_amounts(DRAFT, [Edit(SECURE, 13, 5)])
    assert refused.value.code == "month"


def test_a_total_is_spread_over_the_months() -> None:
    change = spread_total(DRAFT, SECURE, Spread(100, Profile.CUSTOM, (1, 1, *(0,) * 10)))
    assert change.cells["profile"] == "custom"
    assert [change.cells[f"m{n}"] for n in range(1, 13)] == [50, 50, *[0] * 10]


@pytest.mark.parametrize("state", ["agreed", "withdrawn"])
def test_only_a_draft_changes(state: str) -> None:
    closed = replace(DRAFT, state=state)
    for change in (
        lambda: set_amounts(closed, []),
        lambda: spread_total(closed, SECURE, Spread(1, Profile.EQUAL)),
        lambda: add_line(closed, [], SECURE.key, Spread(1, Profile.EQUAL)),
        lambda: agree(closed, [OPENING], [SECURE]),
    ):
        with pytest.raises(Refusal, match=state) as refused:
            change()
        assert refused.value.code == "version_not_draft"


def test_agreeing_posts_the_opening_budget() -> None:
    state, posted = agree(DRAFT, [OPENING], [SECURE, CAMHS])
    assert state == SetCells("budget_version", DRAFT.row, {"state": "agreed"})
    assert posted.source == ("budget_version", DRAFT.row)
    assert posted.header.cells["kind"] == "opening"
    by_account: dict[object, int] = {}
    for entry in posted.lines:
        amount = entry.cells["amount_p"]
        assert isinstance(amount, int)
        account = entry.cells["account"]
        by_account[account] = by_account.get(account, 0) + amount
    assert by_account == {
        "envelope": -10_000,
        "line": 1_800,
        "contingency": 50,
        "unallocated": 8_150,
    }
    assert len(posted.lines) == 1 + 24 + 2


def test_a_contested_cell_stops_the_agreement() -> None:
    contested = replace(CAMHS, contested=frozenset({11, 2}))
    with pytest.raises(Refusal, match="CAMHS at RP1, M2, M11") as refused:
        agree(DRAFT, [OPENING], [SECURE, contested])
    assert refused.value.code == "contested"
    with pytest.raises(Refusal, match="Opening is contested"):
        agree(DRAFT, [replace(OPENING, contested=True)], [SECURE])


def test_an_allocation_outside_the_year_stops_the_agreement() -> None:
    with pytest.raises(Refusal) as refused:
        agree(DRAFT, [replace(OPENING, month=0)], [SECURE])
    assert refused.value.field == "effective_month"


def test_a_plan_above_its_envelope_is_refused_with_the_excess() -> None:
    small = replace(OPENING, amount_p=1_805)
    with pytest.raises(Refusal, match=r"£0\.04 more than its envelope of £18\.05") as refused:
        agree(DRAFT, [small], [SECURE, CAMHS])
    assert refused.value.code == "exceeds_envelope"
    fits = replace(OPENING, amount_p=1_809)
    assert agree(DRAFT, [fits], [SECURE, CAMHS])[1].lines[-1].cells["account"] == "contingency"


MOVES = st.lists(st.builds(Move, st.just("Letter"), PENCE, st.sampled_from(Recurrence)), max_size=5)
LINES = st.lists(
    st.builds(
        PlanLine,
        st.just(b"1" * 16),
        st.builds(LineKey, st.binary(min_size=1, max_size=1), st.just("RHA")),
        st.just("A line"),
        st.tuples(*[PENCE] * 12),
    ),
    max_size=5,
)


@given(MOVES, LINES)
def test_an_opening_journal_balances_and_holds_the_plan(
    moves: list[Move], lines: list[PlanLine]
) -> None:
    now = standing(DRAFT, moves, lines)
    entries: tuple[JournalLine, ...] = opening_lines(now, moves, lines)
    held = balances(entries)
    assert sum(entry.amount_p for entry in entries) == 0
    assert held.identity_holds
    assert held.envelope_p == now.envelope_p
    assert held.lines_p == now.lines_p
    opening = Journal(JournalKind.OPENING, "Opening", entries)
    found = [one for one in findings([opening]) if one.code == "overdrawn"]
    assert bool(found) == (now.unallocated_p < 0 or now.contingency_p < 0)
    assert all(entry.account is not Account.INVESTMENT for entry in entries)


def test_recurrent_lines_stay_within_the_recurrent_envelope() -> None:
    """Recurrent money pays for non-recurrent lines, not the other way round."""
    letters = [
        replace(OPENING, amount_p=1_199),
        Move("Once", 10_000, Recurrence.NON_RECURRENT),
        Move("Back", -100, Recurrence.NON_RECURRENT),
    ]
    with pytest.raises(Refusal, match=r"£12\.00 on .* £0\.01 more .* of £11\.99") as refused:
        agree(DRAFT, letters, [SECURE])
    assert (refused.value.code, refused.value.field) == ("exceeds_recurrent_envelope", "version")
    once = replace(CAMHS, recurrence=Recurrence.NON_RECURRENT)
    enough = [replace(OPENING, amount_p=1_200), *letters[1:]]
    assert agree(DRAFT, enough, [SECURE, once])
    assert agree(replace(DRAFT, contingency_pct="0"), [replace(OPENING, amount_p=600)], [once])
