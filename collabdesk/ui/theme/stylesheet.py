"""One stylesheet, filled in from the tokens."""

from __future__ import annotations

import re
from typing import Final

from collabdesk.ui.resources import resource
from collabdesk.ui.theme.tokens import Theme

_SIZE: Final = re.compile(r"@px\(([\w.]+)\)")
_INNER: Final = re.compile(r"@inner\(([\w.]+)\)")
_LINE: Final = re.compile(r"@line\((\w+)\)")
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
    text = _TYPE.sub(lambda found: _type(theme, found[1]), text)
    text = text.replace("@arrow()", _arrow(theme))
    return _ROLE.sub(lambda found: theme.colours[found[1]], text)


def _arrow(theme: Theme) -> str:
    # A stylesheet cannot tint a drawing, so the arrow is there once for each theme.
    return resource("icons", f"arrow-{theme.name}.svg").as_posix()


def _type(theme: Theme, role: str) -> str:
    font = theme.font(role)
    return f"font-size: {font.pointSizeF():g}pt; font-weight: {font.weight().value};"
