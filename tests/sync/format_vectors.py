"""Reads the golden files of the change-set format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent.parent / "data" / "format"


def load(name: str) -> Any:  # noqa: ANN401 - JSON is whatever it is
    """Return the vectors of one file, byte strings in hexadecimal."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def value_of(shown: Any) -> Any:  # noqa: ANN401
    """Return the value that JSON showed: {"hex": …} is a byte string."""
    if isinstance(shown, dict):
        return bytes.fromhex(shown["hex"])
    if isinstance(shown, list):
        return [value_of(item) for item in shown]
    return shown


def listed(value: Any) -> Any:  # noqa: ANN401
    """Return a value with every tuple as a list, as decoding would give it."""
    return [listed(item) for item in value] if isinstance(value, (list, tuple)) else value
