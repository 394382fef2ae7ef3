"""The contracts of a year, and the one that is current month by month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from collabdesk.domain.budgets.terms import Counted
from collabdesk.domain.periods import MONTH_NAMES, MONTHS_IN_YEAR, FiscalYear, date_digits
from collabdesk.services.budgets.contracts.contract_board import (
    ContractLine,
    ContractsBoard,
    CountedMonth,
    Payment,
)
from collabdesk.ui.budgets.contract_words import FORMS, MEASURES
from collabdesk.ui.budgets.settling import Disputed
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind, RowKind, Unit
from collabdesk.ui.parts import column, holder, row, words
from collabdesk.ui.theme import Look

_MONEY: Final = Kind.MONEY
_COLUMNS: Final = (
    GridColumn("reference", "Contract"),
    GridColumn("provider", "Provider"),
    GridColumn("form", "Form"),
    GridColumn("days", "In force"),
    GridColumn("plan", "Planned", kind=_MONEY),
    GridColumn("due", "Comes to", kind=_MONEY, strong=True),
    GridColumn("difference", "Difference", kind=_MONEY, signed=True),
    GridColumn("invoiced", "Invoiced", kind=_MONEY),
    GridColumn("unpaid", "Unpaid", kind=_MONEY),
    GridColumn("line", "Service line"),
)


def month_columns(kind: Kind, year: FiscalYear, total: str = "Year") -> tuple[GridColumn, ...]:
    """Return a column for each month of a year, and one for the whole."""
    return (
        *(
            GridColumn(
                f"m{month.number}",
                f"M{month.number}",
                MONTH_NAMES[month.first.month - 1][:3],
                kind=kind,
            )
            for month in year.months
        ),
        GridColumn("total", total, kind=kind, strong=True),
    )


class ContractsPane(QWidget):
    """A list of contracts over the money and the activity of the current one."""

    moved = Signal()
    status_changed = Signal(list)
    said = Signal(str)
    drilled = Signal(object)

    def __init__(self, look: Look, year: FiscalYear) -> None:
        """List nothing yet."""
        super().__init__()
        self.setProperty("ground", "page")
        self.grid = Grid(look, "Contracts", _COLUMNS)
        self._said = words("", "heading")
        self._why = words("", "caption", "concern", wrap=True)
        first = GridColumn("what", "By month")
        self.money = Grid(look, "Money of the contract", (first, *month_columns(_MONEY, year)))
        self.money.strip.hide()
        self.nights = Grid(
            look,
            "Activity of the contract",
            (GridColumn("what", "Activity"), *month_columns(Kind.NUMBER, year)),
            strip=False,
        )
        self._month = words("", "caption", "secondary")
        said = holder(row(self._said, self._month, None, gap=16))
        heading = holder(column(said, self._why, gap=0), 16, 8, 16, 4)
        box = column(self.grid, heading, self.money, self.nights, gap=0)
        box.setStretch(0, 1)
        self.setLayout(box)
        self.board: ContractsBoard | None = None
        self.grid.current_changed.connect(lambda key, _column: self._move(key))
        self.grid.drilled.connect(lambda key, _column: self.drilled.emit(key))
        for grid in (self.grid, self.money, self.nights):
            grid.status_changed.connect(self.status_changed)
            grid.said.connect(self.said)
        self.grid.strip.unit_chosen.connect(self.money.show_in)
        self.money.current_changed.connect(lambda _key, name: self._say_month(name))

    @property
    def current(self) -> ContractLine | None:
        """The contract that is current."""
        at = self.grid.view.currentIndex()
        key = self.grid.model.row_at(at.row()).key if at.isValid() else None
        lines = self.board.lines if self.board is not None else ()
        return next((line for line in lines if line.contract.row == key), None)

    def show_board(self, board: ContractsBoard, wanted: bytes | None) -> None:
        """List the contracts; the one wanted, or the current one, stays current."""
        now = self.current
        known = any(line.contract.row == wanted for line in board.lines)
        key = wanted if known else now.contract.row if now is not None else None
        self.board = board
        self.grid.set_rows([_line(line) for line in board.lines])
        self.grid.set_totals([_total(board)])
        unit = Unit.POUNDS if self.grid.fits(Unit.POUNDS) else Unit.THOUSANDS
        self.grid.show_in(unit)
        self.money.show_in(unit)
        if not self.grid.select(key, "due") and board.lines:
            self.grid.select(board.lines[0].contract.row, "due")
        self._move(None)

    def take_keyboard(self) -> None:
        """Give the list the keyboard."""
        self.grid.view.setFocus()

    def _move(self, _key: object) -> None:
        line = self.current
        if line is None:
            return
        contract = line.contract
        self._said.setText(f"{contract.reference}: {FORMS[line.form]}, {line.trust}")
        said = _wanting(line)
        self._why.setText(said)
        self._why.setVisible(bool(said))
        self.money.set_rows(list(_money(line)))
        self.money.measure()
        counted = list(_activity(line))
        self.nights.setVisible(bool(counted))
        self.nights.set_rows(counted)
        self.nights.measure()
        self._fit()
        self.moved.emit()

    def _say_month(self, name: str) -> None:
        """Say which invoices a month has, and whether they are paid."""
        line = self.current
        month = name.removeprefix("m")
        if line is None or not month.isdecimal():
            self._month.setText("")
            return
        label = line.one.year.month(int(month)).label
        found = line.paid_in(int(month))
        due = line.schedule_p[int(month) - 1]
        none = "not invoiced yet" if due else "no instalment"
        self._month.setText(f"{label}: {_invoices(found) or none}")

    def _fit(self) -> None:
        theme = self.grid.look.theme
        for grid, most in ((self.money, 5), (self.nights, 6)):
            rows = min(grid.model.rowCount(), most)
            high = theme.px("size.gridHeader") * 2 + rows * theme.px("size.gridRow") + 2
            grid.setMaximumHeight(high)
            grid.setMinimumHeight(high if self.height() > high * 3 else 0)


def _wanting(line: ContractLine) -> str:
    """Say what is missing to reckon a contract, and which credit notes take nothing back."""
    why = line.one.why
    said = [f"{why.words} {why.remedy}"] if why is not None else []
    said += [
        f"Credit note {bill.reference} takes back {bill.credits}, which is not among the bills."
        if bill.credits
        else f"Credit note {bill.reference} does not say which bill it takes back."
        for bill in line.loose_credits
    ]
    return " ".join(said)


def disputed(line: ContractLine) -> tuple[Disputed, ...]:
    """Return what two laptops entered differently about a contract: its terms, prices, bills."""
    about = line.contract.reference
    found = [Disputed("contract", line.contract.row, f"Contract {about}", line.contract.contested)]
    found += [
        Disputed(
            "contract_price",
            one.row,
            f"{about}, price from {date_digits(one.starts)}",
            one.contested,
        )
        for one in line.prices
    ]
    found += [
        Disputed("contract_bill", one.row, f"{about}, bill {one.reference}", one.contested)
        for one in line.bills
    ]
    found += [
        Disputed("quality_measure", one.row, f"{about}, {one.name}", one.contested)
        for one in line.quality
    ]
    return tuple(one for one in found if one.columns)


def _line(line: ContractLine) -> GridRow:
    contract, one = line.contract, line.one
    plan, due = sum(one.plan_p), sum(one.due_p)
    fault = CellState.CONCERN if one.why is not None else CellState.OPEN
    found = disputed(line)
    contested = CellState.CONTESTED if found else CellState.OPEN
    differs = " ".join(one.words for one in found)
    cells = (
        GridCell(contract.reference, state=contested, reason=differs),
        GridCell(line.trust),
        GridCell(FORMS[line.form]),
        GridCell(f"{date_digits(contract.starts)} to {date_digits(contract.ends)}"),
        GridCell(plan),
        GridCell(due, state=fault, reason=one.why.words if one.why else ""),
        GridCell(due - plan),
        GridCell(sum(paid.amount_p for paid in line.payments)),
        GridCell(sum(paid.amount_p for paid in line.payments if paid.paid_on is None)),
        GridCell(line.line_name),
    )
    return GridRow(contract.row, cells)


def _total(board: ContractsBoard) -> GridRow:
    rows = [_line(line) for line in board.lines]
    cells = [
        GridCell(sum(_pence(one.cells[place]) for one in rows))
        if declared.kind is _MONEY
        else GridCell("All contracts" if not place else None)
        for place, declared in enumerate(_COLUMNS)
    ]
    return GridRow("total", tuple(cells), RowKind.TOTAL)


def _pence(cell: GridCell) -> int:
    return cell.value if isinstance(cell.value, int) else 0


def _money(line: ContractLine) -> Iterable[GridRow]:
    yield _months("Planned", line.one.plan_p)
    yield _months("Comes to", line.one.due_p)
    if any(line.schedule_p):
        yield _months("Payment schedule", line.schedule_p)
    paid = [line.paid_in(month) for month in range(1, MONTHS_IN_YEAR + 1)]
    yield _row("Invoiced", [_invoiced(found) for found in paid])
    left = [sum(one.amount_p for one in found if one.paid_on is None) for found in paid]
    yield _months("Not paid yet", left)


def _months(words_: str, amounts: Sequence[int]) -> GridRow:
    return _row(words_, [GridCell(amount) for amount in amounts])


def _row(words_: str, cells: Sequence[GridCell]) -> GridRow:
    total = GridCell(sum(_pence(cell) for cell in cells))
    return GridRow(words_, (GridCell(words_), *cells, total))


def _invoiced(found: Sequence[Payment]) -> GridCell:
    """Return what was invoiced for a month; the strip says by which invoices and if paid."""
    said = _invoices(found)
    done = bool(found) and all(one.paid_on for one in found)
    amount = sum(one.amount_p for one in found) if found else None
    return GridCell(amount, state=CellState.GOOD if done else CellState.OPEN, reason=said)


def _invoices(found: Sequence[Payment]) -> str:
    return "; ".join(
        f"{one.invoice}, "
        + (f"paid {date_digits(one.paid_on)}" if one.paid_on else f"due {date_digits(one.due)}")
        for one in found
    )


def _activity(line: ContractLine) -> Iterable[GridRow]:
    for measure in line.measures:
        found = line.activity.get(measure)
        if measure in {Counted.BED_DAYS, Counted.CASES} and any(line.planned):
            yield _numbers(f"{MEASURES[measure]}, planned", list(map(GridCell, line.planned)))
        if found is not None:
            yield _numbers(f"{MEASURES[measure]}, counted", list(map(_counted, found)))
    if line.contract.beds:
        shares = [line.occupancy(month) for month in range(1, MONTHS_IN_YEAR + 1)]
        yield GridRow(
            "occupancy",
            (GridCell("Occupancy, %"), *map(GridCell, shares), GridCell(None)),
        )


def _counted(one: CountedMonth) -> GridCell:
    if one.hidden:
        return GridCell(None, state=CellState.SUPPRESSED, reason="Rests on too few people")
    if one.freeze is not None:
        return GridCell(one.freeze, state=CellState.LOCKED, reason="Frozen")
    return GridCell(one.flex, reason="" if one.flex is None else "Flex")


def _numbers(words_: str, cells: list[GridCell]) -> GridRow:
    known = [cell.value for cell in cells if isinstance(cell.value, int)]
    return GridRow(words_, (GridCell(words_), *cells, GridCell(sum(known) if known else None)))
