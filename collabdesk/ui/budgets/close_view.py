"""The close of a month: the list with its dates, what is in the way, and the lock."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from collabdesk.domain.budgets.month_states import MonthState
from collabdesk.domain.periods import FiscalYear
from collabdesk.services.budgets.closing.blockers import Blocker
from collabdesk.services.budgets.closing.close_board import (
    AccrualLine,
    Author,
    CloseBoard,
    StepLine,
    close_board,
)
from collabdesk.services.budgets.closing.close_commands import CloseMonth, ReopenMonth
from collabdesk.ui.budgets.close_forms import accrual_form, agree_form, lock_form, tick_form
from collabdesk.ui.budgets.folding import Folding
from collabdesk.ui.budgets.heading import why_not
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.wording import counted, trust
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind
from collabdesk.ui.page import PageAction, Surroundings
from collabdesk.ui.parts import Tone, chip, column, emptied, holder, panel, row, words

_STEPS: Final = (
    GridColumn("step", "Step"),
    GridColumn("state", "Done"),
    GridColumn("due", "Due", kind=Kind.DATE),
    GridColumn("day", "Working day"),
    GridColumn("owner", "Owner"),
    GridColumn("by", "Done by"),
    GridColumn("at", "At"),
    GridColumn("evidence", "Evidence"),
)
_BLOCKERS: Final = (GridColumn("what", "In the way"), GridColumn("how", "How to mend it"))
_ACCRUALS: Final = (
    GridColumn("name", "Accrued on"),
    GridColumn("amount", "Amount", kind=Kind.MONEY),
    GridColumn("reference", "Reference"),
    GridColumn("back", "Taken back"),
)
_TONES: Final[dict[MonthState, Tone]] = {
    MonthState.OPEN: "selected",
    MonthState.SOFT_CLOSED: "concern",
    MonthState.LOCKED: "good",
}


class CloseView(PartView):
    """One month at a time; the first that is not locked unless another is chosen."""

    tables: ClassVar[frozenset[str]] = frozenset({"close_step", "month_state", "source_file"})

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """List nothing yet."""
        super().__init__(around, desk)
        self.board: CloseBoard | None = None
        self.months = QComboBox()
        self.months.setAccessibleName("Month to close")
        self.months.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._chips: QHBoxLayout = row(gap=8)
        self.steps = Grid(around.look, "Steps of the close", _STEPS, strip=False)
        self.blockers = Grid(around.look, "What is in the way", _BLOCKERS, strip=False)
        self.accruals = Grid(around.look, "Accruals of the month", _ACCRUALS, strip=False)
        self._clear = words("", ink="secondary", wrap=True)
        self._none = words("No accruals in this month.", ink="secondary")
        self._whole = self.unseen(self._built())
        self.months.activated.connect(self._choose)
        self.steps.drilled.connect(lambda _key, _column: self.tick())
        self.blockers.drilled.connect(lambda key, _column: self._mend(key))
        for grid in (self.steps, self.blockers, self.accruals):
            grid.status_changed.connect(self.status_changed)
            grid.said.connect(self.said)

    def _built(self) -> QWidget:
        bar = panel("toolStrip")
        line = row(Folding(self.months, holder(self._chips)))
        line.setContentsMargins(16, 4, 16, 4)
        bar.setLayout(line)
        way = column(
            holder(row(words("In the way of the close", "heading"), None), 16, 12, 16, 4),
            holder(column(self._clear), 16, 0, 16, 4),
            self.blockers,
            None,
            gap=0,
        )
        accrued = column(
            holder(row(words("Accruals", "heading"), None), 16, 12, 16, 4),
            holder(row(self._none, None), 16, 0, 16, 4),
            self.accruals,
            None,
            gap=0,
        )
        below = row(holder(way), holder(accrued), gap=8)
        below.setStretch(0, 1)
        below.setStretch(1, 1)
        inside = column(bar, self.steps, holder(below), gap=0)
        inside.setStretch(1, 3)
        inside.setStretch(2, 1)
        made = holder(inside)
        made.setProperty("ground", "page")
        return made

    # Reading

    def read(self) -> None:
        """Read the close of the month on show."""
        if self.plan is None:
            return
        workspace = self.desk.workspace
        self.ask(
            close_board,
            workspace.me,
            self.plan.version.fiscal_year,
            self.where.month,
            workspace.clock.today(),
            done=self._take,
            words="Reading the close",
        )

    def _take(self, board: CloseBoard) -> None:
        self.board = board
        self._show_months(board)
        self._show_chips(board)
        at = self.current
        self.steps.set_rows([self._step(line) for line in board.steps])
        if not self.steps.select(at, "state"):
            self.steps.select(_next_step(board), "state")
        self.blockers.setVisible(bool(board.blockers))
        self.blockers.set_rows([_blocker(place, one) for place, one in enumerate(board.blockers)])
        locked = board.state is MonthState.LOCKED
        self._clear.setText("" if locked else _clear_words(board))
        self._clear.setVisible(bool(self._clear.text()))
        self._none.setVisible(not board.accruals)
        self.accruals.setVisible(bool(board.accruals))
        self.accruals.set_rows(
            [_accrual(place, one, board.fiscal_year) for place, one in enumerate(board.accruals)]
        )
        self.show_full(self._whole)

    @property
    def current(self) -> object:
        """The step that is current."""
        at = self.steps.view.currentIndex()
        return self.steps.model.row_at(at.row()).key if at.isValid() else None

    def _show_months(self, board: CloseBoard) -> None:
        year = FiscalYear.parse(board.fiscal_year)
        with QSignalBlocker(self.months):
            self.months.clear()
            for month, state in zip(year.months, board.states, strict=True):
                self.months.addItem(f"{month.label}, {state.words}", month.number)
            self.months.setCurrentIndex(board.month.number - 1)

    def _show_chips(self, board: CloseBoard) -> None:
        emptied(self._chips)
        self._chips.addWidget(chip(board.state.words.capitalize(), _TONES[board.state]))
        done = sum(line.done for line in board.steps)
        self._chips.addWidget(chip(f"{done} of {len(board.steps)} steps done"))
        settled, every = board.returns
        if every:
            said = f"{settled} of {counted(every, 'return item')} settled"
            self._chips.addWidget(chip(said, "good" if settled == every else "concern"))
        if board.state is MonthState.SOFT_CLOSED:
            people = len({(one.organisation, one.person) for one in board.agreed})
            tone: Tone = "good" if people >= board.needed else "neutral"
            self._chips.addWidget(chip(f"{people} of {board.needed} people agree to lock", tone))

    def _step(self, line: StepLine) -> GridRow:
        late = CellState.CONCERN if line.late and not line.done else CellState.OPEN
        good = CellState.GOOD if line.done else late
        said = "Done" if line.done else "Late" if line.late else "To do"
        cells = (
            GridCell(line.step.words),
            GridCell(said, state=good),
            GridCell(line.due),
            GridCell(f"WD{line.step.working_day}"),
            GridCell(line.owner),
            GridCell(self._who(line.by) if line.by else ""),
            GridCell(
                f"{line.done_at:%d/%m/%Y %H:%M} {line.done_at.tzname()}" if line.done_at else ""
            ),
            GridCell(line.evidence),
        )
        return GridRow(line.step.key, cells)

    def _who(self, author: Author) -> str:
        member = self.desk.people.get(author.device)
        trusts = self.room.trusts if self.room is not None else {}
        return f"{member.role}, {trust(member.ods, trusts)}" if member else "An unknown laptop"

    def take_keyboard(self) -> None:
        """Give the list of steps the keyboard."""
        self.steps.view.setFocus()

    # Doing

    @property
    def words(self) -> str:
        """Where the month stands."""
        board = self.board
        if board is None:
            return ""
        if board.blockers and board.state is not MonthState.LOCKED:
            return f"{counted(len(board.blockers), 'thing')} in the way."
        return f"{board.month.label} is {board.state.words}."

    def offers(self) -> tuple[tuple[PageAction, ...], PageAction | None]:
        """Offer what the month's state allows."""
        board = self.board
        if board is None:
            return (), None
        tick = PageAction("Tick off…", self.tick)
        accrue = PageAction("Accrual…", self.accrue)
        rights, name = board.rights, f"M{board.month.number}"
        if board.state is MonthState.OPEN:
            close = PageAction(f"Close {name} softly", self._close, why_off=why_not(rights.close))
            return (tick, accrue), close
        if board.state is MonthState.LOCKED:
            return (tick,), None
        again = PageAction("Open again", self._reopen, why_off=why_not(rights.reopen))
        lock = PageAction(f"Lock {name}…", self.lock, why_off=why_not(rights.lock))
        agree = PageAction("Agree to the lock…", self.agree, why_off=why_not(rights.approve))
        if rights.lock is None:
            return (tick, again), lock
        return (tick, again, lock), agree

    def tick(self) -> None:
        """Ask what shows that the current step is done."""
        board, key = self.board, self.current
        line = next((one for one in board.steps if one.step.key == key), None) if board else None
        if board is not None and line is not None:
            self.open(tick_form(self.place, board, line))

    def accrue(self) -> None:
        """Ask what is expected and not billed."""
        if self.board is not None and self.room is not None and self.plan is not None:
            self.open(accrual_form(self.place, self.room, self.plan, self.board))

    def agree(self) -> None:
        """Ask for the words that agree to the lock."""
        if self.board is not None:
            self.open(agree_form(self.place, self.board))

    def lock(self) -> None:
        """Ask for the words that lock the month."""
        if self.board is not None:
            self.open(lock_form(self.place, self.board))

    def _close(self) -> None:
        if self.board is not None:
            self.do(CloseMonth(self.board.fiscal_year, self.board.month.number))

    def _reopen(self) -> None:
        if self.board is not None:
            self.do(ReopenMonth(self.board.fiscal_year, self.board.month.number))

    def _choose(self, place: int) -> None:
        self.go.emit(replace(self.where, month=self.months.itemData(place), record=None))

    def _mend(self, key: object) -> None:
        board = self.board
        found = board.blockers[key] if board is not None and isinstance(key, int) else None
        if found is not None and found.view:
            self.go.emit(self.where.seen_as(found.view))


def _clear_words(board: CloseBoard) -> str:
    """Say whether anything blocks the close, and what is outstanding all the same."""
    left = "; ".join(board.outstanding)
    if board.blockers:
        return f"Outstanding as well: {left}." if left else ""
    return f"Nothing blocks the close. Outstanding: {left}." if left else "Nothing is in the way."


def _next_step(board: CloseBoard) -> str:
    undone = (line.step.key for line in board.steps if not line.done)
    return next(undone, board.steps[0].step.key)


def _blocker(place: int, one: Blocker) -> GridRow:
    said = GridCell(one.words, state=CellState.CONCERN)
    return GridRow(place, (said, GridCell(one.remedy)))


def _accrual(place: int, one: AccrualLine, year: str) -> GridRow:
    months = FiscalYear.parse(year).months
    back = months[one.reversed_in - 1].label if one.reversed_in else ""
    cells = (
        GridCell(one.name),
        GridCell(one.amount_p),
        GridCell(one.reference),
        GridCell(back),
    )
    return GridRow((place, one.journal), cells)
