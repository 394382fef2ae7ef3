"""Comparing computed values with expected ones, field by field."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two numbers may be apart where one is not whole; `floor` is absolute."""

    relative: float
    floor: float

    def allows(self, computed: float, expected: float) -> bool:
        """Tell whether two numbers are near enough."""
        return math.isclose(computed, expected, rel_tol=self.relative, abs_tol=self.floor)


def differences(computed: object, expected: object, near: Tolerance, at: str = "") -> Iterator[str]:
    """List where computed values differ; computed fields nobody expects are not looked at."""
    if isinstance(expected, Mapping) and isinstance(computed, Mapping):
        for name, value in expected.items():
            here = f"{at}.{name}" if at else str(name)
            if str(name).startswith("note_"):
                continue
            if name not in computed:
                yield f"{here} is not computed"
            else:
                yield from differences(computed[name], value, near, here)
    elif _is_list(expected) and _is_list(computed):
        if len(computed) != len(expected):
            yield f"{at} has {len(computed)} values, expected {len(expected)}"
            return
        for place, (one, other) in enumerate(zip(computed, expected, strict=True)):
            yield from differences(one, other, near, f"{at}[{place}]")
    elif not _equal(computed, expected, near):
        yield f"{at} is {computed!r}, expected {expected!r}"


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _equal(computed: object, expected: object, near: Tolerance) -> bool:
    numbers = (int, float)
    if type(computed) is type(expected) and not isinstance(computed, float):
        return computed == expected
    if isinstance(computed, bool) or isinstance(expected, bool):
        return False
    if isinstance(computed, numbers) and isinstance(expected, numbers):
        return near.allows(computed, expected)
    return False


def largest(value: object) -> float:
    """Return the size of the largest number inside a value."""
    if isinstance(value, Mapping):
        return max(map(largest, value.values()), default=0.0)
    if isinstance(value, (list, tuple)):
        return max(map(largest, value), default=0.0)
    return abs(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0
