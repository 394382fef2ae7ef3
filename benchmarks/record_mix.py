"""Record the mix of operations of the demonstration: `python -m benchmarks.record_mix`.

Each line of `mix.json` is one shape of operation: what it changes, which columns it fills, how
long its texts are, and how often the demonstration made it.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from collabdesk.demo.account import Account
from collabdesk.demo.story import Story
from collabdesk.storage.database import FILE_NAME
from collabdesk.sync import segment
from collabdesk.sync.operations import (
    ApproveRow,
    Group,
    InsertRow,
    Operation,
    PostMark,
    ResolveCell,
    SetRow,
    Value,
    read_operation,
)
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Kind
from collabdesk.voice import Voice

MIX: Final = Path(__file__).parent / "mix.json"


def main() -> int:
    """Run the demonstration and write what its operations were."""
    with tempfile.TemporaryDirectory() as folder:
        desks = Story(Path(folder), Account(Voice(as_json=True))).run()
        database = desks.lead.workspace.folder / FILE_NAME
        desks.close()
        counted = Counter(map(_shape, _operations(database)))
    lines = [f'{{"count": {count}, {shape[1:]}' for shape, count in sorted(counted.items())]
    MIX.write_text("[\n " + ",\n ".join(lines) + "\n]\n", encoding="utf-8")
    print(f"{sum(counted.values())} operations of {len(counted)} shapes in {MIX.name}")
    return 0


def _operations(database: Path) -> Iterator[Operation]:
    with closing(sqlite3.connect(database)) as kept:
        for (file,) in kept.execute("SELECT file FROM segment ORDER BY lamport, dev16"):
            body = segment.open_body(segment.read(file))
            for op in body.ops:
                yield read_operation(op, body.devs)


def _shape(op: Operation) -> str:
    match op:
        case InsertRow():
            shared = op.scope if isinstance(op.scope, int) else None
            cells = _columns(op.table, op.cells)
            shape: dict[str, Any] = {"kind": "insert", "shared": shared, "columns": cells}
        case SetRow():
            cells = _columns(op.table, ((column, value) for column, value, _ in op.cells))
            shape = {"kind": "set", "columns": cells}
        case Group() | PostMark() | ApproveRow() | ResolveCell():
            shape = {"kind": type(op).__name__.lower()}
        case _:
            shape = {"kind": type(op).__name__.lower()}
    if hasattr(op, "table"):
        shape["table"] = REGISTRY.tables[op.table].name
    if hasattr(op, "min"):
        shape["min"] = op.min
    return json.dumps(shape, sort_keys=True)


def _columns(table: int, cells: Any) -> dict[str, int]:  # noqa: ANN401 - pairs of column and value
    """Return how long each column's text is, in steps of 20 characters; 0 for what is no text."""
    declared = REGISTRY.tables[table].by_number
    return {
        declared[column].name: _length(declared[column].kind, value)
        for column, value in cells
        if value is not None
    }


def _length(kind: Kind, value: Value) -> int:
    if kind is not Kind.TEXT or not isinstance(value, str):
        return 0
    return len(value) if len(value) < 20 else -(-len(value) // 20) * 20  # noqa: PLR2004


if __name__ == "__main__":
    sys.exit(main())
