"""A general ledger's rows: mapped, agreed to the penny, and posted once however often they come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.budgets.actuals import (
    CodeRule,
    Posted,
    PostedKey,
    SourceRow,
    check_control,
    difference,
    journals_of,
    mapped_otherwise,
    marks_in_force,
    sort_rows,
)
from collabdesk.domain.budgets.ledger import Account, JournalLine, LineKey, out_of_balance
from collabdesk.errors import Refusal

ASL, PER = LineKey(b"asl", "RHA"), LineKey(b"per", "RP7")


def row(number: int, centre: str = "C1", subjective: str = "5210", **more: object) -> SourceRow:
    given_: dict[str, object] = {"month": 3, "amount_p": 100} | more
    return SourceRow(number, centre, subjective, **given_)  # type: ignore[arg-type]


RULES = (
    CodeRule("C1", "", 1, ASL),
    CodeRule("c1", "5210", 2, PER),
    CodeRule("C1", "5210", 4, ASL),
    CodeRule("C9", "", 1, None),
)


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (row(1, month=3), PER),
        (row(1, month=1), ASL),
        (row(1, month=5), ASL),
        (row(1, subjective="7000"), ASL),
    ],
)
def test_the_most_exact_rule_in_force_says_whose_a_row_is(asked: SourceRow, line: LineKey) -> None:
    assert sort_rows([asked], RULES).mapped == ((asked, line),)


def test_a_row_without_a_rule_waits_and_one_that_is_nobodys_is_left_out() -> None:
    found = sort_rows([row(1), row(2, "C2"), row(3, "C9", amount_p=-5)], RULES)
    assert [one.number for one in found.waiting] == [2]
    assert [one.number for one in found.left_out] == [3]
    assert (found.waiting_p, found.left_out_p) == (100, -5)


def test_a_control_total_off_by_a_penny_is_refused() -> None:
    check_control(100, 100)
    with pytest.raises(Refusal, match=r"£0\.01 apart") as found:
        check_control(100, 99)
    assert found.value.field == "control_p"


def total_of(lines: Iterable[JournalLine]) -> dict[PostedKey, int]:
    totals: defaultdict[PostedKey, int] = defaultdict(int)
    for line in lines:
        assert line.line is not None
        totals[line.reference, line.line] += line.amount_p
    return dict(totals)


def after(held: dict[PostedKey, int], lines: Iterable[JournalLine]) -> dict[PostedKey, int]:
    added = total_of(lines)
    return {key: held.get(key, 0) + added.get(key, 0) for key in held.keys() | added.keys()}


def test_new_rows_are_posted_one_by_one_with_where_they_stood() -> None:
    rows = [(row(2, words="Beds"), ASL), (row(7, reference="INV 1"), ASL), (row(8), ASL)]
    lines = difference(rows, Posted(), 3)
    assert [(x.source_row, x.reference, x.words, x.month) for x in lines] == [
        (2, "C1 5210", "Beds", 3),
        (8, "C1 5210", "C1 5210", 3),
        (7, "INV 1", "C1 5210", 3),
    ]


def test_of_what_stands_only_the_difference_is_posted() -> None:
    held = {("C1 5210", ASL): 130, ("gone", ASL): 40, ("nil", PER): 0}
    lines = difference([(row(2), ASL), (row(5, amount_p=20), ASL)], Posted(held), 3)
    assert [(x.amount_p, x.reference, x.source_row) for x in lines] == [
        (-10, "C1 5210", 2),
        (-40, "gone", None),
    ]
    moved = difference([(row(2), PER)], Posted({("C1 5210", ASL): 100}), 3)
    assert {(x.line, x.amount_p) for x in moved} == {(PER, 100), (ASL, -100)}


def test_a_file_that_is_not_whole_touches_nothing_that_stands() -> None:
    held = {("C1 5210", ASL): 130, ("gone", ASL): 40}
    rows = [(row(2), ASL), (row(5, "C1", "new", amount_p=20), ASL)]
    lines = difference(rows, Posted(held), 3, whole=False)
    assert [(x.amount_p, x.reference) for x in lines] == [(20, "C1 new")]


RULE = CodeRule("C1", "5210", 1, ASL)
WIDE = CodeRule("C1", "", 1, ASL)


@pytest.mark.parametrize(
    ("then", "now", "otherwise"),
    [
        ([RULE], [RULE], False),
        ([RULE], [CodeRule("C1", "5210", 1, PER)], True),
        ([RULE], [CodeRule("C1", "5210", 1, None)], True),
        ([RULE], [], True),
        ([RULE], [RULE, CodeRule("C1", "5210", 3, PER)], True),
        ([RULE], [RULE, CodeRule("C1", "5210", 3, ASL)], False),
        ([RULE], [RULE, CodeRule("c1", "5210", 4, PER)], False),
        ([RULE], [RULE, CodeRule("C1", "7000", 1, PER)], False),
        ([RULE], [RULE, CodeRule("C1", "", 1, PER)], False),
        ([RULE], [RULE, CodeRule("C2", "", 1, PER)], False),
        ([WIDE], [WIDE, CodeRule("c1", "7000", 1, PER)], True),
        ([WIDE], [WIDE, CodeRule("C1", "7000", 1, None)], True),
        ([], [RULE, WIDE], False),
    ],
)
def test_what_was_mapped_is_mapped_otherwise_only_by_a_rule_that_goes_before(
    then: list[CodeRule], now: list[CodeRule], *, otherwise: bool
) -> None:
    assert mapped_otherwise(marks_in_force(then, 3), now, 3) is otherwise


def _code(rule: CodeRule) -> tuple[str, str, int]:
    return rule.cost_centre.casefold(), rule.subjective, rule.from_month


rules = st.builds(
    CodeRule,
    st.sampled_from(["C1", "c1", "C2"]),
    st.sampled_from(["", "1", "2"]),
    st.integers(1, 6),
    st.sampled_from([ASL, PER, None]),
)


@given(
    st.lists(rules, max_size=5, unique_by=_code),
    st.lists(rules, max_size=5, unique_by=_code),
)
def test_rows_that_would_move_are_never_missed(then: list[CodeRule], now: list[CodeRule]) -> None:
    every = [row(n, c, s) for n, (c, s) in enumerate((c, s) for c in ("C1", "C2") for s in "12")]
    before = dict(sort_rows(every, then).mapped)
    left = set(sort_rows(every, then).left_out)
    after_ = sort_rows(every, now)
    lines = dict(after_.mapped)
    moved = any(lines.get(one) != line for one, line in before.items())
    moved = moved or any(one not in after_.left_out for one in left)
    if moved:
        assert mapped_otherwise(marks_in_force(then, 3), now, 3)


rows_of = st.lists(
    st.builds(
        lambda number, code, amount_p, line: (row(number, code, amount_p=amount_p), line),
        st.integers(2, 500),
        st.sampled_from("ABC"),
        st.integers(-(10**9), 10**9),
        st.sampled_from([ASL, PER]),
    ),
    max_size=30,
)


@given(rows_of, rows_of)
def test_import_twice_is_import_once_and_the_last_file_stands(
    first: list[tuple[SourceRow, LineKey]], second: list[tuple[SourceRow, LineKey]]
) -> None:
    """I13."""
    held = after({}, difference(first, Posted(), 3))
    assert not [x for x in difference(first, Posted(held), 3) if x.amount_p]
    held = after(held, difference(second, Posted(held), 3))
    said = total_of(difference(second, Posted(), 3))
    assert {k: p for k, p in held.items() if p} == {k: p for k, p in said.items() if p}
    assert not [x for x in difference(second, Posted(held), 3) if x.amount_p]


@given(rows_of, st.integers(1, 7))
def test_journals_are_short_balanced_and_leave_nothing_out(
    rows: list[tuple[SourceRow, LineKey]], most: int
) -> None:
    lines = difference(rows, Posted(), 3)
    parts = journals_of(lines, most)
    assert all(out_of_balance(part) == 0 and len(part) <= most + 1 for part in parts)
    spent = [x for part in parts for x in part if x.account is Account.SPEND]
    assert spent == [x for x in lines if x.amount_p]
