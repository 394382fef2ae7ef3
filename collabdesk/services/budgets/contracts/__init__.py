"""Contracts with providers, their activity, payments and balances; placements out of area."""
