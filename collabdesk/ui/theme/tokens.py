"""The tokens: every colour, size and line has a role here and nowhere else."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from PySide6.QtGui import QColor, QFont, QFontDatabase

from collabdesk.ui.resources import resource

THEMES: Final = ("light", "dark", "contrast")
TEXT_SIZES: Final = (100, 125, 150, 175, 200)
LARGE_TEXT: Final = 150
"""From this text size on things stand under each other instead of side by side."""
_WEIGHTS: Final = {400: QFont.Weight.Normal, 600: QFont.Weight.DemiBold}


def _flat(branch: Mapping[str, Any], stem: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in branch.items():
        path = f"{stem}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}.")
        else:
            yield path, value


@dataclass(frozen=True)
class Tokens:
    """The token file as read."""

    tree: Mapping[str, Any]

    def colours(self, theme: str) -> dict[str, str]:
        """Return role to `#RRGGBB` for one theme; series are `chart.series.0` and on."""
        flat: dict[str, str] = {}
        for role, value in _flat(self.tree["themes"][theme]):
            if isinstance(value, list):
                flat |= {f"{role}.{place}": str(one) for place, one in enumerate(value)}
            elif isinstance(value, str):
                flat[role] = value
        return flat

    def sizes(self) -> dict[str, float]:
        """Return every size in pixels at 100 %, as `size.navItem`, `space.2`, `icon.nav`."""
        groups = ("space", "radius", "size", "icon", "line", "chart")
        found = {group: self.tree[group] for group in groups}
        return {
            role: float(value) for role, value in _flat(found) if isinstance(value, (int, float))
        }


def load_tokens() -> Tokens:
    """Read the shipped token file."""
    return Tokens(json.loads(resource("theme", "tokens.json").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Theme:
    """One theme at one text size: what a widget asks for by role."""

    tokens: Tokens
    name: str = "light"
    text_size: int = 100
    overrides: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def colours(self) -> dict[str, str]:
        """Every role of this theme as `#RRGGBB`."""
        base = "light" if self.follows_system else self.name
        return self.tokens.colours(base) | dict(self.overrides)

    @property
    def follows_system(self) -> bool:
        """Whether the computer's own contrast theme rules the colours."""
        return self.name == "system"

    @property
    def factor(self) -> float:
        """The text size as a factor."""
        return self.text_size / 100

    @cached_property
    def _colours(self) -> dict[str, QColor]:
        return {role: QColor(value) for role, value in self.colours.items()}

    @cached_property
    def _sizes(self) -> dict[str, float]:
        return self.tokens.sizes()

    @cached_property
    def _pixels(self) -> dict[str, int]:
        return {role: round(size * self.factor) for role, size in self._sizes.items()}

    @cached_property
    def _fonts(self) -> dict[str, QFont]:
        return {role: self._make_font(role) for role in self.tokens.tree["type"]["scale"]}

    def colour(self, role: str) -> QColor:
        """Return the colour of a role such as `text.primary`."""
        return self._colours[role]

    def px(self, role: str) -> int:
        """Return a size in pixels at this text size."""
        return self._pixels[role]

    def line(self, role: str) -> int:
        """Return a line width in pixels; lines do not grow with the text."""
        return round(self._sizes[f"line.{role}"])

    def font(self, role: str = "body") -> QFont:
        """Return the font of a role of the type scale, with tabular figures."""
        return self._fonts[role]

    @property
    def scrim_alpha(self) -> float:
        """How dense the veil behind a dialog is, 0 to 1."""
        base = "light" if self.follows_system else self.name
        return float(self.tokens.tree["themes"][base]["scrim"]["alpha"])

    def dialog_width(self, size: str) -> int:
        """Return the width of a small, medium or large dialog."""
        return self.px(f"size.dialogWidth.{size}")

    def _make_font(self, role: str) -> QFont:
        spec = self.tokens.tree["type"]["scale"][role]
        made = QFont(self.families)
        made.setPointSizeF(spec["pt"] * self.factor)
        made.setWeight(_WEIGHTS[spec["weight"]])
        made.setFeature(QFont.Tag("tnum"), 1)
        return made

    @cached_property
    def families(self) -> list[str]:
        """The families of the token file that this computer has, or all of them."""
        key = "windows" if sys.platform == "win32" else "other"
        wanted = [str(one) for one in self.tokens.tree["type"]["families"][key]]
        return [one for one in wanted if QFontDatabase.hasFamily(one)] or wanted
