"""The one chart view: a picture drawn elsewhere, with Qt's hover, focus and walking point on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from collabdesk.errors import NotPossible
from collabdesk.ui.focus import OWN_MARK
from collabdesk.ui.grid import Grid, GridCell, GridColumn, GridRow
from collabdesk.ui.grid.strip import Segments
from collabdesk.ui.messages import ErrorState, Explainer
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import button, column, give_icon, holder, row, words
from collabdesk.ui.theme import Look
from collabdesk.ui.workers import Readers, Ticket

Kind = Literal["png", "svg"]
_REACH: Final = 14
_PAUSE_MS: Final = 60
_LEAST: Final = QSize(240, 140)
_DRAWING: Final = "Drawing the chart…"


class Point(Protocol):
    """Where a point lies in the picture, in its pixels, and what is said of it."""

    @property
    def x_px(self) -> float:
        """From the left."""

    @property
    def y_px(self) -> float:
        """From the top."""

    @property
    def spoken(self) -> str:
        """What is said of it."""


class Table(Protocol):
    """The twin of the picture, in the same order."""

    @property
    def header(self) -> Sequence[str]:
        """Column titles."""

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """Written values."""


class Drawn(Protocol):
    """A chart ready for the screen; `rgba` holds four bytes for each pixel, by row."""

    @property
    def rgba(self) -> bytes:
        """The pixels."""

    @property
    def width(self) -> int:
        """Pixels across."""

    @property
    def height(self) -> int:
        """Pixels down."""

    @property
    def points(self) -> Sequence[Point]:
        """The points, in order."""

    @property
    def title(self) -> str:
        """The finding."""

    @property
    def alt(self) -> str:
        """The chart in words."""

    @property
    def table(self) -> Table:
        """The chart as a table."""


@dataclass(frozen=True)
class Canvas:
    """What a chart is drawn for: room at 100 %, the screen's pixel ratio, and the look."""

    width: int
    height: int
    scale: float
    colours: Mapping[str, str]
    tokens: Mapping[str, object]
    text_factor: float
    families: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """A chart: how to draw it, and how to make a file of it with its footer."""

    draw: Callable[[Canvas], Drawn]
    save: Callable[[Canvas, Kind], bytes]


def canvas_for(look: Look, size: QSize, scale: float) -> Canvas:
    """Return the canvas of a size in the look in force."""
    theme = look.theme
    room = size.expandedTo(_LEAST)
    return Canvas(
        room.width(),
        room.height(),
        scale,
        dict(theme.colours),
        theme.tokens.tree,
        theme.factor,
        tuple(theme.families),
    )


class ChartPicture(QWidget):
    """The picture, with a ring on the point the keyboard or the pointer is at."""

    walked = Signal(int)
    wants_drawing = Signal()
    toggled = Signal()
    copied = Signal()

    def __init__(self, look: Look) -> None:
        """Show nothing before the first picture comes."""
        super().__init__()
        self._look = look
        self._image = QImage()
        self._points: Sequence[Point] = ()
        self._at = -1
        self._hover = -1
        self.setProperty(OWN_MARK, True)
        self.setAccessibleName("Chart, being drawn")
        self.setProperty("ground", "page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self.wants_drawing)
        look.changed.connect(self._pause.start)

    @property
    def at(self) -> int:
        """The point the keyboard is at, -1 before the first step."""
        return self._at

    def show_drawn(self, drawn: Drawn) -> None:
        """Show a new picture; the walking point stays where it is."""
        image = QImage(
            drawn.rgba, drawn.width, drawn.height, 4 * drawn.width, QImage.Format.Format_RGBA8888
        ).copy()
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self._image, self._points = image, drawn.points
        self._at = min(self._at, len(self._points) - 1)
        self.setAccessibleName(f"Chart: {drawn.title}")
        self._speak(drawn.alt)
        self.update()

    def step_to(self, place: int) -> None:
        """Walk to a point and speak it."""
        if self._points:
            self._at = max(0, min(place, len(self._points) - 1))
            self._speak(self._points[self._at].spoken)
            self.walked.emit(self._at)
            self.update()

    def picture(self) -> QImage:
        """Return the picture alone."""
        return self._image

    def place_of(self, place: int) -> QPointF:
        """Return where a point lies in this widget."""
        point, ratio = self._points[place], self._image.devicePixelRatio()
        return QPointF(point.x_px / ratio, point.y_px / ratio)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, then the rings on top."""
        theme, painter = self._look.theme, QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface.page"))
        if self._image.isNull():
            painter.setPen(theme.colour("text.secondary"))
            painter.setFont(theme.font("body"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter.value), _DRAWING)
        painter.drawImage(0, 0, self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if 0 <= self._hover < len(self._points):
            self._ring(painter, self._hover, "mark.control")
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus.ring"), theme.line("focusRing")))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
            if self._at >= 0:
                self._ring(painter, self._at, "focus.ring")

    def _ring(self, painter: QPainter, place: int, role: str) -> None:
        theme, side = self._look.theme, self._look.theme.px("chart.pointFocus")
        painter.setPen(QPen(theme.colour(role), theme.line("focusRing")))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle = self.place_of(place)
        where = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
        painter.drawRoundedRect(where, 2, 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows; T shows the table; Ctrl+C copies the picture."""
        last = len(self._points) - 1
        targets = {
            Qt.Key.Key_Right: self._at + 1,
            Qt.Key.Key_Down: self._at + 1,
            Qt.Key.Key_Left: self._at - 1,
            Qt.Key.Key_Up: self._at - 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        target = targets.get(Qt.Key(event.key()))
        if target is not None:
            self.step_to(target)
        elif event.key() == Qt.Key.Key_T:
            self.toggled.emit()
        elif (
            event.key() == Qt.Key.Key_C and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.copied.emit()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Ring the nearest point in reach and show its words."""
        nearest = self._nearest(event.position())
        if nearest != self._hover:
            self._hover = nearest
            self.setToolTip(self._points[nearest].spoken if nearest >= 0 else "")
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a point walks to it."""
        nearest = self._nearest(event.position())
        if nearest >= 0:
            self.step_to(nearest)

    def _nearest(self, spot: QPointF) -> int:
        reach = self._look.theme.factor * _REACH
        away = [((self.place_of(n) - spot).manhattanLength(), n) for n in range(len(self._points))]
        near = min(away, default=(reach + 1, -1))
        return near[1] if near[0] <= reach else -1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for a drawing of the new size once the resizing rests."""
        super().resizeEvent(event)
        self._pause.start(_PAUSE_MS)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Paint the mark of focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the mark of focus away."""
        super().focusOutEvent(event)
        self.update()

    def _speak(self, said: str) -> None:
        self.setAccessibleDescription(said)


class ChartView(QWidget):
    """Title with the finding, picture and table twin, copy and save."""

    pointed = Signal(int)
    drawn = Signal()
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, around: Surroundings, measured: str = "") -> None:
        """Say in words what is measured; the chart comes with `show_chart`."""
        super().__init__()
        self.look: Look = around.look
        self._readers: Readers = around.readers
        self._explainer: Explainer = around.explainer
        self.setProperty("ground", "page")
        self._chart: Chart | None = None
        self._ticket: Ticket | None = None
        self._table: Grid | None = None
        self._shown: Drawn | None = None
        self.picture = ChartPicture(around.look)
        self.title = words("", "heading", wrap=True)
        self.modes = Segments("Show as", ["Chart", "Table"], "Chart")
        # A stack shows its first widget at once: with a parent it is no window of its own.
        self._body = QWidget()
        self._stack = QStackedLayout(self._body)
        self._stack.addWidget(self.picture)
        self._measured = words(measured, "caption", "secondary")
        if not measured:
            self._measured.hide()
        self.setLayout(self._laid_out())
        self._connect()

    def _laid_out(self) -> QVBoxLayout:
        copy = button("Copy picture", self.copy_picture, small=True)
        keep = button("Save picture…", self.ask_where, small=True)
        for one, icon in ((copy, "copy"), (keep, "save")):
            one.setText("")
            one.setToolTip(one.accessibleName())
            give_icon(self.look, one, icon)
        self._head = row(self.title, self.modes, copy, keep, gap=8)
        self._head.setStretch(0, 1)
        whole = column(holder(self._head), self._measured, self._body, gap=4)
        whole.setContentsMargins(16, 8, 16, 8)
        whole.setStretch(2, 1)
        return whole

    def _connect(self) -> None:
        self.picture.wants_drawing.connect(self._draw)
        self.picture.toggled.connect(self.toggle)
        self.picture.copied.connect(self.copy_picture)
        self.picture.walked.connect(self._walk)
        self.modes.chosen.connect(self.show_as)

    def add_switch(self, switch: QWidget) -> None:
        """Put a switch of the page's own before Chart and Table."""
        self._head.insertWidget(self._head.indexOf(self.modes), switch)

    def title_elsewhere(self) -> None:
        """Leave the title out: the page says the finding itself, over everything."""
        self.title.hide()
        self._head.insertStretch(0, 1)

    def show_chart(self, chart: Chart, measured: str = "") -> None:
        """Draw another chart, off the window's thread."""
        self._chart = chart
        if measured:
            self._measured.setText(measured)
            self._measured.show()
        self._draw()

    @property
    def table(self) -> Grid | None:
        """The table twin, once it was shown."""
        return self._table

    @property
    def on_chart(self) -> bool:
        """Whether the picture is on show, not its table."""
        return self._stack.currentWidget() is self.picture

    def toggle(self) -> None:
        """Change between chart and table."""
        self.modes.choose("Table" if self._stack.currentWidget() is self.picture else "Chart")

    def show_as(self, mode: str) -> None:
        """Show the chart or its table; both keep one order and one focus."""
        if mode == "Table" and self._shown is not None:
            table, here = self._table_twin(self._shown), max(self.picture.at, 0)
            self._stack.setCurrentWidget(table)
            table.view.go_to(here, 0)
            table.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._stack.setCurrentWidget(self.picture)
            self.picture.setFocus(Qt.FocusReason.OtherFocusReason)

    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.picture.picture())
        self.said.emit("Picture copied")

    def ask_where(self) -> None:
        """Ask for a file and save the picture there."""
        kinds = "PNG picture (*.png);;SVG drawing (*.svg)"
        chosen, _kind = QFileDialog.getSaveFileName(self, "Save picture", "", kinds)
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Save the picture with its footer as PNG or SVG, off the window's thread."""
        chart = self._chart
        if chart is None:
            return
        kind: Kind = "svg" if path.suffix.casefold() == ".svg" else "png"
        canvas = self.canvas()

        def write() -> None:
            try:
                path.write_bytes(chart.save(canvas, kind))
            except OSError as fault:
                raise NotPossible(
                    code="picture_not_saved",
                    words=f"The picture could not be saved as {path.name}.",
                    remedy="Choose a folder you may write to, with room in it.",
                ) from fault

        self._readers.read(
            self, write, lambda _done: self.said.emit(f"Saved as {path.name}"), self.failed.emit
        )

    def canvas(self) -> Canvas:
        """Return the room the picture has now, in the look in force."""
        return canvas_for(self.look, self.picture.size(), self.devicePixelRatioF())

    def _draw(self) -> None:
        chart = self._chart
        if chart is None:
            return
        if self._ticket is not None:
            self._ticket.drop()
        canvas = self.canvas()
        self._ticket = self._readers.read(
            self, lambda: chart.draw(canvas), self._show, self._show_fault
        )

    def _show(self, drawn: Drawn) -> None:
        self._shown = drawn
        self.title.setText(drawn.title)
        self.picture.show_drawn(drawn)
        if self._table is not None:
            self._table.set_rows(_rows(drawn.table))
        if isinstance(self._stack.currentWidget(), ErrorState):
            self._stack.setCurrentWidget(self.picture)
        self.drawn.emit()

    def _show_fault(self, fault: Exception) -> None:
        state = ErrorState(self.look, self._explainer.explain(fault), self._draw)
        self._stack.addWidget(state)
        self._stack.setCurrentWidget(state)
        self.failed.emit(fault)

    def _walk(self, place: int) -> None:
        self.pointed.emit(place)

    def _table_twin(self, drawn: Drawn) -> Grid:
        if self._table is None:
            columns = [GridColumn(str(n), name) for n, name in enumerate(drawn.table.header)]
            self._table = Grid(self.look, f"Table: {drawn.title}", columns, strip=False)
            self._table.set_rows(_rows(drawn.table))
            self._table.current_changed.connect(self._follow_table)
            self._table.toggled.connect(self.toggle)
            self._stack.addWidget(self._table)
        return self._table

    def _follow_table(self, key: object, _column: str) -> None:
        if isinstance(key, int):
            self.picture.step_to(key)


def _rows(table: Table) -> list[GridRow]:
    return [GridRow(n, tuple(map(GridCell, line))) for n, line in enumerate(table.rows)]
