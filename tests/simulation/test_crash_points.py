"""A laptop stops before or after every single lasting step of an edit and its sharing.

The steps are counted, not chosen: transactions, secrets, files, and with the program's own
folder store every call on the file system.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest

from collabdesk.domain.changes import SetCells
from tests.simulation import oracles
from tests.simulation.disk import SimFolder
from tests.simulation.laptop import Laptop
from tests.simulation.memory_database import memory_of
from tests.simulation.power import CountedPower, PowerFailedError
from tests.simulation.run import settle
from tests.simulation.surroundings import remembered, seeded, simulated
from tests.simulation.template import template
from tests.simulation.world import World, begin

LAYOUT = (1, 1, 1)
WAYS = ("plain", "linked", "renamed", "synced")


@contextmanager
def prepared(way: str) -> Iterator[World]:
    """Yield a world in which a partner's edit waits in the folder."""
    dice = Random(way)  # noqa: S311 - a simulation's dice
    with simulated(), remembered(), seeded(dice):
        world = begin(0, template(LAYOUT), dice, way=way)
        an_edit(world, world.laptops[1], 120)
        world.laptops[1].share()
        yield world


def an_edit(world: World, laptop: Laptop, pence: int) -> None:
    laptop.change(SetCells("plan_line", world.template.rows["plan_line"][0], {"m1": pence}))


def work(world: World, laptop: Laptop) -> None:
    """Edit, share, edit and share again: as much as leaves a lasting trace."""
    for pence in (110, 111):
        an_edit(world, laptop, pence)
        laptop.share()


def put_under(laptop: Laptop, power: CountedPower) -> None:
    """Let every lasting step of a laptop be counted."""
    memory_of(laptop.name).power = laptop.keys.power = laptop.store.power = power
    if isinstance(laptop.store.inner, SimFolder):
        laptop.store.inner.sim.power = power


def steps(way: str) -> list[str]:
    """Return the lasting steps of the work, in order."""
    power = CountedPower()
    with prepared(way) as world:
        put_under(world.laptops[0], power)
        work(world, world.laptops[0])
    return power.steps


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_no_stop_loses_an_edit_or_signs_a_number_twice(way: str, *, before: bool) -> None:
    counted = steps(way)
    for at, step in enumerate(counted, start=1):
        with prepared(way) as world:
            laptop = world.laptops[0]
            power = CountedPower(at, stop_before=before)
            put_under(laptop, power)
            with pytest.raises(PowerFailedError):
                work(world, laptop)
            laptop.restart()
            for _ in range(2):
                settle(world)
            try:
                oracles.judge(world)
            except AssertionError as wrong:
                pytest.fail(f"stopped at step {at} ({step}): {wrong}")


def test_every_kind_of_step_is_stopped_at() -> None:
    assert {"transaction", "secret", "put"} <= set(steps("plain"))
    calls = {"make_folder", "create", "write", "flush", "flush_folder", "remove"}
    assert calls | {"link"} <= set(steps("linked"))
    assert calls | {"replace"} <= set(steps("renamed"))
