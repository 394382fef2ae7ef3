"""What honest people do at their laptops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from random import Random

from collabdesk.domain.changes import (
    OWN,
    Approve,
    Cell,
    Change,
    Delete,
    Insert,
    NewRow,
    Resolve,
    SetCells,
    Shared,
    Undelete,
    Withdraw,
)
from collabdesk.services.budgets import commands as c
from tests.simulation.laptop import Laptop
from tests.simulation.template import YEAR, drafted_line
from tests.simulation.world import World

MONTHS = ("m1", "m2")
PLAN_LINE, SERVICE_LINE, VIREMENT, PROJECT, CYCLE = 13, 11, 30, 200, 203
Action = Callable[[World, Laptop], object]


def share(_: World, laptop: Laptop) -> None:
    """Exchange with the folder."""
    laptop.share()


def set_amount(world: World, laptop: Laptop) -> None:
    """Set a planned amount or two, seen or not."""
    row = laptop.one_of(world.dice, PLAN_LINE)
    if row:
        months = world.dice.sample(MONTHS, world.dice.choice((1, 1, 2)))
        laptop.change(SetCells("plan_line", row, {m: world.dice.randrange(500) for m in months}))


def set_several(world: World, laptop: Laptop) -> None:
    """Paste over two lines: one group."""
    rows = [laptop.one_of(world.dice, PLAN_LINE) for _ in range(2)]
    changes = [
        SetCells("plan_line", row, {"m1": world.dice.randrange(500)})
        for row in dict.fromkeys(rows)
        if row
    ]
    laptop.change(*changes)


def add_line(world: World, laptop: Laptop) -> None:
    """Plan another line."""
    line = world.dice.choice(world.template.rows["service_line"])
    laptop.change(drafted_line(world.template.rows["version"][1], line, world.dice.randrange(500)))


def write_note(world: World, laptop: Laptop) -> None:
    """Write a note on a plan line."""
    row = laptop.one_of(world.dice, PLAN_LINE)
    if row:
        laptop.change(SetCells("plan_line", row, {"note": f"note {world.dice.randrange(99)}"}))


def resolve(world: World, laptop: Laptop) -> None:
    """Settle a contested amount, or try to settle one that is not."""
    found = laptop.select(
        "SELECT row, col FROM contested WHERE tbl = 13 AND col IN (11, 12) ORDER BY row, col"
    )
    row = laptop.one_of(world.dice, PLAN_LINE)
    where = world.dice.choice(found) if found else (row, 11)
    if where[0]:
        change = Resolve("plan_line", where[0], f"m{where[1] - 10}", 7, "we met and agreed")
        laptop.change(change)


def approve(world: World, laptop: Laptop) -> None:
    """Approve two amounts of a line."""
    _about_a_line(world, laptop, lambda row: Approve("plan_line", row, MONTHS))


def withdraw(world: World, laptop: Laptop) -> None:
    """Take an approval back."""
    _about_a_line(world, laptop, lambda row: Withdraw("plan_line", row))


def delete(world: World, laptop: Laptop) -> None:
    """Delete a line."""
    _about_a_line(world, laptop, lambda row: Delete("plan_line", row))


def undelete(world: World, laptop: Laptop) -> None:
    """Bring a line back."""
    _about_a_line(world, laptop, lambda row: Undelete("plan_line", row))


def _about_a_line(world: World, laptop: Laptop, change: Callable[[bytes], Change]) -> None:
    row = laptop.one_of(world.dice, PLAN_LINE)
    if row:
        laptop.change(change(row))


def propose(world: World, laptop: Laptop) -> None:
    """Propose a virement."""
    first, second = world.dice.sample(world.template.rows["service_line"], 2)
    amount = world.dice.choice((1_000, 50_000, 4_000_000, 30_000_000))
    month = world.dice.randrange(1, 13)
    laptop.run(c.ProposeVirement(YEAR, first, "RX0", second, "RX0", amount, month, "Beds"))


def approve_virement(world: World, laptop: Laptop) -> None:
    """Approve a virement."""
    row = laptop.one_of(world.dice, VIREMENT)
    if row:
        laptop.run(c.ApproveVirement(row, "Agreed"))


def withdraw_virement(world: World, laptop: Laptop) -> None:
    """Take the approval of a virement back."""
    row = laptop.one_of(world.dice, VIREMENT)
    if row:
        laptop.run(c.WithdrawApproval(row, "Changed my mind"))


def begin_project(world: World, laptop: Laptop) -> None:
    """Register a project with a first cycle, one's own or a joint one: a group."""
    scope = world.dice.choice((OWN, Shared("joint_projects")))
    project: dict[str, Cell] = {"title": "Handover", "aim": "By March", "status": "active"}
    cycle: dict[str, Cell] = {
        "project": NewRow("p"),
        "idea": NewRow("p"),
        "ramp": 1,
        "number": 1,
        "objective": "Try it",
        "status": "planned",
        "plan": "First",
    }
    laptop.change(
        Insert("project", scope, project, key="p"), Insert("pdsa_cycle", scope, cycle, key="c")
    )


def edit_project(world: World, laptop: Laptop) -> None:
    """Give a project another title or another rationale."""
    row = laptop.one_of(world.dice, PROJECT)
    if row:
        column = world.dice.choice(("title", "rationale", "target_date"))
        text = f"as of {world.dice.randrange(99)}"
        laptop.change(
            SetCells("project", row, {column: _date(world.dice) if "date" in column else text})
        )


def _date(dice: Random) -> dt.date:
    return dt.date(2027, dice.randrange(1, 13), 1)


ACTIONS: Mapping[Action, int] = {
    share: 34,
    set_amount: 14,
    set_several: 3,
    add_line: 4,
    write_note: 4,
    resolve: 6,
    approve: 5,
    withdraw: 2,
    delete: 4,
    undelete: 4,
    propose: 4,
    approve_virement: 6,
    withdraw_virement: 1,
    begin_project: 3,
    edit_project: 4,
}
"""What people do, and how often."""
