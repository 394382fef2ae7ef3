"""Several versions of one note: all to read, and one text to keep, proposed from all of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialogButtonBox, QFrame, QPlainTextEdit, QWidget

from collabdesk.ui.dialog import Dialog
from collabdesk.ui.disputes import moment_words
from collabdesk.ui.parts import column, panel, row, words
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.services.figures import Sibling
    from collabdesk.services.notes import NoteVersions
    from collabdesk.ui.desk import Desk


class NoteDialog(Dialog):
    """What should the note say? The proposal keeps what everybody changed."""

    def __init__(
        self, look: Look, desk: Desk, found: NoteVersions, place: str, parent: QWidget | None = None
    ) -> None:
        """Lay the versions side by side above the proposal."""
        super().__init__(look, "What should the note say?", "large", parent)
        self.text = QPlainTextEdit()
        self.versions = [_version(desk, one) for one in found.cell.siblings]
        self._build(found, place)
        self.keep = self.add_button(
            "Keep this text", QDialogButtonBox.ButtonRole.AcceptRole, primary=True
        )
        self.add_button("Cancel", QDialogButtonBox.ButtonRole.RejectRole)

    def _build(self, found: NoteVersions, place: str) -> None:
        from collabdesk.services.notes import proposed

        merged = proposed(found)
        self.text.setPlainText(merged.text)
        self.text.setAccessibleName("The text to keep")
        self.text.setTabChangesFocus(True)
        self.body.addWidget(words(place, "caption", "secondary", wrap=True))
        self.body.addLayout(row(*self.versions, gap=12))
        self.body.addWidget(words(_said(merged.clashes), wrap=True))
        self.body.addWidget(self.text)


def _said(clashes: int) -> str:
    if not clashes:
        return "Proposed: what each changed, put together. All versions stay in the history."
    places = "one place" if clashes == 1 else f"{clashes} places"
    return (
        f"In {places} both changed the same lines; there the lines of both stand, one after the "
        "other. Edit the text as it should be. All versions stay in the history."
    )


def _version(desk: Desk, one: Sibling) -> QFrame:
    text = QPlainTextEdit(str(one.value or ""))
    text.setReadOnly(True)
    text.setTabChangesFocus(True)
    who = desk.who(one.author)
    text.setAccessibleName(f"Version of {who}")
    card = panel("choice")
    said = words(moment_words(one.author.wall_ms), "caption", "secondary")
    inside = column(words(who, "captionStrong", wrap=True), said, text, gap=4)
    inside.setContentsMargins(12, 8, 12, 12)
    card.setLayout(inside)
    return card


def ask_for_one_text(
    parent: QWidget, look: Look, desk: Desk, found: NoteVersions, place: str
) -> NoteDialog:
    """Open the question about a note; keeping a text sends the command."""
    dialog = NoteDialog(look, desk, found, place, parent)
    dialog.accepted.connect(partial(_keep, dialog, desk, found))
    dialog.open()
    return dialog


def _keep(dialog: NoteDialog, desk: Desk, found: NoteVersions) -> None:
    from collabdesk.services.notes import KeepNote

    cell = found.cell
    seen = tuple(str(one.value or "") for one in cell.siblings)
    text = dialog.text.toPlainText()
    desk.submit(desk, KeepNote(cell.table, cell.row, cell.column, text, seen))
