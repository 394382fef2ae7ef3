"""The published files that were brought in: which is shown, and who imported it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from collabdesk.domain.periods import MONTH_NAMES
from collabdesk.services.organisations import short_names
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow
from collabdesk.ui.grid.whole import whole_rows
from collabdesk.ui.parts import button, column, holder, row, words
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.services.metrics.showing import ReleaseSeen

COLUMNS: Final = (
    GridColumn("period", "Release", strong=True),
    GridColumn("state", "State"),
    GridColumn("by", "Imported by"),
)
SHOWN: Final = "shown"
WAITING: Final = "waiting for the file"
_STATES: Final = {SHOWN: CellState.GOOD, "its file cannot be read": CellState.CONCERN}


class ReleasesView(QWidget):
    """One line for each release, and the way to withdraw one's own."""

    def __init__(self, look: Look, desk: Desk, withdraw: Callable[[bytes], object]) -> None:
        """Show no releases yet."""
        super().__init__()
        self._look, self._desk, self._withdraw = look, desk, withdraw
        self._seen: dict[bytes, ReleaseSeen] = {}
        self._own = b""
        self.grid = Grid(look, "Releases", COLUMNS, strip=False)
        self.withdraw = button("Withdraw", self._press, small=True)
        head = row(words("Releases", "heading"), None, self.withdraw)
        whole = column(holder(head, 16, 8, 16, 4), self.grid, None, gap=0)
        self.setLayout(whole)
        self.grid.current_changed.connect(lambda _key, _column: self._fit())

    def show_releases(self, seen: Sequence[ReleaseSeen], own: bytes) -> None:
        """Show the releases; only one's own organisation's can be withdrawn."""
        here = self._here()
        known = list(self._seen)
        self._own = own
        self._seen = {one.line.release.row: one for one in seen}
        rows = [self._row(one) for one in seen]
        if known == list(self._seen):
            self.grid.exchange(rows)
        else:
            self.grid.set_rows(rows)
            whole_rows(self._look, self.grid, len(rows))
            if here is None or not self.grid.select(here, "period"):
                self.grid.view.go_to(0, 0)
        self._fit()

    def select(self, release: bytes) -> None:
        """Put the cursor on a release."""
        self.grid.select(release, "period")

    def by(self, seen: ReleaseSeen) -> str:
        """Say who imported a release and when."""
        return f"{self._desk.who(seen.by)}, {_day(seen):%d/%m/%Y}"

    def _trust_and_day(self, seen: ReleaseSeen) -> str:
        member = self._desk.people.get(seen.by.device)
        trust = short_names().get(member.ods, member.organisation_name) if member else "Unknown"
        return f"{trust}, {_day(seen):%d/%m/%Y}"

    def _here(self) -> bytes | None:
        index = self.grid.view.currentIndex()
        key = self.grid.model.row_at(index.row()).key if index.isValid() else None
        return key if isinstance(key, bytes) else None

    def _fit(self) -> None:
        here = self._here()
        seen = self._seen.get(here) if here is not None else None
        own = seen is not None and seen.line.release.scope == self._own
        self.withdraw.setEnabled(own)
        self.withdraw.setToolTip(
            "" if own else "Only the organisation that imported a release can withdraw it."
        )

    def _press(self) -> None:
        here = self._here()
        if here is not None:
            self._withdraw(here)

    def _row(self, seen: ReleaseSeen) -> GridRow:
        release, state = seen.line.release, seen.line.state
        said = state.capitalize()
        cells = (
            GridCell(release_words(release.period_end, release.status, release.version)),
            GridCell(said, state=_STATES.get(state, CellState.OPEN)),
            GridCell(
                self._trust_and_day(seen), reason=f"{self.by(seen)}, {release.rows:,} figures"
            ),
        )
        return GridRow(release.row, cells)


def _day(seen: ReleaseSeen) -> dt.date:
    return dt.datetime.fromtimestamp(seen.by.wall_ms / 1000).astimezone().date()


def release_words(end: dt.date, status: str, version: int = 1) -> str:
    """Name a release by month and status; a later version says so."""
    month = f"{MONTH_NAMES[end.month - 1]} {end.year}"
    again = f", version {version}" if version > 1 else ""
    return f"{month}, {status}{again}"
