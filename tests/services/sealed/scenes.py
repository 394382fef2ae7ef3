"""What the tests of confidential entries do at the desks of an alliance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.changes import OWN, Cell, Change, Insert
from collabdesk.services.control.laptops import enrol_laptop
from collabdesk.services.membership import Founder
from collabdesk.services.policy import SetPolicy
from collabdesk.services.sealed.opening import Opened, Standing
from collabdesk.services.sealed.queries import LaptopReads, RestrictedTable, who_can_read
from collabdesk.services.sharing.enrolment import laptop_words
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.sealed import SealedCell, sealed_cells
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.engine import Engine
from collabdesk.sync.names import dev16
from collabdesk.sync.operations import Dot, Value
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Table
from collabdesk.sync.sealer import RowInHand
from collabdesk.sync.stores.folder import FolderStore
from tests.support.alliance import TRUSTS, Alliance, Desk, GivenClock, MemoryKeyStore

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

    def ask_a_person(self) -> None:
        """Let policy have a person let every new laptop in."""
        self.desk("lead").run(SetPolicy("let_own_laptops_read", "no"))
        self.alliance.share_all()

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

    def second_laptop(self, name: str, *, roles: tuple[int, ...] = ()) -> str:
        """Enrol a second laptop of a partner for the same person; return its desk's name."""
        first, second = self.desk(name), f"{name}2"
        keys, clock = MemoryKeyStore(), GivenClock()
        organisation, ods, role = TRUSTS[name]
        workspace = Workspace.ask_to_join(
            self.alliance.folder / second,
            keys,
            workspace=first.workspace.about.workspace,
            name=first.workspace.about.name,
            founder=Founder(organisation, ods, role, f"{role} laptop 2"),
            store=str(self.alliance.share_folder),
            slot=ods.lower(),
            clock=clock,
        )
        desk = Desk(workspace, keys, FolderStore(self.alliance.share_folder), clock)
        desk.share()
        words = " ".join(laptop_words(workspace))
        enrol_laptop(first.workspace, first.store, words, roles=roles)
        self.alliance.desks[second] = desk
        self.alliance.share_all()
        return second

    def forge(self, name: str, cells: Mapping[int, Value], *changes: Change) -> dict[str, bytes]:
        """Commit changes at a desk whose program seals as it is told: these cells, by column."""
        workspace = self.desk(name).workspace

        def commit() -> dict[str, bytes]:
            with workspace.database.write() as connection:
                engine = Engine(
                    SqliteReplica(connection, workspace.about.slot),
                    REGISTRY,
                    workspace.book,
                    workspace.identity(),
                    workspace.clock.now_ms,
                    ForgedSealer(cells),
                )
                return dict(engine.commit(changes).new_rows)

        return workspace.threads.write(commit).result()

    def content(self, name: str, row: bytes, column: str) -> bytes:
        """Return a sealed cell as it lies at a desk."""
        return self.lying(name, row, column).content

    def lying(self, name: str, row: bytes, column: str) -> SealedCell:
        """Return a sealed cell of a desk, with its dot."""

        def find(reads: Connection) -> SealedCell:
            cells = sealed_cells(reads, row=row)
            return next(one for one in cells if one.column.name == column)

        found: SealedCell = self.desk(name).workspace.query(find)
        return found


@dataclass
class ForgedSealer:
    """Puts given cells in place of honest ones."""

    cells: Mapping[int, Value]

    def seal(self, table: Table, at: RowInHand, values: Mapping[int, Value]) -> Mapping[int, bytes]:
        """Return what was given."""
        assert table.sealed
        assert at.cells
        return {number: self.cells[number] for number in values}  # type: ignore[misc]

    def check_readable(self, table: Table, column: int, dot: Dot, content: Value) -> None:
        """Look at nothing."""
