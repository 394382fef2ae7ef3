"""Who can read which confidential entries, and letting a laptop in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind
from collabdesk.ui.grid.whole import whole_rows
from collabdesk.ui.parts import column
from collabdesk.ui.sharing.cards import Sheet, act, bullets, buttons, line, section
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.services.control.rules_now import RulesNow
    from collabdesk.services.sealed.queries import LaptopReads, RestrictedTable

COLUMNS: Final = (
    GridColumn("laptop", "Laptop"),
    GridColumn("trust", "Trust"),
    GridColumn("may", "May read", kind=Kind.NUMBER),
    GridColumn("opens", "Can open", kind=Kind.NUMBER),
    GridColumn("waits", "Waiting", kind=Kind.NUMBER),
)
SAID: Final = (
    "Everything in this workspace can be read by every partner, except what is listed here. "
    "These entries are locked on the laptop where they are written, and only the laptops below "
    "can open them. Whoever could open an entry keeps that: it cannot be taken back."
)
LetIn = Callable[[bytes], object]


class ReadersView(Sheet):
    """Each kind of confidential entry, who reads it in words, and every laptop with its counts."""

    def __init__(self, look: Look, let_in: LetIn) -> None:
        """Show nothing before it was read; `let_in` lets a laptop read what waits for it."""
        super().__init__("Who can read what")
        self._look, self._let_in = look, let_in
        self.grids: list[Grid] = []
        self._shown: object = None

    def show_tables(
        self,
        tables: Sequence[RestrictedTable],
        names: Mapping[str, str],
        trusts: Mapping[bytes, str],
        rules: RulesNow,
    ) -> None:
        """Show who reads what; what did not change keeps the keyboard."""
        if self._shown == (tuple(tables), trusts, rules):
            return
        self._shown = (tuple(tables), trusts, rules)
        self.grids = []
        things: list[QWidget] = [line(SAID, ink="secondary")]
        for table in tables:
            things += self._table(table, names.get(table.table, table.table), trusts)
        if not tables:
            things.append(line("Nothing in this workspace is confidential among partners."))
        things += self._may_do(rules)
        self.fill(column(*things, gap=8))

    def _may_do(self, rules: RulesNow) -> Iterator[QWidget]:
        yield section(self._look, "verified", "mark.accent", "Who can do what")
        yield line(rules.approvals)
        yield bullets(rules.partners)
        for role, rights in rules.roles:
            yield line(f"{role} may", "bodyStrong")
            yield bullets(rights)

    def _table(
        self, table: RestrictedTable, name: str, trusts: Mapping[bytes, str]
    ) -> list[QWidget]:
        count = f"{table.entries} {'entry' if table.entries == 1 else 'entries'}"
        who = _lowered("; ".join(table.words))
        said = f"{count if table.entries else 'No entries yet'}. Read by {who}."
        made: list[QWidget] = [
            section(self._look, "locked", "mark.locked", name),
            line(said, ink="secondary"),
        ]
        if table.entries:
            grid = Grid(self._look, f"Who can read: {name}", COLUMNS, strip=False)
            grid.set_rows([_row(one, trusts) for one in table.laptops])
            grid.measure()
            whole_rows(self._look, grid, len(table.laptops))
            self.grids.append(grid)
            made.append(grid)
        made += [self._offer(one, trusts) for one in table.laptops if one.offered]
        return made

    def _offer(self, one: LaptopReads, trusts: Mapping[bytes, str]) -> QWidget:
        who = f"{one.label}, {trusts.get(one.organisation, 'a trust')}"
        return buttons(act(f"Let {who} read {one.offered}…", partial(self._let_in, one.dev16)))


def _row(one: LaptopReads, trusts: Mapping[bytes, str]) -> GridRow:
    label = f"{one.label} (on paper)" if one.is_recovery else one.label
    cells = (
        GridCell(label),
        GridCell(trusts.get(one.organisation, "")),
        GridCell(one.may_read),
        GridCell(
            one.opens,
            state=CellState.NOTE if one.kept else CellState.OPEN,
            reason="Some of it was open to it before, and stays so." if one.kept else "",
        ),
        GridCell(one.waits, state=CellState.CONCERN if one.waits else CellState.OPEN),
    )
    return GridRow(one.dev16, cells)


def _lowered(said: str) -> str:
    return said[:1].lower() + said[1:]
