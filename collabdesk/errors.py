"""The errors whose words may be shown to a person."""

from __future__ import annotations


class CollabDeskError(Exception):
    """Means "show this text": what happened and where, and how to mend it."""

    def __init__(self, *, code: str, words: str, remedy: str = "", field: str = "") -> None:
        """Keep the machine's code, the person's words, the way out and the input concerned."""
        super().__init__(words)
        self.code = code
        self.words = words
        self.remedy = remedy
        self.field = field

    def __str__(self) -> str:
        """Return the words followed by the remedy."""
        return f"{self.words} {self.remedy}".strip()


class Refusal(CollabDeskError):
    """A rule of the field says no; nothing was changed."""


class NotPossible(CollabDeskError):
    """The surroundings (file, folder, database, share, key store) say no; nothing was lost."""
