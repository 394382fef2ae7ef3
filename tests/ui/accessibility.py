"""Walks a page as a screen reader and a keyboard would, and lists what fails.

`faults(window, page)` returns sentences; a test asserts that there are none. It looks at each
focusable widget (name, role, a focus mark that changes pixels), at each grid cell ("row header,
column, value") and at each text label's colour against what is painted behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTableView, QWidget

from collabdesk.ui.grid.model import GridModel
from collabdesk.ui.parts import children
from collabdesk.ui.theme.contrast import TEXT_FLOOR, ratio

ROOM = 6
CELLS_READ = 400
TARGET = 24


def faults(page: QWidget) -> list[str]:
    """Return everything wrong with a page that is on show in an active window."""
    found = [fault for widget in focusable(page) for fault in _widget_faults(widget)]
    found += [fault for table in tables(page) for fault in _cell_faults(table)]
    found += [fault for label in labels(page) for fault in _colour_faults(label)]
    return found


def focusable(page: QWidget) -> list[QWidget]:
    """Return what the Tab key reaches in a page."""
    return [
        widget
        for widget in [page, *children(page, QWidget)]
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and not widget.visibleRegion().isEmpty()
        and widget.focusProxy() is None
    ]


def tables(page: QWidget) -> list[QTableView]:
    """Return the grids of a page that take the keyboard."""
    views = [one for one in children(page, QTableView) if one.isVisible()]
    return [one for one in views if one.focusPolicy() != Qt.FocusPolicy.NoFocus]


def labels(page: QWidget) -> list[QLabel]:
    """Return the words on show in a page."""
    shown = children(page, QLabel)
    return [one for one in shown if one.isVisible() and one.text().strip() and one.isEnabled()]


def _widget_faults(widget: QWidget) -> Iterator[str]:
    who = f"{type(widget).__name__} “{widget.accessibleName() or widget.objectName()}”"
    face = QAccessible.queryAccessibleInterface(widget)
    if not face.isValid():
        yield f"{who} is not on the accessibility tree."
        return
    if not face.text(QAccessible.Text.Name).strip():
        yield f"{who} has no accessible name."
    plain_roles = {QAccessible.Role.NoRole}
    if face.role() in plain_roles:
        yield f"{who} has no role."
    if min(widget.width(), widget.height()) < TARGET and not isinstance(widget, QLineEdit):
        yield f"{who} is smaller than {TARGET} pixels."
    if not _focus_shows(widget):
        yield f"{who} looks the same with and without focus."


def _focus_shows(widget: QWidget) -> bool:
    window = widget.window()
    before = QApplication.focusWidget()
    if before is not None:
        before.clearFocus()
    _settle()
    without = _around(window, widget)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    _settle()
    shown = _around(window, widget) != without
    widget.clearFocus()
    if before is not None:
        before.setFocus()
    return shown


def _around(window: QWidget, widget: QWidget) -> QImage:
    corner = widget.mapTo(window, QPoint(0, 0)) if widget is not window else QPoint(0, 0)
    where = QRect(corner, widget.size()).adjusted(-ROOM, -ROOM, ROOM, ROOM)
    return window.grab(where & window.rect()).toImage()


def _cell_faults(table: QTableView) -> Iterator[str]:
    model = table.model()
    if not table.accessibleName():
        yield "A table has no accessible name."
    width = max(model.columnCount(), 1)
    for row in range(min(model.rowCount(), CELLS_READ // width + 1)):
        for place in range(width):
            index = model.index(row, place)
            spoken = str(index.data(Qt.ItemDataRole.AccessibleTextRole) or "")
            header = str(model.headerData(row, Qt.Orientation.Vertical) or "")
            column = str(model.headerData(place, Qt.Orientation.Horizontal) or "")
            wanted = [header, column, _value(model, row, place)]
            if not column or not spoken.startswith(", ".join(wanted)):
                yield f"Cell {row + 1}, {place + 1} of “{table.accessibleName()}” says “{spoken}”."


def _value(model: object, row: int, place: int) -> str:
    if not isinstance(model, GridModel):
        return ""
    cell, column = model.cell(model.index(row, place)), model.columns[place]
    return column.exact_cell(cell) if cell.value is not None else "nothing"


def _colour_faults(label: QLabel) -> Iterator[str]:
    ink = label.palette().color(QPalette.ColorRole.WindowText).name()
    behind = _ground(label)
    if behind is not None and ratio(ink, behind) < TEXT_FLOOR:
        yield f"“{label.text()}” is {ink} on {behind}: {ratio(ink, behind):.1f} to 1."


def _ground(label: QLabel) -> str | None:
    window = label.window()
    corner = label.mapTo(window, QPoint(0, 0)) if label is not window else QPoint(0, 0)
    where = QRect(corner, label.size()) & window.rect()
    if label.visibleRegion().isEmpty() or where.isEmpty():
        return None
    image = window.grab(where).toImage()
    step = max(1, image.width() // 60)
    seen = Counter(
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), step)
        for y in range(0, image.height(), 2)
    )
    return seen.most_common(1)[0][0]


def _settle() -> None:
    QApplication.processEvents()
