"""What the lead's finance people post besides budgets and virements: the actual side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256

from collabdesk.domain.budgets.actuals import SourceRow
from collabdesk.services.budgets.actuals import actuals_commands as a
from collabdesk.services.budgets.closing import close_commands as k
from collabdesk.services.budgets.closing import posting_commands as p
from collabdesk.sync.registry import REGISTRY
from tests.simulation.laptop import Laptop
from tests.simulation.template import YEAR
from tests.simulation.world import World

SOURCE = "general ledger"
PROVIDER = "RX0"
Deed = Callable[[World, Laptop], object]


def accrue(world: World, laptop: Laptop) -> None:
    """Count what is expected in a month."""
    expected = p.Expected(_line(world), PROVIDER, world.dice.randrange(-5_000, 90_000))
    _run(laptop, p.PostAccrual(YEAR, world.dice.randrange(1, 5), (expected,), "Not yet billed"))


def map_code(world: World, laptop: Laptop) -> None:
    """Say whose spending a code is."""
    code = world.dice.choice(("A1", "A2"))
    month = world.dice.randrange(1, 4)
    _run(laptop, a.MapCode(SOURCE, YEAR, month, code, "", _line(world), PROVIDER))


def import_month(world: World, laptop: Laptop) -> None:
    """Post a month of the general ledger: most codes are mapped, a month may come again."""
    month = world.dice.randrange(1, 4)
    rows = tuple(
        SourceRow(at, world.dice.choice(("A1", "A1", "A2")), "5000", month, pence)
        for at, pence in enumerate(world.dice.choices((-700, 100, 2_599, 90_001), k=3), start=2)
    )
    content = sha256(repr(rows).encode()).digest()
    total = sum(row.amount_p for row in rows)
    name = f"m{month}.csv"
    _run(laptop, a.ImportTrialBalance(name, content, SOURCE, YEAR, month, rows, total))


def post_waiting(_: World, laptop: Laptop) -> None:
    """Post what waited for its code."""
    _run(laptop, a.PostWaiting(YEAR))


def correct(world: World, laptop: Laptop) -> None:
    """Cancel a journal of spending and post it again with another amount."""
    found = laptop.select(
        "SELECT journal, MIN(row), MIN(amount_p) FROM budgets_journal_line "
        "WHERE account = 'spend' GROUP BY journal ORDER BY journal"
    )
    if found:
        journal, line, amount_p = world.dice.choice(found)
        truth = p.TrueLine(line, amount_p + world.dice.randrange(1, 500))
        _run(laptop, p.CorrectJournal(journal, (truth,), "Billed twice"))


def close_month(world: World, laptop: Laptop) -> None:
    """Close a month softly, or open it again."""
    command = world.dice.choice((k.CloseMonth, k.CloseMonth, k.ReopenMonth))
    _run(laptop, command(YEAR, world.dice.randrange(1, 4)))


def lock_month(world: World, laptop: Laptop) -> None:
    """Agree to a lock, or lock."""
    month = world.dice.randrange(1, 4)
    command = world.dice.choice((k.ApproveLock, k.ApproveLock, k.LockMonth))
    _run(laptop, command(YEAR, month, f"LOCK M{month} {YEAR}"))


def _line(world: World) -> bytes:
    return world.dice.choice(world.template.rows["service_line"])


def _run(laptop: Laptop, command: object) -> None:
    """Run a command; an older version of the program does not know these."""
    if laptop.registry is REGISTRY:
        laptop.run(command)


BOOKKEEPING: Mapping[Deed, int] = {
    accrue: 8,
    map_code: 6,
    import_month: 14,
    post_waiting: 3,
    correct: 5,
    close_month: 5,
    lock_month: 6,
}
"""What finance people post, and how often."""
