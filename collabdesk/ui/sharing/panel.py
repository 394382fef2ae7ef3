"""The right side of Sharing: what waits, what was kept aside, and refused files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from collabdesk.ui.disputes import moment_words
from collabdesk.ui.parts import Picture, button, column, follow, holder, panel, row, rule, words
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.services.sharing.standing import Aside, Standing


class SharingPanel(QScrollArea):
    """Everything about sharing that is not the picture."""

    def __init__(self, look: Look, open_record: Callable[[tuple[str, bytes]], object]) -> None:
        """Show nothing before sharing was read."""
        super().__init__()
        self._look, self._open = look, open_record
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        follow(
            look,
            self,
            lambda theme: self.setMinimumWidth(theme.px("size.inspectorWidth")),
        )

    def show_standing(self, now: Standing, waiting: int) -> None:
        """Show how sharing stands."""
        body = column(gap=4)
        body.setContentsMargins(16, 12, 12, 12)
        self._waiting(body, now, waiting)
        self._aside(body, now)
        self._refused(body, now)
        body.addStretch(1)
        inside = QWidget()
        inside.setProperty("ground", "page")
        inside.setLayout(body)
        self.setWidget(inside)

    def _head(self, body: QVBoxLayout, icon: str, role: str, name: str, count: int) -> None:
        if body.count():
            body.addSpacing(8)
            body.addWidget(rule())
            body.addSpacing(4)
        sign = Picture(self._look, icon, role)
        shown = [words(str(count), ink="secondary")] if count else []
        body.addWidget(holder(row(sign, words(name, "heading"), *shown, None)))

    def _waiting(self, body: QVBoxLayout, now: Standing, waiting: int) -> None:
        self._head(body, "waiting_out", "mark.accent", "Waiting to go out", waiting)
        said = "Goes out at the next sharing." if waiting else "Nothing: all of yours is shared."
        body.addWidget(words(said, ink="secondary", wrap=True))
        coming = now.counts.waiting_in + now.waiting_files
        self._head(body, "waiting_in", "mark.pending", "Waiting to come in", coming)
        lines = []
        if now.counts.waiting_in:
            lines.append(f"{now.counts.waiting_in} change sets: an earlier one is missing")
        if now.waiting_files:
            lines.append(f"{now.waiting_files} parts of published files have not arrived")
        held = [item for item in now.aside if item.standing == "held"]
        lines += [f"{item.what} from {item.who}: {item.reason}" for item in held]
        for line in lines or ["Nothing is missing."]:
            body.addWidget(words(line, ink="secondary", wrap=True))

    def _aside(self, body: QVBoxLayout, now: Standing) -> None:
        kept = [item for item in now.aside if item.standing != "held"]
        if not kept:
            return
        self._head(body, "refused", "mark.danger", "Kept aside", len(kept))
        for item in kept:
            body.addWidget(self._card(item))

    def _card(self, item: Aside) -> QWidget:
        card = panel("banner", "danger")
        said = [
            words(f"{item.what}, from {item.who}", "bodyStrong", wrap=True),
            words(f"Made {moment_words(item.wall_ms)}.", "caption", wrap=True),
            words(f"{item.reason[:1].upper()}{item.reason[1:]}. Nothing was applied.", wrap=True),
        ]
        inside = column(*said, gap=2)
        record = item.record
        if record is not None:
            look = button("See the record", lambda: self._open(record), small=True)
            inside.addWidget(look, 0, Qt.AlignmentFlag.AlignLeft)
        inside.setContentsMargins(12, 8, 12, 8)
        card.setLayout(inside)
        return card

    def _refused(self, body: QVBoxLayout, now: Standing) -> None:
        refused = [file for file in now.refused if not file.healed]
        healed = len(now.refused) - len(refused)
        if not now.refused:
            return
        self._head(body, "file", "mark.concern", "Refused files", len(refused))
        for file in refused:
            name = file.path.rsplit("/", 1)[-1]
            body.addWidget(words(name, "captionStrong", wrap=True))
            body.addWidget(words(file.words, "caption", "secondary", wrap=True))
        if healed:
            said = f"{healed} more were damaged and came whole from another copy."
            body.addWidget(words(said, "caption", "secondary", wrap=True))
