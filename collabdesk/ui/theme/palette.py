"""The palette from the tokens, and the tokens from a contrast theme's palette."""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtGui import QColor, QPalette

from collabdesk.ui.theme.tokens import Theme

_ROLES: Final = {
    QPalette.ColorRole.Window: "surface.window",
    QPalette.ColorRole.WindowText: "text.primary",
    QPalette.ColorRole.Base: "surface.page",
    QPalette.ColorRole.AlternateBase: "surface.sunken",
    QPalette.ColorRole.Text: "text.primary",
    QPalette.ColorRole.Button: "surface.page",
    QPalette.ColorRole.ButtonText: "text.primary",
    QPalette.ColorRole.BrightText: "accent.on",
    QPalette.ColorRole.Highlight: "surface.selected",
    QPalette.ColorRole.HighlightedText: "text.primary",
    QPalette.ColorRole.Link: "text.link",
    QPalette.ColorRole.LinkVisited: "text.link",
    QPalette.ColorRole.ToolTipBase: "surface.raised",
    QPalette.ColorRole.ToolTipText: "text.primary",
    QPalette.ColorRole.PlaceholderText: "text.secondary",
    QPalette.ColorRole.Light: "surface.raised",
    QPalette.ColorRole.Mid: "border.pane",
    QPalette.ColorRole.Dark: "border.pane",
    QPalette.ColorRole.Accent: "accent.fill",
}
_TEXT: Final = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
)
_HIGH_CONTRAST_ON: Final = 1
_GET_HIGH_CONTRAST: Final = 0x0042


def palette_for(theme: Theme) -> QPalette:
    """Return the palette of a theme."""
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, theme.colour(token))
    for role in _TEXT:
        palette.setColor(QPalette.ColorGroup.Disabled, role, theme.colour("disabled.text"))
    return palette


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _HighContrast(ctypes.Structure):
        """HIGHCONTRASTW of the Windows interface."""

        _fields_ = (
            ("size", wintypes.UINT),
            ("flags", wintypes.DWORD),
            ("scheme", wintypes.LPWSTR),
        )

    def system_contrast_is_on() -> bool:
        """Say whether Windows shows one of its contrast themes."""
        asked = _HighContrast(size=ctypes.sizeof(_HighContrast))
        ctypes.windll.user32.SystemParametersInfoW(
            _GET_HIGH_CONTRAST, asked.size, ctypes.byref(asked), 0
        )
        return bool(asked.flags & _HIGH_CONTRAST_ON)

else:

    def system_contrast_is_on() -> bool:
        """Say whether the computer shows a contrast theme; only Windows tells."""
        return False


def roles_from(palette: QPalette, roles: list[str]) -> dict[str, str]:
    """Map every role to a colour of the computer's own palette, keeping pairs readable."""
    page = palette.color(QPalette.ColorRole.Base)
    ink = palette.color(QPalette.ColorRole.Text)
    accent = palette.color(QPalette.ColorRole.Highlight)
    on = palette.color(QPalette.ColorRole.HighlightedText)
    return {role: _system_colour(role, page, ink, accent, on).name() for role in roles}


def _system_colour(role: str, page: QColor, ink: QColor, accent: QColor, on: QColor) -> QColor:
    if role == "accent.on":
        return on
    if role in {"accent.fill", "accent.fillHover", "accent.fillPressed"}:
        return accent
    if role.startswith("surface.") or role in {"disabled.fill", "focus.halo", "chart.band"}:
        return page
    return ink
