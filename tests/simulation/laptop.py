"""A laptop of the simulated world: its clock, its key store, its way to the folder."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random
from typing import Any, Final

from collabdesk.domain.changes import Change
from collabdesk.errors import NotPossible
from collabdesk.services.sharing.cycle import share
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.workspace import Workspace
from collabdesk.storage import schema
from collabdesk.sync import codec
from collabdesk.sync.names import dev16
from collabdesk.sync.operations import Operation, read_operation
from collabdesk.sync.registry import REGISTRY, Registry
from tests.simulation.memory_database import memory_of
from tests.simulation.older import OlderWorkspace
from tests.simulation.power import Power, PowerFailedError
from tests.simulation.store import SimStore
from tests.simulation.surroundings import folder_of
from tests.simulation.template import Seat

_OPEN: Final = "SELECT s.seq, o.idx, o.content FROM open_segment s, open_operation o"
TEN_YEARS_MS: Final = 10 * 365 * 24 * 3_600_000


class Standing(Enum):
    """What a laptop still counts for when the run is judged."""

    HONEST = auto()
    SUSPECT = auto()
    """Copied, or put back with its key store: what it signs may clash."""
    STOPPED = auto()
    """Without its key, or refused as an older copy: it shares no more."""
    ROGUE = auto()


@dataclass
class WorldClock:
    """The time of the whole world in milliseconds."""

    ms: int


@dataclass
class SimClock:
    """A laptop's clock: the world's time, wrong by so much, or standing still."""

    world: WorldClock
    wrong_by: int = 0
    frozen_at: int | None = None

    def now_ms(self) -> int:
        """Return what the clock shows."""
        if self.frozen_at is not None:
            return self.frozen_at
        return max(0, self.world.ms + self.wrong_by)

    def today(self) -> dt.date:
        """Return the day the clock shows."""
        return dt.datetime.fromtimestamp(self.now_ms() / 1000, tz=dt.UTC).date()

    def set_right(self) -> None:
        """Let the clock show the time."""
        self.wrong_by, self.frozen_at = 0, None


class SimKeys:
    """A key store whose every write lasts, unless the laptop stops."""

    def __init__(self, kept: dict[str, bytes], power: Power) -> None:
        self.kept = kept
        self.power = power

    def get(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def put(self, name: str, value: bytes) -> None:
        self.power.before("secret")
        self.kept[name] = value
        self.power.after("secret")

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)

    def describe(self) -> str:
        return "in memory, for a simulation"


@dataclass
class Laptop:
    """One laptop; its workspace is opened anew after every stop."""

    seat: Seat
    name: str
    keys: SimKeys
    clock: SimClock
    store: SimStore
    standing: Standing = Standing.HONEST
    put_back: bool = False
    acknowledged: dict[tuple[int, int], Operation] = field(default_factory=dict)
    heads: dict[bytes, int] = field(default_factory=dict)
    copies: list[tuple[bytes, dict[str, bytes], Registry]] = field(default_factory=list)
    stops: int = 0
    registry: Registry = REGISTRY
    _workspace: Workspace | None = None

    @property
    def dev(self) -> bytes:
        """The short name of its key."""
        return dev16(self.seat.key)

    @property
    def honest(self) -> bool:
        """Tell whether everything is expected of it."""
        return self.standing is Standing.HONEST

    @property
    def workspace(self) -> Workspace:
        """The workspace, open."""
        if self._workspace is None:
            version = Workspace if self.registry is REGISTRY else OlderWorkspace
            self._workspace = version(folder_of(self.name), self.keys, self.clock)
        return self._workspace

    def close(self) -> None:
        """Let the laptop stop: what did not last is gone."""
        self._workspace = None

    def restart(self) -> None:
        """Start again after a stop; starting may stop as well."""
        self.stops += 1
        self.close()
        self.store.start()
        for _ in range(20):
            try:
                self.workspace  # noqa: B018 - opens it
            except PowerFailedError:
                self.stops += 1
                self.close()
                self.store.start()
            except NotPossible:
                self.close()
            else:
                return

    def install(self, registry: Registry) -> None:
        """Install another version; the next start works everything out again."""
        if self.registry is not registry:
            self.registry = registry
            self.close()
            self.judge_anew()
            self.workspace  # noqa: B018 - starts

    def judge_anew(self) -> None:
        """Let the next start judge everything, as it does where another version was at work."""
        memory = memory_of(self.name)
        with memory.writing.begin():
            schema.judge_anew(memory.writing)

    # --- what people do ------------------------------------------------------------------

    def change(self, *changes: Change) -> dict[str, bytes]:
        """Sign changes, judged as every command is; return the new rows by key."""
        workspace = self.workspace

        def commit() -> dict[str, bytes]:
            workspace.refuse_restored_copy()
            with workspace.engine() as (engine, _, _):
                return dict(engine.commit(changes).new_rows)

        made = workspace.threads.write(commit).result()
        self.acknowledge()
        return made

    def run(self, command: object) -> dict[str, bytes]:
        """Run a room's command; return the new rows by key."""
        made = self.workspace.run(command).new_rows
        self.acknowledge()
        return made

    def share(self, *, grace_ms: int = 0) -> SyncReport:
        """Exchange with the folder."""
        return share(self.workspace, self.store, grace_ms=grace_ms)

    def acknowledge(self) -> None:
        """Remember what was just acknowledged: it must never be lost."""
        for seq, idx, content in self.select(_OPEN):
            if (seq, idx) not in self.acknowledged:
                devs, op = codec.decode_kept(content)
                self.acknowledged[seq, idx] = read_operation(op, devs)

    # --- what is asked -------------------------------------------------------------------

    def one_of(self, dice: Random, table: int) -> bytes | None:
        """Return one of the rows of a table that this laptop holds."""
        rows = self.select("SELECT row FROM row WHERE tbl = ? AND verdict = 0 ORDER BY row", table)
        # Most people work on the same few rows.
        return dice.choice(rows[:2] if dice.random() < 0.5 else rows)[0] if rows else None

    def select(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database as SQL has it."""
        cursor = memory_of(self.name).keeps.execute(query, values)
        return cursor.fetchall()
