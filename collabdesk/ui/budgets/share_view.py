"""The risk and gain share: the agreement's versions, each partner's part, and the statements."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import ClassVar, Final

from PySide6.QtWidgets import QStackedWidget, QWidget

from collabdesk.domain.decimals import fixed_text
from collabdesk.domain.money import format_pence, format_pounds
from collabdesk.services.budgets.papers.audit_stops import of_partner
from collabdesk.services.budgets.shares.share_commands import IssueStatements, RemoveShareAgreement
from collabdesk.services.budgets.shares.share_position import (
    AgreementLine,
    SharePosition,
    StatementLine,
    share_position,
)
from collabdesk.ui.budgets.part_view import About, PartView
from collabdesk.ui.budgets.share_forms import RESULTS, AgreementDialog
from collabdesk.ui.budgets.wording import counted
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind, RowKind
from collabdesk.ui.grid.strip import Segments
from collabdesk.ui.inspector.signed import Telling
from collabdesk.ui.messages import Action
from collabdesk.ui.page import PageAction, Surroundings
from collabdesk.ui.parts import Elided, chip, column, emptied, holder, panel, row, words
from collabdesk.ui.states import EmptyState, Shape

SHARES: Final = "Partners"
VERSIONS: Final = "Agreement"
STATEMENTS: Final = "Statements"
_LEAD_ONLY: Final = "The lead provider records the agreement and makes the statements."
_PARTNERS: Final = (
    GridColumn("partner", "Partner"),
    GridColumn("share", "Share", kind=Kind.NUMBER, unit=" %"),
    GridColumn("cap", "Largest", "loss", Kind.MONEY),
    GridColumn("part", "Part", "of the result", Kind.MONEY, signed=True, strong=True),
    GridColumn("beyond", "Beyond", "its cap", Kind.MONEY, signed=True),
    GridColumn("stated", "Stated", "last", Kind.MONEY, signed=True),
    GridColumn("when", "Statement"),
)
_VERSIONS: Final = (
    GridColumn("name", "Version"),
    GridColumn("months", "Holds"),
    GridColumn("collar", "Collar", kind=Kind.NUMBER, unit=" %"),
    GridColumn("cap", "Cap", kind=Kind.NUMBER, unit=" %"),
    GridColumn("basis", "Shares"),
    GridColumn("result", "What is shared"),
    GridColumn("partners", "Partners and shares"),
)
_STATEMENTS: Final = (
    GridColumn("partner", "For"),
    GridColumn("month", "Month"),
    GridColumn("issue", "Issue", kind=Kind.NUMBER),
    GridColumn("share", "Share", kind=Kind.NUMBER, unit=" %"),
    GridColumn("part", "Part", "of the result", Kind.MONEY, signed=True),
    GridColumn("beyond", "Beyond", "its cap", Kind.MONEY, signed=True),
    GridColumn("ledger", "Ledger", kind=Kind.NUMBER),
    GridColumn("state", "State"),
)
_TELLING: Final = Telling(
    names={
        "collar_pct": "Collar, %",
        "cap_pct": "Cap, %",
        "effective_month": "Holds from month",
        "share_p": "Part of the result",
        "share_bp": "Share",
        "beyond_cap_p": "Beyond its cap",
    },
    hidden=frozenset({"fiscal_year", "partner", "agreement"}),
)
Offers = tuple[tuple[PageAction, ...], PageAction | None]


class ShareView(PartView):
    """The share of the year of the version on show, as far as this laptop may read it."""

    inspected: ClassVar[bool] = True
    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "share_agreement",
            "share_partner",
            "share_statement",
            "sealed_grant",
            "forecast",
            "month_state",
        }
    )

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """Build each pane; they are filled together."""
        super().__init__(around, desk)
        self.found: SharePosition | None = None
        self.tabs = Segments("Show", [SHARES, VERSIONS, STATEMENTS], SHARES)
        self._said = Elided("", "caption", "secondary")
        self._chips = row(gap=8)
        self.partners = Grid(around.look, "Partners and their parts", _PARTNERS)
        self.versions = Grid(around.look, "Versions of the agreement", _VERSIONS, strip=False)
        self.statements = Grid(around.look, "Share statements", _STATEMENTS)
        self._text = words("", wrap=True)
        self._why = words("", ink="secondary", wrap=True)
        self._shown = QStackedWidget()
        self._whole = self.unseen(self._built())
        self._connect()

    def _built(self) -> QWidget:
        bar = panel("toolStrip")
        line = row(self.tabs, holder(self._chips), self._said, gap=8)
        line.setStretch(2, 1)
        line.setContentsMargins(16, 4, 16, 4)
        bar.setLayout(line)
        self._note = holder(row(self._why), 16, 8, 16, 8)
        told = column(self._note, self.partners, gap=0)
        told.setStretch(1, 1)
        self._text.setAccessibleName("Text of the statement")
        read = column(self.statements, holder(row(self._text), 16, 12, 16, 12), None, gap=0)
        read.setStretch(0, 3)
        for pane in (holder(told), self.versions, holder(read)):
            pane.setProperty("ground", "page")
            self._shown.addWidget(pane)
        inside = column(bar, self._shown, gap=0)
        inside.setStretch(1, 1)
        made = holder(inside)
        made.setProperty("ground", "page")
        return made

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._show_tab)
        self.statements.current_changed.connect(lambda _key, _column: self._tell())
        self.statements.current_changed.connect(lambda _key, _column: self.heading_changed.emit())
        self.versions.current_changed.connect(lambda _key, _column: self.heading_changed.emit())
        self.partners.drilled.connect(lambda key, _column: self._follow(key))
        for grid in (self.partners, self.versions, self.statements):
            grid.status_changed.connect(self.status_changed)
            grid.said.connect(self.said)

    def _follow(self, key: object) -> None:
        """Lead from a partner's part to what it is made of."""
        shared = self.found.shared if self.found is not None else None
        if shared is None or not isinstance(key, bytes) or key not in shared.partners:
            self.said.emit("Only the lead provider can follow what is shared")
            return
        names = {one.organisation: one.short for one in self.found.partners} if self.found else {}
        stop = of_partner(f"Part of {names.get(key, 'a former partner')}", key)
        self.go.emit(replace(self.where, path=(stop,)))

    # Reading

    def read(self) -> None:
        """Read the share; what is sealed is opened on the reader's thread, in memory."""
        if self.plan is not None:
            year, opener = self.plan.version.fiscal_year, self.desk.workspace.opener()
            self.ask(share_position, opener, year, done=self._take, words="Reading the share")

    def _take(self, found: SharePosition) -> None:
        self.found = found
        if not found.agreements:
            self.show_empty(self._empty())
            return
        at = self.where.record or self._key(self.statements)
        self.partners.set_rows(_parts(found))
        self.partners.set_totals(_ends(found))
        self.versions.set_rows([_version(one) for one in found.agreements])
        self.statements.set_rows([_statement(one, found) for one in found.statements])
        self._fit()
        mine = self._mine
        self._first(self.partners, "partner", mine)
        self._first(self.versions, "name")
        if not self.statements.select(at, "partner"):
            told = (one.row for one in found.statements if one.partner.organisation == mine)
            self._first(self.statements, "partner", next(told, None))
        if self.where.record in {one.row for one in found.statements}:
            self._shown.setCurrentIndex(2)
            self.tabs.show_chosen(STATEMENTS)
        self._tell()
        self._show_chips(found)
        self.show_full(self._whole)

    def _fit(self) -> None:
        """Let the list of statements take what its rows need, so that their text follows it."""
        theme = self.around.look.theme
        rows = self.statements.model.rowCount() * theme.px("size.gridRow")
        above = 2 * theme.px("size.gridHeader") + theme.px("size.toolStrip")
        self.statements.setMaximumHeight(rows + above)

    def _first(self, grid: Grid, name: str, wanted: object = None) -> None:
        """Make a row current where none is: the one wanted, else the first."""
        if grid.model.rowCount() and not grid.view.currentIndex().isValid():
            grid.select(grid.model.row_at(0).key, name)
            grid.select(wanted, name)

    @property
    def _mine(self) -> bytes | None:
        me = self.room.me if self.room is not None else None
        return None if me is None or me.is_lead else me.organisation

    def _key(self, grid: Grid) -> object:
        at = grid.view.currentIndex()
        return grid.model.row_at(at.row()).key if at.isValid() else None

    def _show_chips(self, found: SharePosition) -> None:
        emptied(self._chips)
        side = "underspend" if found.result_p >= 0 else "overspend"
        said = [f"{format_pounds(abs(found.result_p))} {side} forecast"]
        marks = _marks(found)
        if marks:
            self._chips.addWidget(chip(marks[0], "concern"))
        as_at = found.outturn.position.as_at
        self._said.say(". ".join([*said, *marks[1:], "Confidential", f"{as_at}."]))
        self._why.setText(_told(found))
        self._note.setVisible(bool(self._why.text()))

    def _tell(self) -> None:
        one = self.statement
        self._text.setText("" if one is None else one.statement or one.words)

    def _empty(self) -> EmptyState:
        said = (
            "A share agreement says who keeps an underspend and who bears an overspend: the lead "
            "provider's collar first, the partners' shares up to the cap, the commissioner beyond."
        )
        shape = Shape(
            ("Partner", "Share", "Part of the result"),
            ("Nottinghamshire", "Leicestershire", "Lincolnshire"),
            "Each partner's terms and statement are sealed for it and the lead provider.",
        )
        first = Action("Record the agreement…", self.record) if self._may else None
        if first is None:
            said = f"{said} {_LEAD_ONLY}"
        return EmptyState("No share agreement yet", said, first, shape=shape)

    # What is current

    @property
    def statement(self) -> StatementLine | None:
        """The current statement."""
        key = self._key(self.statements)
        made = self.found.statements if self.found is not None else ()
        return next((one for one in made if one.row == key), None)

    @property
    def version(self) -> AgreementLine | None:
        """The current version."""
        key = self._key(self.versions)
        made = self.found.agreements if self.found is not None else ()
        return next((one for one in made if one.row == key), None)

    @property
    def tab(self) -> str:
        """The pane on show."""
        return (SHARES, VERSIONS, STATEMENTS)[self._shown.currentIndex()]

    def about(self) -> About | None:
        """Tell who recorded the current version, or made the current statement."""
        one, version = self.statement, self.version
        if self.tab == STATEMENTS and one is not None:
            place = f"Statement for {one.partner.short}, issue {one.issue}"
            shown = one.words or _exactly(one.share_p)
            return About(place, shown, one.row, _TELLING)
        if self.tab == VERSIONS and version is not None:
            return About("Share agreement", version.name, version.row, _TELLING)
        return None

    def take_keyboard(self) -> None:
        """Give the grid on show the keyboard."""
        grids = {SHARES: self.partners, VERSIONS: self.versions, STATEMENTS: self.statements}
        grids[self.tab].view.setFocus()

    def _show_tab(self, said: str) -> None:
        self._shown.setCurrentIndex((SHARES, VERSIONS, STATEMENTS).index(said))
        self.take_keyboard()
        self.heading_changed.emit()

    # What it offers

    @property
    def words(self) -> str:
        """Say how many statements were made."""
        if self.found is None or not self.found.agreements:
            return ""
        made = [one for one in self.found.statements if one.newest]
        return f"{counted(len(made), 'statement')} made." if made else "No statement made yet."

    def offers(self) -> Offers:
        """Offer a version, and the statements."""
        found = self.found
        if found is None or not found.agreements:
            return (), None
        why = "" if self._may else _LEAD_ONLY
        record = PageAction("Record version…", self.record, why_off=why)
        month = found.outturn.month
        off = why or ("" if month else "No month is closed yet.")
        off = off or ("" if found.shared is not None else _told(found))
        make = PageAction("Make statements", self.issue, why_off=off)
        if self.tab != VERSIONS:
            return (record,), make
        gone = PageAction("Take version out", self.remove, why_off=why)
        return (record, gone), make

    @property
    def _may(self) -> bool:
        me = self.room.me if self.room is not None else None
        return me is not None and me.is_lead

    # Doing

    def record(self) -> None:
        """Ask for a version."""
        if self.found is not None:
            year = self.found.outturn.position.year
            self.open(AgreementDialog(self.place, year, self.found.partners))

    def remove(self) -> None:
        """Take the current version out."""
        one = self.version
        if one is not None:
            self.do(RemoveShareAgreement(one.row))

    def issue(self) -> None:
        """Make a statement for every partner, and show them."""
        found = self.found
        if found is not None:
            terms = tuple(line.terms for line in found.agreements)
            year = found.outturn.position.year.label
            self.do(IssueStatements(year, terms), lambda _done: self.tabs.choose(STATEMENTS))


def _marks(found: SharePosition) -> list[str]:
    """Return what nobody shares in, the lead provider's exposure first."""
    shared, made = found.shared, []
    if shared is not None and shared.unabsorbed_p:
        made.append(f"{format_pounds(abs(shared.unabsorbed_p))} absorbed by nobody")
    if shared is not None and shared.uncovered_p:
        made.append(f"{format_pounds(abs(shared.uncovered_p))} before the first version")
    return made


def _told(found: SharePosition) -> str:
    if found.why is not None:
        return f"{found.why.words} {found.why.remedy}".strip()
    if found.shared is None:
        return (
            "Only the lead provider reads every partner's terms. You see yours, and the "
            "statements made for you."
        )
    return ""


def _percent(share_bp: int | None) -> str | None:

    return None if share_bp is None else fixed_text(Fraction(share_bp, 100), 2)


def _parts(found: SharePosition) -> list[GridRow]:
    now = found.agreements[-1]
    last = {line.partner.organisation: line for line in now.partners}
    seen = {one.partner.organisation: one for one in reversed(found.statements) if one.newest}
    everybody = {
        line.partner.organisation: line for one in found.agreements for line in one.partners
    }
    made = []
    for org, line in everybody.items():
        here, told = last.get(org, line), seen.get(org)
        part = found.shared.partners.get(org) if found.shared is not None else None
        beyond = found.shared.beyond_cap(org) if found.shared is not None else None
        share = GridCell(_percent(here.share_bp), reason=here.words)
        cells = (
            GridCell(here.partner.short),
            share,
            GridCell(here.cap_p, reason="" if here.cap_p is not None else "No limit."),
            GridCell(part),
            GridCell(beyond or None),
            GridCell(told.share_p if told else None, reason=told.words if told else ""),
            GridCell(f"M{told.month}, issue {told.issue}" if told else "None yet"),
        )
        made.append(GridRow(org, cells))
    return made


def _ends(found: SharePosition) -> list[GridRow]:
    shared = found.shared
    if shared is None:
        return []
    ends = [
        ("Absorbed by no partner: the lead provider’s exposure", shared.unabsorbed_p),
        ("Collar: the lead provider’s reserve", shared.collar_p),
        ("Above the cap: the commissioner", shared.above_cap_p),
        ("Months before the first version", shared.uncovered_p),
        ("Result", shared.result_p),
    ]
    optional = {ends[0][0], ends[3][0]}
    blank = GridCell(None)
    return [
        GridRow(
            said,
            (
                GridCell(said),
                blank,
                blank,
                GridCell(
                    amount_p,
                    state=CellState.CONCERN if said in optional else CellState.OPEN,
                ),
                blank,
                blank,
                blank,
            ),
            RowKind.TOTAL,
        )
        for said, amount_p in ends
        if amount_p or said not in optional
    ]


def _version(one: AgreementLine) -> GridRow:
    shares = (
        f"{line.partner.short} {_percent(line.share_bp) or 'sealed'}"
        + (" %" if line.share_bp is not None else "")
        for line in one.partners
    )
    cells = (
        GridCell(one.name),
        GridCell(f"M{one.first} to M{one.last}" if one.first < one.last else f"M{one.first}"),
        GridCell(one.collar_pct),
        GridCell(one.cap_pct),
        GridCell(one.basis.words),
        GridCell(dict(RESULTS)[one.result]),
        GridCell("; ".join(shares)),
    )
    return GridRow(one.row, cells)


def _statement(one: StatementLine, found: SharePosition) -> GridRow:
    label = found.outturn.position.year.month(one.month).label
    cells = (
        GridCell(one.partner.short, reason=one.words),
        GridCell(label),
        GridCell(one.issue),
        GridCell(_percent(one.share_bp), reason=one.words),
        GridCell(one.share_p, reason=one.words or _exactly(one.share_p)),
        GridCell(one.beyond_cap_p or None, reason=one.words),
        GridCell(one.journal_number),
        GridCell("Sealed" if one.words else "Newest" if one.newest else "Superseded"),
    )
    return GridRow(one.row, cells)


def _exactly(amount_p: int | None) -> str:
    return "" if amount_p is None else format_pence(amount_p)
