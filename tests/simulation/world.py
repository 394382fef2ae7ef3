"""The simulated world of one run: laptops, partners, a shared folder that may be two."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from random import Random

from collabdesk.errors import CollabDeskError
from collabdesk.services.secrets import LaptopSecrets
from collabdesk.sync import names, segment
from collabdesk.sync.codec import Malformed
from collabdesk.sync.names import dev16
from tests.simulation.disk import SimDisk, SimFolder
from tests.simulation.faults import Fault, Weather
from tests.simulation.laptop import Laptop, SimClock, SimKeys, Standing, WorldClock
from tests.simulation.memory_database import memory_of
from tests.simulation.power import DrawnPower, PowerFailedError
from tests.simulation.share import SimShare
from tests.simulation.store import PlainStore, SimStore, Way
from tests.simulation.template import Seat, Template, newcomer


class WentWrong(AssertionError):
    """Something that must never happen happened."""


@dataclass
class World:
    """Everything of one run; made anew from a template for each seed."""

    seed: int
    template: Template
    dice: Random
    weather: Weather
    clock: WorldClock
    share: SimShare
    way: str = "plain"
    other: SimShare | None = None
    laptops: list[Laptop] = field(default_factory=list)
    snapshots: list[dict[str, bytes]] = field(default_factory=list)
    steps: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[int] = field(default_factory=Counter)
    signed: dict[tuple[bytes, int], set[bytes]] = field(default_factory=dict)
    statements: dict[tuple[bytes, bytes, int], bytes] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The workspace's folder in the shared folder."""
        return names.workspace_folder(self.template.workspace)

    @property
    def honest(self) -> list[Laptop]:
        """The laptops of which everything is expected."""
        return [laptop for laptop in self.laptops if laptop.honest]

    def laptop_of(self, dev: bytes) -> Laptop | None:
        """Return the laptop with a short name."""
        return next((laptop for laptop in self.laptops if laptop.dev == dev), None)

    def seat(self, seat: Seat, name: str, content: bytes, secrets: dict[str, bytes]) -> Laptop:
        """Put a laptop on the table, its database a copy of one given."""
        power = DrawnPower(self.weather)
        memory = memory_of(name)
        memory.power = memory.weather = None
        memory.fill(content)
        memory.power, memory.weather = power, self.weather
        clock = SimClock(self.clock)
        keys = SimKeys(dict(secrets), power)
        inner = self._reach(power, clock)
        store = SimStore(
            self.share, inner, self.weather, power, clock.now_ms, partial(self.saw, seat, keys)
        )
        laptop = Laptop(seat, name, keys, clock, store)
        self.laptops.append(laptop)
        return laptop

    def _reach(self, power: DrawnPower, clock: SimClock) -> Way:
        if self.way == "plain":
            return PlainStore(self.share)
        links = self.way == "linked" or (self.way == "folder" and self.dice.random() < 0.7)
        synced = self.way == "synced" or (self.way == "folder" and self.dice.random() < 0.3)
        disk = SimDisk(self.share, self.weather, power, clock.now_ms, links)
        return SimFolder(disk, synced=synced)

    def newcomer(self, seat: Seat) -> Laptop:
        """Put a laptop on the table that holds nothing yet."""
        content, secrets = newcomer(self.template, seat)
        return self.seat(seat, seat.name, content, secrets)

    def spoken(self, org: bytes, parent: bytes, attempt: int) -> bytes | None:
        """Return what an organisation's people have agreed to say in an attempt."""
        return self.statements.get((org, parent, attempt))

    def speak(self, org: bytes, parent: bytes, attempt: int, what: bytes = b"draft") -> None:
        """Let an organisation's people agree on their one statement in an attempt."""
        self.statements[org, parent, attempt] = what

    def saw(self, seat: Seat, keys: SimKeys, path: str, content: bytes) -> None:
        """Note which segment is published under which number, and that it was remembered."""
        if not path.endswith(names.SEGMENT):
            return
        try:
            found = segment.read(content)
        except Malformed as error:
            raise WentWrong(f"a laptop published what nobody can read: {path}") from error
        header = found.header
        self.signed.setdefault((dev16(header.dev), header.seq), set()).add(found.id)
        honest = any(laptop.keys is keys for laptop in self.honest)
        if header.dev != seat.key or not honest:
            return
        anchor = LaptopSecrets(keys, header.ws, seat.key).anchor()
        if anchor is None or anchor.seq < header.seq:
            raise WentWrong(f"{seat.name} published {header.seq} before it was remembered")

    def attempt(self, laptop: Laptop, what: str, work: object) -> object:
        """Let a laptop do something; it may be refused in words, or stop in the middle."""
        self.steps[what] += 1
        try:
            return work() if callable(work) else None
        except CollabDeskError as refusal:
            self.refused[refusal.code] += 1
            if (
                refusal.code in {"restored-copy", "restored-lost", "key-lost", "copied-laptop"}
                and laptop.honest
            ):
                laptop.standing = Standing.STOPPED
        except PowerFailedError:
            laptop.restart()
        return None

    def use(self, laptop: Laptop, share: SimShare) -> None:
        """Let a laptop see one of the shared folders."""
        laptop.store.use(share)


def begin(seed: int, template: Template, dice: Random, *, way: str) -> World:
    """Return a world with a template's laptops, all in good order.

    `way` is how they reach the share: plain, or through the program's folder store.
    """
    world = World(
        seed,
        template,
        dice,
        Weather(dice),
        WorldClock(template.clock_ms),
        SimShare(dict(template.files)),
        way=way,
    )
    for seat in template.seats:
        name = seat.name
        world.seat(seat, name, template.databases[name], template.secrets[name])
    world.snapshots.append(dict(world.share.files))
    return world


__all__ = ["Fault", "WentWrong", "World", "begin"]
