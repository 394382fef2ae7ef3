"""Who may do what: genesis, epochs, rosters, and the rights they give."""
