"""The right side of Sharing: what waits, what was kept aside, and refused files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from collabdesk.ui.disputes import moment_words
from collabdesk.ui.inspector.history import WRONG_CLOCK
from collabdesk.ui.parts import Picture, button, column, follow, holder, panel, row, rule, words
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.services.doors import FolderTried
    from collabdesk.services.sharing.standing import Aside, Standing

_SHOWN: Final = 2


class SharingPanel(QScrollArea):
    """Everything about sharing that is not the picture."""

    def __init__(
        self,
        look: Look,
        open_record: Callable[[tuple[str, bytes]], object],
        see_all: Callable[[], object],
        try_folder: Callable[[], object],
    ) -> None:
        """Show nothing before sharing was read."""
        super().__init__()
        self._look, self._open = look, open_record
        self._see_all, self._try = see_all, try_folder
        self._tried: FolderTried | None = None
        self._shown: object = None
        self._now: tuple[Standing, int] | None = None
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
        self._now = (now, waiting)
        shown = (waiting, now.counts, now.waiting_files, now.aside, now.refused, self._tried)
        if shown == self._shown:
            return
        self._shown = shown
        body = column(gap=4)
        body.setContentsMargins(16, 12, 12, 12)
        self._waiting(body, now, waiting)
        self._aside(body, now)
        self._refused(body, now)
        self._folder(body)
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
        for item in kept[:_SHOWN]:
            body.addWidget(self._card(item))
        see = button(f"See all {len(kept)}", self._see_all, small=True)
        body.addWidget(see, 0, Qt.AlignmentFlag.AlignLeft)

    def _card(self, item: Aside) -> QWidget:
        card = panel("banner", "danger")
        said = [
            words(f"{item.what}, from {item.who}", "bodyStrong", wrap=True),
            words(f"Made {moment_words(item.wall_ms)}.", "caption", wrap=True),
            *([words(WRONG_CLOCK, "caption", wrap=True)] if item.doubtful else []),
            words(f"{item.reason[:1].upper()}{item.reason[1:]}. Nothing was applied.", wrap=True),
        ]
        for one in said:
            # A long word of a name would else make the card wider than the panel.
            one.setMinimumWidth(1)
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

    def show_folder(self, tried: FolderTried) -> None:
        """Show what a test of the shared folder found."""
        self._tried = tried
        if self._now is not None:
            self.show_standing(*self._now)

    def _folder(self, body: QVBoxLayout) -> None:
        self._head(body, "folder", "mark.accent", "What the folder can do", 0)
        tried = self._tried
        if tried is None:
            said = "Not tested since this window was opened."
            body.addWidget(words(said, ink="secondary", wrap=True))
        else:
            for sentence in tried.sentences:
                body.addWidget(words(sentence, "caption", "secondary", wrap=True))
        again = button("Test it" if tried is None else "Test again", self._try, small=True)
        body.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
