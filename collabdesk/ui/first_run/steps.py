"""The three steps as forms: who you are, the shared folder, this laptop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from collabdesk.errors import CollabDeskError
from collabdesk.ui.form import YES, Field, FieldBox
from collabdesk.ui.messages import Banner
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import (
    Picture,
    button,
    column,
    follow,
    holder,
    panel,
    restyle,
    row,
    rule,
    words,
)
from collabdesk.ui.theme import Look
from collabdesk.ui.words_shown import WordsShown

if TYPE_CHECKING:
    from collabdesk.services.control.recovery import Sheet
    from collabdesk.services.doors import FolderTried
    from collabdesk.ui.sharing.recovery import SheetView

STEPS: Final = ("Who you are", "Shared folder", "This laptop")
KEYRING_FAULTS: Final = {"passphrase-needed", "passphrase-too-short", "wrong-passphrase"}


class StepBar(QWidget):
    """Three bars with their names; those behind carry a tick."""

    def __init__(self, look: Look) -> None:
        """Stand at the first step."""
        super().__init__()
        self._look = look
        self._cells: list[tuple[QFrame, QHBoxLayout]] = []
        line = row(gap=8)
        for _ in STEPS:
            bar, label = panel("step"), row(gap=6)
            inside = column(bar, gap=8)
            inside.addLayout(label)
            line.addWidget(holder(inside), 1)
            self._cells.append((bar, label))
        self.setLayout(line)
        self.show_step(0)

    def show_step(self, step: int) -> None:
        """Stand at a step."""
        for place, (bar, label) in enumerate(self._cells):
            restyle(bar, reached=place <= step)
            while label.count():
                gone = label.takeAt(0).widget()
                if gone is not None:
                    gone.hide()
                    gone.deleteLater()
            if place < step:
                label.addWidget(Picture(self._look, "done", "mark.accent"))
            strong = "bodyStrong" if place == step else "body"
            label.addWidget(words(f"{place + 1} {STEPS[place]}", strong))
            label.addStretch(1)
        self.setAccessibleName(f"Step {step + 1} of {len(STEPS)}: {STEPS[step]}")


class Step(QWidget):
    """One step: a title, what it is for, its fields, and what is wrong over them all."""

    def __init__(self, around: Surroundings, title: str, said: str) -> None:
        """Ask something under a title."""
        super().__init__()
        self.around = around
        self.boxes: dict[str, FieldBox] = {}
        self.banner = Banner(around.look)
        self.body = column(gap=8)
        self._title, self._said = words(title, "title", wrap=True), words(said, wrap=True)
        inside = column(self._title, self._said, 8, self.banner, gap=4)
        inside.addLayout(self.body)
        inside.addStretch(1)
        self.setLayout(inside)

    def retitle(self, title: str, said: str) -> None:
        """Ask in other words."""
        self._title.setText(title)
        self._said.setText(said)

    def add(self, asked: Field) -> FieldBox:
        """Add a field."""
        box = FieldBox(self.around, asked)
        self.boxes[asked.key] = box
        self.body.addWidget(box)
        return box

    def text(self, key: str) -> str:
        """Return what stands in a field."""
        return self.boxes[key].text.strip()

    def clear(self) -> None:
        """Take back what was said to be wrong."""
        self.banner.hide()
        for box in self.boxes.values():
            box.fault = ""

    def refuse(self, fault: Exception) -> bool:
        """Say what is wrong at its field if it is one of this step's."""
        explained = self.around.explainer.explain(fault)
        key = fault.field if isinstance(fault, CollabDeskError) else ""
        box = self.boxes.get(key)
        if box is None:
            return False
        box.fault = f"{explained.happened} {explained.remedy}".strip()
        box.control.setFocus(Qt.FocusReason.OtherFocusReason)
        return True


class WhoStep(Step):
    """Join or found, and who you are."""

    def __init__(self, around: Surroundings, trust: Callable[[str], str]) -> None:
        """Ask the questions; `trust` names the organisation of a code."""
        super().__init__(
            around, "Who are you?", "Partners see your role and trust beside every figure."
        )
        self._trust = trust
        self.join = QRadioButton("Join a workspace that a partner has set up")
        self.found = QRadioButton("Found a new workspace at the lead provider")
        self._group = QButtonGroup(self)
        for one in (self.join, self.found):
            self._group.addButton(one)
            self.body.addWidget(one)
        self.join.setChecked(True)
        self.name = words("", ink="secondary", wrap=True)
        code = self.add(
            Field("ods", "ODS code of your trust", hint="For example RHA.", required=True)
        )
        self.body.addWidget(self.name)
        self.add(
            Field("role", "Your role", hint="Not your name.", value="Finance lead", required=True)
        )
        self.add(
            Field("laptop", "What this laptop is called", value="Finance laptop 1", required=True)
        )
        if isinstance(code.control, QLineEdit):
            code.control.textChanged.connect(self.look_up)

    @property
    def founds(self) -> bool:
        """Tell whether a workspace is to be founded."""
        return self.found.isChecked()

    def look_up(self, typed: str) -> None:
        """Show which trust a code belongs to."""
        name = self._trust(typed)
        self.name.setText(name)
        if name:
            self.boxes["ods"].fault = ""


class FolderStep(Step):
    """Where change sets are exchanged, and which workspace."""

    def __init__(self, around: Surroundings, test: Callable[[], object], folder: str) -> None:
        """Ask for the folder; `test` tries it."""
        super().__init__(
            around,
            "Where is the shared folder?",
            "A network share, or a folder kept by OneDrive or SharePoint. "
            "Everything is also kept on this laptop.",
        )
        self.add(Field("store", "Shared folder", value=folder, required=True))
        choose = button("Choose…", self._choose)
        tried = button("Test this folder", test)
        self.body.addLayout(row(choose, tried, None))
        self.report = words("", ink="secondary", wrap=True)
        self.body.addWidget(self.report)
        self.add(
            Field("name", "Name of the workspace", hint="Every partner sees it.", required=True)
        )
        self.add(
            Field(
                "words",
                "The workspace's eight words",
                required=True,
                hint="Have them read to you by telephone, not by e-mail: they show that "
                "this is the right workspace.",
            )
        )

        self.add(
            Field(
                "first",
                "First laptop of my trust in this workspace: make the trust's recovery key",
                "tick",
                value=YES,
                hint="Leave it off where a colleague of yours takes part already.",
            )
        )

    def ask_for(self, *, founds: bool) -> None:
        """Ask for a name to found, for words to join."""
        self.boxes["first"].setVisible(not founds)
        self.boxes["name"].setVisible(founds)
        self.boxes["words"].setVisible(not founds)

    def tell(self, tried: FolderTried) -> None:
        """Say what the folder can do."""
        count = tried.workspaces
        held = {0: "It holds no workspace yet.", 1: "It holds one workspace."}
        said = held.get(count, f"It holds {count} workspaces.")
        self.report.setText("\n".join((*tried.sentences, said)))

    def _choose(self) -> None:
        path = QFileDialog.getExistingDirectory(self, "Shared folder", self.text("store"))
        if path:
            self.boxes["store"].text = path


class LaptopStep(Step):
    """The words to read aloud, and what comes next."""

    def __init__(self, around: Surroundings) -> None:
        """Show nothing before there is a workspace."""
        super().__init__(around, "This laptop", "")
        self.shown = holder(column())
        self.sheet: SheetView | None = None
        self.body.addWidget(self.shown)

    def show_words(
        self, said: Sequence[str], name: str, waiting: str, lines: Sequence[tuple[str, str]]
    ) -> None:
        """Show the words, what is waited for, and what was answered."""
        note = panel("banner", "info")
        sign = Picture(self.around.look, "note", "mark.accent", "icon.lead")
        first, _, rest = waiting.partition(". ")
        text = holder(column(words(f"{first}.", "bodyStrong", wrap=True), words(rest, wrap=True)))
        inside = row(sign, text, gap=12)
        inside.setStretch(1, 1)
        inside.setContentsMargins(12, 8, 12, 8)
        note.setLayout(inside)
        told = column(WordsShown(said, name, large=True), 8, note, 8, gap=4)
        for label, value in lines:
            told.addWidget(self._line(label, value))
        self.body.replaceWidget(self.shown, held := holder(told))
        self.shown.deleteLater()
        self.shown = held

    def show_sheet(self, sheet: Sheet) -> None:
        """Show the recovery key, to be printed or saved before anything else."""
        from collabdesk.ui.sharing.recovery import WHY, SheetView

        self.sheet = SheetView()
        self.sheet.show_sheet(sheet)
        self.sheet.failed.connect(
            lambda fault: self.banner.refuse(self.around.explainer.explain(fault))
        )
        told = self.shown.layout()
        if told is not None:
            told.addWidget(rule())
            told.addWidget(words("Print or save the recovery key; keep it in the safe", "heading"))
            told.addWidget(words(WHY, ink="secondary", wrap=True))
            told.addWidget(self.sheet)

    def warn(self, said: str) -> None:
        """Say beside the sheet that it was not kept."""
        if self.sheet is not None:
            self.sheet.warn(said)

    def _line(self, label: str, value: str) -> QWidget:
        name = words(label, ink="secondary")
        follow(
            self.around.look,
            name,
            lambda theme: name.setFixedWidth(theme.px("size.monthColumn.pounds")),
        )
        line = row(name, words(value, wrap=True), gap=16)
        line.setStretch(1, 1)
        return holder(line)
