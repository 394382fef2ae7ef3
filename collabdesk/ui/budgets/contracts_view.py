"""Contracts and activity: what each contract comes to, its activity, payments and balances."""

from __future__ import annotations

from typing import ClassVar, Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QWidget

from collabdesk.domain.budgets.terms import COUNTED, MONTHS_IN_QUARTER, Form
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.balance_board import ContractsRead, contracts_read
from collabdesk.services.budgets.contracts.contract_board import CONTRACT_TABLES, ContractsBoard
from collabdesk.services.budgets.contracts.contract_commands import (
    DeleteContract,
    RecordActivity,
    SharePosition,
)
from collabdesk.ui.budgets import contract_forms as forms
from collabdesk.ui.budgets import contract_rows as sheets
from collabdesk.ui.budgets import invoice_forms
from collabdesk.ui.budgets.activity_pane import ActivityPane, month_choices
from collabdesk.ui.budgets.balances_pane import BalancesPane, PaymentsPane, invoice_disputed
from collabdesk.ui.budgets.contracts_pane import ContractsPane, disputed
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.settling import settle_first
from collabdesk.ui.budgets.wording import counted
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid.strip import Segments
from collabdesk.ui.messages import Action
from collabdesk.ui.page import PageAction, Surroundings
from collabdesk.ui.parts import column, holder, panel, row
from collabdesk.ui.states import EmptyState, Shape, Way

CONTRACTS: Final = "Contracts"
ACTIVITY: Final = "Activity"
PAYMENTS: Final = "Payments"
BALANCES: Final = "Balances"
_BILLED: Final = {Form.COST_PER_CASE, Form.PASS_THROUGH}
Offers = tuple[tuple[PageAction, ...], PageAction | None]


class ContractsView(PartView):
    """The contracts of the year of the version on show."""

    tables: ClassVar[frozenset[str]] = CONTRACT_TABLES

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """Build each pane; they are filled together."""
        super().__init__(around, desk)
        self.data: ContractsRead | None = None
        self._arriving = True
        year = FiscalYear.of(desk.workspace.clock.today())
        self.contracts = ContractsPane(around.look, year)
        self.activity = ActivityPane(around.look)
        self.payments = PaymentsPane(around.look)
        self.balances = BalancesPane(around.look)
        self._panes: dict[str, QWidget] = {
            CONTRACTS: self.contracts,
            ACTIVITY: self.activity,
            PAYMENTS: self.payments,
            BALANCES: self.balances,
        }
        self.tabs = Segments("Show", list(self._panes), CONTRACTS)
        self.months = QComboBox()
        self.months.setAccessibleName("Month")
        self.months.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._shown = QStackedWidget()
        self._whole = self.unseen(self._built())
        self._year = year
        self._connect()

    def _built(self) -> QWidget:
        bar = panel("toolStrip")
        line: QHBoxLayout = row(self.tabs, self.months, None, gap=8)
        line.setContentsMargins(16, 4, 16, 4)
        bar.setLayout(line)
        for pane in self._panes.values():
            self._shown.addWidget(pane)
        inside = column(bar, self._shown, gap=0)
        inside.setStretch(1, 1)
        made = holder(inside)
        made.setProperty("ground", "page")
        return made

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._show_tab)
        self.months.activated.connect(lambda _place: self._choose_month())
        self.contracts.moved.connect(self.heading_changed)
        self.contracts.drilled.connect(lambda _key: self.change())
        self.payments.moved.connect(self.heading_changed)
        self.activity.changed.connect(self.heading_changed)
        self.activity.failed.connect(self.failed)
        for pane in (self.contracts, self.activity, self.payments, self.balances):
            pane.status_changed.connect(self.status_changed)
            pane.said.connect(self.said)

    # Reading

    def read(self) -> None:
        """Read the year of the version on show."""
        if self.plan is None:
            return
        workspace = self.desk.workspace
        self.ask(
            contracts_read,
            self.plan.version.fiscal_year,
            workspace.clock.today(),
            workspace.me,
            done=self._take,
            words="Reading the contracts",
        )

    def _take(self, data: ContractsRead) -> None:
        self.data = data
        board = data.contracts
        self._show_months(board)
        if not board.lines and not data.balances.invoices:
            self.show_empty(self._empty(board))
            return
        self.show_full(self._whole)
        self.contracts.show_board(board, self.where.record)
        self.activity.show_month(board, self.month)
        self.payments.show_board(data.balances)
        self.balances.show_board(data.balances)
        self.heading_changed.emit()
        self._go_to_record(data)
        if self._arriving:
            self._arriving = False
            self.take_keyboard()

    def _go_to_record(self, data: ContractsRead) -> None:
        """Show the pane of an invoice that was asked for; a contract is in the first anyway."""
        wanted = self.where.record
        if wanted is not None and any(one.payment.row == wanted for one in data.balances.invoices):
            self.tabs.choose(PAYMENTS)
            self.payments.grid.select(wanted, "amount")

    def _empty(self, board: ContractsBoard) -> EmptyState:
        said = (
            "A contract says what a provider is paid for: a block, occupied bed days, cases or a "
            "package. What it commits shows beside budget and actual of its line."
        )
        shape = Shape(
            ("Contract", "Form", "Comes to"),
            ("Low secure, Lincolnshire", "Packages, out of area"),
            "Activity is shared as totals; the spells behind it stay on this laptop.",
        )
        first = None if board.add is not None else Action("Add a contract…", self.add)
        if board.add is not None:
            said = f"{said} {board.add.words} {board.add.remedy}"
        ways: tuple[Way, ...] = ()
        if board.add is None and self.data is not None and self.data.before:
            title = f"Carry {counted(self.data.before, 'contract')} of last year on"
            carry = Action("Copy last year’s contracts…", self.copy)
            ways = (Way("copy", title, "With prices and measures, as one step to undo.", carry),)
        return EmptyState("No contracts yet", said, first, ways, shape=shape)

    def _show_months(self, board: ContractsBoard) -> None:
        if self.months.count() and board.year == self._year:
            return
        self._year = board.year
        today = self.desk.workspace.clock.today()
        now = [month.number for month in board.year.months if month.first <= today]
        with QSignalBlocker(self.months):
            self.months.clear()
            self.months.addItems(month_choices(board.year))
            self.months.setCurrentIndex((now[-1] if now else 1) - 1)

    @property
    def month(self) -> int:
        """The month on show."""
        return max(self.months.currentIndex(), 0) + 1

    def _choose_month(self) -> None:
        if self.data is not None:
            self.activity.show_month(self.data.contracts, self.month)

    def _show_tab(self, said: str) -> None:
        self._shown.setCurrentWidget(self._panes[said])
        self.take_keyboard()
        self.heading_changed.emit()

    @property
    def tab(self) -> str:
        """The pane on show."""
        shown = self._shown.currentWidget()
        return next(name for name, pane in self._panes.items() if pane is shown)

    def take_keyboard(self) -> None:
        """Give the pane on show the keyboard."""
        match self._shown.currentWidget():
            case ContractsPane() | ActivityPane() | PaymentsPane() | BalancesPane() as pane:
                pane.take_keyboard()

    # What it offers

    @property
    def words(self) -> str:
        """Say what waits."""
        if self.data is None:
            return ""
        contested = sum(len(disputed(line)) for line in self.data.contracts.lines)
        contested += sum(len(invoice_disputed(one)) for one in self.data.balances.invoices)
        faults = sum(line.one.why is not None for line in self.data.contracts.lines)
        late = sum(bool(one.overdue_days) for one in self.data.balances.invoices)
        said = []
        if contested:
            said.append(f"{counted(contested, 'contested record')} to settle.")
        if faults:
            said.append(f"{counted(faults, 'contract')} cannot be reckoned.")
        if late:
            said.append(f"{counted(late, 'invoice')} overdue.")
        return " ".join(said)

    def offers(self) -> Offers:
        """Offer what goes with the pane on show."""
        if self.data is None:
            return (), None
        return {
            CONTRACTS: self._for_contracts,
            ACTIVITY: self._for_activity,
            PAYMENTS: self._for_payments,
            BALANCES: self._for_balances,
        }[self.tab]()

    def _for_contracts(self) -> Offers:
        why = _why(self.data.contracts.add) if self.data is not None else ""
        add = PageAction("Add contract…", self.add, "add", why)
        line = self.contracts.current
        if line is None:
            return (), add
        if disputed(line):
            return (), PageAction("Settle…", self.settle, "contested", why)
        offered = [
            PageAction("Change…", self.change, why_off=why),
            PageAction("Delete", self.delete, why_off=why),
        ]
        if self.data is not None and self.data.before:
            offered.append(PageAction("Copy last year’s…", self.copy, why_off=why))
        if COUNTED[line.form]:
            offered.append(PageAction("Prices…", self.prices, why_off=why))
        if line.form in _BILLED:
            offered.append(PageAction("Bills…", self.bills, why_off=why))
        if line.contract.quality_bp:
            said = f"Quality, Q{self._quarter}…"
            offered.append(PageAction(said, self.quality, why_off=why))
        return tuple(offered), add

    def _for_activity(self) -> Offers:
        typed = len(self.activity.entries)
        kept = len(self.data.spells) if self.data is not None else 0
        spells = PageAction("Spells on this laptop…", self.spells)
        if typed:
            figures = counted(typed, "count")
            freeze = PageAction(f"Freeze {figures}", lambda: self.share("freeze"))
            return (spells, freeze), PageAction(
                f"Share {figures} as flex", lambda: self.share("flex")
            )
        why = "" if kept else "No spells are kept on this laptop."
        freeze = PageAction("Freeze from spells", lambda: self.share_spells("freeze"), why_off=why)
        flex = PageAction("Flex from spells", lambda: self.share_spells("flex"), why_off=why)
        return (freeze, flex), spells

    def _for_payments(self) -> Offers:
        one = self.payments.current
        add = PageAction("Record invoice…", self.invoice, "add")
        if one is None:
            return (), add
        if invoice_disputed(one):
            return (add,), PageAction("Settle…", self.settle, "contested")
        why = "" if one.mine else "The partner that recorded this invoice says when it is paid."
        return (PageAction("Paid…", self.paid, why_off=why),), add

    def _for_balances(self) -> Offers:
        return (), PageAction("State balance…", self.state)

    @property
    def _quarter(self) -> int:
        return (self.month - 1) // MONTHS_IN_QUARTER + 1

    # Doing

    def add(self) -> None:
        """Ask for another contract."""
        if self.room is not None and self.data is not None:
            year = self.data.contracts.year
            self.open(forms.contract_form(self.place, self.room, year, None))

    def change(self) -> None:
        """Ask for other terms of the current contract."""
        line = self.contracts.current
        if self.room is not None and line is not None:
            self.open(forms.contract_form(self.place, self.room, line.one.year, line))

    def settle(self) -> None:
        """Ask which of the figures of the current contract or invoice shall stand."""
        line, one = self.contracts.current, self.payments.current
        if self.tab == PAYMENTS:
            settle_first(self, invoice_disputed(one) if one is not None else ())
        else:
            settle_first(self, disputed(line) if line is not None else ())

    def copy(self) -> None:
        """Ask how the contracts of the year before are carried on."""
        if self.data is not None:
            year, count = self.data.contracts.year, self.data.before
            self.open(forms.carry_form(self.place, year, count))

    def delete(self) -> None:
        """Take the current contract away; Undo brings it back."""
        line = self.contracts.current
        if line is not None:
            self.do(DeleteContract(line.contract.row))

    def prices(self) -> None:
        """Ask for the prices of the current contract."""
        line = self.contracts.current
        if line is not None:
            self.open(sheets.prices_dialog(self.place, line))

    def bills(self) -> None:
        """Ask for bills of the current contract."""
        line = self.contracts.current
        if line is not None:
            self.open(sheets.bills_dialog(self.place, line))

    def quality(self) -> None:
        """Ask how far the quality measures of a quarter were met."""
        line = self.contracts.current
        if line is not None:
            self.open(sheets.quality_dialog(self.place, line, self._quarter))

    def spells(self) -> None:
        """Show the spells of this laptop."""
        if self.data is not None:
            data = self.data
            self.open(sheets.spells_dialog(self.place, data.contracts, data.spells))

    def share(self, position: str) -> None:
        """Share what was typed."""
        command = RecordActivity(self.activity.entries, position)
        self.do(command, lambda _done: self.activity.forget())

    def share_spells(self, position: str) -> None:
        """Share the month's nights of the spells on this laptop."""
        if self.data is not None:
            self.do(SharePosition(self.data.contracts.year.label, self.month, position))

    def invoice(self) -> None:
        """Ask for an invoice."""
        if self.data is not None:
            line = self.contracts.current
            self.open(invoice_forms.invoice_form(self.place, self.data.contracts, line))

    def paid(self) -> None:
        """Ask when the current invoice was paid."""
        one = self.payments.current
        if one is not None:
            self.open(invoice_forms.paid_form(self.place, one))

    def state(self) -> None:
        """Ask for a balance."""
        if self.data is not None:
            self.open(
                invoice_forms.balance_form(self.place, self.data.balances, self.balances.month)
            )


def _why(refusal: Refusal | None) -> str:
    return "" if refusal is None else f"{refusal.words} {refusal.remedy}".strip()
