"""Figures built from domain results; no toolkit, no state."""
