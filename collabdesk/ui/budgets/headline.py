"""What is read first: what is left in the envelope; beside it, what to look at."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QFrame

from collabdesk.domain.money import format_pounds
from collabdesk.services.budgets.amounts import Amount
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.ui.budgets.folding import Folding
from collabdesk.ui.budgets.more import GROUPS, MORE_WORDS, POSTED
from collabdesk.ui.budgets.places import VIEWS, View
from collabdesk.ui.budgets.wording import pounds
from collabdesk.ui.grid.strip import Segments
from collabdesk.ui.parts import Picture, column, holder, restyle, row, words
from collabdesk.ui.theme import Look

_KEYS = {words: view for view, words in VIEWS.items()}
_NARROWEST = 28
_SHORT = 19


def left_words(left: Amount) -> tuple[str, str]:
    """Return the headline figure and what it is."""
    if left.high_p < 0:
        return pounds(Amount(0, -left.high_p, -left.low_p)), "more than the envelope is planned"
    if left.low_p < 0:
        over, free = format_pounds(-left.low_p), format_pounds(left.high_p)
        return f"{over} over to {free} left", "in the envelope, until it is settled"
    return pounds(left), "left in the envelope"


class Headline(QFrame):
    """The figure, the views and the version."""

    view_chosen = Signal(str)
    version_chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        """Show no figure yet."""
        super().__init__()
        self.setProperty("panel", "toolStrip")
        self._look = look
        self._sign = Picture(look, "contested", "mark.contested", "icon.lead")
        self.figure = words("", "display")
        self._said = words("", "bodyStrong")
        self._facts = words("", "caption", "secondary")
        self.views = Segments("View", list(VIEWS.values()), VIEWS["plan"])
        self.more = QComboBox()
        self.versions = QComboBox()
        self._build()
        self._offer_more()

    def _build(self) -> None:
        self.versions.setAccessibleName("Budget version")
        self.versions.setWhatsThis(
            "A version is a draft until the lead provider agrees it; then it is in the ledger."
        )
        self.versions.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.versions.setMinimumContentsLength(_NARROWEST)
        self.views.chosen.connect(lambda said: self.view_chosen.emit(_KEYS[said]))
        self.versions.activated.connect(
            lambda place: self.version_chosen.emit(self.versions.itemData(place))
        )
        said = column(self._said, self._facts, gap=0)
        figure = row(self._sign, self.figure, holder(said), None, gap=8)
        switches = Folding(self.views, Folding(self.more, self.versions))
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._box.setContentsMargins(16, 4, 12, 4)
        self._box.setSpacing(4)
        self._box.addLayout(figure, 1)
        self._box.addWidget(switches)
        self.setLayout(self._box)

    def _offer_more(self) -> None:
        for group in GROUPS:
            if self.more.count():
                self.more.insertSeparator(self.more.count())
            for one in group:
                self.more.addItem(one.words, one.key)
        self.more.setMaxVisibleItems(self.more.count())
        self.more.setPlaceholderText("More views")
        self.more.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.more.setMinimumContentsLength(_SHORT)
        self.more.view().setTextElideMode(Qt.TextElideMode.ElideNone)
        self.more.setCurrentIndex(-1)
        self.more.setWhatsThis(
            "Further views of the budget, such as the forecast or the close of a month. Ctrl+Page "
            "Down and Ctrl+Page Up lead from view to view, as from sheet to sheet."
        )
        self.more.setToolTip("Further views (Ctrl+Page Down, Ctrl+Page Up)")
        self.more.activated.connect(lambda place: self.view_chosen.emit(self.more.itemData(place)))

    def show_room(self, room: Room, plan: Plan, view: View) -> None:
        """Show a version and the view that is on show."""
        now = plan.summary.current
        figure, said = left_words(now.unallocated)
        disputed = now.unallocated.contested
        over = now.unallocated.low_p < 0 and not disputed
        self._sign.setVisible(disputed or over)
        self._sign.show_icon(
            *(("contested", "mark.contested") if disputed else ("concern", "mark.concern"))
        )
        restyle(self.figure, ink="contested" if disputed else "concern" if over else "primary")
        self.figure.setText(figure)
        self._said.setText(said)
        self._facts.setText(
            f"of {pounds(now.envelope)}; {pounds(now.contingency)} kept as contingency"
        )
        self.figure.setAccessibleName(f"{figure} {said} {self._facts.text()}")
        self._show_views(room, view)
        self._show_versions(room, plan)
        self.versions.setHidden(view in POSTED and plan.grid.posted)
        self._fit()

    def _show_views(self, room: Room, view: View) -> None:
        button = self.views.options[VIEWS["virements"]]
        waiting = f" {room.waiting}" if room.waiting else ""
        button.setText(f"{VIEWS['virements']}{waiting}")
        said = f"View: {VIEWS['virements']}"
        button.setAccessibleName(f"{said}, {room.waiting} to approve" if waiting else said)
        self.views.show_chosen(VIEWS.get(view, ""))
        said = MORE_WORDS.get(view, "")
        self._widen_list()
        with QSignalBlocker(self.more):
            self.more.setCurrentIndex(self.more.findData(view))
        self.more.setAccessibleName(f"More views: {said}" if said else "More views")

    def _show_versions(self, room: Room, plan: Plan) -> None:
        with QSignalBlocker(self.versions):
            self.versions.clear()
            for version in room.versions:
                self.versions.addItem(f"{version.name} ({version.state})", version.row)
            self.versions.setCurrentIndex(self.versions.findData(plan.version.row))
        self.versions.setToolTip(self.versions.currentText())

    def minimumSizeHint(self) -> QSize:
        """Ask for the wider of the two parts: they can stand one under the other."""
        widest = max(self._box.itemAt(at).minimumSize().width() for at in range(self._box.count()))
        margins = self._box.contentsMargins()
        least = super().minimumSizeHint()
        return QSize(widest + margins.left() + margins.right(), least.height())

    def _widen_list(self) -> None:
        """Let the list of further views be as wide as its longest words."""
        listed = self.more.view()
        listed.setMinimumWidth(listed.sizeHintForColumn(0) + listed.verticalScrollBar().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the switches under the figure where room is short."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Look again when the words have become longer or shorter."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        parts = [self._box.itemAt(place).sizeHint().width() for place in range(self._box.count())]
        self._box.setDirection(across if sum(parts) + 40 <= self.width() else down)
