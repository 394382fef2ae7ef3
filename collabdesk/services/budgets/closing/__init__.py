"""The ledger and its months: posting by hand, states, locks, as reported and restated."""
