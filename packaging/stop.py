"""The one way preparation ends early: words that say what is missing and how to mend it."""

from __future__ import annotations


class Stop(Exception):
    """Show these words and end; running the same command again goes on from here."""
