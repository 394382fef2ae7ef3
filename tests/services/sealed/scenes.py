"""What the tests of confidential entries do at the desks of an alliance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from collabdesk.domain.changes import OWN, Cell, Insert
from collabdesk.services.sealed.opening import Opened, Standing
from collabdesk.services.sealed.queries import LaptopReads, RestrictedTable, who_can_read
from collabdesk.sync.names import dev16
from tests.support.alliance import Alliance, Desk

STATEMENT = "The partner carries a third of the shortfall on its own"
AMOUNT = 1_234_567_89


@dataclass
class Scene:
    """An alliance: the lead, and partners a and b."""

    alliance: Alliance

    def desk(self, name: str) -> Desk:
        """Return a desk."""
        return self.alliance.desks[name]

    def org(self, name: str) -> bytes:
        """Return a partner's organisation."""
        return self.desk(name).workspace.me().organisation

    def person(self, name: str) -> bytes:
        """Return the person at a desk."""
        return self.desk(name).workspace.me().person

    def dev16(self, name: str) -> bytes:
        """Return the short name of a desk's laptop."""
        return dev16(self.desk(name).workspace.about.key)

    def insert(self, name: str, table: str, **cells: Cell) -> bytes:
        """Enter a row at a desk in its own scope; return its id."""
        return self.desk(name).change(Insert(table, OWN, cells, key="row"))["row"]

    def state(self, partner: str = "a", **cells: Cell) -> bytes:
        """Let the lead enter a statement for a partner; return its row."""
        given: dict[str, Cell] = {
            "fiscal_year": "2026/27",
            "month": 6,
            "partner": self.org(partner),
            "share_p": AMOUNT,
            "statement": STATEMENT,
        }
        return self.insert("lead", "share_statement", **(given | cells))

    def opened(self, name: str, row: bytes, column: str, table: str = "share_statement") -> Opened:
        """Return what a desk shows of a cell."""
        workspace = self.desk(name).workspace
        (found,) = workspace.query(workspace.opener().cell, table, row, column)
        return found

    def standing(
        self, name: str, row: bytes, column: str, table: str = "share_statement"
    ) -> Standing:
        """Return how a cell stands at a desk."""
        return self.opened(name, row, column, table).standing

    def tables(self, name: str) -> dict[str, RestrictedTable]:
        """Return who can read what, as a desk shows it."""
        workspace = self.desk(name).workspace
        found = workspace.query(who_can_read, workspace.book, workspace.about.key)
        return {table.table: table for table in found}

    def reads(self, name: str, laptop: str, table: str = "share_statement") -> LaptopReads:
        """Return what a desk says of what a laptop can open of a table."""
        (found,) = (
            one for one in self.tables(name)[table].laptops if one.dev16 == self.dev16(laptop)
        )
        return found

    def bytes_of(self, name: str) -> Iterator[bytes]:
        """Return the content of every file in a desk's folder."""
        folder = self.desk(name).workspace.folder
        yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())

    def shared_bytes(self) -> Iterator[bytes]:
        """Return the content of every file in the shared folder."""
        folder = self.alliance.share_folder
        yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())
