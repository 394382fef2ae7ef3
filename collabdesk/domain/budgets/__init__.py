"""Devolved budgets: the envelope, its plan, the ledger and virements."""
