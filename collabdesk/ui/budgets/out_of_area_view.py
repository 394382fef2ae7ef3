"""The out-of-area board: who is away and for how long, what is shared of it, what was saved."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from collabdesk.domain.budgets.out_of_area import REASONS, Reason
from collabdesk.domain.money import format_pence, format_pounds
from collabdesk.domain.periods import FiscalYear, date_digits
from collabdesk.services.budgets.contracts.contract_commands import SharePlacements
from collabdesk.services.budgets.contracts.placement_board import (
    PLACEMENT_TABLES,
    LineSaving,
    PlacementBoard,
    PlacementLine,
    SharedTotal,
    placement_board,
)
from collabdesk.services.budgets.papers.audit_stops import Worked, of_line
from collabdesk.ui.budgets import placement_forms as forms
from collabdesk.ui.budgets.activity_pane import month_choices
from collabdesk.ui.budgets.folding import Folding
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.wording import counted
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind, RowKind, Unit
from collabdesk.ui.messages import Action
from collabdesk.ui.page import PageAction, Surroundings
from collabdesk.ui.parts import column, emptied, holder, panel, row, words
from collabdesk.ui.states import EmptyState, Shape

_MONEY, _NUMBER = Kind.MONEY, Kind.NUMBER
_KEPT: Final = (
    GridColumn("person", "Person"),
    GridColumn("line", "Service line"),
    GridColumn("where", "Where"),
    GridColumn("distance", "Distance"),
    GridColumn("reason", "Why"),
    GridColumn("stay", "Stay", "nights", kind=_NUMBER),
    GridColumn("nights", "In month", "nights", kind=_NUMBER),
    GridColumn("cost", "In month", "cost", kind=_MONEY),
    GridColumn("review", "Review"),
)
_SHARED: Final = (
    GridColumn("line", "Service line"),
    GridColumn("part", "Of them"),
    GridColumn("people", "People", "rounded", kind=_NUMBER),
    GridColumn("nights", "Nights", kind=_NUMBER),
    GridColumn("cost", "Cost", kind=_MONEY),
    GridColumn("overdue", "Reviews", "overdue", kind=_NUMBER),
)
_SAVINGS: Final = (
    GridColumn("line", "Service line"),
    GridColumn("base", "Baseline", "nights × price"),
    GridColumn("now", "Actual", "nights × price"),
    GridColumn("volume", "By volume", kind=_MONEY, signed=True),
    GridColumn("price", "By price", kind=_MONEY, signed=True),
    GridColumn("gross", "Gross", kind=_MONEY, signed=True),
    GridColumn("local", "Local beds", kind=_MONEY),
    GridColumn("net", "Net saving", kind=_MONEY, signed=True, strong=True),
    GridColumn("months", "Months"),
)
_ROWS: Final = 6
_NOT_SHARED: Final = "No month of this line is shared yet."
Offers = tuple[tuple[PageAction, ...], PageAction | None]


class OutOfAreaView(PartView):
    """Placements of a month: those kept here, those totals everybody sees, and the saving."""

    tables: ClassVar[frozenset[str]] = PLACEMENT_TABLES

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """Show no month yet."""
        super().__init__(around, desk)
        look = around.look
        self.board: PlacementBoard | None = None
        self._shown_before, self._arriving = False, True
        self.months = QComboBox()
        self.months.setAccessibleName("Month")
        self.months.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._facts: QHBoxLayout = row(gap=0)
        self.kept = Grid(look, "Placements on this laptop", _KEPT)
        self.shared = Grid(look, "Shared totals", _SHARED, strip=False)
        self.savings = Grid(look, "Saving against the baseline", _SAVINGS, strip=False)
        self._none_kept = words("", ink="secondary", wrap=True)
        self._none_shared = words("", ink="secondary", wrap=True)
        self._none_saved = words("", ink="secondary", wrap=True)
        self._evidence = words("", "caption", "secondary", wrap=True)
        self._whole = self.unseen(self._built())
        self.months.activated.connect(lambda _place: self.read())
        self.kept.drilled.connect(lambda _key, _column: self.placements())
        self.shared.drilled.connect(lambda key, _column: self._follow(key))
        self.savings.drilled.connect(lambda _key, _column: self.baseline())
        self.savings.current_changed.connect(lambda _key, _column: self._say_evidence())
        for grid in (self.kept, self.shared, self.savings):
            grid.status_changed.connect(self.status_changed)
            grid.said.connect(self.said)

    def _built(self) -> QWidget:
        bar = panel("toolStrip")
        bar.setLayout(
            column(
                holder(
                    row(Folding(holder(row(self.months, None)), holder(self._facts))), 16, 4, 16, 4
                )
            )
        )
        bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inside = column(
            bar,
            self._heading("Saving against the baseline", self._none_saved, self._evidence),
            self.savings,
            self._heading("Totals that are shared", self._none_shared),
            self.shared,
            self._heading("Placements kept on this laptop only", self._none_kept),
            self.kept,
            gap=0,
        )
        inside.setStretch(6, 1)
        inside.addStretch(1)
        made = holder(inside)
        made.setProperty("ground", "page")
        return made

    @staticmethod
    def _heading(title: str, *below: QWidget) -> QWidget:
        made = holder(column(words(title, "heading"), *below, gap=2), 16, 12, 16, 4)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return made

    # Reading

    def read(self) -> None:
        """Read the month on show."""
        if self.plan is None:
            return
        workspace = self.desk.workspace
        self._show_months()
        self.ask(
            placement_board,
            self.plan.version.fiscal_year,
            self.month,
            workspace.clock.today(),
            workspace.me,
            done=self._take,
            words="Reading the placements",
        )

    @property
    def month(self) -> int:
        """The month on show."""
        return max(self.months.currentIndex(), 0) + 1

    def _show_months(self) -> None:
        if self.plan is None:
            return
        year = FiscalYear.parse(self.plan.version.fiscal_year)
        if self.months.count() and self.months.itemText(0) == year.months[0].label:
            return
        today = self.desk.workspace.clock.today()
        now = [month.number for month in year.months if month.first <= today]
        with QSignalBlocker(self.months):
            self.months.clear()
            self.months.addItems(month_choices(year))
            self.months.setCurrentIndex((now[-1] if now else 1) - 1)

    def _take(self, board: PlacementBoard) -> None:
        self.board = board
        if not board.kept and not board.shared and not board.savings and not self._shown_before:
            self.show_empty(self._empty(board))
            return
        self._shown_before = True
        self.show_full(self._whole)
        self._say_facts(board)
        self._list(
            self.kept,
            self._none_kept,
            [_kept(one) for one in board.here],
            "No placement on this laptop has a night in this month.",
        )
        self.kept.set_totals([_kept_total(board)] if board.here else [])
        self._list(
            self.shared,
            self._none_shared,
            [_shared(one) for one in board.shared],
            "Nothing has been shared of this month yet.",
        )
        self._list(
            self.savings,
            self._none_saved,
            [_saving(one) for one in board.savings],
            "No baseline is stated yet; without one no saving is claimed.",
        )
        self._say_evidence()
        if self._arriving:
            self._arriving = False
            self.take_keyboard()

    def _list(self, grid: Grid, none: QLabel, rows: list[GridRow], said: str) -> None:
        key = _current(grid)
        grid.setVisible(bool(rows))
        none.setVisible(not rows)
        none.setText(said)
        grid.set_rows(rows)
        if grid is not self.kept:
            self._fit(grid)
        money = next(one.key for one in grid.model.columns if one.kind is _MONEY)
        grid.show_in(Unit.POUNDS if grid.fits(Unit.POUNDS) else Unit.THOUSANDS)
        if rows and not grid.select(key, money):
            grid.select(rows[0].key, money)

    @staticmethod
    def _fit(grid: Grid) -> None:
        """Give a list the height of its rows, as far as leaves room for the placements."""
        theme = grid.look.theme
        rows = min(grid.model.rowCount(), _ROWS)
        high = theme.px("size.gridHeader") * 2 + rows * theme.px("size.gridRow")
        grid.setMaximumHeight(high)

    def _empty(self, board: PlacementBoard) -> EmptyState:
        said = (
            "Placements out of area are kept on this laptop by pseudonym. Only totals that rest "
            "on enough people are shared, and a saving is shown against a stated baseline."
        )
        shape = Shape(
            ("Where", "Distance", "Nights", "Review"),
            ("110 km away, no bed locally", "54 km away, specialist care"),
            "A saving splits into fewer nights and their price, less the local beds instead.",
        )
        first = Action("Add placements…", self.placements) if board.line_names else None
        return EmptyState("No placements out of area", said, first, shape=shape)

    def _say_facts(self, board: PlacementBoard) -> None:
        emptied(self._facts)
        here = board.here
        late = sum(one.overdue for one in here)
        facts = (
            (
                counted(len({one.row.pseudonym for one in here}), "person", "people"),
                "away, as kept here",
            ),
            (counted(sum(one.nights for one in here), "night"), "in the month"),
            (format_pounds(sum(one.cost_p for one in here)), "in the month"),
            (counted(late, "review"), "overdue"),
        )
        pairs = [
            holder(row(words(figure, "bodyStrong"), words(said, "caption", "secondary"), gap=4))
            for figure, said in facts
        ]
        self._facts.addWidget(Folding(Folding(*pairs[:2], gap=24), Folding(*pairs[2:], gap=24)))
        self._facts.addStretch(1)

    @property
    def saving(self) -> LineSaving | None:
        """The saving that is current."""
        key = _current(self.savings)
        found = self.board.savings if self.board is not None else ()
        return next((one for one in found if one.line == key), None)

    def _say_evidence(self) -> None:
        one = self.saving
        self._evidence.setVisible(one is not None)
        if one is None:
            return
        hidden = f" {counted(one.hidden, 'month')} hidden and left out." if one.hidden else ""
        whole = f"{one.baseline.nights:,} nights at {format_pence(one.baseline.price_p)}"
        self._evidence.setText(
            f"{one.line_name}: baseline of a year {whole}, from: {one.baseline.evidence}. The "
            f"baseline and the local beds count for the months that are shared.{hidden}"
        )

    def take_keyboard(self) -> None:
        """Give the first list on show the keyboard."""
        for grid in (self.kept, self.shared, self.savings):
            if not grid.isHidden():
                grid.view.setFocus()
                return

    # What it offers

    @property
    def words(self) -> str:
        """Say which reviews are late."""
        late = sum(one.overdue for one in self.board.here) if self.board is not None else 0
        return f"{counted(late, 'review')} overdue." if late else ""

    def offers(self) -> Offers:
        """Offer to keep placements, to share the month and to state a baseline."""
        board = self.board
        if board is None:
            return (), None
        partner = "" if board.lead else "The lead provider states baselines and shares totals."
        none = "" if board.kept else "No placement is kept on this laptop."
        share = PageAction("Share the month", self.share, why_off=partner or none)
        base = PageAction("Baseline…", self.baseline, why_off=partner)
        return (base, share), PageAction("Placements…", self.placements, "add")

    def placements(self) -> None:
        """Show the placements of this laptop."""
        if self.board is not None:
            self.open(forms.placements_dialog(self.place, self.board))

    def _follow(self, key: object) -> None:
        """Lead from what was shared of a line's month to the placements it is made of."""
        board = self.board
        for one in board.shared if board is not None else ():
            if one.total.row == key and one.whole and one.total.nights is not None:
                number = one.total.month
                words = f"{one.line_name}: out of area in M{number}"
                stop = of_line(words, Worked.PLACED, one.total.service_line, month=number)
                self.go.emit(replace(self.where, path=(stop,)))

    def baseline(self) -> None:
        """Ask for the baseline of a line."""
        if self.board is not None and self.board.lead:
            self.open(forms.baseline_form(self.place, self.board, self.saving))

    def share(self) -> None:
        """Share the month's totals after the gate."""
        if self.board is not None:
            self.do(SharePlacements(self.board.year.label, self.board.month.number))


def _current(grid: Grid) -> object:
    at = grid.view.currentIndex()
    return grid.model.row_at(at.row()).key if at.isValid() else None


def _kept(one: PlacementLine) -> GridRow:
    due = one.row.review_due
    review = GridCell(f"by {date_digits(due)}" if due is not None else "")
    if one.overdue:
        review = GridCell(f"Overdue, {date_digits(due)}" if due else "", state=CellState.CONCERN)
    cells = (
        GridCell(one.row.pseudonym),
        GridCell(one.line_name),
        GridCell(one.row.provider),
        GridCell(one.band),
        GridCell(REASONS[Reason(one.row.reason)]),
        GridCell(one.stay),
        GridCell(one.nights),
        GridCell(one.cost_p),
        review,
    )
    return GridRow(one.row.number, cells)


def _kept_total(board: PlacementBoard) -> GridRow:
    nights, cost = (
        sum(one.nights for one in board.here),
        sum(one.cost_p for one in board.here),
    )
    blank = [GridCell(None)] * 5
    cells = (GridCell("All here"), *blank, GridCell(nights), GridCell(cost), GridCell(None))
    return GridRow("total", cells, RowKind.TOTAL)


def _shared(one: SharedTotal) -> GridRow:
    total = one.total
    part = "All placements" if one.whole else total.part
    if total.cut == "reason":
        known = {reason.value: said for reason, said in REASONS.items()}
        part = known.get(total.part, total.part)
    hidden = total.nights is None

    def figure(value: int | None) -> GridCell:
        why = "Rests on too few people, or would give such a figure away"
        return GridCell(None, state=CellState.SUPPRESSED, reason=why) if hidden else GridCell(value)

    cells = (
        GridCell(one.line_name),
        GridCell(part),
        figure(total.people),
        figure(total.nights),
        figure(total.cost_p),
        GridCell(total.overdue, reason="" if total.overdue else "None, or too few to be told"),
    )
    return GridRow(total.row, cells)


def _saving(one: LineSaving) -> GridRow:
    made, base = one.saving, one.baseline
    then = made.baseline_cost_p // base.price_p if base.price_p else 0
    if not one.months:
        # Before a month is shared there is nothing to claim, and nothing to be concerned about.
        none = [GridCell(None, reason=_NOT_SHARED)] * 7
        return GridRow(one.line, (GridCell(one.line_name), *none, GridCell("None shared yet")))
    months = ", ".join(f"M{n}" for n in one.months)
    state = CellState.GOOD if made.net_p > 0 else CellState.OPEN
    cells = (
        GridCell(one.line_name),
        GridCell(f"{then:,} × {format_pence(base.price_p)}"),
        GridCell(f"{one.nights:,} × {format_pence(one.price_p)}"),
        GridCell(made.volume_p),
        GridCell(made.price_p),
        GridCell(made.gross_p),
        GridCell(made.local_cost_p),
        GridCell(made.net_p, state=CellState.CONCERN if made.net_p < 0 else state),
        GridCell(months),
    )
    return GridRow(one.line, cells)
