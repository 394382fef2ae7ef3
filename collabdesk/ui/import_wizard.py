"""The one import wizard: choose, look at the dry run, confirm, watch, done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QProgressBar,
    QStackedWidget,
    QWidget,
)

from collabdesk.ui.dialog import Dialog
from collabdesk.ui.form import Field, FieldBox
from collabdesk.ui.grid import Grid, GridCell, GridColumn, GridRow
from collabdesk.ui.messages import Banner
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import button, column, emptied, holder, row, words
from collabdesk.ui.workers import LongJob, Progress


@dataclass(frozen=True)
class Problem:
    """A row or code the import leaves out, and why."""

    where: str
    what: str
    why: str


@dataclass(frozen=True)
class DryRun:
    """What an import would do; nothing has been written."""

    layout: str
    rows_in: int
    mapped: int
    unmapped: int
    suppressed: int
    duplicates: int
    changes: Sequence[str] = ()
    problems: Sequence[Problem] = ()
    again: str = ""
    """Words when this very file was imported before; empty otherwise."""
    plan: object = field(default=None)
    """What the import itself wants back."""
    asks: Sequence[Field] = ()
    """What somebody must say about the file; after an answer it is read again."""
    faults: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with an answer, by its key."""
    ready: bool | None = None
    """Whether it can be imported; if not told, whether there are rows to import."""
    verb: str = ""
    """What the button says in place of the number of rows."""
    captions: tuple[str, str, str] = ("Would be imported", "Not recognised", "Suppressed")
    """What the counts of mapped, unmapped and suppressed rows are called."""


class Importer(Protocol):
    """What services give the wizard. Every method runs off the window's thread."""

    title: str
    kinds: str
    """The kinds of file, as a file dialog lists them."""

    def dry_run(self, path: Path, progress: Progress) -> DryRun:
        """Read a file and say what would change, writing nothing. Raises a refusal in words."""

    def carry_out(self, run: DryRun, progress: Progress) -> str:
        """Import as shown, all or nothing; return what was done in words."""


@runtime_checkable
class Asking(Protocol):
    """An importer that takes answers about the file before it is read again."""

    def answer(self, answers: Mapping[str, str]) -> None:
        """Keep what somebody said about the file."""


Sure = Callable[[Callable[[], object]], object]
"""Goes on once whoever sits there has signed in."""


_PROBLEMS_SHOWN: Final = 4


class ImportWizard(Dialog):
    """Nothing is written until it has been shown and confirmed."""

    imported = Signal(str)

    def __init__(
        self,
        around: Surroundings,
        importer: Importer,
        parent: QWidget | None = None,
        sure: Sure | None = None,
    ) -> None:
        """Start by choosing a file; `sure` is asked before anything is written that binds."""
        super().__init__(around.look, importer.title, "large", parent)
        self._around = around
        self._importer = importer
        self._sure: Sure = sure or (lambda go_on: go_on())
        self.boxes: dict[str, FieldBox] = {}
        self._stale = False
        self._run: DryRun | None = None
        self.job: LongJob | None = None
        self.banner = Banner(around.look)
        self.steps = QStackedWidget()
        self.path = QLineEdit()
        self._waiting = words("", wrap=True)
        self._bar = QProgressBar()
        self._summary = column(gap=8)
        self._result = words("", "heading", wrap=True)
        self._build()
        self.next = self.add_button(
            "Read the file", QDialogButtonBox.ButtonRole.ActionRole, primary=True
        )
        self.stop = self.add_button("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.next.clicked.connect(lambda _on=False: self._forward())
        self._show("choose")

    def _build(self) -> None:
        self.path.setAccessibleName("File to import")
        self.path.setPlaceholderText("The file to import")
        self.path.textChanged.connect(lambda _text: self._fit_buttons())
        self.path.returnPressed.connect(self._forward)
        browse = button("Choose…", self.browse)
        line = row(self.path, browse)
        line.setStretch(0, 1)
        choose = column(
            words(
                "Which file? It is read and shown first; nothing is written until you say so.",
                wrap=True,
            ),
            holder(line, 4, 4, 4, 4),
            None,
            gap=8,
        )
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        pages = {
            "choose": choose,
            "wait": column(self._waiting, self._bar, None, gap=8),
            "look": self._summary,
            "done": column(self._result, None),
        }
        self._pages = {name: holder(inside) for name, inside in pages.items()}
        for page in self._pages.values():
            self.steps.addWidget(page)
        self.body.addWidget(self.banner)
        self.body.addWidget(self.steps, 1)
        self.steps.setMinimumHeight(self.look.theme.px("space.7") * 7)

    @property
    def step(self) -> str:
        """Which step is on show: choose, wait, look or done."""
        current = self.steps.currentWidget()
        return next(name for name, page in self._pages.items() if page is current)

    def browse(self) -> None:
        """Ask the computer for a file."""
        chosen, _kind = QFileDialog.getOpenFileName(
            self, self._importer.title, "", self._importer.kinds
        )
        if chosen:
            self.path.setText(chosen)

    def reject(self) -> None:
        """Cancel: stop the work, leave nothing half-done, then close."""
        if self.job is not None:
            self.stop.setEnabled(False)
            self._waiting.setText("Stopping. Nothing is left half-done.")
            self.job.cancel()
            return
        super().reject()

    def _forward(self) -> None:
        if self.step == "choose" and self.path.text().strip():
            self._read(Path(self.path.text().strip()))
        elif self.step == "look" and self._asks_again():
            self._read_again()
        elif self.step == "look" and self._run is not None:
            run = self._run
            self._sure(lambda: self._carry_out(run))
        elif self.step == "done":
            self.accept()

    def _asks_again(self) -> bool:
        return self._stale or bool(self._run and self._run.faults)

    def _read_again(self) -> None:
        if isinstance(self._importer, Asking):
            self._importer.answer({key: box.text for key, box in self.boxes.items()})
        self._read(Path(self.path.text().strip()))

    def _answered(self) -> None:
        self._stale = True
        self._fit_buttons()

    def _read(self, path: Path) -> None:
        self.banner.hide()
        job = LongJob(f"Reading {path.name}", lambda say: self._importer.dry_run(path, say), self)
        job.finished.connect(self._show_run)
        job.stopped.connect(lambda: self._show("choose"))
        self._start(job, back="choose")

    def _carry_out(self, run: DryRun) -> None:
        job = LongJob("Importing", lambda say: self._importer.carry_out(run, say), self)
        job.finished.connect(self._show_done)
        job.stopped.connect(self._show_stopped)
        self._start(job, back="look")

    def _start(self, job: LongJob, back: str) -> None:
        self.job = job
        job.progressed.connect(self._show_progress)
        job.failed.connect(lambda fault: self._show_fault(fault, back))
        job.ended.connect(self._end)
        self._waiting.setText(f"{job.title}…")
        self._bar.setRange(0, 0)
        self._show("wait")
        self._around.readers.start(job)

    def _end(self) -> None:
        self.job = None
        self._fit_buttons()

    def _show_progress(self, said: str, done: int, total: int) -> None:
        self._waiting.setText(f"{said}: {done:,} of {total:,}" if total else f"{said}…")
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _show_fault(self, fault: Exception, back: str) -> None:
        self.banner.refuse(self._around.explainer.explain(fault))
        self._show(back)

    def _show_stopped(self) -> None:
        self.banner.say("Stopped.", "Nothing was imported.")
        self._show("look")

    def _show_done(self, said: object) -> None:
        self._result.setText(str(said))
        self._show("done")
        self.imported.emit(str(said))

    def _show_run(self, result: object) -> None:
        if isinstance(result, DryRun):
            self._run, self._stale = result, False
            emptied(self._summary)
            self.boxes = {}
            self._summary.addWidget(words(f"Recognised as {result.layout}", "heading", wrap=True))
            if result.again:
                self._summary.addWidget(words(result.again, ink="concern", wrap=True))
            if result.asks:
                self._summary.addWidget(self._asked(result))
            self._summary.addWidget(_counts(result))
            for change in result.changes:
                self._summary.addWidget(words(change, wrap=True))
            if result.problems:
                self._summary.addWidget(self._problems(result.problems), 1)
            self._summary.addStretch(0 if result.problems else 1)
            self._show("look")
            self._grow()
            first = next((self.boxes[key] for key in result.faults if key in self.boxes), None)
            if first is not None:
                first.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _grow(self) -> None:
        """Be as high as what is said now needs, as far as the screen has it."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            need = max(layout.totalHeightForWidth(self.width()), self.sizeHint().height())
            most = round(self.screen().availableSize().height() * 0.9)
            self.resize(self.width(), min(max(need, self.height()), most))

    def _asked(self, run: DryRun) -> QWidget:
        cells = QGridLayout()
        cells.setContentsMargins(0, 0, 0, 0)
        place = 0
        for ask in run.asks:
            box = FieldBox(self._around, ask)
            box.fault = run.faults.get(ask.key, "")
            self.boxes[ask.key] = box
            if isinstance(box.control, QComboBox):
                box.control.activated.connect(lambda _at: self._answered())
            elif isinstance(box.control, QLineEdit):
                box.control.textEdited.connect(lambda _text: self._answered())
                box.control.returnPressed.connect(self._forward)
            place += place % 2 if not ask.half else 0
            cells.addWidget(box, place // 2, place % 2, 1, 1 if ask.half else 2)
            place += 1 if ask.half else 2
        cells.setColumnStretch(0, 1)
        cells.setColumnStretch(1, 1)
        made = QWidget()
        made.setLayout(cells)
        return made

    def _problems(self, problems: Sequence[Problem]) -> Grid:
        columns = (
            GridColumn("where", "Row"),
            GridColumn("what", "What"),
            GridColumn("why", "Why it is left out"),
        )
        grid = Grid(self.look, "Rows left out", columns, strip=False)
        cells = ((one.where, one.what, one.why) for one in problems)
        grid.set_rows([GridRow(n, tuple(map(GridCell, line))) for n, line in enumerate(cells)])
        px = self.look.theme.px
        shown = min(len(problems), _PROBLEMS_SHOWN)
        grid.setMinimumHeight(px("size.gridHeader") + shown * px("size.gridRow") + 4)
        return grid

    def _show(self, step: str) -> None:
        self.steps.setCurrentWidget(self._pages[step])
        self._fit_buttons()
        target = (
            self.path if step == "choose" else self.next if self.next.isEnabled() else self.stop
        )
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit_buttons(self) -> None:
        run = self._run
        mapped = run.mapped if run is not None else 0
        ready_now = bool(mapped if run is None or run.ready is None else run.ready)
        again = self._asks_again()
        verb = run.verb if run is not None else ""
        said = {
            "choose": "Read the file",
            "wait": "Please wait",
            "look": "Read again" if again else verb or f"Import {mapped:,} rows",
            "done": "Close",
        }[self.step]
        self.next.setText(said)
        self.next.setAccessibleName(said)
        ready = {"choose": bool(self.path.text().strip()), "wait": False}
        ready["look"] = again or ready_now
        self.next.setEnabled(ready.get(self.step, True))
        self.stop.setEnabled(True)
        self.stop.setVisible(self.step != "done")


def _counts(run: DryRun) -> QWidget:
    cells = QGridLayout()
    cells.setContentsMargins(0, 0, 0, 0)
    cells.setHorizontalSpacing(24)
    for place, (name, count) in enumerate(
        (
            ("Rows in the file", run.rows_in),
            (run.captions[0], run.mapped),
            (run.captions[1], run.unmapped),
            (run.captions[2], run.suppressed),
            ("Already here", run.duplicates),
        )
    ):
        cells.addWidget(words(f"{count:,}", "title"), 0, place)
        cells.addWidget(words(name, "caption", "secondary"), 1, place)
    made = QWidget()
    made.setLayout(cells)
    return made
