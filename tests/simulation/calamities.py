"""What befalls the world between one person's work and the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from collabdesk.sync.registry import REGISTRY, Registry
from tests.simulation.faults import Fault
from tests.simulation.forgery import forged
from tests.simulation.laptop import TEN_YEARS_MS, Laptop, Standing
from tests.simulation.memory_database import memory_of
from tests.simulation.share import SimShare
from tests.simulation.world import World

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
MOST_LAPTOPS = 7
Calamity = Callable[[World], Fault | None]


def time_passes(world: World) -> None:
    """Let minutes, hours or days pass."""
    world.clock.ms += world.dice.choice((MINUTE_MS, 20 * MINUTE_MS, 5 * 60 * MINUTE_MS, DAY_MS))


def take_snapshot(world: World) -> None:
    """Copy the shared folder aside."""
    world.snapshots.append(dict(world.share.files))


def roll_back(world: World) -> Fault:
    """Put the shared folder back to a snapshot."""
    world.share.replace_all(world.dice.choice(world.snapshots))
    return Fault.ROLLED_BACK


def server_restarts(world: World) -> Fault | None:
    """Let the file server forget what it had not written."""
    return Fault.LOST_FLUSH if world.share.lose_unflushed(world.dice) else None


def fork_views(world: World) -> Fault | None:
    """Let some laptops see another folder from now on."""
    if world.other is not None:
        return None
    world.other = SimShare(dict(world.share.files))
    for laptop in world.laptops:
        if world.dice.random() < 0.5:
            laptop.store.use(world.other)
    return Fault.FORKED_VIEWS


def merge_views(world: World) -> Fault | None:
    """Let the two folders become one that holds what both held."""
    if world.other is None:
        return None
    world.share.replace_all({**world.other.files, **world.share.files})
    world.other = None
    for laptop in world.laptops:
        laptop.store.use(world.share)
    return Fault.MERGED_VIEWS


def spoil(world: World) -> Fault | None:
    """Let the folder damage a file that was good."""
    paths = world.share.paths(".cds", ".cdc")
    if not paths:
        return None
    path, share, dice = world.dice.choice(paths), world.share, world.dice
    fault = dice.choice(
        (
            Fault.BIT_FLIP,
            Fault.TRUNCATED,
            Fault.LOST_FILE,
            Fault.SWAPPED,
            Fault.REPLAYED,
            Fault.RUBBISH,
            Fault.FORGED_BODY,
        )
    )
    match fault:
        case Fault.BIT_FLIP:
            share.flip(path, dice)
        case Fault.TRUNCATED:
            share.cut(path, dice)
        case Fault.LOST_FILE:
            share.remove(path)
        case Fault.SWAPPED:
            other = dice.choice(paths)
            mine, theirs = share.files[path], share.files[other]
            share.write(path, theirs)
            share.write(other, mine)
        case Fault.REPLAYED:
            folder = path.rpartition("/")[0]
            share.write(f"{folder}/{dice.choice(paths).rpartition('/')[2]}", share.files[path])
        case Fault.FORGED_BODY:
            other_body = forged(share.files[path], dice)
            if other_body is None:
                return None
            share.write(path, other_body)
        case _:
            share.write(path, dice.randbytes(dice.randrange(200)))
    return fault


def flood(world: World) -> Fault:
    """Fill a folder with files of nobody."""
    slot = world.dice.randrange(len({laptop.seat.org for laptop in world.laptops}))
    for _ in range(world.dice.randrange(3, 12)):
        name = "".join(world.dice.choices("abcdefghijklmnopqrstuvwxyz234567", k=26))
        folder, suffix = world.dice.choice((("c", "cdc"), ("h", "cds"), ("j", "cdj"), ("t", "x")))
        path = f"{world.root}/o/org{slot}/{folder}/{name}.{suffix}"
        world.share.write(path, world.dice.randbytes(world.dice.randrange(1, 60)))
    return Fault.FLOOD


def set_a_clock(world: World) -> Fault:
    """Let a laptop's clock be wrong."""
    clock = world.dice.choice(world.laptops).clock
    fault = world.dice.choice(
        (Fault.CLOCK_AHEAD, Fault.CLOCK_BEHIND, Fault.CLOCK_BACKWARDS, Fault.CLOCK_FROZEN)
    )
    match fault:
        case Fault.CLOCK_AHEAD:
            clock.wrong_by = TEN_YEARS_MS
        case Fault.CLOCK_BEHIND:
            clock.wrong_by = -TEN_YEARS_MS
        case Fault.CLOCK_BACKWARDS:
            clock.wrong_by -= world.dice.randrange(2 * DAY_MS)
        case _:
            clock.frozen_at = clock.now_ms()
    return fault


def back_up(world: World) -> None:
    """Copy a laptop's workspace aside, with its key store."""
    laptop = world.dice.choice(world.laptops)
    content = memory_of(laptop.name).content()
    laptop.copies.append((content, dict(laptop.keys.kept), laptop.registry))


def restore(world: World) -> Fault | None:
    """Put a laptop's workspace back from a copy; its key store stays."""
    laptop = _with_a_copy(world)
    if laptop is None:
        return None
    content, _, version = world.dice.choice(laptop.copies)
    _put_back(laptop, content, version)
    return Fault.RESTORED


def restore_whole(world: World) -> Fault | None:
    """Put a laptop back from a copy, key store and all: it cannot know what it signed."""
    laptop = _with_a_copy(world)
    if laptop is None or _sharing(world) < 3:
        return None
    content, kept, version = world.dice.choice(laptop.copies)
    laptop.keys.kept = dict(kept)
    if laptop.honest:
        laptop.standing = Standing.SUSPECT
    _put_back(laptop, content, version)
    return Fault.RESTORED_WHOLE


def clone(world: World) -> Fault | None:
    """Copy a laptop with its keys; both go on."""
    if len(world.laptops) >= MOST_LAPTOPS or _sharing(world) < 3:
        return None
    laptop = world.dice.choice(world.laptops)
    laptop.close()
    name = f"clone{len(world.laptops)}"
    content = memory_of(laptop.name).content()
    twin = world.seat(laptop.seat, name, content, laptop.keys.kept)
    twin.standing, twin.registry = Standing.SUSPECT, laptop.registry
    if laptop.honest:
        laptop.standing = Standing.SUSPECT
    return Fault.CLONED


def upgrade(world: World) -> None:
    """Install the newest version on a laptop."""
    laptop = world.dice.choice(world.laptops)
    world.attempt(laptop, "install", lambda: laptop.install(REGISTRY))


def lose_keys(world: World) -> Fault | None:
    """Empty a laptop's key store."""
    if _sharing(world) < 3:
        return None
    laptop = world.dice.choice(world.laptops)
    laptop.keys.kept.clear()
    laptop.close()
    if laptop.honest:
        laptop.standing = Standing.STOPPED
    return Fault.KEYS_LOST


def _with_a_copy(world: World) -> Laptop | None:
    copied = [laptop for laptop in world.laptops if laptop.copies]
    return world.dice.choice(copied) if copied else None


def _sharing(world: World) -> int:
    return len(world.honest)


def _put_back(laptop: Laptop, content: bytes, version: Registry) -> None:
    laptop.close()
    memory_of(laptop.name).fill(content)
    if version is not laptop.registry:
        laptop.judge_anew()
    laptop.put_back = True
    laptop.heads.clear()
    laptop.acknowledged.clear()


CALAMITIES: Mapping[Calamity, int] = {
    take_snapshot: 3,
    roll_back: 3,
    server_restarts: 5,
    fork_views: 3,
    merge_views: 5,
    spoil: 8,
    flood: 2,
    set_a_clock: 5,
    back_up: 5,
    restore: 3,
    restore_whole: 1,
    clone: 1,
    lose_keys: 1,
    upgrade: 2,
}
"""What befalls the world, and how often; and time passes."""
