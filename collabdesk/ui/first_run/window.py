"""The window of first run: what CollabDesk is at the left, three steps at the right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from collabdesk.errors import CollabDeskError
from collabdesk.ui.first_run.steps import FolderStep, LaptopStep, Step, StepBar, WhoStep
from collabdesk.ui.form import Field
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import (
    Picture,
    button,
    column,
    follow,
    holder,
    panel,
    row,
    rule,
    words,
)
from collabdesk.ui.states import LoadingView
from collabdesk.ui.workers import LongJob, Progress

if TYPE_CHECKING:
    from collabdesk.services.control.recovery import Sheet
    from collabdesk.services.doors import Doors, Who
    from collabdesk.services.workspace import Workspace

POINTS: Final = (
    (
        "laptop",
        "Works without a connection",
        "Everything is kept here and shared when the folder is in reach.",
    ),
    (
        "verified",
        "Every figure has a name to it",
        "Each change is signed by the person and laptop that made it.",
    ),
    (
        "contested",
        "Nobody’s figure is overwritten",
        "If two people differ, both are kept until someone decides.",
    ),
)
WITHOUT_SHEET: Final = (
    "The recovery key is neither printed nor saved. If this laptop is lost, nobody can sign for "
    "your trust any more. Press “Start working” once more to go on without it; you can make "
    "another in Sharing."
)
_KEYS: Final = {
    "passphrase-needed",
    "passphrase-too-short",
    "unsafe-keyring",
    "keyring-unreachable",
    "no-keyring",
}


class FirstRun(QWidget):
    """Found, join or explore."""

    ready = Signal(object)
    """A workspace is open and somebody wants to work in it."""
    closing = Signal()
    failed = Signal(object)
    """Something was refused; it stands at its field."""

    def __init__(self, around: Surroundings, folder: str = "") -> None:
        """Ask who somebody is; `folder` is the shared folder already known."""
        super().__init__()
        self.setWindowTitle("Welcome – CollabDesk")
        self.setProperty("ground", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.around = around
        self._doors: Doors | None = None
        self._workspace: Workspace | None = None
        self._before = 0
        self._kept, self._warned = True, False
        self.job: LongJob | None = None
        self.bar = StepBar(around.look)
        self.who = WhoStep(around, self._trust)
        self.folder = FolderStep(around, self.test_folder, folder)
        self.laptop = LaptopStep(around)
        self.steps: tuple[Step, ...] = (self.who, self.folder, self.laptop)
        self.stack = QStackedWidget()
        for step in self.steps:
            self.stack.addWidget(step)
        self.busy: LoadingView | None = None
        self.back = button("Back", self._go_back)
        self.onward = button("Continue", self._go_on, "primary")
        self.explore = button("Explore sample data", self.start_sample)
        self.other = button("Open a workspace folder…", self._choose_workspace, "link")
        self.setLayout(self._laid_out())
        self.show_step(0)
        self._may(on=False)

    def _laid_out(self) -> QHBoxLayout:
        both = row(self._left(), self._right(), gap=0)
        both.setStretch(1, 1)
        return both

    def _left(self) -> QFrame:
        side = panel("navigation")
        head = words("Work together,\neach on your own laptop", "display", wrap=True)
        mark = words("CD", "bodyStrong")
        mark.setProperty("mark", "avatar")
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        follow(
            self.around.look,
            mark,
            lambda theme: mark.setFixedSize(theme.px("size.control"), theme.px("size.control")),
        )
        inside = column(
            holder(row(mark, words("CollabDesk", "bodyStrong"), None)),
            16,
            head,
            words(
                "Budgets, improvement, pilots and access metrics for a provider collaborative.",
                ink="secondary",
                wrap=True,
            ),
            12,
            gap=8,
        )
        for icon, title, said in POINTS:
            text = column(
                words(title, "bodyStrong"), words(said, ink="secondary", wrap=True), gap=0
            )
            line = row(
                Picture(self.around.look, icon, "mark.accent", "icon.lead"), holder(text), gap=16
            )
            line.setStretch(1, 1)
            line.setAlignment(line.itemAt(0).widget(), Qt.AlignmentFlag.AlignTop)
            inside.addWidget(holder(line, 0, 4, 0, 4))
        inside.addStretch(1)
        inside.addWidget(rule())
        inside.addSpacing(8)
        inside.addWidget(words("Just looking?", "bodyStrong"))
        inside.addWidget(
            words(
                "Invented figures for three partners. Nothing is sent.", ink="secondary", wrap=True
            )
        )
        inside.addWidget(self.explore, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeft)
        inside.setContentsMargins(40, 40, 40, 24)
        side.setLayout(inside)
        follow(
            self.around.look,
            side,
            lambda theme: side.setFixedWidth(theme.px("size.inspectorMax") - theme.px("space.4")),
        )
        return side

    def _right(self) -> QWidget:
        foot = row(self.back, self.onward, None)
        self._body = column(self.bar, 16, self.stack, 8, gap=4)
        self._body.addLayout(foot)
        self._body.addStretch(1)
        inside = QWidget()
        inside.setProperty("ground", "page")
        inside.setLayout(self._body)
        self._body.setContentsMargins(64, 48, 64, 24)
        follow(
            self.around.look,
            inside,
            lambda theme: inside.setMaximumWidth(theme.px("size.dialogWidth.large") + 32),
        )
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        return area

    # --- state ---------------------------------------------------------------------------------

    def may_begin(self, doors: Doors) -> None:
        """Let people go on: what they need is loaded."""
        self._doors = doors
        self._may(on=True)
        self.who.look_up(self.who.text("ods"))

    @property
    def step(self) -> int:
        """The step on show, from 0."""
        return self.stack.currentIndex()

    def show_step(self, step: int) -> None:
        """Show a step with its buttons."""
        self.stack.setCurrentIndex(step)
        self.bar.show_step(step)
        self.back.setVisible(step == 1)
        self.onward.setText(("Continue", "Continue", "Start working")[step])
        self.onward.setAccessibleName(self.onward.text())
        self.folder.ask_for(founds=self.who.founds)
        first = (self.who.join, self.folder.boxes["store"].control, self.onward)[step]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _may(self, *, on: bool) -> None:
        for one in (self.onward, self.back, self.explore, self.other):
            one.setEnabled(on)

    def _trust(self, code: str) -> str:
        return self._doors.trust(code) if self._doors is not None else ""

    def _answers(self) -> Who:
        from collabdesk.services.doors import Who

        return Who(self.who.text("ods"), self.who.text("role"), self.who.text("laptop"))

    # --- going on --------------------------------------------------------------------------------

    def _go_back(self) -> None:
        self.show_step(0)

    def _go_on(self) -> None:
        for step in self.steps:
            step.clear()
        (self._leave_who, self._leave_folder, self._leave)[self.step]()

    def _leave_who(self) -> None:
        if self._doors is None:
            return
        try:
            self._doors.founder(self._answers())
        except CollabDeskError as refusal:
            self._refuse(refusal)
            return
        self.show_step(1)

    def test_folder(self) -> None:
        """Try the folder typed, and say what it can do."""
        doors, path = self._doors, self.folder.text("store")
        if doors is not None:
            self.folder.clear()
            self._ask(lambda: doors.try_folder(path), self.folder.tell)

    def _leave_folder(self) -> None:
        doors, folder = self._doors, self.folder
        if doors is None:
            return
        who, path, founds = self._answers(), folder.text("store"), self.who.founds
        typed = folder.text("name" if founds else "words")
        passphrase = folder.text("passphrase") if "passphrase" in folder.boxes else ""

        make = doors.found if founds else doors.join
        first = founds or bool(folder.boxes["first"].text)

        def work() -> tuple[Workspace, Sheet | None]:
            from collabdesk.services.control.recovery import make_recovery_key, sheet

            key = make_recovery_key() if first else None
            workspace = doors.open(make(typed, who, path, passphrase, key), passphrase)
            return workspace, sheet(workspace, key) if key else None

        self._ask(work, self._made)

    def _made(self, made: tuple[Workspace, Sheet | None]) -> None:
        self._workspace, sheet = made
        workspace = self._workspace
        doors = self._doors
        if doors is None:
            return
        about = workspace.about
        lines = (
            ("You", f"{about.person}, {about.organisation_name}"),
            ("This laptop", about.label),
            ("Shared folder", about.store),
            ("Keys", workspace.key_words),
        )
        if self.who.founds:
            self.laptop.retitle(
                "Read these eight words to each partner",
                "With them a partner knows that it joins the right workspace.",
            )
            said, name = doors.workspace_words(workspace), "This workspace"
            waiting = (
                f"“{about.name}” is founded. Admit partners in Sharing, with the eight words "
                "that their laptops show."
            )
        else:
            self.laptop.retitle(
                "Read these eight words to your administrator",
                f"Telephone the lead provider of “{about.name}”. They type the words and admit "
                "this laptop.",
            )
            said, name = doors.laptop_words(workspace), "This laptop"
            waiting = (
                "Waiting for approval. You can look around now; what you may change and share "
                "comes with the approval. Sharing shows the words again."
            )
        self.laptop.show_words(said, name, waiting, lines)
        if sheet is not None:
            self._kept = False
            self.laptop.show_sheet(sheet)
            if self.laptop.sheet is not None:
                self.laptop.sheet.kept.connect(self._keep_sheet)
        self.show_step(2)

    def _keep_sheet(self) -> None:
        self._kept = True

    def _leave(self) -> None:
        workspace = self._workspace
        if workspace is None:
            return
        if not self._kept and not self._warned:
            self._warned = True
            self.laptop.warn(WITHOUT_SHEET)
            return
        kept, self._workspace = self._kept, None

        def note() -> Workspace:
            from collabdesk.services.control.sheet_kept import note_sheet

            note_sheet(workspace, kept=kept)
            return workspace

        self._ask(note, self.ready.emit)

    # --- the sample, and a folder that is there already ----------------------------------------

    def start_sample(self) -> None:
        """Build the sample on this computer, with progress and Cancel."""
        doors = self._doors
        if doors is None:
            return

        def work(progress: Progress) -> Workspace:
            return doors.open(doors.explore(progress.say))

        self.job = LongJob("Making the sample", work, self)
        self._show_busy(self.job)
        self.job.finished.connect(self.ready.emit)
        self.job.failed.connect(self._refuse)
        self.job.ended.connect(self._end_busy)
        self.around.readers.start(self.job)

    def _choose_workspace(self) -> None:
        doors = self._doors
        path = QFileDialog.getExistingDirectory(self, "Folder of a workspace")
        if path and doors is not None:
            self._ask(lambda: doors.open(Path(path)), self.ready.emit)

    def _show_busy(self, job: LongJob) -> None:
        self._may(on=False)
        self._before = self.step
        self.busy = LoadingView(self.around.look, job.title, job.cancel)
        job.progressed.connect(self.busy.say)
        self.stack.addWidget(self.busy)
        self.stack.setCurrentWidget(self.busy)

    def _end_busy(self) -> None:
        self._may(on=True)
        if self.busy is not None:
            self.stack.removeWidget(self.busy)
            self.busy.deleteLater()
            self.busy = None
        self.show_step(self._before)

    def _ask(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        self._may(on=False)

        def answered(found: object) -> None:
            self._may(on=True)
            done(found)

        def refused(fault: Exception) -> None:
            self._may(on=True)
            self._refuse(fault)

        self.around.readers.read(self, work, answered, refused)

    def _refuse(self, fault: Exception) -> None:
        if isinstance(fault, CollabDeskError) and fault.code in _KEYS:
            self._ask_passphrase()
        for place, step in enumerate(self.steps):
            if step.refuse(fault):
                self.show_step(place)
                self.failed.emit(fault)
                return
        step = self.steps[self.step]
        step.banner.refuse(self.around.explainer.explain(fault))
        self.failed.emit(fault)

    def _ask_passphrase(self) -> None:
        if "passphrase" not in self.folder.boxes:
            hint = "This laptop's keys are kept in a file that it seals."
            asked = Field("passphrase", "A passphrase for this laptop", hint=hint, required=True)
            box = self.folder.add(asked)
            if isinstance(box.control, QLineEdit):
                box.control.setEchoMode(QLineEdit.EchoMode.Password)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs; a workspace made but not entered stays on this computer."""
        if self.job is not None:
            self.job.cancel()
        if self._workspace is not None and self._doors is not None:
            self._doors.close(self._workspace)
            self._workspace = None
        self.closing.emit()
        super().closeEvent(event)
