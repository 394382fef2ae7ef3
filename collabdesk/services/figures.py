"""Who says so: what any page asks of any figure, wherever it stands."""

from __future__ import annotations

from collabdesk.storage.queries.authors import Author
from collabdesk.storage.queries.common import (
    CellSiblings,
    Overtaken,
    Sibling,
    contested_cells,
    overtaken,
    siblings,
)
from collabdesk.storage.queries.history import CellChange, Signed, history

__all__ = [
    "Author",
    "CellChange",
    "CellSiblings",
    "Overtaken",
    "Sibling",
    "Signed",
    "contested_cells",
    "history",
    "overtaken",
    "siblings",
]
