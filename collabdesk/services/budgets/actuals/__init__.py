"""What was spent: the general ledger and published files on their way in."""
