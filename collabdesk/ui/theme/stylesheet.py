"""One stylesheet, filled in from the tokens."""

from __future__ import annotations

import re
from typing import Final

from collabdesk.ui.resources import resource
from collabdesk.ui.theme.tokens import Theme

_SIZE: Final = re.compile(r"@px\(([\w.]+)\)")
_INNER: Final = re.compile(r"@inner\(([\w.]+)\)")
_LINE: Final = re.compile(r"@line\((\w+)\)")
_GROWN: Final = re.compile(r"@grown\((\d+)\)")
_WITHIN: Final = re.compile(r"@within\((\d+), (\d+)\)")
_DRAWING: Final = re.compile(r"@drawing\((\w+)\)")
_TYPE: Final = re.compile(r"@type\((\w+)\)")
_ROLE: Final = re.compile(r"@([a-z]+\.\w+)")


def stylesheet_for(theme: Theme) -> str:
    """Return the stylesheet; under the computer's contrast theme it names no colour."""
    sheets = ["shapes.qss"] if theme.follows_system else ["shapes.qss", "colours.qss"]
    return "\n".join(_filled(theme, name) for name in sheets)


def _filled(theme: Theme, name: str) -> str:
    text = resource("theme", name).read_text(encoding="utf-8")
    text = _SIZE.sub(lambda found: f"{theme.px(found[1])}px", text)
    text = _INNER.sub(lambda found: f"{theme.px(found[1]) - 2 * theme.line('control')}px", text)
    text = _LINE.sub(lambda found: f"{theme.line(found[1])}px", text)
    text = _GROWN.sub(lambda found: f"{_grown(theme, found[1])}px", text)
    text = _WITHIN.sub(lambda found: f"{_within(theme, found[1], found[2])}px", text)
    text = _TYPE.sub(lambda found: _type(theme, found[1]), text)
    text = _DRAWING.sub(lambda found: _drawing(theme, found[1]), text)
    return _ROLE.sub(lambda found: theme.colours[found[1]], text)


def _grown(theme: Theme, size: str) -> int:
    # Never more than the half of twice the size: a rounder corner is drawn square.
    return int(int(size) * theme.factor)


def _within(theme: Theme, size: str, border: str) -> int:
    return 2 * _grown(theme, str(int(size) // 2)) - 2 * _grown(theme, border)


def _drawing(theme: Theme, name: str) -> str:
    # A stylesheet cannot tint a drawing, so it is there once for each theme.
    return resource("icons", f"{name}-{theme.name}.svg").as_posix()


def _type(theme: Theme, role: str) -> str:
    font = theme.font(role)
    return f"font-size: {font.pointSizeF():g}pt; font-weight: {font.weight().value};"
