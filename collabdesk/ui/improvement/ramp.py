"""The PDSA ramp: one card for each cycle, each a step higher than the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from collabdesk.domain.periods import MONTH_NAMES
from collabdesk.services.improvement.queries import Ramp
from collabdesk.services.improvement.records import Cycle
from collabdesk.ui.improvement.boxes import Box, Chip, chip_of
from collabdesk.ui.parts import button, column, follow, row, words
from collabdesk.ui.theme import Look

DECISIONS: Final = {"adopt": "good", "adapt": "neutral", "abandon": "concern"}
_BARS: Final = {"good": "mark.good", "concern": "mark.concern"}
_MOST_STEPS: Final = 4


def run_words(start: dt.date | None, end: dt.date | None) -> str:
    """Say from when to when, each year once."""
    if start is None and end is None:
        return "No dates yet"
    if start is None or end is None:
        return f"from {_day(start, year=True)}" if start else f"to {_day(end, year=True)}"
    same = start.year == end.year
    return f"{_day(start, year=not same)} to {_day(end, year=True)}"


def _day(day: dt.date | None, *, year: bool) -> str:
    if day is None:
        return ""
    said = f"{day.day} {MONTH_NAMES[day.month - 1]}"
    return f"{said} {day.year}" if year else said


def cycle_chip(cycle: Cycle) -> Chip:
    """Return the decision of a closed cycle, the status of an open one."""
    if cycle.status == "closed" and cycle.decision:
        return chip_of(cycle.decision.capitalize(), DECISIONS[cycle.decision])
    return chip_of(cycle.status.capitalize(), "accent")


class CycleCard(Box):
    """One cycle: number, decision or status, idea and dates."""

    def __init__(self, look: Look, cycle: Cycle, idea: str) -> None:
        """Say the cycle."""
        super().__init__(look, cycle.objective, "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.tell(cycle, idea)

    def tell(self, cycle: Cycle, idea: str) -> None:
        """Say the cycle as it is now."""
        self.cycle, self.idea = cycle, idea
        self.words, self.chip = cycle.objective, cycle_chip(cycle)
        self.dates = run_words(cycle.start, cycle.end)
        said = self.chip.text.lower()
        self.setAccessibleName(f"Cycle {cycle.number}, {said}: {idea}, {self.dates}")
        self.setToolTip(cycle.objective)
        self.update()

    @property
    def last(self) -> str:
        """The last line: the dates, or what is still to be written."""
        if self.cycle.status == "studying":
            return "Study and decision to write"
        return self.dates[:1].upper() + self.dates[1:]

    def sizeHint(self) -> QSize:
        """Ask for three lines."""
        theme = self.theme
        high = theme.px("space.4") + 3 * theme.px("size.chip")
        return QSize(theme.px("size.navWidth") + theme.px("space.5"), high)

    def minimumSizeHint(self) -> QSize:
        """Ask for no less."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw frame, bar, number, chip, idea and last line."""
        painter, theme = QPainter(self), self.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.frame(painter, "surface.page", "border.pane")
        tone = DECISIONS.get(self.cycle.decision, "")
        bar = _BARS.get(tone, "mark.neutral" if tone else "mark.accent")
        inset = theme.line("selectedOutline")
        painter.fillRect(QRect(inset, inset, 4, self.height() - 2 * inset), theme.colour(bar))
        left, pad = theme.px("space.3"), theme.px("space.2")
        line = theme.px("size.chip")
        chip = self.chip_width() - pad
        top = QRect(left, pad, self.width() - left - pad - chip, line)
        self.write(painter, top, f"Cycle {self.cycle.number}", "bodyStrong")
        self.draw_chip(
            painter, QRect(self.width() - pad - chip, pad - 1, chip, theme.px("size.chip"))
        )
        wide = QRect(left, pad + line, self.width() - left - pad, line)
        self.write(painter, wide, self.idea, "body")
        self.write(painter, wide.translated(0, line), self.last, "caption", "text.secondary")


class RampStrip(QFrame):
    """Every cycle of a project, ramp by ramp, and the way to plan the next."""

    chosen = Signal(object)
    """A card was pressed: the row of its cycle."""

    def __init__(self, look: Look, plan: Callable[[], object]) -> None:
        """Show no cycles yet."""
        super().__init__()
        self.look = look
        self.setProperty("ground", "window")
        self.setAccessibleName("PDSA cycles")
        self.cards: dict[bytes, CycleCard] = {}
        self._plan = button("Plan a cycle…", plan, small=True)
        said = "No PDSA cycle yet. Test a change idea on a small scale first."
        self._none = words(said, ink="secondary", wrap=True)
        self._line = row(gap=8)
        inside = QWidget()
        inside.setProperty("ground", "window")
        inside.setLayout(self._line)
        self._area = _Area(inside)
        whole = row(self._area, self._plan, gap=12)
        whole.setStretch(0, 1)
        whole.setAlignment(self._plan, Qt.AlignmentFlag.AlignBottom)
        whole.setContentsMargins(16, 8, 16, 8)
        outside = column(gap=0)
        outside.addLayout(whole)
        self.setLayout(outside)
        follow(look, self, lambda _theme: self._fit())

    def allow(self, why_not: str) -> None:
        """Switch the way to plan off, with the reason."""
        self._plan.setEnabled(not why_not)
        self._plan.setToolTip(why_not)

    def show_ramps(self, ramps: Sequence[Ramp], ideas: Mapping[bytes, str]) -> None:
        """Show the cycles; a card already on show stays, and the focus with it."""
        before = self.cards
        cycles = [cycle for ramp in ramps for cycle in ramp.cycles]
        self.cards = {
            cycle.row: self._card(before.get(cycle.row), cycle, ideas.get(cycle.idea, ""))
            for cycle in cycles
        }
        if list(self.cards) != list(before) or not cycles:
            self._lay_out([card for row, card in before.items() if row not in self.cards])
        self._fit()

    def _card(self, known: CycleCard | None, cycle: Cycle, idea: str) -> CycleCard:
        if known is not None:
            known.tell(cycle, idea)
            return known
        card = CycleCard(self.look, cycle, idea)
        card.clicked.connect(lambda _on=False, at=cycle.row: self.chosen.emit(at))
        card.walked.connect(lambda right, _down, at=card: self._walk(at, right))
        return card

    def _lay_out(self, gone: Sequence[CycleCard]) -> None:
        for card in gone:
            card.hide()
            card.deleteLater()
        while self._line.count():
            self._line.takeAt(0)
        self._line.addWidget(self._none, 1)
        self._none.setVisible(not self.cards)
        for card in self.cards.values():
            self._line.addWidget(card, 1, Qt.AlignmentFlag.AlignBottom)
        if self.cards:
            self._line.addStretch(max(3 - len(self.cards), 0))

    def mark(self, at: bytes | None) -> None:
        """Show which card the inspector is about."""
        for key, card in self.cards.items():
            card.show_chosen(chosen=key == at)

    def _walk(self, here: CycleCard, step: int) -> None:
        cards = list(self.cards.values())
        place = cards.index(here) + step
        if 0 <= place < len(cards):
            cards[place].setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(cards[place])

    def _fit(self) -> None:
        theme = self.look.theme
        step = theme.px("space.2")
        high = 0
        for place, card in enumerate(self.cards.values()):
            rise = min(place, _MOST_STEPS) * step // (1 if len(self.cards) < _MOST_STEPS else 2)
            card.setFixedHeight(card.sizeHint().height() + rise)
            high = max(high, card.height())
        metrics = QFontMetrics(theme.font("body"))
        self._area.setFixedHeight(max(high, metrics.height()) + 8)


class _Area(QScrollArea):
    """Cards side by side; they scroll along where there are many."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("ground", "window")
        inside.layout().setContentsMargins(4, 4, 4, 4)  # type: ignore[union-attr] # it has one
        self.setWidget(inside)
