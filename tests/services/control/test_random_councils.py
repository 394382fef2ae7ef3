"""Honest people who decide at random, half of the time without having shared.

Whatever they do, all come to hold the same. No organisation is ever shown to have spoken
twice, save the one whose two administrators each sign alone: they can, and it shows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from collabdesk.domain.changes import SetCells
from collabdesk.errors import Refusal
from collabdesk.services.control import adopting, decisions, keeper, laptops, suspend, votes
from tests.services.control.desks import LINE, enrolled, key_of, sign_all
from tests.support.alliance import Alliance, Desk

Act = Callable[[random.Random, Alliance, Desk], object]


def edit(chance: random.Random, _: Alliance, desk: Desk) -> None:
    row = desk.change(LINE)["line"]
    desk.change(SetCells("plan_line", row, {"m1": chance.randrange(1000)}))


def share(_: random.Random, __: Alliance, desk: Desk) -> None:
    desk.share()


def review(_: random.Random, __: Alliance, desk: Desk) -> None:
    votes.review(desk.workspace)


def agree(chance: random.Random, _: Alliance, desk: Desk) -> None:
    votes.change_agreement(desk.workspace, chance.choice([2, 3]))


def sign(_: random.Random, __: Alliance, desk: Desk) -> None:
    sign_all(desk)


def pass_over(_: random.Random, __: Alliance, desk: Desk) -> None:
    votes.void(desk.workspace)


def roles(chance: random.Random, alliance: Alliance, desk: Desk) -> None:
    other = alliance.desks[chance.choice(["l2", "a2"])]
    laptops.change_roles(desk.workspace, key_of(other), chance.sample([1, 2, 3, 4], 2))


def suspended(chance: random.Random, alliance: Alliance, desk: Desk) -> None:
    other = alliance.desks[chance.choice(["l2", "a2", "b"])]
    suspend.suspend(desk.workspace, key_of(other), "At random")


def lifted(_: random.Random, __: Alliance, desk: Desk) -> None:
    for item in suspend.suspended(desk.workspace)[:1]:
        suspend.lift(desk.workspace, item.id)


def adopted(_: random.Random, __: Alliance, desk: Desk) -> None:
    ready = [item.id for item in adopting.quarantined(desk.workspace) if item.can_adopt]
    if ready:
        adopting.adopt(desk.workspace, ready[:1])


def ledger(_: random.Random, alliance: Alliance, desk: Desk) -> None:
    now = keeper.keeping(desk.workspace)
    if now.mine and not now.laid_down:
        keeper.release_ledger(desk.workspace)
    elif now.laid_down:
        keeper.appoint_keeper(desk.workspace, key_of(alliance.desks["l2"]))


ACTS: tuple[Act, ...] = (
    *(edit, edit, share, share, share, sign, sign),
    *(review, agree, pass_over, roles, suspended, lifted, adopted, ledger),
)


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory, original: Alliance) -> Alliance:
    """Three trusts; the lead has two administrators, a partner a second laptop."""
    made = original.copy_to(tmp_path_factory.mktemp("council") / "alliance")
    second = enrolled(made, "l2", "lead", "Accountant", "Finance laptop 2")
    enrolled(made, "a2", "a", "Ward manager", "Ward laptop")
    lead = made.desks["lead"]
    votes.change_administrators(lead.workspace, [key_of(lead), key_of(second)], signatures=1)
    made.share_all(2)
    sign_all(made.desks["a"])
    made.share_all(2)
    made.close()
    return made


@pytest.mark.parametrize("seed", range(3))
def test_honest_people_at_random_come_to_hold_the_same(
    council: Alliance, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same world every time
    alliance = council.copy_to(tmp_path / "alliance")
    done: list[str] = []
    for _ in range(45):
        desk = alliance.desks[chance.choice(sorted(alliance.desks))]
        act = chance.choice(ACTS)
        with suppress(Refusal):
            act(chance, alliance, desk)
            done.append(act.__name__)
    alliance.share_all(5)
    assert len(alliance.roots) == 1, done
    books = [desk.workspace.book for desk in alliance.desks.values()]
    assert len({book.head.id for book in books}) == 1
    alarms = {(a.kind, org) for book in books for a in book.alarms for org in a.organisations}
    lead = books[0].epoch.lead
    assert alarms <= {("roster-fork", lead), ("double-statement", lead)}
    for desk in alliance.desks.values():
        for waits in decisions.drafted(desk.workspace):
            assert waits.changes
    alliance.close()
