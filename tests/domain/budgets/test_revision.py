"""A revision posts exactly what it changes, and never more than there is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.ledger import Balances, LineKey, Recurrence
from collabdesk.domain.budgets.month_states import MonthState, States
from collabdesk.domain.budgets.plan import PlanLine, Version
from collabdesk.domain.budgets.revision import Agreed, revise, revision_lines, steps
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal

KEYS = tuple(LineKey(bytes([n]), "RHA") for n in range(3))
MONTHS = st.tuples(*[st.integers(-5_000, 5_000)] * 12)
KINDS = dict(zip(KEYS, (*Recurrence, Recurrence.RECURRENT), strict=True))
DRAFT = Version(b"v", "2026/27", "Revised", "draft")

Lines = dict[LineKey, tuple[int, ...]]


def plan(months: Lines) -> list[PlanLine]:
    return [PlanLine(b"", key, "Line", found, KINDS[key]) for key, found in months.items()]


def agreed(months: Lines) -> dict[LineKey, Agreed]:
    return {key: Agreed("Line", found, KINDS[key]) for key, found in months.items()}


@given(
    st.dictionaries(st.sampled_from(KEYS), MONTHS), st.dictionaries(st.sampled_from(KEYS), MONTHS)
)
def test_a_revision_balances_and_brings_each_line_from_what_it_was_to_what_is_planned(
    then: Lines, now: Lines
) -> None:
    lines = revision_lines(steps(plan(now), agreed(then)))
    assert sum(line.amount_p for line in lines) == 0
    held: dict[LineKey, list[int]] = defaultdict(lambda: [0] * 12)
    for key, months in then.items():
        held[key] = list(months)
    for line in lines:
        if line.line is not None and line.month is not None:
            held[line.line][line.month - 1] += line.amount_p
    nothing = (0,) * 12
    assert {key: tuple(months) for key, months in held.items() if any(months)} == {
        key: now.get(key, nothing) for key in held if any(now.get(key, nothing))
    }


def test_recurrent_lines_do_not_grow_from_non_recurrent_ones() -> None:
    recurrent, once = KEYS[0], KEYS[1]
    was: Lines = {recurrent: (100,) * 12, once: (100,) * 12}
    wanted: Lines = {recurrent: (110,) * 12, once: (50,) * 12}
    held = Balances(2_519, 119, 0, 0, dict.fromkeys(was, 1_200))
    with pytest.raises(Refusal) as refused:
        revise(DRAFT, plan(wanted), agreed(was), held, {})
    assert refused.value.code == "recurrent_from_non_recurrent"
    enough = Balances(2_520, 120, 0, 0, dict.fromkeys(was, 1_200))
    _, journal = revise(DRAFT, plan(wanted), agreed(was), enough, {})
    assert sum(int(str(line.cells["amount_p"])) for line in journal.lines) == 0


CLOSED: States = {FiscalYear.parse("2026/27").month(2): MonthState.SOFT_CLOSED}


@pytest.mark.parametrize(
    ("wanted_p", "held", "known", "code"),
    [
        (110, Balances(1_320, 120, 0, 0, {KEYS[0]: 1_200}), CLOSED, "month_not_open"),
        (110, Balances(1_319, 119, 0, 0, {KEYS[0]: 1_200}), {}, "exceeds_envelope"),
        (50, Balances(1_200, 601, 0, 0, {KEYS[0]: 599}), {}, "overdrawn"),
    ],
)
def test_a_revision_changes_open_months_gives_what_there_is_and_takes_what_is_left(
    wanted_p: int, held: Balances, known: States, code: str
) -> None:
    then: Lines = {KEYS[0]: (100,) * 12}
    now: Lines = {KEYS[0]: (wanted_p,) * 12}
    with pytest.raises(Refusal) as refused:
        revise(DRAFT, plan(now), agreed(then), held, known)
    assert refused.value.code == code


def test_recurrent_lines_grow_only_by_what_of_the_recurrent_envelope_is_left() -> None:
    """What is unallocated for this year alone pays for no recurrent line."""
    was: Lines = {KEYS[0]: (100,) * 12}
    wanted: Lines = {KEYS[0]: (110,) * 12}
    held = Balances(5_000, 3_800, 0, 0, {KEYS[0]: 1_200}, 119)
    with pytest.raises(Refusal, match=r"£1\.20 more; £1\.19 of") as refused:
        revise(DRAFT, plan(wanted), agreed(was), held, {})
    assert refused.value.code == "exceeds_recurrent_envelope"
    assert revise(DRAFT, plan(wanted), agreed(was), replace(held, recurrent_p=120), {})
