"""Invoices with their state, balances by age, and what partners state of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from collabdesk.domain.budgets.balances import AGES, AgedBalance, Agreement, age_of
from collabdesk.domain.periods import date_words
from collabdesk.services.budgets.contracts.balance_board import (
    BalanceBoard,
    InvoiceLine,
    MonthAgreement,
    invoice_of,
)
from collabdesk.ui.budgets.contract_words import PAYMENT_KINDS, paid_words
from collabdesk.ui.budgets.settling import Disputed
from collabdesk.ui.budgets.wording import counted, month_label, trust
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind, RowKind
from collabdesk.ui.grid.strip import Segments
from collabdesk.ui.parts import column, holder, row, words
from collabdesk.ui.theme import Look

_MONEY: Final = Kind.MONEY
_INVOICES: Final = (
    GridColumn("invoice", "Invoice"),
    GridColumn("state", "State"),
    GridColumn("amount", "Amount", kind=_MONEY),
    GridColumn("age", "Age"),
    GridColumn("payer", "Owed by"),
    GridColumn("payee", "Owed to"),
    GridColumn("month", "For"),
    GridColumn("kind", "Kind"),
    GridColumn("contract", "Contract"),
    GridColumn("invoiced", "Written", kind=Kind.DATE),
    GridColumn("due", "Due", kind=Kind.DATE),
)
_AGED: Final = (
    GridColumn("payer", "Owed by"),
    GridColumn("payee", "Owed to"),
    *(GridColumn(f"age{place}", age, kind=_MONEY) for place, age in enumerate(AGES)),
    GridColumn("total", "Unpaid", kind=_MONEY, strong=True),
    GridColumn("overdue", "Of it overdue", kind=_MONEY),
)
_DEBTS: Final = (
    GridColumn("debt", "Debt"),
    GridColumn("state", "State"),
    GridColumn("creditor", "Creditor states", kind=_MONEY),
    GridColumn("debtor", "Debtor states", kind=_MONEY),
    GridColumn("difference", "Difference", kind=_MONEY, signed=True),
    GridColumn("invoices", "By the invoices", kind=_MONEY),
)


class PaymentsPane(QWidget):
    """The invoices of the year, and older ones that are unpaid."""

    status_changed = Signal(list)
    said = Signal(str)
    moved = Signal()

    def __init__(self, look: Look) -> None:
        """List nothing yet."""
        super().__init__()
        self.setProperty("ground", "page")
        self.grid = Grid(look, "Invoices", _INVOICES)
        self.setLayout(column(self.grid, gap=0))
        self.grid.status_changed.connect(self.status_changed)
        self.grid.said.connect(self.said)
        self.grid.current_changed.connect(lambda _key, _column: self.moved.emit())
        self._board: BalanceBoard | None = None

    @property
    def current(self) -> InvoiceLine | None:
        """The invoice that is current."""
        at = self.grid.view.currentIndex()
        key = self.grid.model.row_at(at.row()).key if at.isValid() else None
        found = self._board.invoices if self._board is not None else ()
        return next((one for one in found if one.payment.row == key), None)

    def show_board(self, board: BalanceBoard) -> None:
        """List the invoices; the current one stays."""
        now, self._board = self.current, board
        self.grid.set_rows([_invoice(one, board) for one in board.invoices])
        unpaid = [one for one in board.invoices if one.payment.paid_on is None]
        total = sum(one.payment.amount_p for one in unpaid)
        blank = [GridCell(None)] * (len(_INVOICES) - 3)
        said = (GridCell("Not paid yet"), GridCell(counted(len(unpaid), "invoice")))
        self.grid.set_totals([GridRow("total", (*said, GridCell(total), *blank), RowKind.TOTAL)])
        key = now.payment.row if now is not None else None
        if not self.grid.select(key, "amount") and board.invoices:
            self.grid.select(board.invoices[0].payment.row, "amount")

    def take_keyboard(self) -> None:
        """Give the list the keyboard."""
        self.grid.view.setFocus()


def invoice_disputed(one: InvoiceLine) -> tuple[Disputed, ...]:
    """Return what two laptops entered differently about an invoice, if anything."""
    paid = one.payment
    if not paid.contested:
        return ()
    return (Disputed("contract_payment", paid.row, f"Invoice {paid.invoice}", paid.contested),)


def _invoice(one: InvoiceLine, board: BalanceBoard) -> GridRow:
    paid = one.payment
    state = CellState.CONCERN if one.overdue_days else CellState.OPEN
    state = CellState.GOOD if paid.paid_on is not None else state
    age = AGES[age_of(invoice_of(paid), board.today)] if paid.paid_on is None else ""
    found = invoice_disputed(one)
    differs = CellState.CONTESTED if found else CellState.OPEN
    said = " ".join(each.words for each in found)
    cells = (
        GridCell(paid.invoice, state=differs, reason=said),
        GridCell(paid_words(one), state=state),
        GridCell(paid.amount_p),
        GridCell(age),
        GridCell(trust(paid.payer, board.trusts)),
        GridCell(trust(paid.payee, board.trusts)),
        GridCell(month_label(paid.fiscal_year, paid.month)),
        GridCell(PAYMENT_KINDS.get(paid.kind, paid.kind)),
        GridCell(one.reference),
        GridCell(paid.invoiced),
        GridCell(paid.due),
    )
    return GridRow(paid.row, cells)


class BalancesPane(QWidget):
    """Who owes whom and since when, over what both state at the end of a month."""

    status_changed = Signal(list)
    said = Signal(str)

    def __init__(self, look: Look) -> None:
        """Show no balance yet."""
        super().__init__()
        self.setProperty("ground", "page")
        self._aged_said = words("", "heading")
        self.aged = Grid(look, "Unpaid invoices by age", _AGED)
        self._agreed_said = words("", "heading")
        self.months = Segments("Month end", ["M6", "M9", "M12"], "M6")
        self.debts = Grid(look, "Balances as stated", _DEBTS, strip=False)
        self._none = words("", ink="secondary", wrap=True)
        self._nothing = words("No invoice is unpaid.", ink="secondary", wrap=True)
        box = column(
            holder(row(self._aged_said, None), 16, 8, 16, 4),
            holder(row(self._nothing), 16, 0, 16, 0),
            self.aged,
            holder(row(self._agreed_said, self.months, None, gap=16), 16, 8, 16, 4),
            holder(row(self._none), 16, 0, 16, 0),
            self.debts,
            None,
            gap=0,
        )
        self.setLayout(box)
        self.month = 6
        self._board: BalanceBoard | None = None
        self.months.chosen.connect(self._choose)
        for grid in (self.aged, self.debts):
            grid.status_changed.connect(self.status_changed)
            grid.said.connect(self.said)

    def show_board(self, board: BalanceBoard) -> None:
        """Show balances; the month that was chosen stays."""
        self._board = board
        self._aged_said.setText(f"Unpaid at the end of {date_words(board.today)}")
        self.aged.set_rows([_aged(one, board.trusts) for one in board.aged])
        self.aged.set_totals([_aged_total(board)])
        self.aged.setVisible(bool(board.aged))
        self._nothing.setVisible(not board.aged)
        if board.aged and not self.aged.view.currentIndex().isValid():
            first = board.aged[0]
            self.aged.select((first.payer, first.payee), "total")
        self._show_month()

    def take_keyboard(self) -> None:
        """Give the balances the keyboard."""
        shown = self.debts if self.aged.isHidden() else self.aged
        shown.view.setFocus()

    def _choose(self, said: str) -> None:
        self.month = int(said.removeprefix("M"))
        self._show_month()

    def _show_month(self) -> None:
        board = self._board
        if board is None:
            return
        found = next(one for one in board.months if one.month == self.month)
        left = sum(not debt.agreed for debt in found.debts)
        state = f"{counted(left, 'balance')} to agree" if left else "all balances agreed"
        self._agreed_said.setText(
            f"Agreement at {date_words(found.day)}" + (f": {state}" if found.debts else "")
        )
        self._none.setText(
            "" if found.debts else "No partner has stated a balance for this month end yet."
        )
        self._none.setVisible(not found.debts)
        self.debts.setVisible(bool(found.debts))
        self.debts.set_rows([_debt(debt, found, board.trusts) for debt in found.debts])
        self.debts.measure()
        if found.debts:
            self.debts.select((found.debts[0].creditor, found.debts[0].debtor), "difference")


def _aged(one: AgedBalance, trusts: Mapping[str, str]) -> GridRow:
    late = CellState.CONCERN if one.overdue_p > 0 else CellState.OPEN
    cells = (
        GridCell(trust(one.payer, trusts)),
        GridCell(trust(one.payee, trusts)),
        *(GridCell(amount) for amount in one.ages_p),
        GridCell(one.total_p),
        GridCell(one.overdue_p, state=late),
    )
    return GridRow((one.payer, one.payee), cells)


def _aged_total(board: BalanceBoard) -> GridRow:
    ages = [sum(one.ages_p[place] for one in board.aged) for place in range(len(AGES))]
    late = sum(one.overdue_p for one in board.aged)
    cells = (*map(GridCell, ages), GridCell(sum(ages)), GridCell(late))
    return GridRow("total", (GridCell("All partners"), GridCell(None), *cells), RowKind.TOTAL)


def _debt(one: Agreement, month: MonthAgreement, trusts: Mapping[str, str]) -> GridRow:
    debtor, creditor = trust(one.debtor, trusts), trust(one.creditor, trusts)
    if one.agreed:
        state = GridCell("Agreed", state=CellState.GOOD)
    elif one.difference_p is None:
        silent = creditor if one.creditor_says_p is None else debtor
        state = GridCell(f"{silent} has not stated", state=CellState.OPEN)
    else:
        state = GridCell("Differs", state=CellState.CONCERN)
    cells = (
        GridCell(f"{debtor} to {creditor}"),
        state,
        GridCell(one.creditor_says_p),
        GridCell(one.debtor_says_p),
        GridCell(one.difference_p),
        GridCell(month.invoiced_p.get((one.creditor, one.debtor), 0)),
    )
    return GridRow((one.creditor, one.debtor), cells)
