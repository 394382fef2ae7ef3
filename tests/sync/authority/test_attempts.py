"""Which turn it is, whatever was passed over, and at no cost however much is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from collabdesk.sync import records as r
from collabdesk.sync.authority.held import Held
from collabdesk.sync.authority.rulebook import Rulebook
from tests.support.paper_alliance import PaperAlliance, held

NAMES = ("lead", "a", "b")
ALLIANCE = PaperAlliance("a", "b")
RANGES = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda pair: tuple(sorted(pair)))
SAID = st.lists(st.tuples(st.sampled_from(NAMES), RANGES), max_size=8)


def passed_over(name: str, first: int, last: int) -> Held:
    void = r.Void(ALLIANCE.workspace, ALLIANCE[name].org, ALLIANCE.epochs[-1].id, first, last)
    return held(void, ALLIANCE[name].key)


def book(*more: Held) -> Rulebook:
    return Rulebook(ALLIANCE.workspace, [*ALLIANCE.records, *more])


@given(SAID)
def test_a_turn_passes_when_two_of_three_have_passed_it_over(
    said: list[tuple[str, tuple[int, int]]],
) -> None:
    made = book(*(passed_over(name, *between) for name, between in said))
    turn = 0
    while len({name for name, (first, last) in said if first <= turn <= last}) > 1:
        turn += 1
    assert made.attempt == turn
    for name in NAMES:
        mine = [between for one, between in said if one == name]
        for at in range(11):
            spoken = any(first <= at <= last for first, last in mine)
            assert made.has_voided(ALLIANCE[name].org, at) is spoken


def test_every_turn_passed_over_at_once_costs_nothing() -> None:
    head, keys = ALLIANCE.epochs[-1], (ALLIANCE["lead"].key, ALLIANCE["a"].key)
    voids = [passed_over(name, 0, 65_535) for name in ("lead", "a")]
    voids += [passed_over("a", at, at) for at in range(0, 2_000, 2)]
    drafts = [
        held(
            replace(
                ALLIANCE.head,
                ws=ALLIANCE.workspace,
                n=ALLIANCE.head.n + 1,
                prev=head.id,
                attempt=attempt,
            ),
            *keys,
        )
        for attempt in range(65_535, 65_035, -3)
    ]
    made = book(*voids, *drafts)
    assert made.attempt == 65_536
    # So many that any one might be next: none is, until the partners follow one of them.
    assert made.epoch.n == ALLIANCE.head.n
