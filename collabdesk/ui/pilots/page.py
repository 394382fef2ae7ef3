"""The Pilots page: every pilot with what it waits for, and the record of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from collabdesk.domain.pilots.lifecycle import PilotState
from collabdesk.services.pilots import MovePilot
from collabdesk.services.pilots.records import PilotsSeen, first_pilot_of, pilots_seen
from collabdesk.ui.desk import Desk
from collabdesk.ui.form import FormDialog
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow
from collabdesk.ui.grid.whole import whole_rows
from collabdesk.ui.inspector import Inspector, Subject
from collabdesk.ui.inspector.signed import Telling
from collabdesk.ui.inspector.teller import Teller
from collabdesk.ui.messages import Action
from collabdesk.ui.page import Heading, Page, PageAction, Surroundings
from collabdesk.ui.parts import column, rule
from collabdesk.ui.pilots.forms import Forms
from collabdesk.ui.pilots.record_view import RecordView, first_up
from collabdesk.ui.states import EmptyState, Shape, Way

if TYPE_CHECKING:
    from collabdesk.domain.changes import Cell
    from collabdesk.services.notices import Notice
    from collabdesk.services.pilots.queries import PilotLine, PilotPage, ProgrammeLine
    from collabdesk.services.workspace import Done

TABLES: Final = frozenset(("programme", "pilot", "stated_figure"))
TITLE: Final = "Pilots"
COLUMNS: Final = (
    GridColumn("reference", "Reference", strong=True),
    GridColumn("name", "Pilot"),
    GridColumn("state", "State"),
    GridColumn("waits", "Waits for"),
    GridColumn("lead", "Lead"),
    GridColumn("theme", "Theme"),
    GridColumn("programme", "Programme"),
)
_NONE: Final = "Nothing: it has ended"
_ROWS: Final = 8


class PilotsPage(Page):
    """Programmes and pilots, and what each waits for."""

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """Build list and record; reading starts on arrival."""
        super().__init__(around, TITLE)
        self.desk = desk
        self.forms = Forms(around, desk, self)
        self.grid = Grid(around.look, "Pilots", COLUMNS, strip=False)
        self.record = RecordView(around)
        self.panel = Inspector(around.look)
        self.teller = Teller(desk, self.panel, self, self.refuse)
        self._seen: PilotsSeen | None = None
        self._me = b""
        whole = column(self.grid, rule(), self.record, gap=0)
        whole.setStretch(2, 1)
        self._view = QWidget()
        self._view.setProperty("ground", "page")
        self._view.setLayout(whole)
        self.grid.current_changed.connect(lambda key, _column: self._look_at(key))
        self.record.move_wanted.connect(self.move_on)
        self.record.figures.drilled.connect(lambda key, _column: self._drill(key))
        desk.noticed.connect(self._hear)

    def inspector(self) -> QWidget:
        """Return the inspector."""
        return self.panel

    # --- reading -----------------------------------------------------------------------------

    def arrive(self, within: object = None) -> None:
        """Show the list, with the cursor on ("pilot", row) or on the first of a programme."""
        self._read(within if isinstance(within, tuple) else None)

    def _read(self, within: tuple[str, bytes] | None = None) -> None:
        workspace = self.desk.workspace

        def read() -> tuple[PilotsSeen, bytes, bytes | None]:
            seen = workspace.query(pilots_seen)
            at = within[1] if within is not None else None
            if within is not None and within[0] == "programme":
                at = workspace.query(first_pilot_of, within[1])
            return seen, workspace.me().organisation, at

        self.fill(read, self._show_seen)

    def _hear(self, notice: Notice) -> None:
        if self.isVisible() and TABLES & notice.changed.keys():
            self._read()

    def _show_seen(self, got: tuple[PilotsSeen, bytes, bytes | None]) -> None:
        seen, self._me, wanted = got
        self._seen = seen
        programme = PageAction("Record a programme…", self.record_programme)
        if not seen.programmes:
            self.heading = Heading(TITLE)
            self.teller.say_nothing()
            self.show_empty(self._empty())
            return
        self.heading = Heading(
            TITLE,
            finding(seen.pilots),
            secondary=(programme,),
            primary=PageAction("Record a pilot…", self.record_pilot, "add", self._why_no_pilot()),
            status=(("Pilots", f"{len(seen.pilots)}"), ("Programmes", f"{len(seen.programmes)}")),
        )
        if not seen.pilots:
            self.teller.say_nothing()
            self.show_empty(self._no_pilot(seen.programmes))
            return
        self._show_rows(seen.pilots, wanted)
        self.show_full(self._view)

    def _show_rows(self, lines: Sequence[PilotLine], wanted: bytes | None) -> None:
        rows = [_row(line) for line in lines]
        known = [self.grid.model.row_at(n).key for n in range(self.grid.model.rowCount())]
        here = self._here()
        if known == [one.key for one in rows]:
            self.grid.exchange(rows)
        else:
            self.grid.set_rows(rows)
        whole_rows(self.look, self.grid, min(len(rows), _ROWS))
        if not self.grid.select(wanted or here, "reference"):
            self.grid.view.go_to(0, 0)
        self._look_at(self._here())

    def _here(self) -> object:
        index = self.grid.view.currentIndex()
        return self.grid.model.row_at(index.row()).key if index.isValid() else None

    def _why_no_pilot(self) -> str:
        return "" if self._own() else "Record a programme of your own first."

    def _own(self) -> list[ProgrammeLine]:
        listed = self._seen.programmes if self._seen is not None else ()
        return [one for one in listed if one.programme.scope == self._me]

    def _empty(self) -> EmptyState:
        return EmptyState(
            "No programme yet",
            "A programme is a fund or scheme as it was announced; its pilots follow, each with "
            "its state and what it waits for. Figures keep their “over”, “up to” and “not stated”.",
            Action("Record a programme…", self.record_programme),
            (
                Way(
                    "pilots",
                    "See pilots from public announcements",
                    "Sample data in its own workspace",
                    Action("Open sample…", self.elsewhere.emit),
                ),
            ),
            Shape(
                ("Pilot", "State", "Waits for"),
                ("P1-01", "P1-02", "P1-03"),
                "Nothing is invented to fill a form: what is not stated says so.",
            ),
        )

    def _no_pilot(self, programmes: Sequence[ProgrammeLine]) -> EmptyState:
        named = ", ".join(one.programme.title for one in programmes)
        why = self._why_no_pilot()
        return EmptyState(
            "No pilot yet",
            f"Recorded so far: {named}. Now record its pilots, with what is stated about each. "
            f"{why}".strip(),
            None if why else Action("Record a pilot…", self.record_pilot),
            shape=Shape(("Pilot", "State", "Waits for"), ("P1-01", "P1-02", "P1-03")),
        )

    # --- the record ------------------------------------------------------------------------------

    def _look_at(self, key: object) -> None:
        page = self._page(key)
        if page is None:
            return
        pilot = page.line.pilot
        shut = "" if pilot.scope == self._me else "Only the organisation that keeps it moves it."
        self.record.show_page(page, shut, self._seen.programmes if self._seen else ())
        name = page.line.name
        subject = Subject(page.programme.title, f"{pilot.reference}: {name}", may_note=False)
        self.teller.tell(pilot.row, subject, _PILOT)

    def _page(self, key: object) -> PilotPage | None:
        pages = self._seen.pages if self._seen is not None else {}
        return pages.get(key) if isinstance(key, bytes) else None

    def _drill(self, key: object) -> None:
        page = self._page(self._here())
        figures = (*page.figures, *page.programme_figures) if page is not None else ()
        found = next((one for one in figures if one.figure.row == key), None)
        if found is not None:
            subject = Subject(found.name, found.words, may_note=False)
            self.teller.tell(found.figure.row, subject, _FIGURE)

    # --- what is done ----------------------------------------------------------------------------

    def record_programme(self) -> FormDialog:
        """Ask for a programme."""
        form = self.forms.programme()
        form.open()
        return form

    def record_pilot(self) -> FormDialog:
        """Ask for a pilot of a programme of one's own."""
        form = self.forms.pilot([one.programme for one in self._own()])
        form.sent.connect(self._recorded)
        form.open()
        return form

    def _recorded(self, done: Done) -> None:
        if done.record is not None:
            self._read(("pilot", done.record[1]))

    def move_on(self, pilot: object, state: str) -> None:
        """Move a pilot to a state its life has next."""
        if isinstance(pilot, bytes):
            self.desk.submit(self, MovePilot(pilot, state), self._moved, self.refuse)

    def _moved(self, done: Done) -> None:
        self.banner.say(f"{done.words}.", tone="good", action=Action("Undo", self._undo))

    def _undo(self) -> None:
        self.banner.hide()
        self.desk.undo()


def finding(lines: Sequence[PilotLine]) -> str:
    """Say what the pilots wait for, the most frequent first."""
    waits = Counter(line.waits_for for line in lines if line.waits_for)
    if not waits:
        return "None waits for anything" if lines else ""
    first = [f"{count} for {what}" for what, count in waits.most_common(3)]
    open_ones = sum(waits.values())
    return f"{open_ones} of {len(lines)} under way, waiting: {', '.join(first)}"


def _row(line: PilotLine) -> GridRow:
    state = CellState.CONTESTED if line.contested else CellState.OPEN
    cells = (
        GridCell(line.pilot.reference),
        GridCell(first_up(line.name)),
        GridCell(first_up(line.state), state=state),
        GridCell(first_up(line.waits_for) or _NONE),
        GridCell(first_up(line.lead)),
        GridCell(first_up(line.theme)),
        GridCell(line.programme),
    )
    return GridRow(line.pilot.row, cells)


def _state(cell: Cell) -> str:
    return PilotState(str(cell)).words.capitalize()


_PILOT: Final = Telling(
    values={"state": _state}, hidden=frozenset(("programme",)), first="reference"
)
_FIGURE: Final = Telling(hidden=frozenset(("programme", "pilot")), first="name")
