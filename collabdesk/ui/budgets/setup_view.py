"""The set-up of a year: rates, envelopes by commissioner, providers and versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

from collabdesk.services.budgets.planning.year_room import (
    EnvelopeLine,
    ProviderRow,
    VersionLine,
    YearRoom,
    year_room,
)
from collabdesk.ui.budgets.budget_importer import BudgetImporter
from collabdesk.ui.budgets.heading import why_not
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.places import Where
from collabdesk.ui.budgets.setup_forms import (
    CONVENTIONS,
    VERSION_KINDS,
    copy_form,
    envelope_form,
    opening_form,
    provider_form,
    rates_form,
)
from collabdesk.ui.budgets.wording import RECURRENCES, trust
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import Grid, GridCell, GridColumn, GridRow, Kind, RowKind
from collabdesk.ui.import_wizard import ImportWizard
from collabdesk.ui.page import PageAction, Surroundings
from collabdesk.ui.parts import button, column, holder, row, words

_ENVELOPES: Final = (
    GridColumn("commissioner", "Commissioner"),
    GridColumn("kind", "Kind"),
    GridColumn("baseline", "Baseline", kind=Kind.MONEY),
    GridColumn("opening", "Opening", kind=Kind.MONEY),
    GridColumn("since", "Since", kind=Kind.MONEY, signed=True),
    GridColumn("now", "Now", kind=Kind.MONEY),
)
_PROVIDERS: Final = (
    GridColumn("name", "Provider"),
    GridColumn("code", "ODS code"),
    GridColumn("starts", "From", kind=Kind.DATE),
    GridColumn("ends", "To", kind=Kind.DATE),
    GridColumn("heir", "Followed by"),
)
_VERSIONS: Final = (
    GridColumn("name", "Version"),
    GridColumn("year", "Year"),
    GridColumn("kind", "As"),
    GridColumn("state", "State"),
    GridColumn("lines", "Lines", kind=Kind.NUMBER),
    GridColumn("planned", "Planned", kind=Kind.MONEY),
    GridColumn("source", "Made from"),
)


class SetupView(PartView):
    """What a year begins with, and what it is carried into."""

    tables: ClassVar[frozenset[str]] = frozenset({"fiscal_year", "envelope", "provider"})

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """List nothing yet."""
        super().__init__(around, desk)
        self.year: YearRoom | None = None
        look = around.look
        self._rates = words("", wrap=True)
        self.envelopes = Grid(look, "Envelopes", _ENVELOPES, strip=False)
        self.providers = Grid(look, "Providers", _PROVIDERS, strip=False)
        self.versions = Grid(look, "Versions", _VERSIONS, strip=False)
        self._loose = words("", "caption", "secondary")
        self._no_list = words("", ink="secondary", wrap=True)
        self._buttons: list[QPushButton] = []
        self._whole = self.unseen(self._built())
        self.envelopes.drilled.connect(lambda _key, _column: self.add_opening())
        self.providers.drilled.connect(lambda key, _column: self.keep_provider(key))
        self.versions.drilled.connect(lambda key, _column: self._show_version(key))
        for grid in (self.envelopes, self.providers, self.versions):
            grid.status_changed.connect(self.status_changed)
            grid.said.connect(self.said)

    def _built(self) -> QWidget:
        inside = column(
            self._section("Rates of the year", ("Rates…", self.set_rates)),
            holder(column(self._rates), 16, 0, 16, 8),
            self._section(
                "Envelopes",
                ("Add envelope…", self.add_envelope),
                ("Add opening…", self.add_opening),
            ),
            self.envelopes,
            holder(column(self._loose), 16, 4, 16, 0),
            self._section("Providers", ("Add provider…", lambda: self.keep_provider(None))),
            holder(column(self._no_list), 16, 0, 16, 8),
            self.providers,
            self._section(
                "Versions",
                ("Import workbook…", self.import_workbook),
                ("Copy version…", self.copy),
            ),
            self.versions,
            None,
            gap=0,
        )
        made = holder(inside)
        made.setProperty("ground", "page")
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(made)
        return area

    def _section(self, title: str, *offers: tuple[str, Callable[[], object]]) -> QWidget:
        made = [button(said, do, small=True) for said, do in offers]
        self._buttons += made
        return holder(row(words(title, "heading"), None, *made), 16, 12, 16, 4)

    # Reading

    def read(self) -> None:
        """Read the year of the version on show."""
        if self.plan is not None:
            self.ask(
                year_room,
                self.desk.workspace.me,
                self.plan.version.row,
                done=self._take,
                words="Reading the year",
            )

    def _take(self, year: YearRoom) -> None:
        self.year = year
        self._rates.setText(_rates(year))
        _list(self.envelopes, [_envelope(one) for one in year.envelopes], "now")
        self.envelopes.setVisible(bool(year.envelopes))
        self.envelopes.set_totals([_total(year)] if year.envelopes else [])
        self._loose.setText(_loose(year))
        self._loose.setVisible(bool(self._loose.text()))
        self._no_list.setText(
            "There is no list of providers yet: money can be planned at any. With a list, "
            "unknown providers are refused."
        )
        self._no_list.setVisible(not year.providers)
        self.providers.setVisible(bool(year.providers))
        _list(self.providers, [_provider(one, self._trusts) for one in year.providers], "code")
        _list(self.versions, [_version(one) for one in year.versions], "planned")
        for made in self._buttons:
            made.setEnabled(year.why_not is None)
            made.setToolTip(why_not(year.why_not))
        self.show_full(self._whole)

    @property
    def _trusts(self) -> dict[str, str]:
        return dict(self.room.trusts) if self.room is not None else {}

    @property
    def words(self) -> str:
        """What can be done here."""
        why = self.year.why_not if self.year is not None else None
        return why_not(why) if why else "What the year begins with, and what it is carried into."

    def offers(self) -> tuple[tuple[PageAction, ...], PageAction | None]:
        """Offer the next thing a year lacks."""
        year = self.year
        if year is None:
            return (), None
        why = why_not(year.why_not)
        if not year.envelopes:
            return (), PageAction("Add envelope…", self.add_envelope, "add", why)
        return (), PageAction("Copy version…", self.copy, why_off=why)

    def take_keyboard(self) -> None:
        """Give the first list the keyboard."""
        shown = self.envelopes if not self.envelopes.isHidden() else self.versions
        shown.view.setFocus()

    # Doing

    def set_rates(self) -> None:
        """Ask for the rates of the year."""
        if self.year is not None:
            self.open(rates_form(self.place, self.year))

    def add_envelope(self) -> None:
        """Ask whose money there is."""
        if self.year is not None:
            self.open(envelope_form(self.place, self.year))

    def add_opening(self) -> None:
        """Ask what the current envelope opens with."""
        if self.year is None or self.plan is None:
            return
        if not self.year.envelopes:
            self.add_envelope()
            return
        at = _current(self.envelopes)
        envelope = at if isinstance(at, bytes) else None
        self.open(opening_form(self.place, self.year, self.plan.version.row, envelope))

    def keep_provider(self, row_: object) -> None:
        """Ask for a provider, or for what changed about the one that is given."""
        found = self.year.providers if self.year is not None else ()
        self.open(provider_form(self.place, next((o for o in found if o.row == row_), None)))

    def copy(self) -> None:
        """Ask what is made from the version that is current."""
        if self.year is None or self.plan is None:
            return
        at = _current(self.versions)
        source = at if isinstance(at, bytes) else self.plan.version.row
        form = copy_form(self.place, self.year, source)
        form.sent.connect(lambda done: self.go.emit(done.record))
        self.open(form)

    def import_workbook(self) -> ImportWizard | None:
        """Open the one wizard for the draft on show."""
        if self.plan is None:
            return None
        wizard = ImportWizard(
            self.around, BudgetImporter(self.desk.workspace, self.plan.version.row), self
        )
        wizard.imported.connect(self.desk.did.emit)
        wizard.open()
        return wizard

    def _show_version(self, key: object) -> None:
        if isinstance(key, bytes):
            self.go.emit(Where("plan", key))


def _current(grid: Grid) -> object:
    at = grid.view.currentIndex()
    return grid.model.row_at(at.row()).key if at.isValid() else None


def _list(grid: Grid, rows: list[GridRow], at: str) -> None:
    key = _current(grid)
    grid.set_rows(rows)
    if rows and not grid.select(key, at):
        grid.select(rows[0].key, at)


def _rates(year: YearRoom) -> str:
    kept = year.settings
    if kept is None:
        return f"No rates are set for {year.fiscal_year}: openings are taken as they are."
    how = dict(CONVENTIONS)[kept.convention].lower()
    return (
        f"Growth and inflation {kept.cost_uplift_pct or '0'} %, efficiency "
        f"{kept.efficiency_pct or '0'} %, {how}."
    )


def _loose(year: YearRoom) -> str:
    if not year.loose_p:
        return ""
    return "Allocations without a commissioner stand in the Envelope view."


def _envelope(one: EnvelopeLine) -> GridRow:
    cells = (
        GridCell(one.envelope.commissioner),
        GridCell(dict(RECURRENCES)[one.envelope.recurrence]),
        GridCell(one.baseline_p),
        GridCell(one.opening_p),
        GridCell(one.since_p),
        GridCell(one.now_p),
    )
    return GridRow(one.envelope.row, cells)


def _total(year: YearRoom) -> GridRow:
    sums = [
        sum(getattr(one, name) for one in year.envelopes)
        for name in ("baseline_p", "opening_p", "since_p", "now_p")
    ]
    return GridRow("total", (GridCell("Total"), GridCell(), *map(GridCell, sums)), RowKind.TOTAL)


def _provider(one: ProviderRow, trusts: dict[str, str]) -> GridRow:
    cells = (
        GridCell(one.name),
        GridCell(one.code),
        GridCell(one.starts),
        GridCell(one.ends),
        GridCell(trust(one.succeeded_by, trusts) if one.succeeded_by else ""),
    )
    return GridRow(one.row, cells)


def _version(one: VersionLine) -> GridRow:
    version = one.version
    cells = (
        GridCell(version.name),
        GridCell(version.fiscal_year),
        GridCell(dict(VERSION_KINDS).get(version.kind or "opening", "")),
        GridCell("Agreed, since revised" if one.revised else version.state.capitalize()),
        GridCell(one.lines),
        GridCell(one.planned_p),
        GridCell(one.based_on),
    )
    return GridRow(version.row, cells)
