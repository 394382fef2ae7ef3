"""How charts look: every colour, width and size comes from the tokens the caller gives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from matplotlib.font_manager import FontProperties, fontManager

PIXELS_PER_INCH: Final = 96
POINTS_PER_PIXEL: Final = 72 / PIXELS_PER_INCH
MARKERS: Final = {
    "circle": "o",
    "square": "s",
    "triangle": "^",
    "diamond": "D",
    "cross": "X",
    "plus": "P",
    "hollow circle": "o",
}
GOOD: Final = "good"
CONCERN: Final = "concern"
NEUTRAL: Final = "neutral"


@dataclass(frozen=True, slots=True)
class Mark:
    """How one kind of point is told by shape and colour together."""

    colour: str
    marker: str
    hollow: bool = False


@dataclass(frozen=True)
class Style:
    """One theme at one text size.

    `colours` maps role (``chart.ink``, ``mark.good``, ``surface.page``) to ``#RRGGBB``; `tokens`
    is the token file as read, of which `chart` and `type` are used.
    """

    colours: Mapping[str, str]
    tokens: Mapping[str, Any]
    text_factor: float = 1.0
    families: tuple[str, ...] = ("Inter", "Noto Sans")

    def colour(self, role: str) -> str:
        """Return the colour of a role."""
        return self.colours[role]

    def font(self, role: str) -> FontProperties:
        """Return the font of a role of the type scale."""
        spec = self.tokens["type"]["scale"][role]
        size = spec["pt"] * self.text_factor
        return FontProperties(family=[self.family], size=size, weight=spec["weight"])

    @cached_property
    def family(self) -> str:
        """The first wanted font family this computer has; matplotlib brings the last."""
        here = {entry.name for entry in fontManager.ttflist}
        return next((name for name in self.families if name in here), "DejaVu Sans")

    def line(self, kind: str) -> dict[str, Any]:
        """Return matplotlib's words for a kind of line: colour, width in points, dashes."""
        spec = self.tokens["chart"]["lines"][kind]
        width = float(spec["width"])
        drawn: dict[str, Any] = {"linewidth": width * POINTS_PER_PIXEL}
        if "role" in spec:
            drawn["color"] = self.colour(spec["role"])
        if spec.get("dash"):
            # Tokens count dashes in pixels, matplotlib in line widths.
            drawn["linestyle"] = (0, tuple(length / width for length in spec["dash"]))
        return drawn

    @property
    def point_size(self) -> float:
        """The diameter of a point, in points."""
        diameter = float(self.tokens["chart"]["point"])
        return diameter * POINTS_PER_PIXEL * math.sqrt(self.text_factor)

    def mark(self, verdict: str) -> Mark:
        """Return the shape and colour of a verdict; common cause is the small circle."""
        if verdict == GOOD:
            return Mark(self.colour("mark.good"), MARKERS["square"])
        if verdict == CONCERN:
            return Mark(self.colour("mark.concern"), MARKERS["triangle"])
        if verdict == NEUTRAL:
            return Mark(self.colour("mark.neutral"), MARKERS["diamond"])
        return Mark(self.colour("mark.neutral"), MARKERS["circle"])

    def undecided(self) -> Mark:
        """Return the hollow circle of a figure that nothing can be said about."""
        return Mark(self.colour("mark.neutral"), MARKERS["hollow circle"], hollow=True)
