"""What administrators do by the program's own services, which hold them to their duties."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from collabdesk.services.control import adopting, decisions, keeper, laptops, suspend, votes
from tests.simulation.laptop import Laptop
from tests.simulation.world import World

Act = Callable[[World, Laptop], object]


def adopt_kept_aside(world: World, laptop: Laptop) -> None:
    """Make something that was set aside one's own."""
    found = [one for one in adopting.quarantined(laptop.workspace) if one.can_adopt]
    if found:
        adopting.adopt(laptop.workspace, [world.dice.choice(found).id])
        laptop.acknowledge()


def sign_what_waits(world: World, laptop: Laptop) -> None:
    """Sign a decision that waits for this laptop."""
    found = [one for one in decisions.drafted(laptop.workspace) if one.can_sign]
    if found:
        votes.sign(laptop.workspace, world.dice.choice(found).id)


def review(_: World, laptop: Laptop) -> None:
    """Propose that nothing changes, so that landmarks rise."""
    if laptop.workspace.enrolled:
        votes.review(laptop.workspace)


def pass_over(_: World, laptop: Laptop) -> None:
    """Pass over a round."""
    if laptop.workspace.enrolled:
        votes.void(laptop.workspace)


def suspend_somebody(world: World, laptop: Laptop) -> None:
    """Suspend a laptop."""
    key = _anybody(world, laptop)
    if key is not None:
        suspend.suspend(laptop.workspace, key, "It was seen in a café")


def lift_one(world: World, laptop: Laptop) -> None:
    """Lift a suspension, by whichever way there is."""
    found = suspend.suspended(laptop.workspace) if laptop.workspace.enrolled else ()
    if found:
        suspend.lift(laptop.workspace, world.dice.choice(found).id)


def retire_officially(world: World, laptop: Laptop) -> None:
    """Take a colleague's laptop out of use."""
    key = _anybody(world, laptop)
    if key is not None and key != laptop.seat.key:
        laptops.retire_laptop(laptop.workspace, key)


def give_roles(world: World, laptop: Laptop) -> None:
    """Give a colleague's laptop other roles."""
    key = _anybody(world, laptop)
    if key is not None:
        some = [role for role in (1, 2, 3, 4, 5) if world.dice.random() < 0.6]
        laptops.change_roles(laptop.workspace, key, some)


def lay_down(_: World, laptop: Laptop) -> None:
    """Lay the ledger down."""
    if laptop.workspace.enrolled:
        keeper.release_ledger(laptop.workspace)


def appoint(world: World, laptop: Laptop) -> None:
    """Let another laptop keep the ledger."""
    key = _anybody(world, laptop)
    if key is not None:
        keeper.appoint_keeper(laptop.workspace, key)


def end_term(_: World, laptop: Laptop) -> None:
    """End the term of a laptop that is lost."""
    if laptop.workspace.enrolled:
        keeper.end_lost_term(laptop.workspace, laptop.seat.key)


def _anybody(world: World, laptop: Laptop) -> bytes | None:
    workspace = laptop.workspace
    if not workspace.enrolled:
        return None
    enrolled = sorted(k for k in workspace.book.known_keys if workspace.book.organisation_of(k))
    return world.dice.choice(enrolled)


OFFICIAL: Mapping[Act, int] = {
    adopt_kept_aside: 6,
    sign_what_waits: 8,
    review: 3,
    pass_over: 2,
    suspend_somebody: 2,
    lift_one: 2,
    retire_officially: 2,
    give_roles: 2,
    lay_down: 2,
    appoint: 2,
    end_term: 1,
}
"""What administrators do on the pages and the command line, and how often."""
