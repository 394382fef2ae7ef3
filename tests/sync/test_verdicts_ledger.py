"""Journals: who may post, what a post must be, and what comes next."""

from __future__ import annotations

import pytest

from collabdesk.sync import derive
from collabdesk.sync.operations import (
    DeleteRow,
    PostMark,
    ResolveCell,
    SetRow,
    UndeleteRow,
)
from tests.support.paper_alliance import (
    Op,
    PaperAlliance,
    group,
    plan_line,
)
from tests.support.verdict_cases import Case, Judgement, cases_in, check, journal

NEW: Op = [99, 3, 1]
"""An operation of a kind no build knows, made with registry version 3."""


def a_journal_with_something_newer_waits(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    post = PostMark(1, 1, 1, a.workspace, None)
    return lead.write(*group(post, *journal(lead.org, 5, -5), [1, 3, 41, lead.org, []])), [11] * 6


def a_journal_of_another_laptop(a: PaperAlliance) -> Judgement:
    scribe = a["a"]
    post = PostMark(1, 1, 1, a.workspace, None)
    return scribe.write(*group(post, *journal(scribe.org, 5, -5))), [27] * 5


def a_term_that_nobody_began(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    post = PostMark(1, 2, 1, a.workspace, None)
    return lead.write(*group(post, *journal(lead.org, 5, -5))), [27] * 5


def a_ledger_row_changed(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    post = PostMark(1, 1, 1, a.workspace, None)
    first = lead.write(*group(post, *journal(lead.org, 5, -5)))
    row, dot = first.row(3), first.dot(3)
    ops = (
        SetRow(1, 41, row, ((3, 1, (dot,)),)),
        ResolveCell(1, 41, row, 3, 1, (first.dot(2), dot), "why"),
        DeleteRow(1, 41, row, (dot,)),
        UndeleteRow(1, 41, row, ()),
    )
    return lead.write(*ops), [31] * 4


def a_journal_for_a_source_nobody_signed(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    post = PostMark(1, 1, 1, a.workspace, (a["a"].dev, 1, 0))
    return lead.write(*group(post, *journal(lead.org, 5, -5))), [30] * 5


def an_unbalanced_journal_for_a_source_nobody_signed(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    post = PostMark(1, 1, 1, a.workspace, (a["a"].dev, 1, 0))
    return lead.write(*group(post, *journal(lead.org, 5, -4))), [30] * 5


def a_ledger_line_alone(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    return lead.write(*journal(lead.org, 5), *group(*journal(lead.org, 1, -1))), [32] * 6


def a_post_alone(a: PaperAlliance) -> Judgement:
    return a["lead"].write(PostMark(1, 1, 1, a.workspace, None)), [32]


def a_post_that_does_not_lead(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    post = PostMark(1, 1, 1, a.workspace, None)
    return lead.write(*group(*journal(lead.org, 1, -1), post)), [32] * 5


def a_journal_that_does_not_balance(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    post = PostMark(1, 1, 1, a.workspace, None)
    return lead.write(*group(post, *journal(lead.org, 5, -4))), [32] * 5


def a_journal_of_one_line(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    post = PostMark(1, 1, 1, a.workspace, None)
    return lead.write(*group(post, *journal(lead.org, 0))), [32] * 4


def a_journal_with_two_headers(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    post = PostMark(1, 1, 1, a.workspace, None)
    two = [*journal(lead.org, 1, -1), *journal(lead.org)]
    return lead.write(*group(post, *two)), [32] * 6


def a_journal_with_something_else(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    post = PostMark(1, 1, 1, a.workspace, None)
    return lead.write(*group(post, *journal(lead.org, 1, -1), plan_line(1))), [32] * 6


def a_journal_whose_amounts_are_no_amounts(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    post = PostMark(1, 1, 1, a.workspace, None)
    text = journal(lead.org, "five", "-5")
    return lead.write(*group(post, *text)), [31] * 5


def an_unbalanced_journal_of_another_laptop(
    a: PaperAlliance,
) -> Judgement:
    scribe = a["a"]
    post = PostMark(1, 1, 1, a.workspace, None)
    return scribe.write(*group(post, *journal(scribe.org, 5, -4))), [32] * 5


def a_journal_with_a_gap(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    post = PostMark(1, 1, 2, a.workspace, None)
    return lead.write(*group(post, *journal(lead.org, 5, -5))), [33] * 5


def a_journal_that_does_not_follow(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    lead.write(*group(PostMark(1, 1, 1, a.workspace, None), *journal(lead.org, 5, -5)))
    again = PostMark(1, 1, 2, a.workspace, None)
    return lead.write(*group(again, *journal(lead.org, 5, -5))), [33] * 5


def a_source_posted_twice(a: PaperAlliance) -> Judgement:
    lead = a["lead"]
    proposal = a["a"].write(plan_line(1))
    inserts = journal(lead.org, 5, -5)
    first = PostMark(1, 1, 1, a.workspace, proposal.dot(0))
    wires = [[1, 1, op.table, op.scope, [list(cell) for cell in op.cells]] for op in inserts]
    link = derive.journal_hash(a.workspace, 1, 1, proposal.dot(0), wires)
    second = PostMark(1, 1, 2, link, proposal.dot(0))
    ops = (*group(first, *inserts), *group(second, *inserts))
    return lead.write(*ops, after=[proposal]), [0] * 5 + [33] * 5


@pytest.mark.parametrize("case", cases_in(globals()), ids=lambda case: case.__name__)
def test_the_verdict_is(case: Case) -> None:
    check(case)
