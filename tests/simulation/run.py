"""One seed: a world begins, lives, is calmed and is judged."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from random import Random

from collabdesk.errors import CollabDeskError
from collabdesk.services.sharing.cycle import republish
from collabdesk.sync.registry import REGISTRY
from tests.simulation import calamities, oracles
from tests.simulation.actions import ACTIONS, add_line, set_amount, share
from tests.simulation.bookkeeping import BOOKKEEPING
from tests.simulation.calamities import CALAMITIES, MINUTE_MS
from tests.simulation.council import ACTS, Act
from tests.simulation.faults import Fault
from tests.simulation.laptop import Laptop, Standing
from tests.simulation.official import OFFICIAL
from tests.simulation.older import OLDER, mixed
from tests.simulation.rogue import WRONGS
from tests.simulation.surroundings import remembered, seeded, simulated
from tests.simulation.template import LAYOUTS, template
from tests.simulation.world import WentWrong, World, begin

# Retired laptops are looked at, and files read back, once an hour.
HOURLY_MS = 61 * MINUTE_MS
AGAIN = frozenset({"empty-share", "foreign-share"})
BOOKS_KEPT_FROM = 9_600
"""The first seed that keeps the actual side too, in rougher weather; those before stay as is."""


@dataclass
class Told:
    """What is told of a run."""

    seed: int
    faults: Counter[Fault]
    verdicts: Counter[int]
    steps: Counter[str]
    refused: Counter[str]
    digest: str
    failure: str = ""

    @property
    def struck(self) -> int:
        """How many faults struck."""
        return self.faults.total()


def run(seed: int) -> Told:
    """Run one seed; what goes wrong is told, not raised."""
    dice = Random(seed)  # noqa: S311 - a simulation's dice
    layout = dice.choice(LAYOUTS)
    made = template(layout)
    with simulated(), remembered(), mixed(), seeded(dice):
        world = begin(seed, made, dice, way="folder" if dice.random() < 0.25 else "plain")
        try:
            live(world)
            calm(world)
            oracles.judge(world)
            failure = ""
        except WentWrong as wrong:
            failure = str(wrong)
        except Exception as error:  # noqa: BLE001 - any other is a failure of the run as well
            failure = f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
        return tell(world, failure)


def tell(world: World, failure: str) -> Told:
    """Return what is told of a world."""
    digest = sha256()
    for laptop in world.honest if not failure else []:
        digest.update(b"".join(oracles.truth_of(laptop)))
    digest.update(repr(sorted(world.weather.struck.items())).encode())
    digest.update(repr(sorted(world.share.files)).encode())
    return Told(
        world.seed,
        world.weather.struck,
        world.verdicts,
        world.steps,
        world.refused,
        digest.hexdigest()[:16],
        failure,
    )


def live(world: World) -> None:
    """Let people work while things break."""
    dice, weather = world.dice, world.weather
    weather.brew()
    if dice.random() < 0.3:
        for laptop in dice.sample(world.laptops, dice.randrange(1, len(world.laptops))):
            laptop.install(OLDER)
    weather.stormy = True
    if dice.random() < 0.45 and len(world.laptops) > 2:
        # Half of them sit at the lead, where the ledger is.
        rogue = dice.choice((world.laptops[0], world.laptops[1], *world.laptops))
        rogue.standing = Standing.ROGUE
    deeds, rough = deeds_of(world), 0.3
    if world.seed >= BOOKS_KEPT_FROM:
        deeds, rough = {**deeds, **dice.choice(({}, BOOKKEEPING, BOOKKEEPING))}, 0.55
    resting: list[Laptop] = []
    for _ in range(dice.randrange(16, 40)):
        if dice.random() < rough:
            befall(world)
        if dice.random() < 0.06:
            swizzle(world, resting)
        laptop = dice.choice(world.laptops)
        if laptop.standing is Standing.ROGUE and dice.random() < 0.5:
            misbehave(world, laptop)
            continue
        (action,) = dice.choices(list(deeds), list(deeds.values()))
        if laptop in resting and action.__name__ == "share":
            continue
        world.attempt(laptop, action.__name__, lambda a=action, one=laptop: a(world, one))
        oracles.heads_rise(laptop)
        count_held(world, laptop)
    weather.stormy = False


def deeds_of(world: World) -> Mapping[Act, int]:
    """Choose what people do in this run: their work, and more or less of governing."""
    dice = world.dice
    if dice.random() < 0.25:
        # A council that meets often, while the folder is kinder than usual.
        world.weather.rates = {fault: rate / 3 for fault, rate in world.weather.rates.items()}
        often = {act: 3 * weight for act, weight in ACTS.items()}
        return {**often, **dice.choice(({}, OFFICIAL)), share: 40, set_amount: 16, add_line: 4}
    return {**ACTIONS, **dice.choice(({}, ACTS, OFFICIAL, {**ACTS, **OFFICIAL}))}


def befall(world: World) -> None:
    """Let something befall the world, and time pass."""
    calamities.time_passes(world)
    (calamity,) = world.dice.choices(list(CALAMITIES), list(CALAMITIES.values()))
    fault = calamity(world)
    world.steps[calamity.__name__] += 1
    if fault is not None:
        world.weather.struck[fault] += 1


def misbehave(world: World, laptop: Laptop) -> None:
    """Let a malicious member do something wrong."""
    (wrong,) = world.dice.choices(list(WRONGS), list(WRONGS.values()))
    fault = world.attempt(laptop, wrong.__name__, lambda: wrong(world, laptop))
    if isinstance(fault, Fault):
        world.weather.struck[fault] += 1


def swizzle(world: World, resting: list[Laptop]) -> None:
    """Stop the sharing of laptops one by one, and resume it in another order."""
    if resting and world.dice.random() < 0.5:
        resting.remove(world.dice.choice(resting))
    else:
        resting.append(world.dice.choice(world.laptops))


def calm(world: World) -> None:
    """End the faults; let every laptop share twice, and twice more after anything made."""
    calamities.merge_views(world)
    upgraded = world.dice.random() < 0.7
    for laptop in world.laptops:
        laptop.store.calm()
        laptop.clock.set_right()
        if upgraded:
            laptop.install(REGISTRY)
    for _ in range(3):
        made = [settle(world) for _ in range(2)]
        if not made[-1]:
            break
    for laptop in world.honest:
        oracles.heads_rise(laptop)
        count_verdicts(world, laptop)


def settle(world: World) -> bool:
    """Let every laptop share once; tell whether anything was made meanwhile."""
    world.clock.ms += HOURLY_MS
    files = dict(world.share.files)
    made = False
    for laptop in world.laptops:
        if laptop.honest:
            before = own_head(laptop)
            share_calmly(world, laptop)
            made = made or own_head(laptop) != before
        elif laptop.standing is not Standing.STOPPED:
            world.attempt(laptop, "share", laptop.share)
    # A malicious member's laptop may lay down now what it kept back.
    return made or world.share.files != files


def share_calmly(world: World, laptop: Laptop) -> None:
    """Share where nothing is wrong: nothing may be refused but a folder that is empty."""
    try:
        laptop.share()
    except CollabDeskError as refusal:
        if refusal.code in AGAIN:
            republish(laptop.workspace)
        elif not laptop.put_back:
            raise WentWrong(f"{laptop.name} cannot share in calm: {refusal.code}") from refusal
        if laptop.put_back:
            world.attempt(laptop, "share", laptop.share)
        else:
            laptop.share()


def own_head(laptop: Laptop) -> list[tuple[object, ...]]:
    """Return how far a laptop's own chain and records have come."""
    return laptop.select(
        "SELECT (SELECT MAX(seq) FROM segment WHERE dev16 = ?), "
        "(SELECT COUNT(*) FROM record), (SELECT COUNT(*) FROM record_signature)",
        laptop.dev,
    )


def count_held(world: World, laptop: Laptop) -> None:
    """Count what waits on a laptop meanwhile."""
    for (verdict,) in laptop.select(
        "SELECT DISTINCT verdict FROM operation WHERE verdict BETWEEN 10 AND 19"
    ):
        world.verdicts[verdict] += 1


def count_verdicts(world: World, laptop: Laptop) -> None:
    """Count what every change was judged in the end."""
    for verdict, many in laptop.select("SELECT verdict, COUNT(*) FROM operation GROUP BY verdict"):
        world.verdicts[verdict] += many
