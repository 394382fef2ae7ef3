"""The Budgets room: the grid, the envelope, virements and the ledger."""

from collabdesk.ui.budgets.page import BudgetsPage

__all__ = ["BudgetsPage"]
