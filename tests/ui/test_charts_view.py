"""The chart is drawn elsewhere; walking, hovering and the table twin are here."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from collabdesk.errors import NotPossible
from collabdesk.ui.charts_view import Canvas, Chart, ChartView, Kind
from collabdesk.ui.page import Surroundings
from tests.ui.accessibility import focusable
from tests.ui.hands import click, key, named, press, show, texts


@dataclass(frozen=True)
class Spot:
    """A point of the drawing."""

    x_px: float
    y_px: float
    spoken: str


@dataclass(frozen=True)
class Twin:
    """Its table."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Sketch:
    """A drawing as the charts floor returns it."""

    rgba: bytes
    width: int
    height: int
    points: tuple[Spot, ...]
    title: str
    alt: str
    table: Twin


class Pencil:
    """Draws flat colour and notes where and how large."""

    def __init__(self) -> None:
        self.canvases: list[Canvas] = []
        self.threads: set[int] = set()
        self.fault: Exception | None = None

    def draw(self, canvas: Canvas) -> Sketch:
        self.threads.add(threading.get_ident())
        self.canvases.append(canvas)
        if self.fault is not None:
            raise self.fault
        width, height = round(canvas.width * canvas.scale), round(canvas.height * canvas.scale)
        weeks = tuple(Spot(60.0 * n, 40.0 + n, f"Week {n}: {40 + n} days") for n in range(1, 4))
        rows = tuple((f"Week {n}", str(40 + n)) for n in range(1, 4))
        pixels = bytes((0, 94, 184, 255)) * (width * height)
        return Sketch(
            pixels,
            width,
            height,
            weeks,
            "Waits fell after phone opt-in",
            "Run chart of three weeks.",
            Twin(("Week", "Days"), rows),
        )

    def save(self, canvas: Canvas, kind: Kind) -> bytes:
        self.canvases.append(canvas)
        return b"<svg/>" if kind == "svg" else b"png"


@pytest.fixture
def pencil() -> Pencil:
    return Pencil()


@pytest.fixture
def view(qtbot: QtBot, around: Surroundings, pencil: Pencil) -> ChartView:
    made = ChartView(around, "Median days from referral to first contact")
    qtbot.addWidget(made)
    made.resize(700, 400)
    show(made)
    with qtbot.waitSignal(made.drawn):
        made.show_chart(Chart(pencil.draw, pencil.save))
    return made


def test_the_drawing_happens_off_the_windows_thread(view: ChartView, pencil: Pencil) -> None:
    assert threading.get_ident() not in pencil.threads
    assert "Waits fell after phone opt-in" in texts(view)
    assert view.picture.accessibleName() == "Chart: Waits fell after phone opt-in"
    assert view.picture.accessibleDescription() == "Run chart of three weeks."


def test_a_new_size_is_drawn_anew(qtbot: QtBot, view: ChartView, pencil: Pencil) -> None:
    qtbot.waitUntil(lambda: pencil.canvases[-1].width == view.picture.width())
    with qtbot.waitSignal(view.drawn):
        view.resize(900, 500)
    qtbot.waitUntil(lambda: pencil.canvases[-1].width == view.picture.width())


def test_a_new_theme_is_drawn_anew(qtbot: QtBot, view: ChartView, pencil: Pencil) -> None:
    with qtbot.waitSignal(view.drawn):
        view.look.use("dark")
    dark = view.look.theme.colours["chart.ink"]
    qtbot.waitUntil(lambda: pencil.canvases[-1].colours["chart.ink"] == dark)


def test_the_arrows_walk_the_points_and_speak(view: ChartView) -> None:
    walked: list[int] = []
    view.pointed.connect(walked.append)
    view.picture.setFocus()
    key(view.picture, Qt.Key.Key_Right)
    key(view.picture, Qt.Key.Key_Right)
    assert view.picture.accessibleDescription() == "Week 2: 42 days"
    key(view.picture, Qt.Key.Key_End)
    key(view.picture, Qt.Key.Key_Right)
    key(view.picture, Qt.Key.Key_Left)
    key(view.picture, Qt.Key.Key_Home)
    assert walked == [0, 1, 2, 2, 1, 0]


def test_the_walking_point_is_painted(view: ChartView) -> None:
    view.picture.setFocus()
    before = view.picture.grab().toImage()
    key(view.picture, Qt.Key.Key_Right)
    assert view.picture.grab().toImage() != before


def test_the_pointer_shows_and_takes_the_nearest_point(view: ChartView) -> None:
    spot = view.picture.place_of(1).toPoint()
    QTest.mouseMove(view.picture, spot + QPoint(3, 2))
    assert view.picture.toolTip() == "Week 2: 42 days"
    click(view.picture, spot)
    assert view.picture.at == 1
    QTest.mouseMove(view.picture, QPoint(400, 250))
    assert view.picture.toolTip() == ""


def test_t_shows_the_table_at_the_same_point(view: ChartView) -> None:
    view.picture.setFocus()
    view.picture.step_to(1)
    key(view.picture, Qt.Key.Key_T)
    assert view.table is not None
    assert view.table.isVisible()
    assert view.table.view.currentIndex().row() == 1
    assert view.table.model.spoken(view.table.model.index(1, 1)) == "Week 2, Days, 42"
    key(view.table.view, Qt.Key.Key_Down)
    key(view.table.view, Qt.Key.Key_T)
    assert view.picture.isVisible()
    assert view.picture.at == 2
    press(view, "Table")
    assert view.table.isVisible()


def test_the_picture_can_be_copied_and_saved(qtbot: QtBot, view: ChartView, tmp_path: Path) -> None:
    press(view, "Copy picture")
    copied = QGuiApplication.clipboard().image()
    assert isinstance(copied, QImage)
    assert copied.width() == view.picture.picture().width()
    for name, written in (("waits.svg", b"<svg/>"), ("waits.png", b"png")):
        with qtbot.waitSignal(view.said):
            view.save_to(tmp_path / name)
        assert (tmp_path / name).read_bytes() == written


def test_a_folder_that_cannot_be_written_is_refused_in_words(
    qtbot: QtBot, view: ChartView, tmp_path: Path
) -> None:
    with qtbot.waitSignal(view.failed) as caught:
        view.save_to(tmp_path / "nowhere" / "waits.png")
    assert caught.args is not None
    assert str(caught.args[0]).startswith("The picture could not be saved as waits.png.")


def test_a_failed_drawing_says_so_and_can_be_tried_again(
    qtbot: QtBot, view: ChartView, pencil: Pencil
) -> None:
    pencil.fault = NotPossible(
        code="no_points", words="There is nothing to draw.", remedy="Add a point."
    )
    with qtbot.waitSignal(view.failed):
        view.show_chart(Chart(pencil.draw, pencil.save))
    assert "There is nothing to draw." in texts(view)
    pencil.fault = None
    with qtbot.waitSignal(view.drawn):
        press(view, "Try again")
    assert view.picture.isVisible()


def test_every_control_has_a_name(view: ChartView) -> None:
    assert all(widget.accessibleName() for widget in focusable(view))
    assert named(view, "Save picture").toolTip() == "Save picture"
