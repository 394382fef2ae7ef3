"""Virements: proposed, approved, posted, and where each stands."""
