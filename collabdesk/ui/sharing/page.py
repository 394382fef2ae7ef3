"""The Sharing page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from collabdesk.errors import CollabDeskError, Refusal
from collabdesk.ui.messages import Action
from collabdesk.ui.page import Heading, Page, PageAction, Surroundings
from collabdesk.ui.parts import column
from collabdesk.ui.sharing import questions
from collabdesk.ui.sharing.alarm_cards import AlarmCards
from collabdesk.ui.sharing.alliance_view import AllianceView
from collabdesk.ui.sharing.aside_view import AsideView
from collabdesk.ui.sharing.deciding import Decider
from collabdesk.ui.sharing.history_view import HistoryView
from collabdesk.ui.sharing.laptops_view import LaptopsView
from collabdesk.ui.sharing.panel import SharingPanel
from collabdesk.ui.sharing.readers_view import ReadersView
from collabdesk.ui.sharing.room import Looked, Room, read_audit, read_readers, read_room
from collabdesk.ui.sharing.tabs import Part, Tabs
from collabdesk.ui.turns import Turns
from collabdesk.ui.workers import LongJob, Progress

if TYPE_CHECKING:
    from collabdesk.services.control.audit import Decided
    from collabdesk.services.control.people import Seated
    from collabdesk.services.control.versions import Version
    from collabdesk.services.doors import FolderTried
    from collabdesk.services.sharing.alarms import Alarm
    from collabdesk.services.sharing.report import SyncReport
    from collabdesk.services.sharing.standing import Standing
    from collabdesk.services.sharing.verify import Verification
    from collabdesk.services.workspace import Workspace
    from collabdesk.ui.desk import Desk
    from collabdesk.ui.house import House

_QUIET_MS: Final = 200
PARTS: Final = frozenset({"alliance", "decisions", "aside", "readers", "history"})
_LOST: Final = {"empty-share", "foreign-share"}
WAITS: Final = "This laptop waits for approval."
ALLIANCE_HELP: Final = (
    "Who takes part, whether each partner has seen everything, and the laptops of the one chosen. "
    "The eight words of “What this laptop holds” are the same at everybody who is up to date."
)
DECISIONS_HELP: Final = (
    "Changes of partners and laptops take effect once enough administrators have signed them. "
    "Each says what it changes before you sign; nothing is signed by itself."
)
ASIDE_HELP: Final = (
    "Changes that do not count, and why. Nothing of them is applied and nothing is lost. Adopt "
    "makes an honest one again, in your name."
)
READERS_HELP: Final = "Confidential entries: which laptops may read them, can open them, or wait."
HISTORY_HELP: Final = (
    "Every decision about partners and laptops, who signed it, and whether it holds."
)


class SharingPage(Page):
    """Partners, laptops, decisions, what was kept aside, and who can read what."""

    def __init__(self, around: Surroundings, desk: Desk, house: House) -> None:
        """Build the parts by turns, behind the loading state; they are filled when read."""
        super().__init__(around, "Sharing")
        self._desk, self._house = desk, house
        self._found: Room | None = None
        self._shown = False
        self._asked = False
        self._within = "alliance"
        self.decider = Decider(around, desk, house, self)
        self.alarms = AlarmCards(around.look, self._doing())
        self.panel = SharingPanel(
            around.look, self._open_record, lambda: self.tabs.go("aside"), self.try_folder
        )
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.read)
        self._turns = Turns(self)
        self._turns.put(
            self._build_laptops,
            self._build_alliance,
            self._build_lists,
            self._build_history,
            self._build_tabs,
        )
        self._connect()

    def _build_laptops(self) -> None:
        self._laptops = LaptopsView(self.around.look, self.ask_words)

    def _build_alliance(self) -> None:
        self.alliance = AllianceView(self.around.look, self._laptops)
        self.alliance.wanted.connect(self._ask_about)
        self.alliance.picture.folder.clicked.connect(lambda _on=False: self.try_folder())
        self.alliance.read_aloud.match.connect(self._tell_match)
        self.alliance.read_aloud.differ.connect(self._tell_differ)

    def _build_lists(self) -> None:
        from collabdesk.ui.sharing.decisions_view import DecisionsView

        look = self.around.look
        self.decisions = DecisionsView(look, self.decider, self.make_recovery_key)
        self.readers = ReadersView(look, self._let_in)
        self.aside = AsideView(look)
        self.aside.adopted.connect(self.adopt)

    def _build_history(self) -> None:
        self.history = HistoryView(self.around.look)

    def _build_tabs(self) -> None:
        self.tabs = Tabs(
            self.around.look,
            (
                Part("alliance", "Alliance", self.alliance, ALLIANCE_HELP),
                Part("decisions", "Decisions", self.decisions, DECISIONS_HELP),
                Part("aside", "Kept aside", self.aside, ASIDE_HELP),
                Part("readers", "Who can read what", self.readers, READERS_HELP),
                Part("history", "Decisions made", self.history, HISTORY_HELP),
            ),
        )
        self.tabs.go(self._within)
        self.tabs.changed.connect(self._show_part)
        self._content = _content(self.alarms, self.tabs)

    def _connect(self) -> None:
        self.decider.decided.connect(self._tell_decided)
        self.decider.refused.connect(self.refuse)
        sharing = self._house.sharing
        sharing.busy_changed.connect(self._show_heading)
        sharing.shared.connect(self._tell_shared)
        sharing.failed.connect(self._tell_failed)
        self._desk.noticed.connect(lambda _notice: self._hear())

    def _hear(self) -> None:
        # What is not on show is read when somebody comes to see it.
        if self.isVisible():
            self._again.start(_QUIET_MS)

    def inspector(self) -> QWidget | None:
        """Return what waits and what was kept aside."""
        return self.panel

    @property
    def filled(self) -> bool:
        """Tell whether what was read is on show."""
        return self._shown

    def arrive(self, within: object = None) -> None:
        """Read how sharing stands; within names a part of the page."""
        if within in PARTS:
            self._within = str(within)
            if self._shown:
                self.tabs.go(self._within)
            else:
                self._turns.put(lambda: self.tabs.go(self._within))
        self.read()

    def read(self) -> None:
        """Read off this thread."""
        workspace = self._desk.workspace
        self.fill(lambda: read_room(workspace), self._answer, "Reading how sharing stands")

    def _answer(self, found: Room) -> None:
        self._turns.put(
            lambda: self._show_alliance(found),
            lambda: self.decisions.show_council(found.council),
            lambda: self.aside.show_aside(found.aside),
            lambda: self.panel.show_standing(found.standing, found.waiting),
            lambda: self._show_all(found),
        )

    def _show_alliance(self, found: Room) -> None:
        self.alarms.show_alarms(found.alarms)
        self.alliance.show_standing(
            found.standing, found.seats, self._desk.workspace.clock.now_ms()
        )

    def _show_all(self, found: Room) -> None:
        self._found = found
        self.tabs.count("decisions", found.to_sign)
        self.tabs.count("aside", found.to_adopt)
        self.show_full(self._content)
        self._shown = True
        self._show_heading()
        self._caution(found.standing)
        self._show_part(self.tabs.current)

    def _show_part(self, key: str) -> None:
        if self._found is None or not self._found.standing.founded:
            return
        if key == "readers":
            self.decider.read(self, read_readers, self._show_readers)
        elif key == "history":
            self.decider.read(self, read_audit, self._show_audit)

    def _show_readers(self, looked: Looked) -> None:
        self.readers.show_tables(looked.tables, looked.names, looked.trusts, looked.rules)

    def _show_audit(self, decided: tuple[Decided, ...]) -> None:
        self.history.show_decided(decided)

    def _caution(self, now: Standing) -> None:
        if self.banner.isVisible():
            return
        if not now.enrolled:
            self.banner.say(
                WAITS,
                "Read its eight words, below, to your trust's administrator, or for a partner's "
                "first laptop to the lead provider; then share again.",
            )
        elif now.caution:
            self.banner.say(now.caution)

    def _show_heading(self) -> None:
        found, busy = self._found, self._house.sharing.busy
        if found is None:
            return
        now = found.standing
        count = len({seat.organisation for seat in found.seats})
        used = [seat for seat in found.seats if seat.use != "retired"]
        said = f"{_counted(count, 'partner')}, {_counted(len(used), 'laptop')}"
        aside = len([item for item in now.aside if item.standing != "held"])
        self.heading = Heading(
            "Sharing",
            said if now.founded else "This workspace has not arrived yet",
            secondary=self._secondary(now),
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

    def _secondary(self, now: Standing) -> tuple[PageAction, ...]:
        usual = (
            PageAction("Test shared folder", self.try_folder, "folder"),
            PageAction("Verify everything", self.verify, "verified"),
        )
        if now.founded and not now.enrolled:
            return (PageAction("We lost our laptop…", self.use_recovery_key, "laptop"), usual[0])
        return usual

    # --- the shared folder -----------------------------------------------------------------------

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
        self.panel.show_folder(tried)
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

    # --- people and laptops ----------------------------------------------------------------------

    def ask_words(self) -> None:
        """Ask for the words of a laptop that wants to join."""
        from collabdesk.ui.sharing.invite import InviteDialog

        self.decider.open(InviteDialog(self.decider))

    def _ask_about(self, key: str, seat: Seated) -> None:
        if key == "replace":
            self.replace(seat)
        elif key == "roles":
            self.decider.read(
                self, _roles, lambda offered: self.decider.ask(questions.roles(seat, offered))
            )
        else:
            self.decider.ask({"retire": questions.retire, "suspend": questions.suspend}[key](seat))

    def replace(self, seat: Seated) -> None:
        """Ask which laptop was lost, and for the words of the one in its place."""
        seats = [] if self._found is None else self._found.seats
        ours = [one for one in seats if one.ours and not one.mine and one.use != "retired"]
        if not ours:
            self.refuse(
                Refusal(
                    code="no-other-laptop",
                    words="Your organisation has no other laptop that could be replaced here.",
                    remedy="If this one is lost, the new laptop uses the recovery key.",
                )
            )
            return
        from collabdesk.ui.sharing.replace import ReplaceDialog

        self.decider.open(ReplaceDialog(self.decider, ours, seat.key))

    def make_recovery_key(self) -> None:
        """Make a recovery key, and have it printed before it is listed."""
        from collabdesk.ui.sharing.recovery import MakeRecoveryDialog

        self.decider.open(MakeRecoveryDialog(self.decider))

    def use_recovery_key(self) -> None:
        """Let this laptop take the place of a lost one by the printed sheet."""
        from collabdesk.ui.sharing.recovery import UseRecoveryDialog

        self.decider.open(UseRecoveryDialog(self.decider))

    def _let_in(self, reader: bytes) -> None:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.sealed.letting_in import let_read

            return f"{let_read(workspace, reader).words}."

        self.decider.decide(self, work)

    def adopt(self, items: tuple[tuple[bytes, int], ...]) -> None:
        """Make what was kept aside one's own."""

        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.adopting import adopt

            return f"{adopt(workspace, items).words}."

        self.decider.decide(self, work)

    def _tell_decided(self, said: str) -> None:
        first, _, rest = said.partition(". ")
        self.banner.say(first if first.endswith(".") else f"{first}.", rest, "good")
        self.read()

    # --- alarms and words ------------------------------------------------------------------------

    def _doing(self) -> dict[str, Callable[[Alarm], object]]:
        return {
            "acknowledge": self._acknowledge,
            "verify": lambda _alarm: self.verify(),
            "compare-words": lambda _alarm: self._show_words(),
            "decide-membership": lambda _alarm: self.tabs.go("decisions"),
            "settle-laptop": self._settle,
            "enrol-successor": lambda _alarm: self.decider.ask(
                questions.new_keys(self._house.doors)
            ),
        }

    def _acknowledge(self, alarm: Alarm) -> None:
        def work(workspace: Workspace) -> None:
            from collabdesk.services.sharing.alarms import acknowledge

            acknowledge(workspace, alarm)

        self.decider.read(self, work, lambda _none: self.read())

    def _show_words(self) -> None:
        self.tabs.go("alliance")
        self.alliance.ensureWidgetVisible(self.alliance.read_aloud)

    def _settle(self, alarm: Alarm) -> None:
        seats = self._found.seats if self._found else ()
        seat = next((one for one in seats if one.key == alarm.target), None)
        if seat is None or not seat.ours:
            whose = seat.organisation_name if seat else "its trust"
            self.refuse(
                Refusal(
                    code="their-laptop",
                    words=f"An administrator of {whose} says which version stands.",
                    remedy="Telephone them; they see the same alarm.",
                )
            )
            return

        def look(workspace: Workspace) -> tuple[Version, ...]:
            from collabdesk.services.control.versions import versions

            return versions(workspace, alarm.target)

        self.decider.read(
            self,
            look,
            lambda found: self.decider.ask(questions.settle(seat.label, seat.key, found)),
        )

    def _tell_match(self) -> None:
        self.banner.say("You both hold the same records.", "Nothing has to be done.", "good")

    def _tell_differ(self) -> None:
        self.banner.say(
            "Then one of you has not seen everything yet.",
            "Share on both laptops and compare once more. If the words still differ, the shared "
            "folder may show each of you something else: verify everything, and tell whoever runs "
            "the folder.",
            "concern",
            Action("Share now", self.share_now),
        )

    def _work(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        self.around.readers.read(self, work, done, self.refuse)

    def _open_record(self, record: tuple[str, bytes]) -> None:
        from collabdesk.services.titles import PAGES

        self.go.emit(PAGES[record[0]], record)


def _content(alarms: AlarmCards, tabs: Tabs) -> QWidget:
    body = column(alarms, tabs, gap=0)
    body.setStretch(1, 1)
    made = QWidget()
    made.setProperty("ground", "page")
    made.setLayout(body)
    return made


def _roles(workspace: Workspace) -> tuple[tuple[int, str], ...]:
    from collabdesk.services.control.laptops import roles_to_give

    return roles_to_give(workspace)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
