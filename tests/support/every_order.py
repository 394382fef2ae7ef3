"""Every order in which things can arrive, each different state of a replica followed once.

Two orders that leave a replica's database the same, byte for byte of content, go on alike: they
are followed together. So all permutations of seven arrivals are a few hundred steps.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from collabdesk.sync.authority.held import Held
from tests.support.bench import Bench
from tests.support.paper_alliance import Written

Thing = Held | Written
Arrived = frozenset[int]


@dataclass
class Followed:
    """What was seen: steps taken, and the truths told by each set of things that arrived."""

    steps: int = 0
    orders: int = 0
    truths: dict[Arrived, set[str]] = field(default_factory=dict)


def follow(workspace: bytes, known: Sequence[Held], things: Sequence[Thing]) -> Followed:
    """Let things arrive one by one in every order, at a replica that knows some records."""
    seen = Followed()
    start = Bench(workspace, known)
    states: dict[tuple[Arrived, str], tuple[bytes, int]] = {(frozenset(), ""): (_content(start), 1)}
    start.close()
    for _ in things:
        reached: dict[tuple[Arrived, str], tuple[bytes, int]] = {}
        for (arrived, _), (content, orders) in states.items():
            for at in range(len(things)):
                if at in arrived:
                    continue
                made = _at(workspace, known, things, arrived, content)
                _arrive(made, things[at])
                now = arrived | {at}
                seen.steps += 1
                key = (now, _state(made))
                if key not in reached:
                    seen.truths.setdefault(now, set()).add(_truth(made))
                    reached[key] = (_content(made), 0)
                reached[key] = (reached[key][0], reached[key][1] + orders)
                made.close()
        states = reached
    seen.orders = sum(orders for _, orders in states.values())
    return seen


def _arrive(made: Bench, thing: Thing) -> None:
    if isinstance(thing, Written):
        made.receive(thing)
    else:
        made.learn(thing)


def _at(
    workspace: bytes,
    known: Sequence[Held],
    things: Sequence[Thing],
    arrived: Arrived,
    content: bytes,
) -> Bench:
    records = [thing for at in arrived if isinstance(thing := things[at], Held)]
    made = Bench(workspace, [*known, *records])
    _raw(made).deserialize(content)
    return made


def _raw(made: Bench) -> sqlite3.Connection:
    raw = made.connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _content(made: Bench) -> bytes:
    made.connection.commit()
    return _raw(made).serialize()


def _state(made: Bench) -> str:
    raw, digest = _raw(made), sha256()
    tables = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    for (name,) in tables.fetchall():
        found = raw.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608 - a table's name
        if found:
            digest.update(repr((name, sorted(map(repr, found)))).encode())
    return digest.hexdigest()


def _truth(made: Bench) -> str:
    told = (sorted(made.verdicts().items()), sorted(made.digests().items()))
    return sha256(repr((made.root, made.control, told)).encode()).hexdigest()
