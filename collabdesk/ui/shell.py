"""The shell: one window over one open workspace at a time, and how it comes and goes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from collabdesk.errors import CollabDeskError
from collabdesk.host.recent import Recent, Visit
from collabdesk.host.settings import ThisComputer
from collabdesk.ui.connection import Connection
from collabdesk.ui.desk import Desk, SignIn
from collabdesk.ui.finding import Finding
from collabdesk.ui.focus import OWN_MARK
from collabdesk.ui.house import House
from collabdesk.ui.messages import Action, Explainer
from collabdesk.ui.navigation import PageEntry
from collabdesk.ui.opening import Opening
from collabdesk.ui.page import Page, Surroundings
from collabdesk.ui.pages import PLACES, Place
from collabdesk.ui.painted import Workspace as Listed
from collabdesk.ui.theme import Look
from collabdesk.ui.window import Window
from collabdesk.ui.workers import Readers

if TYPE_CHECKING:
    from collabdesk.services.doors import Doors
    from collabdesk.services.workspace import Workspace
    from collabdesk.ui.background_sharing import BackgroundSharing
    from collabdesk.ui.first_run.window import FirstRun

LoadDoors = Callable[[], "Doors"]
OTHER: Final = "another"
_READERS: Final = 3
_QUIET_MS: Final = 150
_START: Final = (1366, 768)


@dataclass
class _Open:
    """The open workspace and what serves it."""

    desk: Desk
    sharing: BackgroundSharing
    house: House
    finding: Finding


class Shell(QObject):
    """Opens, switches and closes workspaces, and keeps the window true to the open one."""

    opened = Signal()
    """A workspace is open and its first page is on show."""
    not_opened = Signal(object)
    loaded = Signal()
    """What was loaded after the first paint is here."""
    counted = Signal()
    """The navigation's counts and the connection are those of the open workspace."""

    def __init__(
        self,
        look: Look,
        settings: ThisComputer,
        recent: Recent,
        explainer: Explainer,
        load: LoadDoors,
    ) -> None:
        """Build the window; it is shown by `start`."""
        super().__init__()
        self.look, self.settings, self.recent = look, settings, recent
        self._load = load
        self._pool = ThreadPoolExecutor(_READERS, thread_name_prefix="screen")
        self.around = Surroundings(look, Readers(self._pool), explainer)
        self.doors: Doors | None = None
        self.first_run: FirstRun | None = None
        self._open: _Open | None = None
        self._wanted: Path | None = None
        self._closed = False
        self.window = Window(look, [self._entry(place) for place in PLACES])
        self.window.resize(*_START)
        # Nothing is marked before the first key: the window itself holds the focus.
        self.window.setProperty(OWN_MARK, True)
        self.window.setFocus()
        self.window.navigation.connection.tell(Connection("opening"))
        self._count = QTimer(self)
        self._count.setSingleShot(True)
        self._count.timeout.connect(self._ask_counts)
        self._connect()

    def _entry(self, place: Place) -> PageEntry:
        return PageEntry(place.key, place.title, place.key, partial(self._build, place))

    def _build(self, place: Place) -> Page:
        if self._open is None:
            return Opening(self.around, place.key, place.title)
        return place.build(self.around, self._open.desk, self._open.house)

    def _connect(self) -> None:
        window = self.window
        window.undo_wanted.connect(self._undo)
        window.redo_wanted.connect(self._redo)
        window.closing.connect(self.close)
        window.top_bar.search.asked.connect(self._seek)
        window.navigation.workspaces.chosen.connect(self._choose)

    # --- coming ------------------------------------------------------------------------------

    @property
    def desk(self) -> Desk | None:
        """The desk of the open workspace."""
        return self._open.desk if self._open else None

    @property
    def house(self) -> House | None:
        """What the pages of the house are given."""
        return self._open.house if self._open else None

    def start(self, folder: Path | None = None) -> None:
        """Show the window, or first run where there is no workspace yet; then load the rest."""
        self.paint(folder)
        QTimer.singleShot(0, self._begin_loading)

    def paint(self, folder: Path | None = None) -> None:
        """Show the headings of Home, or first run; nothing heavy is imported for it."""
        known = self.recent.all()
        self._wanted = folder or (known[0].folder if known else None)
        self._list_workspaces()
        if self._wanted is None:
            self.welcome()
        else:
            self.window.go("home")
            self.window.show()

    def _begin_loading(self) -> None:
        self.around.readers.read(self, self._load, self._loaded, self._tell_not_opened)

    def _loaded(self, doors: Doors) -> None:
        self.doors = doors
        if self.first_run is not None:
            self.first_run.may_begin(doors)
        if self._wanted is not None:
            self.open(self._wanted)
        self.loaded.emit()

    def open(self, folder: Path, passphrase: str = "") -> None:
        """Open the workspace in a folder; the one open before is closed."""
        doors = self.doors
        if doors is None:
            self._wanted = folder
            return
        self._wanted = folder
        self.leave()
        self.window.forget_pages()
        self.window.go("home")
        self.window.navigation.connection.tell(Connection("opening"))
        self.around.readers.read(
            self, lambda: doors.open(folder, passphrase), self.move_in, self._tell_not_opened
        )

    def move_in(self, workspace: Workspace) -> None:
        """Show an open workspace."""
        if self.doors is None or self._closed:
            return
        from collabdesk.ui.background_sharing import BackgroundSharing

        self._wanted = workspace.folder
        desk = Desk(workspace, self)
        seconds = self.settings.number("automatic_sync_seconds")
        sharing = BackgroundSharing(desk, self.doors, seconds)
        visit = self.recent.of(workspace.folder)
        house = House(self.doors, sharing, self.settings, visit, self.wear)
        self._open = _Open(desk, sharing, house, Finding(self.window, desk, PLACES))
        self._note_visit(visit)
        self._attend(desk, sharing)
        self._end_first_run()
        self.window.forget_pages()
        self.window.go("home")
        self.window.show()
        self._show_sample(workspace)
        sharing.begin()
        self._ask_counts()
        self.opened.emit()

    def _attend(self, desk: Desk, sharing: BackgroundSharing) -> None:
        desk.noticed.connect(lambda _notice: self._count.start(_QUIET_MS))
        desk.did.connect(self.window.status.say)
        desk.refused.connect(self._refuse)
        desk.sign_in_wanted.connect(self._sign_in)
        sharing.told.connect(self._tell_connection)
        sharing.shared.connect(lambda _report: self._count.start(_QUIET_MS))

    def _sign_in(self, wanted: SignIn) -> None:
        from collabdesk.ui.sign_in import ask_to_sign_in

        if self._open is not None:
            ask_to_sign_in(self.around, self._open.desk, wanted, self.window)

    def _refuse(self, fault: Exception) -> None:
        page = self.window.page
        if page is not None:
            page.refuse(fault)

    def _tell_not_opened(self, fault: Exception) -> None:
        if isinstance(fault, CollabDeskError) and fault.code in {
            "passphrase-needed",
            "wrong-passphrase",
        }:
            self._ask_passphrase(fault)
            return
        page = self.window.page
        if page is not None:
            page.show_error(fault, self._again)
        self.not_opened.emit(fault)

    def _again(self) -> None:
        if self.doors is None:
            self._begin_loading()
        elif self._wanted is not None:
            self.open(self._wanted)

    def _ask_passphrase(self, fault: CollabDeskError) -> None:
        from collabdesk.ui.passphrase import PassphraseDialog

        asked = PassphraseDialog(self.around, fault, self.window)
        asked.typed.connect(self._try_passphrase)
        asked.rejected.connect(lambda: self._shut_out(fault))
        asked.open()

    def _try_passphrase(self, passphrase: str) -> None:
        if self._wanted is not None:
            self.open(self._wanted, passphrase)

    def _shut_out(self, fault: CollabDeskError) -> None:
        page = self.window.page
        if page is not None:
            page.show_error(fault, self._again)
        self.not_opened.emit(fault)

    # --- first run and other workspaces ------------------------------------------------------

    def welcome(self) -> None:
        """Show first run: found, join or explore."""
        from collabdesk.ui.first_run.window import FirstRun

        if self.first_run is None:
            self.first_run = FirstRun(self.around)
            self.first_run.ready.connect(self._enter)
            self.first_run.closing.connect(self._turned_away)
            if self.doors is not None:
                self.first_run.may_begin(self.doors)
        self.first_run.resize(self.window.size())
        self.first_run.show()
        self.window.hide()

    def _enter(self, workspace: Workspace) -> None:
        self.leave()
        self.move_in(workspace)

    def _turned_away(self) -> None:
        if self._open is not None and not self._closed:
            self.window.show()

    def _end_first_run(self) -> None:
        if self.first_run is not None:
            self.first_run.hide()
            self.first_run.deleteLater()
            self.first_run = None

    def _choose(self, key: str) -> None:
        if key == OTHER:
            self.welcome()
        elif self._open is None or Path(key) != self._open.desk.workspace.folder:
            self.open(Path(key))

    def _list_workspaces(self) -> None:
        listed = [Listed(str(one.folder), one.name, one.detail) for one in self.recent.all()]
        other = Listed(OTHER, "Another workspace", "found, join or explore…")
        self.window.navigation.workspaces.show_workspaces(
            [*listed, other], str(self._wanted) if self._wanted else ""
        )

    def _note_visit(self, before: Visit | None) -> None:
        if self._open is None:
            return
        about = self._open.desk.workspace.about
        sample = "Sample" if about.sample else about.organisation_name
        left = (before.left_ms, before.heads) if before else (0, {})
        self.recent.keep(Visit(self._open.desk.workspace.folder, about.name, sample, *left))
        self._list_workspaces()

    def _show_sample(self, workspace: Workspace) -> None:
        if workspace.about.sample:
            self.window.sample.say(
                "Explore freely; nothing here is sent to anyone.",
                Action("Start your own workspace", self.welcome),
            )
        else:
            self.window.sample.hide()

    # --- staying true ---------------------------------------------------------------------------

    def wear(self) -> None:
        """Put the chosen colours and text size on."""
        from collabdesk.ui.start import wear

        wear(self.look, self.settings)

    def _undo(self) -> None:
        if self._open is not None:
            self._open.desk.undo()

    def _redo(self) -> None:
        if self._open is not None:
            self._open.desk.redo()

    def _seek(self, typed: str) -> None:
        if self._open is not None:
            self._open.finding.seek(typed)

    def _ask_counts(self) -> None:
        if self._open is None:
            return
        from collabdesk.services.home import count_waiting

        desk = self._open.desk
        desk.ask(desk, count_waiting, desk.workspace, done=self._show_counts)

    def _show_counts(self, waiting: dict[str, tuple[int, str]]) -> None:
        for key, (count, alarm) in waiting.items():
            self.window.navigation.mark(key, count, alarm)
        self.counted.emit()

    def _tell_connection(self, connection: Connection) -> None:
        if self._open is not None:
            about = self._open.desk.workspace.about
            self.window.navigation.connection.tell(
                connection, f"{about.person},", about.organisation_name
            )

    # --- going -------------------------------------------------------------------------------

    def leave(self) -> None:
        """Close the open workspace: its writer finishes, everything else is cancelled."""
        held, self._open = self._open, None
        if held is None or self.doors is None:
            return
        self._count.stop()
        held.sharing.close()
        self._keep_visit(held.desk)
        held.desk.close()
        self.doors.close(held.desk.workspace)
        held.desk.deleteLater()

    def _keep_visit(self, desk: Desk) -> None:
        from collabdesk.services.home import heads

        about, workspace = desk.workspace.about, desk.workspace
        detail = "Sample" if about.sample else about.organisation_name
        self.recent.keep(
            Visit(
                workspace.folder,
                about.name,
                detail,
                workspace.clock.now_ms(),
                workspace.query(heads),
            )
        )

    def close(self) -> None:
        """Leave the workspace and let the threads end."""
        if self._closed:
            return
        self._closed = True
        self.leave()
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self.doors is not None:
            self.doors.close_all()
