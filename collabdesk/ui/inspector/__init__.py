"""The panel at the right: what is true about one figure, and who says so."""

from collabdesk.ui.inspector.history import HistoryEntry
from collabdesk.ui.inspector.inspector import Inspector, Linked, Note, Subject

__all__ = ["HistoryEntry", "Inspector", "Linked", "Note", "Subject"]
