"""What a person can do about who takes part: laptops, votes, suspensions, the ledger's keeper."""
