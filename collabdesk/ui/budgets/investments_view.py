"""Investment of savings: what was saved, what it pays for, and what is left of each purse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from PySide6.QtWidgets import QSizePolicy, QWidget

from collabdesk.domain.money import format_pence, format_pounds
from collabdesk.services.budgets.shares.investment_plan import (
    InvestmentLine,
    InvestmentPlan,
    InvestmentState,
    investment_plan,
)
from collabdesk.services.budgets.shares.share_commands import (
    ApproveInvestment,
    PostInvestment,
    WithdrawInvestment,
)
from collabdesk.ui.budgets import investment_forms as forms
from collabdesk.ui.budgets.part_view import About, PartView
from collabdesk.ui.budgets.places import Where
from collabdesk.ui.budgets.wording import counted, people, roles, trust
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind, RowKind
from collabdesk.ui.inspector import Linked
from collabdesk.ui.inspector.signed import Telling
from collabdesk.ui.messages import Action
from collabdesk.ui.page import PageAction, Surroundings
from collabdesk.ui.parts import Elided, chip, column, emptied, holder, panel, row, words
from collabdesk.ui.states import EmptyState, Shape, Way

_MONEY: Final = Kind.MONEY
_SAVINGS: Final = (
    GridColumn("title", "Saving"),
    GridColumn("recurrent", "Recurrent, a year", kind=_MONEY),
    GridColumn("once", "Once", kind=_MONEY),
    GridColumn("evidence", "Evidence"),
)
_INVESTMENTS: Final = (
    GridColumn("title", "Investment"),
    GridColumn("state", "Where it stands"),
    GridColumn("line", "Line"),
    GridColumn("full", "Full year", kind=_MONEY, band="Recurrent"),
    GridColumn("part", "This year", kind=_MONEY, band="Recurrent"),
    GridColumn("once", "Once", kind=_MONEY, band="Non-recurrent"),
    GridColumn("slip", "Slippage", kind=_MONEY, signed=True, band="Non-recurrent"),
    GridColumn("planned", "Planned", kind=Kind.DATE, band="Start"),
    GridColumn("start", "In fact", kind=Kind.DATE, band="Start"),
    GridColumn("measures", "Measured by"),
)
_STATES: Final = {
    InvestmentState.TURNED_DOWN: CellState.CONCERN,
    InvestmentState.CONTESTED: CellState.CONCERN,
    InvestmentState.APPROVED: CellState.GOOD,
    InvestmentState.POSTED: CellState.LOCKED,
    InvestmentState.WITHDRAWN: CellState.CLOSED,
}
_TELLING: Final = Telling(
    names={
        "recurrent_p": "Cost of a full year",
        "non_recurrent_p": "Cost once",
        "planned_start": "Planned start",
        "start": "Start in fact",
        "measures": "Measured by",
        "state": "State",
    },
    values={
        name: lambda cell: format_pence(cell) if isinstance(cell, int) else ""
        for name in ("recurrent_p", "non_recurrent_p")
    },
    hidden=frozenset({"fiscal_year", "service_line", "provider", "position"}),
    first="recurrent_p",
)
_LEAD_ONLY: Final = "The lead provider records savings and proposes investments."
_KEEPER: Final = "The laptop that keeps the ledger posts it."


class InvestmentsView(PartView):
    """The savings and investments of the year of the version on show."""

    inspected: ClassVar[bool] = True
    tables: ClassVar[frozenset[str]] = frozenset({"saving", "investment", "month_state"})

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """List nothing yet."""
        super().__init__(around, desk)
        self.found: InvestmentPlan | None = None
        self._chips = row(gap=8)
        self._left = Elided("", "bodyStrong")
        self.savings = Grid(around.look, "Confirmed savings", _SAVINGS, strip=False)
        self.lines = Grid(around.look, "Investments", _INVESTMENTS, strip=False)
        self._why = words("", ink="secondary", wrap=True)
        self._whole = self.unseen(self._built())
        self.lines.current_changed.connect(lambda _key, _column: self._moved())
        self.lines.drilled.connect(lambda _key, _column: self.open_journal())
        for grid in (self.savings, self.lines):
            grid.status_changed.connect(self.status_changed)
            grid.said.connect(self.said)

    def _built(self) -> QWidget:
        bar = panel("toolStrip")
        line = row(holder(self._chips), self._left, gap=8)
        line.setStretch(1, 1)
        line.setContentsMargins(16, 4, 16, 4)
        bar.setLayout(line)
        why = holder(row(self._why), 16, 8, 16, 8)
        why.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inside = column(
            bar,
            self.lines,
            why,
            holder(row(words("Confirmed savings", "heading"), None), 16, 12, 16, 4),
            self.savings,
            None,
            gap=0,
        )
        inside.setStretch(1, 3)
        inside.setStretch(4, 2)
        made = holder(inside)
        made.setProperty("ground", "page")
        return made

    # Reading

    def read(self) -> None:
        """Read the savings and investments of the year of the version on show."""
        if self.plan is not None:
            year = self.plan.version.fiscal_year
            self.ask(investment_plan, year, done=self._take, words="Reading the investments")

    def _take(self, found: InvestmentPlan) -> None:
        self.found = found
        if not found.savings and not found.lines:
            self.show_empty(self._empty())
            return
        at = self.line
        wanted = self.where.record or (at.row.row if at is not None else None)
        trusts = self.room.trusts if self.room is not None else {}
        self.lines.set_rows([_line(one, trusts) for one in found.lines])
        self.lines.set_totals([_total(found)] if found.lines else ())
        self.savings.set_rows(
            [
                GridRow(
                    one.row,
                    (
                        GridCell(one.title),
                        GridCell(one.recurrent_p),
                        GridCell(one.non_recurrent_p),
                        GridCell(one.evidence),
                    ),
                )
                for one in found.savings
            ]
        )
        self.savings.set_totals([_saved(found)])
        if found.lines and not self.lines.select(wanted, "title"):
            self.lines.select(found.lines[0].row.row, "title")
        self._show_chips(found)
        self._fit()
        self._moved()
        self.show_full(self._whole)

    def _fit(self) -> None:
        """Let the list take what its rows need, so that the savings follow it."""
        theme = self.around.look.theme
        rows = (self.lines.model.rowCount() + 2) * theme.px("size.gridRow")
        self.lines.setMaximumHeight(rows + 2 * theme.px("size.gridHeader"))

    def _show_chips(self, found: InvestmentPlan) -> None:
        emptied(self._chips)
        if found.slippage_p:
            self._chips.addWidget(chip(f"{format_pounds(found.slippage_p)} slippage", "concern"))
        left = found.left
        self._left.say(
            f"Left: {format_pounds(left.recurrent_p)} recurrent and "
            f"{format_pounds(left.non_recurrent_p)} once. The investment money holds "
            f"{format_pounds(found.pot_p)}."
        )

    def _empty(self) -> EmptyState:
        said = (
            "Recurrent money is invested from recurrent savings alone, so record first what is "
            "saved for good, net and against a stated baseline."
        )
        shape = Shape(
            ("Investment", "Full year", "This year"),
            ("Community eating disorder team", "Perinatal outreach"),
            "The part of this year follows from the day it starts.",
        )
        if not self._may:
            return EmptyState("No savings yet", f"{said} {_LEAD_ONLY}", shape=shape)
        first = Action("Add a saving…", self.add_saving)
        way = Way(
            "add",
            "Propose an investment",
            "It is shown as not covered until a saving is there.",
            Action("Propose…", self.propose),
        )
        return EmptyState("No savings yet", said, first, (way,), shape)

    @property
    def line(self) -> InvestmentLine | None:
        """The current investment."""
        at = self.lines.view.currentIndex()
        key = self.lines.model.row_at(at.row()).key if at.isValid() else None
        known = self.found.lines if self.found is not None else ()
        return next((one for one in known if one.row.row == key), None)

    def about(self) -> About | None:
        """Tell who proposed the current investment and who agreed to it."""
        one = self.line
        if one is None:
            return None
        amount = format_pence(one.wanted.recurrent_p or one.wanted.non_recurrent_p)
        linked: tuple[Linked, ...] = ()
        if one.journal is not None:
            where = Where("journals", self.where.version, journal=one.journal)
            linked = (Linked(f"Journal #{one.journal}", one.row.title, where),)
        return About(f"Investment, {_said(one)}", amount, one.row.row, _TELLING, linked)

    def _moved(self) -> None:
        one = self.line
        self._why.setText("" if one is None else _told(one))
        self.heading_changed.emit()

    def take_keyboard(self) -> None:
        """Give the list of investments the keyboard."""
        shown = self.lines if self.lines.model.rowCount() else self.savings
        shown.view.setFocus()

    # What it offers

    @property
    def words(self) -> str:
        """Say what waits."""
        waiting = [
            one
            for one in (self.found.lines if self.found is not None else ())
            if one.state is InvestmentState.PROPOSED
        ]
        return f"{counted(len(waiting), 'investment')} to approve." if waiting else ""

    def offers(self) -> tuple[tuple[PageAction, ...], PageAction | None]:
        """Offer what goes with the current investment, and another saving or proposal."""
        if self.found is None or not (self.found.savings or self.found.lines):
            return (), None
        why = "" if self._may else _LEAD_ONLY
        saving = PageAction("Add saving…", self.add_saving, why_off=why)
        propose = PageAction("Propose…", self.propose, "add", why)
        one = self.line
        if one is None or one.state in {InvestmentState.POSTED, InvestmentState.WITHDRAWN}:
            return (saving,), propose
        start = PageAction("Start…", self.start, why_off=why)
        back = PageAction("Take back", self.withdraw, why_off=why)
        if one.state is InvestmentState.APPROVED:
            off = "" if self._keeps else _KEEPER
            return (saving, start, back), PageAction("Post", self.post, why_off=off)
        agree = PageAction("Approve", self.approve, why_off=self._not_mine(one))
        return (saving, propose, start, back), agree

    def _not_mine(self, one: InvestmentLine) -> str:
        me = self.room.me if self.room is not None else None
        if me is None:
            return "This laptop is not enrolled yet."
        if one.why is not None:
            return f"{one.why.words} {one.why.remedy}".strip()
        if f"{me.organisation.hex()}/{me.person.hex()}" in one.writers:
            return "You proposed it, so somebody else approves it."
        return ""

    @property
    def _may(self) -> bool:
        me = self.room.me if self.room is not None else None
        return me is not None and me.is_lead

    @property
    def _keeps(self) -> bool:
        me = self.room.me if self.room is not None else None
        return me is not None and me.keeps_ledger

    # Doing

    def add_saving(self) -> None:
        """Ask for a confirmed saving."""
        if self.found is not None:
            self.open(forms.saving_form(self.place, self.found))

    def propose(self) -> None:
        """Ask for a proposal."""
        if self.found is not None and self.room is not None and self.plan is not None:
            self.open(forms.proposal_form(self.place, self.room, self.plan, self.found))

    def start(self) -> None:
        """Ask when the current one starts in fact."""
        one = self.line
        if one is not None:
            self.open(forms.start_form(self.place, one))

    def approve(self) -> None:
        """Agree to the current one."""
        one = self.line
        if one is not None:
            self.do(ApproveInvestment(one.row.row))

    def post(self) -> None:
        """Post the current one."""
        one = self.line
        if one is not None:
            self.do(PostInvestment(one.row.row))

    def withdraw(self) -> None:
        """Take the current one back."""
        one = self.line
        if one is not None:
            self.do(WithdrawInvestment(one.row.row))

    def open_journal(self) -> None:
        """Go to the journal the current one was posted under."""
        one = self.line
        if one is not None and one.journal is not None:
            self.go.emit(Where("journals", self.where.version, journal=one.journal))


def _told(one: InvestmentLine) -> str:
    if one.why is not None:
        return f"{one.why.words} {one.why.remedy}".strip()
    if one.state is InvestmentState.PROPOSED and one.tier is not None and one.count is not None:
        asked = f"Needs {people(one.tier.needed)} by {roles(one.tier.roles)}"
        return f"{asked}; {len(one.count.counted)} given."
    if one.journal is not None:
        return f"In the ledger as journal #{one.journal}; Enter opens it."
    return ""


def _said(one: InvestmentLine) -> str:
    match one.state:
        case InvestmentState.POSTED:
            return f"Posted, journal #{one.journal}"
        case InvestmentState.TURNED_DOWN:
            return "Not covered by savings"
        case InvestmentState.WITHDRAWN:
            return "Taken back"
        case InvestmentState.PROPOSED if one.tier is not None and one.count is not None:
            return f"Proposed: {len(one.count.counted)} of {one.tier.needed} approvals"
    return one.state.value.capitalize()


def _line(one: InvestmentLine, trusts: Mapping[str, str]) -> GridRow:
    provider = one.row.provider
    name = one.name.removesuffix(f" at {provider}")
    state = _STATES.get(one.state, CellState.OPEN)
    cells = (
        GridCell(one.row.title),
        GridCell(_said(one), state=state),
        GridCell(f"{name}, {trust(provider, trusts)}"),
        GridCell(one.wanted.recurrent_p),
        GridCell(one.part_year_p),
        GridCell(one.wanted.non_recurrent_p),
        GridCell(one.slippage_p or None),
        GridCell(one.wanted.planned_start),
        GridCell(one.wanted.start),
        GridCell(one.row.measures),
    )
    return GridRow(one.row.row, cells)


_OUT: Final = frozenset({InvestmentState.WITHDRAWN, InvestmentState.TURNED_DOWN})


def _total(found: InvestmentPlan) -> GridRow:
    standing = [one for one in found.lines if one.state not in _OUT]
    blank = GridCell(None)
    cells = (
        GridCell("What stands"),
        blank,
        blank,
        GridCell(sum(one.wanted.recurrent_p for one in standing)),
        GridCell(sum(one.part_year_p for one in standing)),
        GridCell(sum(one.wanted.non_recurrent_p for one in standing)),
        GridCell(found.slippage_p),
        blank,
        blank,
        blank,
    )
    return GridRow("total", cells, RowKind.TOTAL)


def _saved(found: InvestmentPlan) -> GridRow:
    cells = (
        GridCell("All savings"),
        GridCell(found.saved.recurrent_p),
        GridCell(found.saved.non_recurrent_p),
        GridCell(None),
    )
    return GridRow("saved", cells, RowKind.TOTAL)
