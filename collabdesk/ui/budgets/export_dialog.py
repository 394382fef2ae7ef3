"""Take the year away: choose a format and a place; the file is whole or not there at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QProgressBar,
    QStackedWidget,
    QWidget,
)

from collabdesk.errors import Refusal
from collabdesk.services.budgets.papers.export_formats import (
    FORMATS,
    PACK_FORMATS,
    Format,
    file_name,
)
from collabdesk.services.budgets.papers.exporting import Written, export_pack, export_year, stamp_of
from collabdesk.services.budgets.papers.pack_asked import PackReader, meetings, pack_months
from collabdesk.ui.budgets.pack_choices import PackChoices
from collabdesk.ui.charts_on_paper import charts_for_paper
from collabdesk.ui.desk import Desk
from collabdesk.ui.dialog import Dialog
from collabdesk.ui.messages import Banner
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import button, column, holder, row, words
from collabdesk.ui.workers import LongJob, Progress

OFFERED: Final = (*FORMATS, *PACK_FORMATS)
"""What can be chosen, in the order it is offered."""


class ExportDialog(Dialog):
    """Asks for format and place, writes off the window's thread, and says what was saved."""

    exported = Signal(object)

    def __init__(
        self,
        around: Surroundings,
        desk: Desk,
        fiscal_year: str,
        parent: QWidget | None = None,
        first: Format = OFFERED[0],
    ) -> None:
        """Offer the formats; the file's name follows from the ledger's number."""
        super().__init__(around.look, f"Export {fiscal_year}", "medium", parent)
        self._around, self._desk, self._year = around, desk, fiscal_year
        self._stamp = ""
        self._named = ""
        self.job: LongJob | None = None
        self.banner = Banner(around.look)
        self.formats = QComboBox()
        self.path = QLineEdit()
        self.steps = QStackedWidget()
        self.pack = PackChoices()
        self._said = words("", ink="secondary", wrap=True)
        self._stands = words("", "caption", "secondary", wrap=True)
        self._waiting = words("", wrap=True)
        self._bar = QProgressBar()
        self._result = words("", "heading", wrap=True)
        self._build()
        self.save = self.add_button("Export", QDialogButtonBox.ButtonRole.ApplyRole, primary=True)
        self.stop = self.add_button("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.save.clicked.connect(lambda _on=False: self._forward())
        self.formats.setCurrentIndex(OFFERED.index(first))
        self._choose()
        desk.ask(self, meetings, fiscal_year, done=self.pack.offer, failed=self._refuse)
        desk.ask(self, pack_months, fiscal_year, done=self.pack.offer_months, failed=self._refuse)
        desk.ask(self, stamp_of, fiscal_year, done=self._know, failed=self._refuse)
        self._show("ask")

    def _build(self) -> None:
        self.formats.setAccessibleName("Format")
        for one in OFFERED:
            self.formats.addItem(one.words, one.key)
        self.formats.currentIndexChanged.connect(lambda _at: self._choose())
        self.pack.month.currentIndexChanged.connect(lambda _at: self._choose())
        self.path.setAccessibleName("File to write")
        self.path.textChanged.connect(lambda _text: self._fit())
        self.path.returnPressed.connect(self._forward)
        place = row(self.path, button("Choose…", self.browse))
        place.setStretch(0, 1)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        ask = column(
            words("Format", "bodyStrong"),
            self.formats,
            self._said,
            self.pack,
            words("Where to", "bodyStrong"),
            holder(place, 4, 4, 4, 4),
            self._stands,
            None,
            gap=8,
        )
        pages = {
            "ask": ask,
            "wait": column(self._waiting, self._bar, None, gap=8),
            "done": column(self._result, None),
        }
        self._pages = {name: holder(inside) for name, inside in pages.items()}
        for page in self._pages.values():
            self.steps.addWidget(page)
        self.body.addWidget(self.banner)
        self.body.addWidget(self.steps, 1)

    @property
    def step(self) -> str:
        """Which step is on show: ask, wait or done."""
        current = self.steps.currentWidget()
        return next(name for name, page in self._pages.items() if page is current)

    @property
    def format(self) -> Format:
        """The format that is chosen."""
        return OFFERED[self.formats.currentIndex()]

    def browse(self) -> None:
        """Ask the computer for a place."""
        kinds = f"{self.format.words} (*{self.format.ending})"
        chosen, _kind = QFileDialog.getSaveFileName(self, "Export", self.path.text(), kinds)
        if chosen:
            self.path.setText(chosen)

    def reject(self) -> None:
        """Cancel: stop the work, leave what was there, then close."""
        if self.job is not None:
            self.stop.setEnabled(False)
            self._waiting.setText("Stopping. Nothing is left half-done.")
            self.job.cancel()
            return
        super().reject()

    def _know(self, stamp: str) -> None:
        self._stamp = stamp
        self._choose()

    @property
    def _earlier(self) -> int | None:
        """The earlier month that a pack is asked of, told by another ledger than now's."""
        return self.pack.earlier if self.format.pack else None

    def _choose(self) -> None:
        self._said.setText(self.format.said)
        if self._earlier is not None:
            self._stands.setText(f"Every page says which ledger M{self._earlier} was closed with.")
        elif self._stamp:
            self._stands.setText(f"Every page and file says: {self._stamp}.")
        self.pack.setVisible(self.format.pack)
        folder = Path(self.path.text()).parent if self.path.text() else _documents()
        if self.path.text() in {"", self._named}:
            name = file_name(self._year, self._stamp, self.format, self._earlier)
            self._named = str(folder / name)
            self.path.setText(self._named)
        else:
            kept = Path(self.path.text())
            self.path.setText(str(kept.with_suffix(self.format.ending)))
        self._fit()

    def _forward(self) -> None:
        if self.step == "done":
            self.accept()
        elif self.step == "ask" and self.path.text().strip():
            self._write(Path(self.path.text().strip()))

    def _write(self, path: Path) -> None:
        self.banner.hide()
        try:
            work = self._pack_written(path) if self.format.pack else self._year_written(path)
        except Refusal as refusal:
            self._refuse(refusal)
            return
        job = LongJob(f"Writing {path.name}", work, self)
        self.job = job
        job.progressed.connect(self._progress)
        job.finished.connect(self._done)
        job.failed.connect(self._failed)
        job.stopped.connect(self._stopped)
        job.ended.connect(self._end)
        self._waiting.setText(f"{job.title}…")
        self._bar.setRange(0, 0)
        self._show("wait")
        self._around.readers.start(job)

    def _year_written(self, path: Path) -> Callable[[Progress], Written]:
        key, year, workspace = self.format.key, self._year, self._desk.workspace
        today = workspace.clock.today()

        def work(progress: Progress) -> Written:
            return workspace.query(partial(export_year, told=progress.say), year, today, key, path)

        return work

    def _pack_written(self, path: Path) -> Callable[[Progress], Written]:
        key, year, workspace = self.format.key, self._year, self._desk.workspace
        asked, today = self.pack.asked, workspace.clock.today()
        who = self._desk.who

        def work(progress: Progress) -> Written:
            reader = PackReader(workspace.opener(), workspace.me, who, today, charts_for_paper)
            return workspace.query(
                partial(export_pack, told=progress.say), year, asked, reader, key, path
            )

        return work

    def _progress(self, said: str, done: int, total: int) -> None:
        self._waiting.setText(f"{said}: {done:,} of {total:,}" if total else f"{said}…")
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _done(self, written: object) -> None:
        if isinstance(written, Written):
            self._result.setText(written.words)
            self._show("done")
            self._desk.did.emit(written.words)
            self.exported.emit(written)

    def _failed(self, fault: Exception) -> None:
        self._refuse(fault)
        self._show("ask")

    def _stopped(self) -> None:
        self.banner.say("Stopped.", "Nothing was written.")
        self._show("ask")

    def _refuse(self, fault: Exception) -> None:
        self.banner.refuse(self._around.explainer.explain(fault))

    def _end(self) -> None:
        self.job = None
        self._fit()

    def _show(self, name: str) -> None:
        self.steps.setCurrentWidget(self._pages[name])
        self._fit()

    def _fit(self) -> None:
        if not hasattr(self, "save"):
            return
        done = self.step == "done"
        self.save.setText("Close" if done else "Export")
        self.save.setAccessibleName(self.save.text())
        self.save.setEnabled(done or (self.step == "ask" and bool(self.path.text().strip())))
        self.stop.setVisible(not done)
        self.stop.setEnabled(True)


def _documents() -> Path:
    """Return where this person keeps documents."""
    kind = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(kind))
