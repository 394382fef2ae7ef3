"""The charts of a board pack, drawn for paper: one look on every computer, legible in grey."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from collabdesk.charts.drawn import Frame, Picture, to_png, to_svg
from collabdesk.charts.outturn_chart import OutturnContent, outturn_chart
from collabdesk.charts.style import Style
from collabdesk.charts.variance_chart import VarianceContent, variance_chart
from collabdesk.domain.budgets.board_charts import LineFigure, MonthFigure

_TYPEFACE: Final = "DejaVu Sans"
_REGULAR: Final = 400
_BOLD: Final = 700
_SHARP: Final = 2.0
_UPRIGHT: Final = (660, 300)
_ACROSS: Final = 960
_HEAD: Final = 72
_LINE: Final = 26


@dataclass(frozen=True, slots=True)
class PaperPicture:
    """A chart for paper: its finding, the whole of it in words, and the picture twice."""

    title: str
    alt: str
    svg: bytes
    png: bytes


class BoardCharts:
    """Draws in the light colours of the tokens, with the typeface that matplotlib brings."""

    def __init__(self, tokens: Mapping[str, Any]) -> None:
        """Take the tokens as read."""
        self._style = Style(_colours(tokens), _printed(tokens), families=(_TYPEFACE,))

    def months(self, months: Sequence[MonthFigure]) -> PaperPicture:
        """Draw a year by month against its budget."""
        content = OutturnContent(tuple(months))
        return _drawn(lambda frame: outturn_chart(content, self._style, frame), *_UPRIGHT)

    def variances(self, lines: Sequence[LineFigure]) -> PaperPicture:
        """Draw the variances of service lines."""
        content = VarianceContent(tuple(lines))
        height = _HEAD + _LINE * max(len(content.shown), 1)
        return _drawn(lambda frame: variance_chart(content, self._style, frame), _ACROSS, height)


def _drawn(build: Callable[[Frame], Picture], width: int, height: int) -> PaperPicture:
    flat, sharp = build(Frame(width, height)), build(Frame(width, height, _SHARP))
    return PaperPicture(flat.title, flat.alt, to_svg(flat), to_png(sharp))


def _printed(tokens: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tokens with the one strong weight that the typeface has."""
    scale = {
        name: spec | {"weight": _BOLD} if spec["weight"] > _REGULAR else spec
        for name, spec in tokens["type"]["scale"].items()
    }
    return {**tokens, "type": {**tokens["type"], "scale": scale}}


def _colours(tokens: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for group, roles in tokens["themes"]["light"].items():
        for role, value in roles.items():
            many = isinstance(value, list)
            named = enumerate(value) if many else [("", value)]
            for place, colour in named:
                found[f"{group}.{role}.{place}" if many else f"{group}.{role}"] = str(colour)
    return found
