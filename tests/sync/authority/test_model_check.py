"""The smaller bounds of `make model-check`, and that the check sees what it is to see."""

from __future__ import annotations

import pytest

from collabdesk.sync.authority import attempts, stalled
from tests.support import model_check as check


@pytest.mark.parametrize("rogue", [False, True])
@pytest.mark.parametrize("organisations", [1, 2, 3])
def test_no_two_win_unless_somebody_provably_spoke_twice_and_nothing_blocks_for_ever(
    organisations: int, rogue: bool
) -> None:
    for setting in check.settings(organisations, rogue=rogue):
        counts = check.check(setting, 2)
        assert counts.faults == []
        assert rogue or (counts.blocked, counts.two_winners) == (0, 0)


def test_four_honest_organisations_never_block_nor_elect_two() -> None:
    for setting in check.settings(4, rogue=False):
        counts = check.check(setting, 3)
        assert (counts.faults, counts.blocked, counts.two_winners) == ([], 0, 0)


def test_a_change_that_can_block_asks_for_more_votes_than_it_leaves() -> None:
    for change in check.changes():
        assert not (change.safe() and check.blocks(change, leavers_vote=True))


def test_a_change_that_stalls_is_passed_over_and_nobody_honest_is_named() -> None:
    assert [fault for one in check.discussed(3) for fault in one.faults()] == []


def test_the_check_sees_that_without_the_way_out_a_stalled_change_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raising = check.Change(3, 2, 0, 0, 3)
    assert list(check.Discussed(raising, 0).faults()) == []
    monkeypatch.setattr(stalled, "may_take_back", lambda *_: False)
    assert any("blocked for ever" in one for one in check.Discussed(raising, 0).faults())


def test_the_check_sees_that_too_many_are_excused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stalled, "excused", lambda *_: True)
    faults = list(check.Discussed(check.Change(3, 2, 0, 0, 3), 0).faults())
    assert any("nobody named" in one for one in faults)


def test_every_tree_of_rosters_is_read_as_the_reference_reads_it() -> None:
    assert check.differing_rosters(4) == (4_254, [])


def test_the_check_sees_an_attempt_that_opens_too_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "voids_needed", lambda epoch: len(epoch.orgs) - epoch.k)
    assert check.check(check.Setting(3, 2), 2).faults


def test_the_check_sees_that_fewer_than_half_win() -> None:
    assert check.check(check.Setting(3, 1), 2).faults
