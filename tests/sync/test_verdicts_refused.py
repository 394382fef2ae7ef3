"""What makes no sense whoever says it: rows, dots, shapes, values, versions."""

from __future__ import annotations

import pytest

from collabdesk.sync import derive
from collabdesk.sync.hashing import Z
from collabdesk.sync.operations import (
    DeleteRow,
    InsertRow,
    ResolveCell,
    UndeleteRow,
    WithdrawApproval,
)
from tests.support.paper_alliance import (
    Op,
    PaperAlliance,
    amount,
    plan_line,
    service_line,
)
from tests.support.verdict_cases import Case, Judgement, approve, cases_in, check


def a_row_nobody_made(a: PaperAlliance) -> Judgement:
    return a["a"].write(amount(bytes(16), 1)), [30]


def a_row_not_in_its_past(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1))
    return a["b"].write(amount(first.row(0), 1)), [30]


def a_row_of_another_table(a: PaperAlliance) -> Judgement:
    first = a["a"].write(service_line(a["a"].org))
    return a["a"].write(amount(first.row(0), 1)), [30]


def a_dot_of_another_cell(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1), plan_line(2))
    other = amount(first.row(0), 1, first.dot(1))
    missing = amount(first.row(0), 1, first.dot(0), month=2)
    return a["a"].write(other, missing, amount(first.row(0), 5, first.dot(0))), [30, 30, 0]


def a_later_operation_of_its_own_segment(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    row = derive.row_id(scribe.public, 1, 1)
    return scribe.write(amount(row, 1), plan_line(1)), [30, 0]


def what_was_misshapen_makes_no_row(a: PaperAlliance) -> Judgement:
    first = a["a"].write([1, 1, 13, -1, []])
    return a["a"].write(amount(first.row(0), 1)), [30]


def an_undelete_of_no_delete(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1))
    return a["a"].write(UndeleteRow(1, 13, first.row(0), (first.dot(0),))), [30]


def a_delete_that_lists_another_row(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1), plan_line(2))
    return a["a"].write(DeleteRow(1, 13, first.row(0), (first.dot(1),))), [30]


def an_approval_of_a_cell_never_written(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1))
    return a["b"].write(approve(first.row(0), first.dot(0), 1, column=12), after=[first]), [30]


def a_resolve_of_dots_elsewhere(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1), plan_line(2))
    dots = (first.dot(0), first.dot(1))
    return a["a"].write(ResolveCell(1, 13, first.row(0), 11, 3, dots, "why")), [30]


def a_withdrawal_of_no_approval(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1))
    return a["a"].write(WithdrawApproval(1, first.dot(0), None)), [30]


def shapes_that_are_none(a: PaperAlliance) -> Judgement:
    row = bytes(16)
    wrong: list[Op] = [
        [0, 0],
        [0, 1, 1],
        [1, 1, 13, -1, []],
        [1, 1, 13, b"short", []],
        [1, 1, 13, 1, [[2, 1], [1, 1]]],
        [1, 1, 13, 1, [[1, []]]],
        [1, 1, 13, 1],
        [2, 1, 13, b"short", []],
        [2, 1, 13, row, [[1, 1, [[0, 1, 0]]]]],
        [2, 1, True, row, []],
        [3, 1, 13, row, [[0, 0, 0]]],
        [4, 1, 13, row, 1],
        [5, 1, 13, row, 11, 1, [], "why"],
        [6, 1, 13, row, [], b"short", None],
        [6, 1, 13, row, [], bytes(32), 1],
        [7, 1, [0, 1], None],
        [8, 1, 0, 1, bytes(32), None],
        [8, 1, 1, 0, bytes(32), None],
    ]
    return a["a"].write(*wrong), [31] * len(wrong)


def two_dots_in_the_wrong_order(a: PaperAlliance) -> Judgement:
    op = [3, 1, 13, bytes(16), [[0, 2, 0], [0, 1, 0]]]
    return a["a"].write(op, [3, 1, 13, bytes(16), [[0, 1, 0], [0, 1, 0]]], devs=[bytes(16)]), [
        31,
        31,
    ]


def a_group_longer_than_what_follows(a: PaperAlliance) -> Judgement:
    return a["a"].write([0, 3], plan_line(1), plan_line(2)), [31, 31, 31]


def a_group_inside_a_group(a: PaperAlliance) -> Judgement:
    ops: list[Op] = [[0, 2], [0, 1], plan_line(1), plan_line(2)]
    return a["a"].write(*ops), [31, 31, 31, 0]


def values_that_do_not_fit(a: PaperAlliance) -> Judgement:
    org = a["a"].org
    wrong = [
        plan_line("12"),  # type: ignore[arg-type]
        plan_line(True),  # noqa: FBT003
        InsertRow(1, 13, 1, ((1, bytes(16)), (2, bytes(16)), (3, "RHA"))),
        InsertRow(1, 13, 1, ((1, None), (2, bytes(16)), (3, "RHA"), (4, 1))),
        InsertRow(1, 13, 1, ((1, b"short"), (2, bytes(16)), (3, "RHA"), (4, 1))),
        InsertRow(1, 13, 1, ((1, bytes(16)), (2, bytes(16)), (3, "RHA"), (4, "equal"))),
        InsertRow(1, 13, org, ((1, bytes(16)), (2, bytes(16)), (3, "RHA"), (4, 1))),
        InsertRow(1, 11, 1, ((1, "A"), (2, "B"), (3, 1))),
        InsertRow(1, 10, org, ((1, "2026/27"), (2, "B"), (3, 1), (4, "1.0"))),
        InsertRow(1, 10, org, ((1, "2026/27"), (2, "B"), (3, 1), (4, "-0"))),
    ]
    return a["lead"].write(*wrong), [31] * len(wrong)


def a_wrong_digest(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(100))
    return a["b"].write(approve(first.row(0), first.dot(0), 101), after=[first]), [31]


def too_many_resolved_at_once(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1))
    dots = tuple((first.dev, seq, 0) for seq in range(1, 514))
    return a["a"].write(ResolveCell(1, 13, first.row(0), 11, 3, dots, "why")), [31]


def newer_than_the_version_claimed(a: PaperAlliance) -> Judgement:
    ops: list[Op] = [
        [9, 1, 1],
        [16, 1, Z, Z],
        [17, 1, []],
        [18, 1, Z, 0],
        [99, 1, 1],
        [1, 0, 13, 1, []],
        [1, 1, 9999, 1, []],
        [2, 1, 13, bytes(16), [[99, 1, []]]],
        [1, 1, 13, 9, []],
        [1, 1, 13, 1, [[1, 5], [4, 99]]],
        [5, 1, 13, bytes(16), 99, 1, [[0, 1, 0], [0, 1, 1]], "why"],
        [6, 1, 9999, bytes(16), [], bytes(32), None],
        [3, 1, 9999, bytes(16), []],
    ]
    return a["lead"].write(*ops, devs=[bytes(16)]), [34] * len(ops)


def a_plain_set_over_two_others(a: PaperAlliance) -> Judgement:
    first = a["lead"].write(plan_line(1))
    row, dot = first.row(0), first.dot(0)
    one = a["a"].write(amount(row, 2, dot), after=[first])
    two = a["b"].write(amount(row, 3, dot), after=[first])
    over = amount(row, 4, one.dot(0), two.dot(0))
    return a["lead"].write(over, after=[one, two]), [35]


def a_row_that_was_refused(a: PaperAlliance) -> Judgement:
    first = a["a"].write(InsertRow(1, 13, 1, ((1, bytes(16)),)))
    row = first.row(0)
    return a["b"].write(amount(row, 2), DeleteRow(1, 13, row, ()), after=[first]), [36, 36]


def an_approval_that_was_refused(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(100))
    agreed = a["b"].write(approve(first.row(0), first.dot(0), 101), after=[first])
    return a["b"].write(WithdrawApproval(1, agreed.dot(0), None)), [36]


def an_approval_of_a_row_that_nobody_made(a: PaperAlliance) -> Judgement:
    agreed = a["b"].write(approve(bytes(16), (a["a"].dev, 1, 0), 1))
    return a["b"].write(WithdrawApproval(1, agreed.dot(0), None)), [36]


@pytest.mark.parametrize("case", cases_in(globals()), ids=lambda case: case.__name__)
def test_the_verdict_is(case: Case) -> None:
    check(case)
