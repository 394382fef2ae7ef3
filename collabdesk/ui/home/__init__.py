"""Home: what needs me, where do we stand, what changed since I was last here."""
