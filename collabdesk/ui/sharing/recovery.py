"""The recovery key on paper: made, printed or saved as a document, and used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QRadioButton,
    QWidget,
)

from collabdesk.errors import NotPossible, Refusal
from collabdesk.ui.form import Field, FieldBox
from collabdesk.ui.parts import button, column, emptied, holder, panel, restyle, row, words
from collabdesk.ui.sharing.deciding import Decider
from collabdesk.ui.sharing.steps import Step, StepsDialog

if TYPE_CHECKING:
    from collabdesk.services.control.recovery import RecoveryKey, Sheet
    from collabdesk.services.control.roster_signing import Listed
    from collabdesk.services.workspace import Workspace

KINDS: Final = "Document (*.pdf);;Page (*.html);;Text (*.txt)"
WHY: Final = (
    "If the only laptop that signs for your trust is lost, this sheet lets a new one take its "
    "place. Who holds it can sign for the trust: keep it in the safe, apart from every laptop. "
    "CollabDesk keeps no copy, and does not show it again."
)


class SheetView(QWidget):
    """The rows of a recovery key, to be printed, saved or written down."""

    kept = Signal()
    """It was printed, saved, or a person says that they wrote it down."""
    failed = Signal(object)

    def __init__(self) -> None:
        """Show nothing before a key was made."""
        super().__init__()
        self._sheet: Sheet | None = None
        self._rows = QGridLayout()
        self._rows.setContentsMargins(12, 8, 12, 8)
        self._rows.setHorizontalSpacing(16)
        frame = panel("card")
        frame.setLayout(self._rows)
        self.print = button("Print…", self.ask_to_print)
        self.save = button("Save as a document…", self.ask_where)
        self.written = QCheckBox("I have written it down by hand")
        self.written.toggled.connect(lambda on: self.kept.emit() if on else None)
        self.said = words("", "caption", "good", wrap=True)
        self.setLayout(
            column(frame, 4, holder(row(self.print, self.save, None)), self.written, self.said)
        )

    def show_sheet(self, sheet: Sheet) -> None:
        """Show the rows."""
        self._sheet = sheet
        emptied(self._rows)
        for place, line in enumerate(sheet.rows):
            number, *said, check = line.split(" ")
            for at, text in enumerate((number, *said, check)):
                role = "caption" if at in {0, len(said) + 1} else "bodyStrong"
                self._rows.addWidget(words(text, role), place, at)
            self._rows.setColumnStretch(len(said) + 2, 1)
        self.setAccessibleName(f"{sheet.title}: {'; '.join(sheet.rows)}")

    def ask_to_print(self) -> None:
        """Ask for a printer and print the sheet."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        asked = QPrintDialog(printer, self)
        if asked.exec() == QPrintDialog.DialogCode.Accepted:
            self._document().print_(printer)
            self._keep("Sent to the printer. Look whether it came out before you go on.")

    def ask_where(self) -> None:
        """Ask for a file and save the sheet in it."""
        name = "Recovery key.pdf"
        path, _kind = QFileDialog.getSaveFileName(self, "Save the recovery key", name, KINDS)
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Save the sheet as a document, a page or text, by the file's ending."""
        if self._sheet is None:
            return
        try:
            if path.suffix.lower() in {".html", ".txt"}:
                self._sheet.write(path)
            else:
                self._write_pdf(path)
        except OSError as fault:
            self.failed.emit(_not_written(path, fault))
        else:
            self._keep(f"Saved as {path.name}. Move it to a safe place; do not leave it here.")

    def _write_pdf(self, path: Path) -> None:
        path.touch()
        writer = QPdfWriter(str(path))
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setTitle(self._sheet.title if self._sheet else "")
        self._document().print_(writer)

    def _document(self) -> QTextDocument:
        document = QTextDocument()
        document.setHtml(self._sheet.page() if self._sheet else "")
        return document

    def warn(self, said: str) -> None:
        """Say that it was not kept."""
        restyle(self.said, ink="concern")
        self.said.setText(said)

    def _keep(self, said: str) -> None:
        restyle(self.said, ink="good")
        self.said.setText(said)
        self.kept.emit()


class MakeRecoveryDialog(StepsDialog):
    """Print the recovery key now?"""

    def __init__(self, decider: Decider) -> None:
        """Make a key; nothing is signed before it is printed, saved or written down."""
        super().__init__(decider, "Where will the recovery key be kept?")
        self._key: RecoveryKey | None = None
        self.sheet = SheetView()
        self.sheet.kept.connect(lambda: self.verb.setEnabled(True))
        self.sheet.failed.connect(self._not_kept)
        self.put_steps(
            Step(
                holder(column(words(WHY, wrap=True), self.sheet, None, gap=8)),
                self.sheet.print,
                "List it",
                self._list,
            ),
            Step(
                holder(column(self.done_words, self.then_words, None, gap=8)),
                None,
                "Close",
                self.accept,
            ),
        )
        self.show_step(0)
        self.verb.setEnabled(False)
        decider.read(self, _made, self._show, self._not_kept)

    def _not_kept(self, fault: Exception) -> None:
        self.banner.refuse(self.decider.around.explainer.explain(fault))

    def _show(self, made: tuple[RecoveryKey, Sheet]) -> None:
        self._key, sheet = made
        self.sheet.show_sheet(sheet)
        # The rows are measured once they have been given their type.
        QTimer.singleShot(0, self, self.grow)

    def _list(self) -> None:
        key = self._key
        if key is None:
            return

        def work(workspace: Workspace) -> Listed:
            from collabdesk.services.control.recovery import list_recovery_key
            from collabdesk.services.control.sheet_kept import note_sheet

            listed = list_recovery_key(workspace, key)
            note_sheet(workspace, kept=True)
            return listed

        self.wait()
        self.decider.run(self, work, self._done, self.refuse)

    def _done(self, listed: Listed) -> None:
        self._key = None
        then = "Propose “Fix what is agreed” at your next turn; then it can sign."
        self.tell(listed.sentence, then)
        self.decider.decided.emit(listed.sentence)


class UseRecoveryDialog(StepsDialog):
    """Which laptop was lost? Asked on a new laptop that nobody has enrolled."""

    def __init__(self, decider: Decider) -> None:
        """Ask for the rows of the sheet, then for the laptop that was lost."""
        super().__init__(decider, "What is on the recovery sheet?")
        hint = "Type the six rows. Their numbers and check digits may be left out."
        self.typed = FieldBox(
            decider.around, Field("recovery", "Rows of the sheet", "text", hint, required=True)
        )
        self.fields["recovery"] = self.typed
        self._group = QButtonGroup(self)
        self.choices: dict[bytes, QRadioButton] = {}
        self._offered = column(gap=4)
        said = words(
            "This laptop takes the place of the lost one: the same person, roles and history. "
            "The lost one is retired.",
            ink="secondary",
            wrap=True,
        )
        which = column(words("Which laptop was lost?", "bodyStrong"), gap=8)
        which.addLayout(self._offered)
        which.addWidget(said)
        which.addStretch(1)
        self.put_steps(
            Step(holder(column(self.typed, None)), self.typed.control, "Continue", self._read),
            Step(holder(which), None, "Take its place", self._use),
            Step(
                holder(column(self.done_words, self.then_words, None, gap=8)),
                None,
                "Close",
                self.accept,
            ),
        )
        self.show_step(0)

    def _read(self) -> None:
        typed = self.typed.text

        def look(workspace: Workspace) -> tuple[tuple[bytes, str], ...]:
            from collabdesk.services.control.recovery import lost_choices, read_recovery_key

            found = lost_choices(workspace, read_recovery_key(typed))
            return tuple((device.key, device.label) for device in found)

        self.wait()
        self.decider.read(self, look, self._offer, self.refuse)

    def _offer(self, found: tuple[tuple[bytes, str], ...]) -> None:
        emptied(self._offered)
        self.choices = {key: QRadioButton(label) for key, label in found}
        for choice in self.choices.values():
            self._group.addButton(choice)
            self._offered.addWidget(choice)
        if len(found) == 1:
            next(iter(self.choices.values())).setChecked(True)
        self.show_step(1)

    def _use(self) -> None:
        lost = next((key for key, one in self.choices.items() if one.isChecked()), None)
        if lost is None:
            self.refuse(Refusal(code="no-laptop", words="No laptop is chosen yet."))
            return
        typed = self.typed.text

        def work(workspace: Workspace) -> Listed:
            from collabdesk.services.control.recovery import read_recovery_key, use_recovery_key
            from collabdesk.services.sealed.letting_in import regain_reading

            done = use_recovery_key(workspace, typed, lost)
            if workspace.enrolled:
                key = read_recovery_key(typed)
                regain_reading(workspace, key.public, key.sealing)
            return done

        self.wait()
        # The sheet itself says who may do this; nothing else on this laptop could.
        sharing, workspace = self.decider.house.sharing, self.decider.desk.workspace
        sharing.run(self, lambda: work(workspace), self._done, self.refuse)

    def _done(self, listed: Listed) -> None:
        self.typed.text = ""
        self.tell(listed.sentence, "Put the sheet back into the safe; it can be used again.")
        self.decider.decided.emit(listed.sentence)


def _made(workspace: Workspace) -> tuple[RecoveryKey, Sheet]:
    from collabdesk.services.control.recovery import make_recovery_key, sheet

    key = make_recovery_key()
    return key, sheet(workspace, key)


def _not_written(path: Path, fault: OSError) -> NotPossible:
    return NotPossible(
        code="sheet-not-written",
        words=f"{path} could not be written: {fault.strerror or fault}.",
        remedy="Choose another place, or print the sheet.",
    )
