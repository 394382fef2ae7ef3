from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collabdesk.charts.style import Style

TOKENS = Path(__file__).parents[2] / "resources" / "theme" / "tokens.json"
StyleMaker = Callable[..., Style]


def colours_of(tree: dict[str, Any], theme: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for group, roles in tree["themes"][theme].items():
        for role, value in roles.items():
            values = enumerate(value) if isinstance(value, list) else [(None, value)]
            for place, colour in values:
                name = f"{group}.{role}" if place is None else f"{group}.{role}.{place}"
                found[name] = str(colour)
    return found


@pytest.fixture(scope="session")
def styled() -> StyleMaker:
    tree = json.loads(TOKENS.read_text("utf-8"))

    def make(theme: str = "light", text_factor: float = 1.0) -> Style:
        # The family matplotlib itself brings, so that a picture is the same on every computer.
        return Style(colours_of(tree, theme), tree, text_factor, ("DejaVu Sans",))

    return make


@pytest.fixture
def style(styled: StyleMaker) -> Style:
    return styled()
