"""Rows fetched a page at a time, then filtered and folded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from collabdesk.ui.grid.cells import GridRow, RowKind
from collabdesk.ui.grid.columns import GridColumn

PAGE: Final = 256
"""How many rows are asked for at a time."""

Fetch = Callable[[object | None, int], Sequence[GridRow]]
"""Rows after a key, in order; fewer than asked for means there are no more."""


class Rows:
    """Every row fetched so far, and which of them are on show."""

    def __init__(self, columns: Sequence[GridColumn]) -> None:
        """Start with none."""
        self._columns = columns
        self._all: list[GridRow] = []
        self._place: dict[object, int] = {}
        self._shown: list[int] = []
        self._row_on_show: dict[object, int] = {}
        self._filters: dict[int, str] = {}
        self.folded: set[object] = set()

    def __len__(self) -> int:
        """Return how many rows are on show."""
        return len(self._shown)

    def __getitem__(self, place: int) -> GridRow:
        """Return the row shown at a place."""
        return self._all[self._shown[place]]

    @property
    def every(self) -> tuple[GridRow, ...]:
        """All rows fetched, shown or not."""
        return tuple(self._all)

    def on_show(self) -> tuple[GridRow, ...]:
        """Return the rows on show, as they are now."""
        return tuple([self._all[place] for place in self._shown])

    @property
    def fetched(self) -> int:
        """How many rows were fetched, shown or not."""
        return len(self._all)

    @property
    def last_key(self) -> object | None:
        """The key after which the next page starts."""
        return self._all[-1].key if self._all else None

    @property
    def filters(self) -> Mapping[int, str]:
        """What each filtered column must contain."""
        return self._filters

    def row_of(self, key: object) -> int | None:
        """Return where a key is on show, if it is."""
        return self._row_on_show.get(key)

    def clear(self) -> None:
        """Forget every row."""
        self._all, self._shown = [], []
        self._place, self._row_on_show = {}, {}

    def admitted(self, page: Sequence[GridRow]) -> list[int]:
        """Return which rows of a new page would be on show."""
        return [place for place, row in enumerate(page) if self._wanted(row)]

    def extend(self, page: Sequence[GridRow]) -> None:
        """Add a page at the end."""
        for row in page:
            place = len(self._all)
            self._all.append(row)
            self._place[row.key] = place
            if self._wanted(row):
                self._show(place)
        if self.folded:
            self.arrange()

    def exchange(self, row: GridRow) -> bool:
        """Put a newer version of a row in its place; say whether it was known."""
        place = self._place.get(row.key)
        if place is None:
            return False
        self._all[place] = row
        return True

    def known(self, key: object) -> GridRow | None:
        """Return the row under a key, shown or not."""
        place = self._place.get(key)
        return None if place is None else self._all[place]

    def filter(self, column: int, text: str) -> None:
        """Keep the rows whose cell contains the text; no text keeps all."""
        self._filters.pop(column, None)
        if text.strip():
            self._filters[column] = text.strip().casefold()
        self.arrange()

    def fold(self, key: object) -> None:
        """Fold a group, or open it again."""
        self.folded ^= {key}
        self.arrange()

    def fold_only(self, keys: set[object]) -> None:
        """Fold these groups and no others."""
        self.folded = keys
        self.arrange()

    def arrange(self) -> None:
        """Work out anew which rows are on show."""
        self._shown, self._row_on_show = [], {}
        hidden_below: int | None = None
        for place, row in enumerate(self._all):
            if hidden_below is not None and row.level > hidden_below:
                continue
            hidden_below = row.level if row.key in self.folded else None
            if self._wanted(row):
                self._show(place)

    def _show(self, place: int) -> None:
        self._row_on_show[self._all[place].key] = len(self._shown)
        self._shown.append(place)

    def _wanted(self, row: GridRow) -> bool:
        if not self._filters:
            return True
        return row.kind is not RowKind.GROUP and all(
            text in self._columns[column].shown_cell(row.cells[column]).casefold()
            for column, text in self._filters.items()
        )
