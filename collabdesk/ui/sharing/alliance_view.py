"""The first part of Sharing: the alliance as a picture, its laptops, and words to read aloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from collabdesk.ui.parts import column, follow, rule
from collabdesk.ui.sharing.laptops_view import LaptopsView
from collabdesk.ui.sharing.picture import AlliancePicture, Legend
from collabdesk.ui.sharing.read_aloud import ReadAloud
from collabdesk.ui.sharing.standing_words import Partner, partners
from collabdesk.ui.theme import Look
from collabdesk.ui.theme.tokens import LARGE_TEXT

if TYPE_CHECKING:
    from collabdesk.services.control.people import Seated
    from collabdesk.services.sharing.standing import Laptop, Standing


class AllianceView(QScrollArea):
    """Partners round the shared folder; one of them with its laptops below."""

    wanted = Signal(str, object)
    """A decision about a laptop: its key, and the laptop as listed."""

    def __init__(self, look: Look, laptops: LaptopsView) -> None:
        """Show nobody before sharing was read; the list of laptops stands below the picture."""
        super().__init__()
        self.picture = AlliancePicture(look)
        self.legend = Legend(look)
        self.laptops = laptops
        self.read_aloud = ReadAloud(look)
        self._seats: Sequence[Seated] = ()
        self._heard: Mapping[bytes, Laptop] = {}
        self._now_ms = 0
        self._large = False
        body = column(self.picture, rule(), self.legend, self.laptops, self.read_aloud, gap=0)
        body.setStretch(0, 1)
        inside = QWidget()
        inside.setProperty("ground", "page")
        inside.setLayout(body)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
        self.picture.chosen.connect(self._show_laptops)
        self.laptops.wanted.connect(self.wanted)
        follow(look, self, lambda theme: self._stack_at(theme.text_size))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the words to read aloud stand in the width there is."""
        super().resizeEvent(event)
        self.read_aloud.fit(self.viewport().width())

    def show_standing(self, now: Standing, seats: Sequence[Seated], now_ms: int) -> None:
        """Show how sharing stands."""
        self._seats, self._now_ms = seats, now_ms
        used = {seat.key for seat in seats if seat.use != "retired"}
        present = [laptop for laptop in now.laptops if laptop.member.key in used]
        self.picture.show_partners(partners(present, now_ms))
        self.read_aloud.show_standing(now)
        self._heard = {laptop.member.key: laptop for laptop in present}
        self._fill()
        self.read_aloud.fit(self.viewport().width())

    def _fill(self) -> None:
        chosen = next((box.partner for box in self.picture.boxes if box.isChecked()), None)
        if self._large:
            self.laptops.show_partner("Every laptop", self._seats, self._heard, self._now_ms)
        elif chosen is not None:
            self._show_laptops(chosen)

    def _show_laptops(self, partner: Partner) -> None:
        seats = [seat for seat in self._seats if seat.organisation == partner.organisation]
        self.laptops.show_partner(partner.name, seats, self._heard, self._now_ms)

    def _stack_at(self, text_size: int) -> None:
        # With large text the picture becomes its table, which lists everybody.
        self._large = text_size >= LARGE_TEXT
        for part in (self.picture, self.legend):
            part.setVisible(not self._large)
        self._fill()
        self.read_aloud.fit(self.viewport().width())
