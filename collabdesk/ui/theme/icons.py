"""Our own drawings, tinted by role."""

from __future__ import annotations

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from collabdesk.ui.resources import resource
from collabdesk.ui.theme.tokens import Theme

_RATIOS: Final = (1.0, 2.0)


@cache
def _drawing(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    tinted = _drawing(name).replace("currentColor", colour)
    return QSvgRenderer(QByteArray(tinted.encode()))


@cache
def _pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _renderer(name, colour).render(painter)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def paint_icon(painter: QPainter, theme: Theme, name: str, role: str, where: QRectF) -> None:
    """Draw an icon into a rectangle, in the colour of a role."""
    _renderer(name, theme.colours[role]).render(painter, where)


def pixmap(theme: Theme, name: str, role: str, size: str = "icon.control") -> QPixmap:
    """Return an icon as a picture for a label, sharp on a dense screen."""
    return _pixmap(name, theme.colours[role], theme.px(size), _RATIOS[-1])


def icon(theme: Theme, name: str, role: str, size: str = "icon.control") -> QIcon:
    """Return an icon in the colour of a role, in the disabled colour when off."""
    made = QIcon()
    for ratio in _RATIOS:
        picture = _pixmap(name, theme.colours[role], theme.px(size), ratio)
        off = _pixmap(name, theme.colours["disabled.text"], theme.px(size), ratio)
        made.addPixmap(picture)
        made.addPixmap(off, QIcon.Mode.Disabled)
    return made
