"""Partner returns: read, matched with the ledger, queried."""
