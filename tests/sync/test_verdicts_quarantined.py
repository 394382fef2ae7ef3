"""What its author had no right to, by the records it cites and those that came later."""

from __future__ import annotations

import pytest

from collabdesk.sync import records as r
from collabdesk.sync.hashing import Z
from collabdesk.sync.operations import (
    WithdrawApproval,
)
from tests.support.paper_alliance import (
    PaperAlliance,
    amount,
    group,
    held,
    plan_line,
    renamed,
    service_line,
)
from tests.support.verdict_cases import Case, Judgement, approve, cases_in, check


def rights_lessened_with_no_cut(a: PaperAlliance) -> Judgement:
    written = a["a"].write(plan_line(1), service_line(a["a"].org))
    a.adopt(orgs=a.orgs(a=(2,)))
    return written, [20, 20]


def rights_lessened_past_a_cut(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    kept = scribe.write(plan_line(1))
    late = scribe.write(plan_line(2))
    a.adopt(orgs=a.orgs(a=(2,)), cuts=(r.ChainPoint(scribe.public, 1, kept.id),))
    return late, [20]


def what_a_cut_leaves(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    kept = scribe.write(plan_line(1))
    a.adopt(orgs=a.orgs(a=(2,)), cuts=(r.ChainPoint(scribe.public, 1, kept.id),))
    return kept, [0]


def what_a_landmark_fixes(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    kept = scribe.write(plan_line(1))
    a.adopt(orgs=a.orgs(a=(2,)))
    a.adopt(landmarks=(r.ChainPoint(scribe.public, 1, kept.id),), orgs=a.orgs())
    return kept, [0]


def both_branches_of_a_fork(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    scribe.write(plan_line(1))
    twin = scribe.write(plan_line(2), keep=False)
    scribe.written.append(twin)
    return scribe.write(plan_line(3), plan_line(4)), [22, 22]


def what_stands_below_a_fork(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    first = scribe.write(plan_line(1))
    scribe.written.append(scribe.write(plan_line(2), keep=False))
    scribe.write(plan_line(3))
    return first, [0]


def a_row_made_on_a_branch(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    twin = scribe.write(plan_line(2), keep=False)
    scribe.written.append(twin)
    scribe.write(renamed(twin.row(0), "x"))
    return a["b"].write(amount(twin.row(0), 1, twin.dot(0)), after=[twin]), [25]


def the_branch_its_author_never_saw(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    other = scribe.write(service_line(scribe.org), keep=False)
    scribe.written.append(other)
    mine = scribe.write(plan_line(2))
    return a["b"].write(amount(mine.row(0), 1, mine.dot(0)), after=[other]), [30]


def both_branches_in_its_past(a: PaperAlliance) -> Judgement:
    """Two rows of one id: the one on the lower branch is meant."""
    scribe = a["a"]
    plan = scribe.write(plan_line(2), keep=False)
    service = scribe.write(service_line(scribe.org), keep=False)
    scribe.written += [plan, service]
    one = a["lead"].write(after=[plan])
    other = a["b"].write(after=[service])
    named = a["lead"].write(amount(plan.row(0), 1), after=[other])
    assert one.id in named.header.prev
    return named, [25 if plan.id < service.id else 30]


def an_older_epoch_than_its_past_cites(a: PaperAlliance) -> Judgement:
    before = a["a"].epoch
    a.cite(a.adopt())
    first = a["b"].write(plan_line(1))
    return a["a"].write(plan_line(1), plan_line(2), after=[first], epoch=before), [23, 23]


def no_role_in_that_area(a: PaperAlliance) -> Judgement:
    a.cite(a.adopt(orgs=a.orgs(a=(2,))))
    return a["a"].write(plan_line(1)), [24]


def another_trusts_own_row(a: PaperAlliance) -> Judgement:
    first = a["b"].write(service_line(a["b"].org))
    op = renamed(first.row(0), "forged", first.dot(0))
    return a["a"].write(op, service_line(a["a"].org), after=[first]), [24, 0]


def a_forged_scope(a: PaperAlliance) -> Judgement:
    return a["a"].write(service_line(a["b"].org)), [24]


def a_forged_edit_hidden_in_a_group(a: PaperAlliance) -> Judgement:
    first = a["b"].write(service_line(a["b"].org))
    ops = group(service_line(a["a"].org), renamed(first.row(0), "forged", first.dot(0)))
    return a["a"].write(*ops, after=[first]), [24, 24, 24]


def somebody_elses_approval_taken_back(a: PaperAlliance) -> Judgement:
    first = a["a"].write(plan_line(100))
    agreed = a["b"].write(approve(first.row(0), first.dot(0), 100), after=[first])
    return a["a"].write(WithdrawApproval(1, agreed.dot(0), None), after=[agreed]), [24]


def a_roster_that_was_never_adopted(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    stray = r.Roster(Z, scribe.org, 0, Z, (), (), (), (), ())
    made = held(stray, scribe.key)
    a.records.append(made)
    return scribe.write(plan_line(1), roster=(0, made.id)), [24]


def a_row_that_is_quarantined(a: PaperAlliance) -> Judgement:
    first = a["a"].write(service_line(a["b"].org))
    return a["b"].write(renamed(first.row(0), "x", first.dot(0)), after=[first]), [25]


def an_approval_that_is_quarantined(a: PaperAlliance) -> Judgement:
    before = a["a"].epoch
    a.cite(a.adopt())
    row = a["b"].write(plan_line(100))
    agreed = a["a"].write(approve(row.row(0), row.dot(0), 100), after=[row], epoch=before)
    return a["a"].write(WithdrawApproval(1, agreed.dot(0), None)), [25]


def a_version_below_the_floor(a: PaperAlliance) -> Judgement:
    a.cite(a.adopt(floor=2))
    return a["a"].write(plan_line(1)), [26]


@pytest.mark.parametrize("case", cases_in(globals()), ids=lambda case: case.__name__)
def test_the_verdict_is(case: Case) -> None:
    check(case)
