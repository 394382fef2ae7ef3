"""The catalogue of attacks: read from its files, in their order."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

CASES: Final = Path(__file__).parent / "cases"
ROWS: Final = 38
"""The list of the design has so many rows; a case that is one of them says which."""


def catalogue() -> list[dict[str, Any]]:
    """Return every case, each with the chapter it stands in."""
    found = []
    for path in sorted(CASES.glob("*.toml")):
        with path.open("rb") as file:
            read = tomllib.load(file)
        found += [{"chapter": read["chapter"], "victim": "lead", **case} for case in read["attack"]]
    return found
