"""What must hold once processes are killed no more: nothing lost, everybody agrees."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from collabdesk.sync import segment as segments
from collabdesk.sync.names import dev16
from collabdesk.sync.registry import kinds
from tests.processes.edits import POINTS
from tests.processes.fleet import Laptop

ROUNDS: Final = 3


def findings(laptops: Sequence[Laptop]) -> list[str]:
    """Share in peace, then return in words everything that is wrong."""
    for _ in range(ROUNDS):
        for laptop in laptops:
            laptop.told("sync")
    acknowledged = [one for laptop in laptops for one in laptop.acknowledged]
    found = [fault for laptop in laptops for fault in _lost(laptop, acknowledged)]
    roots = {laptop.told("status")["state_root"] for laptop in laptops}
    if len(roots) != 1:
        found.append(f"The laptops hold {len(roots)} different states.")
    for laptop in laptops:
        found += [f"{laptop.name}: {fault}" for fault in laptop.told("verify")["faults"]]
    return [*found, *_signed_twice(laptops[0].folder.parent / "share")]


def _lost(laptop: Laptop, acknowledged: Sequence[dict[str, Any]]) -> Iterator[str]:
    with closing(sqlite3.connect(laptop.database)) as database:
        values = set(_accepted_values(database))
        projects = {row for (row,) in database.execute("SELECT row FROM improvement_project")}
        points = Counter(
            row for (row,) in database.execute("SELECT measure FROM improvement_data_point")
        )
    for one in acknowledged:
        row = bytes.fromhex(one["row"])
        kept = {
            "project": row in projects,
            "points": points[row] == POINTS,
            "set": (row, one.get("value")) in values,
        }
        if not kept[one["kind"]]:
            yield f"{laptop.name} lacks what was acknowledged: {one}"
    for measure, count in points.items():
        if count != POINTS:
            yield f"{laptop.name} holds {count} of the {POINTS} points of one command ({measure!r})"


def _accepted_values(database: sqlite3.Connection) -> Iterator[tuple[bytes, Any]]:
    """Yield row and value of every set that was accepted, from the signed bytes."""
    query = "SELECT dev16, seq, idx FROM operation WHERE verdict = 0 AND kind = ?"
    accepted = set(database.execute(query, (kinds.SET,)))
    for (file,) in database.execute("SELECT file FROM segment"):
        read = segments.read(file)
        place = dev16(read.header.dev), read.header.seq
        ops: list[Any] = list(segments.open_body(read).ops)
        for idx, op in enumerate(ops):
            if (*place, idx) in accepted:
                yield from ((op[3], cell[1]) for cell in op[4])


def _signed_twice(share: Path) -> Iterator[str]:
    """Look for one number that a laptop published with two contents."""
    signed: dict[tuple[bytes, int], set[bytes]] = defaultdict(set)
    for path in share.rglob("*.cds"):
        read = segments.read(path.read_bytes())
        signed[read.header.dev, read.header.seq].add(read.id)
    for (key, seq), ids in signed.items():
        if len(ids) > 1:
            yield f"Laptop {dev16(key).hex()} published change set {seq} {len(ids)} ways."
