"""What is accepted, and what waits for a record or a newer version."""

from __future__ import annotations

import pytest

from collabdesk.sync import derive
from collabdesk.sync import segment as segments
from collabdesk.sync.hashing import Z
from collabdesk.sync.operations import (
    DeleteRow,
    SetRow,
    WithdrawApproval,
)
from tests.support.paper_alliance import (
    Op,
    PaperAlliance,
    Written,
    amount,
    fixed,
    group,
    plan_line,
    renamed,
    service_line,
)
from tests.support.verdict_cases import Case, Judgement, approve, cases_in, check

NEW: Op = [99, 3, 1]
"""An operation of a kind no build knows, made with registry version 3."""


def an_honest_edit(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(100))
    row = first.row(0)
    return a["b"].write(amount(row, 120, first.dot(0)), after=[first]), [0]


def a_set_that_replaces_nothing(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line())
    return a["b"].write(amount(first.row(0), 120), after=[first]), [0]


def a_set_of_no_cell(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1))
    return a["b"].write(SetRow(1, 13, first.row(0), ()), after=[first]), [0]


def several_texts_replaced_at_once(a: PaperAlliance) -> Judgement:
    org = a["lead"].org
    first = a["lead"].write(service_line(org))
    row = first.row(0)
    second = a["lead"].write(renamed(row, "B", first.dot(0)))
    third = a["lead"].write(renamed(row, "C", first.dot(0), second.dot(0)))
    return third, [0]


def a_group_within_which_a_row_is_made_and_set(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    row = derive.row_id(scribe.public, 1, 1)
    written = scribe.write(*group(plan_line(1), amount(row, 2, (scribe.dev, 1, 1))))
    return written, [0, 0, 0]


def an_empty_segment(a: PaperAlliance) -> Judgement:
    return a["a"].write(), []


def an_unknown_epoch_cited(a: PaperAlliance) -> Judgement:
    return a["a"].write(plan_line(1), plan_line(2), epoch=(2, fixed("none", 32))), [10, 10]


def an_epoch_cited_by_a_wrong_number(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    scribe.write(plan_line(1))
    return scribe.write(plan_line(1), epoch=(7, scribe.epoch[1])), [10]


def a_roster_cited_by_a_wrong_number(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    scribe.write(plan_line(1))
    return scribe.write(plan_line(1), roster=(1, scribe.roster[1])), [10]


def a_roster_cited_as_an_epoch(a: PaperAlliance) -> Judgement:
    return a["a"].write(plan_line(1), epoch=(0, a["a"].roster[1])), [10]


def an_operation_of_a_newer_version(a: PaperAlliance) -> Judgement:
    return a["a"].write(NEW, plan_line(1)), [11, 0]


def a_kind_of_version_two(a: PaperAlliance) -> Judgement:
    return a["lead"].write([9, 3, 1], [16, 3, Z, Z], [17, 3, []], [18, 3, Z, 0]), [11] * 4


def a_group_with_something_newer_waits_whole(a: PaperAlliance) -> Judgement:
    return a["a"].write(*group(plan_line(1), NEW)), [11, 11, 11]


def a_row_of_a_newer_version(a: PaperAlliance) -> Judgement:
    first = a["a"].write(NEW)
    return a["b"].write(amount(first.row(0), 1), after=[first]), [12]


def a_dot_of_a_newer_version(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1), NEW)
    return a["b"].write(amount(first.row(0), 1, first.dot(1)), after=[first]), [12]


def approvals_of_what_is_newer(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1), NEW)
    withdraw = WithdrawApproval(1, first.dot(1), None)
    row, dot = first.row(0), first.dot(1)
    return a["b"].write(approve(row, dot, 1), withdraw, after=[first]), [12, 12]


def a_delete_that_saw_something_newer(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1), NEW)
    op = DeleteRow(1, 13, first.row(0), (first.dot(0), first.dot(1)))
    return a["b"].write(op, after=[first]), [12]


def a_row_that_waits_for_a_record(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(1), epoch=(2, fixed("none", 32)))
    return a["b"].write(amount(first.row(0), 1), after=[first]), [12]


def a_body_that_cannot_be_opened(a: PaperAlliance) -> Judgement:
    return _sealed(a), [11, 11]


def a_row_in_a_body_that_cannot_be_opened(a: PaperAlliance) -> Judgement:
    first = _sealed(a)
    return a["b"].write(amount(first.row(1), 1), after=[first]), [12]


def _sealed(a: PaperAlliance) -> Written:
    plain = a["a"].write(plan_line(1), plan_line(2), keep=False)
    read = segments.read(plain.file)
    header = read.header._replace(enc_key_id=bytes(16))
    file = segments.assemble(header, read.body, a["a"].key)
    written = Written(file, segments.read(file).id, header)
    a["a"].last = written
    a["a"].written.append(written)
    return written


@pytest.mark.parametrize("case", cases_in(globals()), ids=lambda case: case.__name__)
def test_the_verdict_is(case: Case) -> None:
    check(case)
