"""The Metrics page: trusts compared on a published measure, beside the files they come from."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from collabdesk.domain.periods import MONTH_NAMES, date_words
from collabdesk.services.metrics import WithdrawRelease
from collabdesk.services.metrics.compare import Table, month_words, with_unit
from collabdesk.services.metrics.shipped import shipped_files
from collabdesk.services.metrics.showing import Asked, MetricsSeen, metrics_seen
from collabdesk.services.organisations import short_names
from collabdesk.ui.charts_view import ChartView
from collabdesk.ui.desk import Desk
from collabdesk.ui.form import FormDialog
from collabdesk.ui.grid import Grid, GridRow
from collabdesk.ui.grid.whole import put, whole_rows
from collabdesk.ui.import_wizard import ImportWizard
from collabdesk.ui.messages import Action
from collabdesk.ui.metrics.charting import NAMED, league_chart_of
from collabdesk.ui.metrics.importer import ReleaseImporter
from collabdesk.ui.metrics.league_view import columns_for, rows_of
from collabdesk.ui.metrics.overview import overview_columns, overview_rows
from collabdesk.ui.metrics.releases_view import WAITING, ReleasesView, release_words
from collabdesk.ui.metrics.sides import Sides
from collabdesk.ui.metrics.standard_form import standard_form
from collabdesk.ui.page import Crumb, Heading, Page, PageAction, Surroundings
from collabdesk.ui.parts import column, emptied, holder, panel, row, rule, words
from collabdesk.ui.states import EmptyState, Shape, Way

if TYPE_CHECKING:
    from collabdesk.services.metrics.compare import Row
    from collabdesk.services.metrics.records import Standard
    from collabdesk.services.metrics.showing import ReleaseSeen
    from collabdesk.services.notices import Notice
    from collabdesk.services.workspace import Done

TABLES: Final = frozenset(("release", "standard", "plan_line"))
TITLE: Final = "Metrics"
ALLIANCE, EVERYBODY = "Our alliance", "All providers in the file"


class MetricsPage(Page):
    """Published access figures, compared between trusts."""

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """Build the view; reading starts on arrival."""
        super().__init__(around, TITLE)
        self.desk = desk
        self._asked = Asked()
        self._seen: MetricsSeen | None = None
        self._own = ""
        self.finding = words("", "title", wrap=True)
        self.measure, self.period, self.trusts = QComboBox(), QComboBox(), QComboBox()
        self.league: Grid | None = None
        self.overview: Grid | None = None
        self._league_box, self._overview_box = column(gap=0), column(gap=0)
        self._notes = words("", "caption", "secondary", wrap=True)
        self._source = words("", "caption", "secondary", wrap=True)
        self.releases = ReleasesView(around.look, desk, self.withdraw)
        self.chart = ChartView(around)
        self.chart.title_elsewhere()
        self._view = self._built()
        self._connect()

    def _built(self) -> QWidget:
        for box, name, letters in (
            (self.measure, "Measure", 30),
            (self.period, "Period", 14),
            (self.trusts, "Trusts", 16),
        ):
            box.setAccessibleName(name)
            box.setMinimumContentsLength(letters)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
        self.trusts.addItems([ALLIANCE, EVERYBODY])
        strip = panel("toolStrip")
        tools = row(self.measure, self.period, self.trusts, gap=8)
        tools.setStretch(0, 1)
        tools.setContentsMargins(16, 4, 16, 4)
        strip.setLayout(tools)
        notes = column(self._notes, self._source, gap=4)
        left = column(
            holder(self._league_box), holder(notes, 16, 4, 16, 8), rule(), self.releases, gap=0
        )
        left.setStretch(3, 1)
        below = column(
            holder(row(words("All measures of the alliance", "heading"), None), 16, 8, 16, 4),
            holder(self._overview_box),
            None,
            gap=0,
        )
        head = holder(row(self.finding), 16, 8, 16, 8)
        sides = Sides(self.look, holder(left), self.chart, holder(below))
        whole = column(strip, head, rule(), sides, gap=0)
        whole.setStretch(3, 1)
        made = holder(whole)
        made.setProperty("ground", "page")
        return made

    def _connect(self) -> None:
        self.desk.noticed.connect(self._hear)
        self.measure.activated.connect(lambda _place: self._ask())
        self.period.activated.connect(lambda _place: self._ask())
        self.trusts.activated.connect(lambda _place: self._ask())
        self.chart.pointed.connect(self._point)
        self.chart.said.connect(self.desk.did)
        self.chart.failed.connect(self.refuse)

    # --- reading -----------------------------------------------------------------------------

    def arrive(self, within: object = None) -> None:
        """Show the comparison; ("release", row) or ("standard", row) say what to point at."""
        self._read(within if isinstance(within, tuple) else None)

    def _read(self, within: tuple[str, bytes] | None = None) -> None:
        workspace, asked = self.desk.workspace, self._asked
        members = [member.ods for member in self.desk.people.values()]

        def read() -> tuple[MetricsSeen, bytes, str]:
            me = workspace.me()
            return workspace.query(metrics_seen, asked, members), me.organisation, me.ods

        self.fill(read, lambda got: self._show_seen(got, within))

    def _hear(self, notice: Notice) -> None:
        if self.isVisible() and TABLES & notice.changed.keys():
            self._read()

    def _ask(self) -> None:
        end = self.period.currentData()
        self._asked = Asked(
            str(self.measure.currentData() or ""),
            end if isinstance(end, dt.date) else None,
            self.trusts.currentText() == EVERYBODY,
        )
        self._read()

    def _show_seen(
        self, got: tuple[MetricsSeen, bytes, str], within: tuple[str, bytes] | None
    ) -> None:
        seen, organisation, self._own = got
        self._seen = seen
        if not seen.releases:
            self.heading = Heading(TITLE)
            self.show_empty(self._empty())
            return
        self._fill_choices(seen)
        self.releases.show_releases(seen.releases, organisation)
        if within is not None and within[0] == "release":
            self.releases.select(within[1])
        self._show_table(seen.table)
        self._show_overview(seen)
        self._say_waiting(seen)
        self.heading = self._heading_of(seen)
        self.show_full(self._view)

    def _fill_choices(self, seen: MetricsSeen) -> None:
        table = seen.table
        self.measure.clear()
        for measure in seen.measures:
            self.measure.addItem(f"{measure.name} ({measure.code})", measure.code)
        self.period.clear()
        for end in seen.periods:
            self.period.addItem(f"{MONTH_NAMES[end.month - 1]} {end.year}", end)
        if table is not None:
            self.measure.setCurrentIndex(self.measure.findData(table.measure.code))
            ends = list(seen.periods)
            self.period.setCurrentIndex(
                ends.index(table.period_end) if table.period_end in ends else -1
            )

    def _empty(self) -> EmptyState:
        files = shipped_files()
        said = "Two real files of four-week waits come with CollabDesk: April and September 2024"
        return EmptyState(
            "No published figures yet",
            "Bring in the files NHS England publishes; CollabDesk compares your trusts on them, "
            "says who meets a standard, and who cannot be told. Every partner gets the same file.",
            Action("Import a published file…", self.import_file),
            (
                Way(
                    "file",
                    "Use a file that is shipped",
                    said,
                    Action("Read it first…", lambda: self.import_file(files[-1])),
                ),
            ),
            Shape(
                ("Trust", "Value", "95% interval", "Met?"),
                ("Your own trust", "A partner", "Another partner"),
                "An import is shown first: rows read, codes not known, figures suppressed. "
                "Nothing is written until you accept it.",
            ),
        )

    def _heading_of(self, seen: MetricsSeen) -> Heading:
        table = seen.table
        primary = PageAction("Import…", self.import_file, "add")
        if table is None or table.period_end is None:
            return Heading(TITLE, primary=primary, crumbs=(Crumb(TITLE),))
        used = self._used(seen)
        status: list[tuple[str, str]] = []
        if used is not None:
            release = used.line.release
            status = [
                ("Release", release_words(release.period_end, release.status, release.version)),
                ("Imported by", self.releases.by(used)),
            ]
        return Heading(
            table.measure.name,
            month_words(table.period_end),
            secondary=(PageAction("Set standard…", self.set_standard),),
            primary=primary,
            crumbs=(Crumb(TITLE), Crumb(table.measure.code)),
            status=tuple(status),
            status_right=used.line.release.licence if used is not None else "",
        )

    @staticmethod
    def _used(seen: MetricsSeen) -> ReleaseSeen | None:
        rows = seen.table.rows if seen.table is not None else ()
        release = next((one.release for one in rows if one.release is not None), None)
        wanted = release.row if release is not None else b""
        return next((one for one in seen.releases if one.line.release.row == wanted), None)

    def _say_waiting(self, seen: MetricsSeen) -> None:
        waiting = [one for one in seen.releases if one.line.state == WAITING]
        if not waiting:
            return
        release = waiting[0].line.release
        name = release_words(release.period_end, release.status, release.version)
        self.banner.say(
            f"{name} is waiting for its file.",
            "Its figures appear by themselves once the file has arrived through the shared "
            "folder. Nothing needs to be done.",
            "info",
        )

    # --- the table -----------------------------------------------------------------------------

    def _show_table(self, table: Table | None) -> None:
        if table is None:
            self.finding.setText("No figures to compare yet")
            self._notes.setText("")
            return
        self.finding.setText(table.finding)
        names = short_names()
        self._show_league(table, rows_of(table, names))
        self._notes.setText(_notes(table))
        self._fit_chart(sum(one.value is not None for one in table.rows))
        today = self.desk.workspace.clock.today()
        self.chart.show_chart(league_chart_of(table, names, self._own, today, self._licence()))

    def _show_league(self, table: Table, rows: list[GridRow]) -> None:
        columns = columns_for(table)
        if self.league is not None and self.league.model.columns == columns:
            put(self.league, rows)
            return
        grid = Grid(self.look, "League table", columns, strip=False, frozen=2)
        grid.set_rows(rows)
        whole_rows(self.look, grid, len(rows))
        grid.current_changed.connect(lambda key, _column: self._tell_source(key))
        grid.drilled.connect(lambda key, _column: self._drill(key))
        emptied(self._league_box)
        self._league_box.addWidget(grid)
        self.league = grid
        grid.view.go_to(0, 1)

    def _show_overview(self, seen: MetricsSeen) -> None:
        names = short_names()
        grid = Grid(self.look, "All measures", overview_columns(seen.overview, names), strip=False)
        rows = overview_rows(seen.overview, names)
        grid.set_rows(rows)
        whole_rows(self.look, grid, len(rows))
        grid.drilled.connect(lambda key, _column: self.compare(str(key)))
        emptied(self._overview_box)
        self._overview_box.addWidget(grid)
        self.overview = grid

    def compare(self, measure: str) -> None:
        """Compare the trusts on a measure."""
        self.measure.setCurrentIndex(self.measure.findData(measure))
        self._ask()

    def _fit_chart(self, shown: int) -> None:
        theme = self.look.theme
        room = 5 * theme.px("size.control")
        self.chart.picture.setMinimumHeight(room + shown * theme.px("size.chip"))
        self.chart.picture.setMaximumHeight(room + max(shown, 1) * 3 * theme.px("size.control"))

    def _licence(self) -> str:
        used = self._used(self._seen) if self._seen is not None else None
        return used.line.release.licence if used is not None else ""

    def _line(self, key: object) -> Row | None:
        table = self._seen.table if self._seen is not None else None
        return next((one for one in table.rows if one.code == key), None) if table else None

    def _tell_source(self, key: object) -> None:
        line = self._line(key)
        if line is None:
            return
        name = short_names().get(line.code, line.name)
        release = line.release
        said = [f"{name}: {line.note}."] if line.note else []
        if release is not None:
            said.append(f"{name}’s figure comes from {release.file_name}; Enter shows its release.")
        elif not line.note:
            said.append(f"{name} has no figure in this release.")
        self._source.setText(" ".join(said))

    def _drill(self, key: object) -> None:
        line = self._line(key)
        if line is not None and line.release is not None:
            self.releases.select(line.release.row)
            self.releases.grid.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _point(self, place: int) -> None:
        table = self._seen.table if self._seen is not None else None
        if table is None or self.league is None:
            return
        shown = [one for one in table.rows if one.value is not None]
        rows = shown if self.chart.on_chart else list(table.rows)
        if place < len(rows):
            self.league.select(rows[place].code, "value")

    # --- what is done ----------------------------------------------------------------------------

    def import_file(self, path: Path | None = None) -> ImportWizard:
        """Open the one wizard, with a file if one is named."""
        wizard = ImportWizard(self.around, ReleaseImporter(self.desk.workspace), self)
        if path is not None:
            wizard.path.setText(str(path))
        wizard.imported.connect(self._imported)
        wizard.open()
        return wizard

    def _imported(self, said: str) -> None:
        self.banner.say(said, "Partners get the same file when you share.", "good", self._undo())
        self._read()

    def _undo(self) -> Action:
        def undo() -> None:
            self.banner.hide()
            self.desk.undo()

        return Action("Undo import", undo)

    def set_standard(self) -> FormDialog | None:
        """Ask for what the measure on show is held to."""
        table = self._seen.table if self._seen is not None else None
        if table is None:
            return None
        form = standard_form(self.around, self.desk, table.measure, self)
        form.open()
        return form

    def withdraw(self, release: bytes) -> None:
        """Take one's own release away, with its figures."""
        self.desk.submit(self, WithdrawRelease(release), self._withdrawn, self.refuse)

    def _withdrawn(self, done: Done) -> None:
        self.banner.say(f"{done.words}.", action=Action("Undo", self.desk.undo))


def _notes(table: Table) -> str:
    said = []
    if any(one.near is not None for one in table.rows):
        said.append("Bars are 95% intervals (Wilson), allowing for published rounding.")
    elif table.measure.unit.value == "days":
        said.append("No interval can be worked out for a median from what is published.")
    if table.standard is not None:
        said.append(_standard_words(table.standard, table))
    else:
        said.append("No standard is typed in for this measure.")
    if table.national is not None:
        said.append(f"England {with_unit(table.national, table.measure.unit)}.")
    hidden = [short_names().get(one.code, one.name) for one in table.rows if one.value is None]
    if len(hidden) > NAMED:
        said.append(f"Not shown: {len(hidden)} organisations, suppressed or without a figure.")
    elif hidden:
        said.append(f"Not shown: {', '.join(hidden)}.")
    return " ".join(said)


def _standard_words(standard: Standard, table: Table) -> str:
    at = with_unit(Fraction(standard.value), table.measure.unit)
    return (
        f"{standard.kind.capitalize()} {at} from {date_words(standard.effective_from)}: "
        f"{standard.source.rstrip('.')}, dated {date_words(standard.source_date)}."
    )
