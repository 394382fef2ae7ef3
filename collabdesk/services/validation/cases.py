"""Reading files of worked cases in the layouts that `validate` knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from collabdesk.errors import NotPossible
from collabdesk.services.validation.compare import Tolerance, largest

Json: TypeAlias = Any
"""What a JSON file may hold; its shape is checked where it is read."""

_STATISTICS: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case: what goes in, what must come out, and how near.

    `root` is the folder that paths in the inputs start from.
    """

    name: str
    topic: str
    tags: frozenset[str]
    inputs: Mapping[str, Json]
    options: Mapping[str, Json]
    expected: Mapping[str, Json]
    near: Tolerance
    root: Path
    fault: str = ""
    """Why it is no case that can be run; the others of its file are."""


def read_cases(path: Path, data_dir: Path | None) -> list[Case]:
    """Read the cases of a file; NotPossible says what is wrong with it."""
    try:
        held = json.loads(path.read_text("utf-8-sig"), parse_constant=_no_constant)
    except OSError as error:
        raise _unreadable(f"It cannot be opened: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(f"It is not JSON text: {error}.") from error
    layout = _LAYOUTS.get(str(held.get("schema"))) if isinstance(held, dict) else None
    if layout is None:
        raise _unreadable("It names no layout that is known.")
    try:
        return list(layout(held, data_dir or path.absolute().parent.parent))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise _unreadable(f"It does not follow the layout it names ({error!r}).") from error


def _no_constant(name: str) -> None:
    words = f"{name} is not a number"
    raise ValueError(words)


def _unreadable(why: str) -> NotPossible:
    return NotPossible(
        code="cases_unreadable",
        words=f"This is not a file of worked cases. {why}",
        remedy=f"Give a JSON file whose schema is {' or '.join(_LAYOUTS)}.",
        field="file",
    )


def _worked(held: Mapping[str, Json], root: Path) -> Iterator[Case]:
    tolerance = float(held.get("tolerance", 0))
    near = Tolerance(tolerance, tolerance)
    for number, found in enumerate(held["cases"], 1):
        case = found if isinstance(found, dict) else {}
        name, topic, inputs = case.get("id"), case.get("topic"), case.get("inputs")
        tags, expected = frozenset(case.get("tags") or ()), case.get("expected")
        shaped = isinstance(inputs, dict) and isinstance(expected, dict)
        yield Case(
            str(name or f"case {number}"),
            str(topic or "no topic"),
            tags,
            inputs if isinstance(inputs, dict) else {},
            {},
            expected if isinstance(expected, dict) else {},
            near,
            root,
            "" if name and topic and shaped else "it has no id, topic, inputs or expected",
        )


def _statistics(held: Mapping[str, Json], root: Path) -> Iterator[Case]:
    for case in held["cases"]:
        near = Tolerance(_STATISTICS, _STATISTICS * largest((case["input"], case["expected"])))
        yield Case(
            case["id"],
            held["kind"],
            frozenset(case.get("tags") or ()),
            dict(case["input"]),
            dict(case.get("options") or {}),
            case["expected"],
            near,
            root,
        )


def _table(held: Mapping[str, Json], root: Path) -> Iterator[Case]:
    columns = dict(held["columns"])
    first, *others = columns
    near = Tolerance(_STATISTICS, 0.0)
    for row in zip(*columns.values(), strict=True):
        given, *rest = row
        expected = dict(zip(others, rest, strict=True))
        name = f"{first}={given}"
        yield Case(name, held["kind"], frozenset(), {first: given}, {}, expected, near, root)


_LAYOUTS: Final[dict[str, Callable[[Mapping[str, Json], Path], Iterator[Case]]]] = {
    "collabdesk-cases/1": _worked,
    "collabdesk-spc-oracle/1": _statistics,
    "collabdesk-spc-oracle-table/1": _table,
}
