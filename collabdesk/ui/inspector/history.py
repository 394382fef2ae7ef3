"""History: each change with old and new value, person, trust, laptop, time and its mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from collabdesk.ui.parts import Picture, button, column, emptied, give_icon, holder, row, words
from collabdesk.ui.theme import Look

WRONG_CLOCK: Final = (
    "The laptop's clock was set wrong: it was not made at this time. Its place among other "
    "changes is right."
)
_ONE_LINE: Final = 24


@dataclass(frozen=True)
class HistoryEntry:
    """One change of one figure, written for people."""

    before: str
    after: str
    person: str
    trust: str
    when: str
    laptop: str
    change_set: object = None
    verified: bool = True
    contested: bool = False
    reason: str = ""
    what: str = ""
    """What was changed or done, where the record has more than one figure."""
    doubt: str = ""
    """Why the time can hardly be right."""

    @property
    def spoken(self) -> str:
        """The change in one sentence, with a second where its time is doubtful."""
        said = f"{self.before or 'Nothing'} to {self.after or 'nothing'}, {self.person}, "
        about = f"{self.what}: " if self.what else ""
        doubt = f". {self.doubt}" if self.doubt else ""
        return f"{about}{said}{self.trust}, {self.when}, {self.laptop}{doubt}"


class _Dot(QWidget):
    """The dot before an entry, and the line down to the next."""

    def __init__(self, look: Look, *, contested: bool, last: bool) -> None:
        super().__init__()
        self._look, self._contested, self._last = look, contested, last
        self.setFixedWidth(look.theme.px("space.3"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a filled dot for a contested value, a hollow one otherwise."""
        theme, painter = self._look.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px("space.2")
        middle = QPointF(side / 2 + 1, theme.px("space.2") + 1)
        if not self._last:
            painter.setPen(QPen(theme.colour("border.pane"), theme.line("hairline")))
            painter.drawLine(
                QPointF(middle.x(), middle.y() + side), QPointF(middle.x(), self.height())
            )
        role = "mark.contested" if self._contested else "mark.neutral"
        painter.setPen(QPen(theme.colour(role), theme.line("selectedOutline")))
        painter.setBrush(theme.colour(role) if self._contested else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, side / 2, side / 2)


class _Entry(QWidget):
    """One change."""

    opened = Signal(object)

    def __init__(self, look: Look, entry: HistoryEntry, *, last: bool) -> None:
        super().__init__()
        self.setAccessibleName(entry.spoken)
        lines: list[QWidget | int | None] = [
            *_change(entry),
            words(f"{entry.person}, {entry.trust}", "caption", wrap=True),
            words(f"{entry.when}, {entry.laptop}", "caption", "secondary", wrap=True),
        ]
        if entry.doubt:
            sign = Picture(look, "concern", "mark.concern", "icon.control")
            doubtful = row(sign, words(entry.doubt, "caption", wrap=True), gap=4)
            doubtful.setStretch(1, 1)
            doubtful.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
            lines.append(holder(doubtful))
        if entry.reason:
            lines.append(words(f"“{entry.reason}”", "caption", wrap=True))
        mark = button(
            "Verified" if entry.verified else "Not verified yet",
            lambda: self.opened.emit(entry.change_set),
            "link",
        )
        mark.setAccessibleName(f"{mark.text()}: open the signed change set of {entry.spoken}")
        mark.setToolTip("Open the signed change set")
        icon, role = ("verified", "mark.good") if entry.verified else ("clock", "mark.pending")
        give_icon(look, mark, icon, role)
        text = column(*lines, holder(row(mark, None)), gap=0)
        whole = row(_Dot(look, contested=entry.contested, last=last), holder(text), gap=8)
        whole.setStretch(1, 1)
        self.setLayout(whole)


def _change(entry: HistoryEntry) -> list[QWidget]:
    what: list[QWidget] = [words(entry.what, "captionStrong", wrap=True)] if entry.what else []
    if entry.what and not entry.before:
        return [*what, words(entry.after, "bodyStrong", wrap=True)] if entry.after else what
    before, after = f"{entry.before or 'Nothing'} →", entry.after or "Nothing"
    if len(before) + len(after) > _ONE_LINE:
        return [
            *what,
            words(before, ink="secondary", wrap=True),
            words(after, "bodyStrong", wrap=True),
        ]
    change = row(words(before, ink="secondary"), words(after, "bodyStrong"), None, gap=4)
    return [*what, holder(change)]


class History(QFrame):
    """Every change, the newest first."""

    opened = Signal(object)

    def __init__(self, look: Look) -> None:
        """Show nothing yet."""
        super().__init__()
        self._look = look
        self._box: QVBoxLayout = column(gap=12)
        self.setLayout(self._box)

    def show_entries(self, entries: Sequence[HistoryEntry]) -> None:
        """Show these changes."""
        emptied(self._box)
        if not entries:
            said = "No changes yet. The first entry starts the history."
            self._box.addWidget(words(said, ink="secondary", wrap=True))
        for place, one in enumerate(entries):
            entry = _Entry(self._look, one, last=place == len(entries) - 1)
            entry.opened.connect(self.opened)
            self._box.addWidget(entry)
        self._box.addStretch(1)
