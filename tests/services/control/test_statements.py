"""One statement a round, and the one way out where a round's owner spoke twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.control.statements import refuse_second_statement, refuse_too_steep
from collabdesk.sync.authority.rulebook import Rulebook
from tests.support.model_check import VOID, Round, Setting, ground, records

SPLIT: Round = (frozenset([0, 1]), frozenset([0]), frozenset([1]), frozenset([VOID]))
AGREED: Round = (frozenset([0]), frozenset([0]), frozenset([VOID]), frozenset([VOID]))


def book(said: Round) -> Rulebook:
    """Return what four organisations know of each other after a round, the first perhaps rogue."""
    return Rulebook(ground(4, 3)[0].id, records(Setting(4, 3, 0), (said,)))


def test_who_voted_may_pass_over_a_round_whose_owner_voted_twice() -> None:
    split = book(SPLIT)
    assert len(split.epochs) == 1
    assert split.attempt == 0
    refuse_second_statement(split, split.epoch.orgs[1], 0, b"new", passing_over=True)
    then = book((SPLIT[0], SPLIT[1] | {VOID}, SPLIT[2], SPLIT[3]))
    assert then.attempt == 1
    named = [a.organisations for a in then.alarms if a.kind == "double-statement"]
    assert named == [(then.epoch.lead,)]


def test_one_more_has_to_agree_at_a_time() -> None:
    before = Rulebook(ground(5, 3)[0].id, list(ground(5, 3)))
    refuse_too_steep(before, replace(before.epoch, k=4))
    with pytest.raises(Refusal, match="more than one more at once"):
        refuse_too_steep(before, replace(before.epoch, k=5))


def test_nobody_votes_twice_even_then() -> None:
    split = book(SPLIT)
    other = next(held for held in split.drafts() if held.epoch and held.epoch.note == "1")
    with pytest.raises(Refusal, match="already signed a proposal"):
        refuse_second_statement(split, split.epoch.orgs[1], 0, other.id)


def test_who_voted_in_an_honest_round_says_nothing_else() -> None:
    agreed = book(AGREED)
    with pytest.raises(Refusal, match="already signed a proposal"):
        refuse_second_statement(agreed, agreed.epoch.orgs[1], 0, b"new", passing_over=True)
