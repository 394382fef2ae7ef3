"""The Sharing page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QScrollArea, QWidget

from collabdesk.errors import CollabDeskError
from collabdesk.ui.grid import Grid, GridCell, GridColumn, GridRow
from collabdesk.ui.grid.whole import whole_rows
from collabdesk.ui.messages import Action
from collabdesk.ui.page import Heading, Page, PageAction, Surroundings
from collabdesk.ui.parts import button, column, follow, give_icon, holder, row, rule, words
from collabdesk.ui.sharing.invite import InviteDialog
from collabdesk.ui.sharing.panel import SharingPanel
from collabdesk.ui.sharing.picture import AlliancePicture, Legend
from collabdesk.ui.sharing.read_aloud import ReadAloud
from collabdesk.ui.sharing.standing_words import Partner, ago_words, partners, seen_words
from collabdesk.ui.workers import LongJob, Progress

if TYPE_CHECKING:
    from collabdesk.services.doors import FolderTried
    from collabdesk.services.sharing.report import SyncReport
    from collabdesk.services.sharing.standing import Laptop, Standing
    from collabdesk.services.sharing.verify import Verification
    from collabdesk.ui.desk import Desk
    from collabdesk.ui.house import House

_QUIET_MS: Final = 200
_STACKED: Final = 150
_LOST: Final = {"empty-share", "foreign-share"}
COLUMNS: Final = (
    GridColumn("laptop", "Laptop"),
    GridColumn("person", "Person"),
    GridColumn("seen", "Has seen up to"),
    GridColumn("heard", "Last heard"),
)


@dataclass(frozen=True)
class _Read:
    standing: Standing
    waiting: int


class SharingPage(Page):
    """Partners, laptops, what waits, what was kept aside, and the words to read aloud."""

    def __init__(self, around: Surroundings, desk: Desk, house: House) -> None:
        """Build the picture, the table and the panel; they are filled when read."""
        super().__init__(around, "Sharing")
        self._desk, self._house = desk, house
        self._found: _Read | None = None
        self._dialog: InviteDialog | None = None
        self.picture = AlliancePicture(around.look)
        self.legend = Legend(around.look)
        self.panel = SharingPanel(around.look, self._open_record)
        self.read_aloud = ReadAloud(around.look)
        self.grid = Grid(around.look, "Laptops", COLUMNS, strip=False)
        self.invite = button("Invite a laptop…", self.ask_words)
        give_icon(around.look, self.invite, "add")
        self._whose = words("", "heading")
        self._content = self._laid_out()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.read)
        self._asked = False
        self._connect()

    def _connect(self) -> None:
        self.picture.chosen.connect(self._show_laptops)
        self.picture.folder.clicked.connect(lambda _on=False: self.try_folder())
        sharing = self._house.sharing
        sharing.busy_changed.connect(self._show_heading)
        sharing.shared.connect(self._tell_shared)
        sharing.failed.connect(self._tell_failed)
        self._desk.noticed.connect(lambda _notice: self._again.start(_QUIET_MS))
        follow(self.look, self, lambda theme: self._stack_at(theme.text_size))

    def _stack_at(self, text_size: int) -> None:
        # With large text the picture becomes its table.
        for part in (self.picture, self.legend):
            part.setVisible(text_size < _STACKED)

    def _laid_out(self) -> QWidget:
        head = row(self._whose, None, self.invite)
        body = column(
            self.picture,
            rule(),
            self.legend,
            holder(head, 16, 4, 16, 4),
            self.grid,
            self.read_aloud,
            gap=0,
        )
        body.setStretch(0, 1)
        made = QWidget()
        made.setProperty("ground", "page")
        made.setLayout(body)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(made)
        return scroll

    def inspector(self) -> QWidget | None:
        """Return what waits and the words to read aloud."""
        return self.panel

    @property
    def filled(self) -> bool:
        """Tell whether what was read is on show."""
        return self._found is not None

    def arrive(self, _within: object = None) -> None:
        """Read how sharing stands."""
        self.read()

    def read(self) -> None:
        """Read off this thread."""
        workspace = self._desk.workspace

        def work() -> _Read:
            from collabdesk.services.sharing.standing import standing
            from collabdesk.services.sharing.waiting import waiting

            return _Read(standing(workspace), workspace.query(waiting).changes)

        self.fill(work, self._answer)

    def _answer(self, found: _Read) -> None:
        self._found = found
        now_ms = self._desk.workspace.clock.now_ms()
        listed = partners(found.standing.laptops, now_ms)
        self.picture.show_partners(listed)
        self.panel.show_standing(found.standing, found.waiting)
        self.read_aloud.show_standing(found.standing)
        chosen = next((box.partner for box in self.picture.boxes if box.isChecked()), None)
        if chosen is not None:
            self._show_laptops(chosen)
        self.show_full(self._content)
        self._show_heading()
        self._caution(found.standing)

    def _caution(self, now: Standing) -> None:
        if not now.enrolled:
            self.banner.say(
                "This laptop waits for approval.",
                "Read its eight words, below, to the lead provider; then share again.",
            )
        elif now.caution and not self.banner.isVisible():
            self.banner.say(now.caution)

    def _show_laptops(self, partner: Partner) -> None:
        self._whose.setText(partner.name)
        now_ms = self._desk.workspace.clock.now_ms()
        self.grid.set_rows([_laptop_row(laptop, now_ms) for laptop in partner.laptops])
        self.grid.measure()
        whole_rows(self.look, self.grid, len(partner.laptops))

    def _show_heading(self) -> None:
        found, busy = self._found, self._house.sharing.busy
        if found is None:
            return
        now = found.standing
        count = len({laptop.member.organisation for laptop in now.laptops})
        said = f"{count} partner{'' if count == 1 else 's'}, {len(now.laptops)} laptops"
        aside = len([item for item in now.aside if item.standing != "held"])
        self.heading = Heading(
            "Sharing",
            said if now.founded else "This workspace has not arrived yet",
            secondary=(
                PageAction("Test shared folder", self.try_folder, "folder"),
                PageAction("Verify everything", self.verify, "verified"),
            ),
            primary=PageAction(
                "Share now", self.share_now, why_off="Sharing is under way." if busy else ""
            ),
            status=(
                ("", f"{found.waiting} to go out"),
                ("", f"{now.counts.waiting_in + now.waiting_files} to come in"),
                ("", f"{aside} kept aside"),
            ),
            status_right=f"Shared folder: {now.store}",
        )

    # --- what people do here ---------------------------------------------------------------------

    def share_now(self) -> None:
        """Exchange with the shared folder now."""
        self._asked = True
        self._house.sharing.share()

    def _tell_shared(self, report: SyncReport) -> None:
        if self._asked:
            self._asked = False
            self.banner.say(f"Shared: {report.sentence()}.", tone="good")
        self.read()

    def _tell_failed(self, fault: Exception) -> None:
        self.read()
        lost = isinstance(fault, CollabDeskError) and fault.code in _LOST
        if lost:
            self.refuse(fault, Action("Publish everything again", self.publish_again))
        elif self._asked:
            self.refuse(fault, Action("Choose another folder…", self.choose_folder))
        self._asked = False

    def publish_again(self) -> None:
        """Put everything this laptop holds into the folder."""
        doors, workspace = self._house.doors, self._desk.workspace
        self._work(lambda: doors.publish_again(workspace), self._published)

    def _published(self, report: SyncReport) -> None:
        self.banner.say(f"Everything was published again: {report.sentence()}.", tone="good")
        self._house.sharing.share()

    def try_folder(self) -> None:
        """Try the shared folder and say what it can do."""
        doors, path = self._house.doors, self._desk.workspace.about.store
        self._work(lambda: doors.try_folder(path), self._tell_tried)

    def _tell_tried(self, tried: FolderTried) -> None:
        first, *rest = tried.sentences
        self.banner.say(first, " ".join(rest), "good" if tried.usable else "concern")

    def choose_folder(self) -> None:
        """Ask for another shared folder and use it."""
        present = self._desk.workspace.about.store
        path = QFileDialog.getExistingDirectory(self, "Shared folder", present)
        if path:
            self.share_through(path)

    def share_through(self, path: str) -> None:
        """Use another shared folder from now on."""
        doors, workspace = self._house.doors, self._desk.workspace
        self._work(lambda: doors.share_through(workspace, path), lambda _none: self.share_now())

    def verify(self) -> None:
        """Check every signature again and compare every table; shows progress and Cancel."""
        workspace = self._desk.workspace

        def work(progress: Progress) -> Verification:
            from collabdesk.services.sharing.verify import verify

            return verify(workspace, progress=progress.say, cancelled=lambda: progress.cancelled)

        job = LongJob("Verifying everything", work, self)
        job.finished.connect(self._tell_verified)
        self.run(job)

    def _tell_verified(self, found: Verification) -> None:
        self.show_full()
        counted = (
            f"{found.segments:,} change sets, {found.records:,} membership records and "
            f"{found.tables:,} tables were checked."
        )
        if found.sound:
            self.banner.say("Every signature, chain and table is right.", counted, "good")
        else:
            self.banner.say(found.faults[0], f"{len(found.faults)} found. {counted}", "danger")

    def ask_words(self) -> None:
        """Ask for the words of a laptop that wants to join."""
        self._dialog = InviteDialog(self.around, self._house, self._desk.workspace, self)
        self._dialog.admitted.connect(self._tell_admitted)
        self._dialog.open()

    def _tell_admitted(self, admitted: tuple[str, ...]) -> None:
        self.banner.say(
            f"Admitted: {'; '.join(admitted)}.",
            "It takes effect when that laptop has shared once more.",
            "good",
        )
        self.read()

    def _work(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        self.around.readers.read(self, work, done, self.refuse)

    def _open_record(self, record: tuple[str, bytes]) -> None:
        from collabdesk.services.titles import PAGES

        self.go.emit(PAGES[record[0]], record)


def _laptop_row(laptop: Laptop, now_ms: int) -> GridRow:
    member = laptop.member
    name = f"{member.laptop} (this one)" if laptop.mine else member.laptop
    cells = (
        name,
        member.role,
        seen_words(laptop.behind),
        "Now" if laptop.mine else ago_words(laptop.heard_ms, now_ms),
    )
    return GridRow(member.key, tuple(GridCell(text) for text in cells))
