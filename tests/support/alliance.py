"""Three partners' laptops over one shared folder, as real as they come.

Real databases, key stores (in memory), signatures and files; only the clock is given.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from collabdesk.domain.changes import Change
from collabdesk.services.membership import Founder
from collabdesk.services.recovery_key import RecoveryKey
from collabdesk.services.sharing.cycle import share
from collabdesk.services.sharing.enrolment import (
    enrol,
    find_workspace,
    laptop_words,
    workspace_words,
)
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.workspace import Done, Workspace
from collabdesk.storage.queries.state import state_root
from collabdesk.sync.operations import Value
from collabdesk.sync.stores.folder import FolderStore
from collabdesk.sync.stores.port import Store

TRUSTS = {
    "lead": ("Nottinghamshire Healthcare NHS Foundation Trust", "RHA", "Finance lead"),
    "a": ("Lincolnshire Partnership NHS Foundation Trust", "RP7", "QI lead"),
    "b": ("Leicestershire Partnership NHS Trust", "RT5", "Alliance manager"),
}


class MemoryKeyStore:
    """Keeps secrets in memory: a key store whose computer is this test."""

    def __init__(self, kept: dict[str, bytes] | None = None) -> None:
        """Start empty, or with what another kept."""
        self.kept: dict[str, bytes] = kept if kept is not None else {}

    def get(self, name: str) -> bytes | None:
        """Return a secret or None."""
        return self.kept.get(name)

    def put(self, name: str, value: bytes) -> None:
        """Keep a secret."""
        self.kept[name] = value

    def delete(self, name: str) -> None:
        """Forget a secret."""
        self.kept.pop(name, None)

    def describe(self) -> str:
        """Say where the secrets are."""
        return "in memory, for a test"


@dataclass
class GivenClock:
    """A clock that stands where a test puts it."""

    ms: int = 1_791_800_000_000

    def now_ms(self) -> int:
        """Return the given time and let a millisecond pass."""
        self.ms += 1
        return self.ms

    def today(self) -> dt.date:
        """Return the given day."""
        return dt.datetime.fromtimestamp(self.ms / 1000, tz=dt.UTC).date()


@dataclass
class Desk:
    """One partner's laptop."""

    workspace: Workspace
    keys: MemoryKeyStore
    store: Store
    clock: GivenClock

    def run(self, command: object) -> Done:
        """Run a command."""
        return self.workspace.run(command)

    def change(self, *changes: Change) -> dict[str, bytes]:
        """Sign changes that no room's rule was asked about; return the new rows by key."""

        def commit() -> dict[str, bytes]:
            self.workspace.refuse_restored_copy()
            with self.workspace.engine() as (engine, _, _):
                return dict(engine.commit(changes).new_rows)

        return self.workspace.threads.write(commit).result()

    @property
    def root(self) -> bytes:
        """The state root."""
        return self.workspace.query(state_root)

    def live(self, row: bytes, column: int) -> set[Value]:
        """Return the live values of a cell."""
        cells = self.workspace.write(lambda replica: replica.log.cells([row]))
        return {sibling.value for sibling in cells[row].get(column, {}).values()}

    def reopen(self) -> None:
        """Close the laptop's workspace and open it again."""
        folder = self.workspace.folder
        self.workspace.close()
        self.workspace = Workspace(folder, self.keys, self.clock)

    def share(self, *, audit: bool = True, grace_ms: int = 0) -> SyncReport:
        """Exchange with the shared folder."""
        return share(self.workspace, self.store, audit=audit, grace_ms=grace_ms)


@dataclass
class Alliance:
    """A workspace with its partners enrolled."""

    folder: Path
    desks: dict[str, Desk] = field(default_factory=dict)

    @property
    def share_folder(self) -> Path:
        """The shared folder."""
        return self.folder / "share"

    def share_all(self, rounds: int = 2) -> None:
        """Let everybody exchange until all have seen all."""
        for _ in range(rounds):
            for desk in self.desks.values():
                desk.share()

    def close(self) -> None:
        """Close every laptop."""
        for desk in self.desks.values():
            desk.workspace.close()

    def copy_to(self, folder: Path) -> Alliance:
        """Copy a closed alliance with its shared folder, and open the copy."""
        shutil.copytree(self.folder, folder)
        copy = Alliance(folder)
        for name, desk in self.desks.items():
            keys = MemoryKeyStore(dict(desk.keys.kept))
            clock = GivenClock(desk.clock.ms)
            workspace = Workspace(folder / name, keys, clock)
            copy.desks[name] = Desk(workspace, keys, FolderStore(copy.share_folder), clock)
        return copy

    @property
    def roots(self) -> set[bytes]:
        """The state roots of all; one, when all hold the same truth."""
        return {desk.root for desk in self.desks.values()}


def found_alliance(
    folder: Path,
    partners: tuple[str, ...] = ("a", "b"),
    recovery: Mapping[str, RecoveryKey] | None = None,
) -> Alliance:
    """Found a workspace at the lead and enrol the partners named, with recovery keys if given."""
    printed = recovery or {}
    alliance = Alliance(folder)
    alliance.share_folder.mkdir(parents=True)
    lead = _found(alliance, printed.get("lead"))
    lead.share()
    for name in partners:
        ask(alliance, name, recovery=printed.get(name))
    if partners:
        asked = [" ".join(laptop_words(alliance.desks[n].workspace)) for n in partners]
        enrol(lead.workspace, lead.store, asked)
    alliance.share_all(3)
    return alliance


def _founder(name: str) -> Founder:
    organisation, ods, role = TRUSTS[name]
    return Founder(organisation, ods, role, f"{role} laptop 1")


def _found(alliance: Alliance, recovery: RecoveryKey | None = None) -> Desk:
    keys, clock = MemoryKeyStore(), GivenClock()
    workspace = Workspace.found(
        alliance.folder / "lead",
        keys,
        name="East Midlands Alliance",
        founder=_founder("lead"),
        store=str(alliance.share_folder),
        slot="rha",
        sample=True,
        clock=clock,
        recovery=recovery,
    )
    desk = Desk(workspace, keys, FolderStore(alliance.share_folder), clock)
    alliance.desks["lead"] = desk
    return desk


def ask(
    alliance: Alliance,
    name: str,
    *,
    founder: Founder | None = None,
    recovery: RecoveryKey | None = None,
    share: bool = True,
) -> Desk:
    """Let another trust's laptop, or (with who asks) a further one of a trust, ask to join."""
    keys, clock = MemoryKeyStore(), GivenClock()
    store = FolderStore(alliance.share_folder)
    read_out = " ".join(workspace_words(alliance.desks["lead"].workspace))
    workspace_id, title = find_workspace(store, read_out)
    workspace = Workspace.ask_to_join(
        alliance.folder / name,
        keys,
        workspace=workspace_id,
        name=title,
        founder=founder or _founder(name),
        store=str(alliance.share_folder),
        slot=founder.ods.lower() if founder else TRUSTS[name][1].lower(),
        sample=True,
        clock=clock,
        recovery=recovery,
    )
    desk = Desk(workspace, keys, store, clock)
    alliance.desks[name] = desk
    if share:
        desk.share()
    return desk


def further(trust: str, person: str, label: str) -> Founder:
    """Return who asks with a further laptop of a trust of the alliance."""
    organisation, ods, _ = TRUSTS[trust]
    return Founder(organisation, ods, person, label)
