"""A form that takes a file as evidence: its name and fingerprint are kept, never the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFileDialog

from collabdesk.services.budgets.evidence import Evidence, evidence_of
from collabdesk.ui.budgets.forms import Place
from collabdesk.ui.form import Field, FormDialog, Make
from collabdesk.ui.parts import button, holder, row
from collabdesk.ui.workers import deliver

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE: Final = Field(
    "evidence_file",
    "File that shows it",
    hint="Its name and fingerprint are kept and shared, not the file",
)


Kept = Callable[[object, Evidence], object]


class EvidenceForm(FormDialog):
    """Reads the chosen file off the window's thread before the command is sent."""

    def __init__(  # noqa: PLR0913 what a form is declared with
        self,
        place: Place,
        question: str,
        verb: str,
        fields: Sequence[Field],
        make: Make,
        *,
        keep: Kept | None = None,
        said: str = "",
    ) -> None:
        """Ask for the fields and a file; `keep` puts what was read into the command."""
        super().__init__(
            place.around,
            place.desk,
            question,
            verb,
            (*fields, FILE),
            make,
            said=said,
            parent=place.parent,
        )
        self._keep = keep or _with_name
        choose = button("Choose a file…", self.browse)
        self.body.addWidget(holder(row(choose, None), 4, 0, 4, 0))

    def browse(self) -> None:
        """Choose the file in the computer's own dialog."""
        path, _kind = QFileDialog.getOpenFileName(self, "File that shows it")
        if path:
            self.boxes[FILE.key].text = path

    def carry_out(self, command: object) -> None:
        """Read the file first, if one was named."""
        typed = self.values[FILE.key].strip()
        if not typed:
            super().carry_out(command)
            return
        answer = self._desk.workspace.threads.read(lambda: evidence_of(Path(typed)))
        send = super().carry_out
        deliver(self, answer, lambda found: send(self._keep(command, found)), self.refuse)


def _with_name(command: object, found: Evidence) -> object:
    return replace(  # type: ignore[type-var] # every such command has both fields
        command, evidence_sha256=found.sha256, evidence_name=found.name
    )


def hash_only(command: object, found: Evidence) -> object:
    """Keep the fingerprint in a command whose words are its own."""
    return replace(command, evidence_sha256=found.sha256)  # type: ignore[type-var] # as above
