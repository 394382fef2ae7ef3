"""Three partners' laptops over one shared folder, as real as they come.

Real databases, key stores (in memory), signatures and files; only the clock is given.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from collabdesk.services.membership import Founder
from collabdesk.services.sharing.cycle import share
from collabdesk.services.sharing.enrolment import (
    enrol,
    find_workspace,
    laptop_words,
    workspace_words,
)
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.workspace import Done, Workspace
from collabdesk.sync.stores.folder import FolderStore
from collabdesk.sync.stores.port import Store

TRUSTS = {
    "lead": ("Nottinghamshire Healthcare NHS Foundation Trust", "RHA", "Finance lead"),
    "a": ("Lincolnshire Partnership NHS Foundation Trust", "RP7", "QI lead"),
    "b": ("Leicestershire Partnership NHS Trust", "RT5", "Alliance manager"),
}


class MemoryKeyStore:
    """Keeps secrets in memory: a key store whose computer is this test."""

    def __init__(self) -> None:
        """Start empty."""
        self.kept: dict[str, bytes] = {}

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


def found_alliance(folder: Path, partners: tuple[str, ...] = ("a", "b")) -> Alliance:
    """Found a workspace at the lead and enrol the partners named."""
    alliance = Alliance(folder)
    alliance.share_folder.mkdir(parents=True)
    lead = _found(alliance)
    lead.share()
    for name in partners:
        _ask(alliance, name)
    if partners:
        asked = [" ".join(laptop_words(alliance.desks[n].workspace)) for n in partners]
        enrol(lead.workspace, lead.store, asked)
    alliance.share_all(3)
    return alliance


def _founder(name: str) -> Founder:
    organisation, ods, role = TRUSTS[name]
    return Founder(organisation, ods, role, f"{role} laptop 1")


def _found(alliance: Alliance) -> Desk:
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
    )
    desk = Desk(workspace, keys, FolderStore(alliance.share_folder), clock)
    alliance.desks["lead"] = desk
    return desk


def _ask(alliance: Alliance, name: str) -> Desk:
    keys, clock = MemoryKeyStore(), GivenClock()
    store = FolderStore(alliance.share_folder)
    read_out = " ".join(workspace_words(alliance.desks["lead"].workspace))
    workspace_id, title = find_workspace(store, read_out)
    workspace = Workspace.ask_to_join(
        alliance.folder / name,
        keys,
        workspace=workspace_id,
        name=title,
        founder=_founder(name),
        store=str(alliance.share_folder),
        slot=TRUSTS[name][1].lower(),
        sample=True,
        clock=clock,
    )
    desk = Desk(workspace, keys, store, clock)
    alliance.desks[name] = desk
    desk.share()
    return desk
