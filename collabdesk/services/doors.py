"""The way in: workspaces opened, founded, joined and explored, and their shared folder tried.

Stores and key stores are given by the composition root; screens name paths and words.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from collabdesk.domain.organisations import ods_code
from collabdesk.errors import CollabDeskError, NotPossible, Refusal
from collabdesk.host.key_store import KeyStore
from collabdesk.host.single_instance import Held, hold
from collabdesk.services.control.lookalike import alike
from collabdesk.services.membership import Founder
from collabdesk.services.organisations import short_names
from collabdesk.services.recovery_key import RecoveryKey
from collabdesk.services.sample.build import Say, build_sample
from collabdesk.services.sample.partners import Seat, seated
from collabdesk.services.sharing.cycle import republish, share
from collabdesk.services.sharing.enrolment import (
    enrol,
    find_request,
    find_workspace,
    laptop_words,
    workspace_words,
)
from collabdesk.services.sharing.publish import seal
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.wording import filled
from collabdesk.services.workspace import Workspace
from collabdesk.sync.listing import workspaces
from collabdesk.sync.stores.port import Store

OpenKeys = Callable[[Path, str], KeyStore]
"""The key store of a workspace's folder; the passphrase is empty where none was typed."""
OpenStore = Callable[[str], Store]
Progress = Callable[[str], None]
Answer = TypeVar("Answer")
_SHARED: Final = "shared-folder"


@dataclass(frozen=True, slots=True)
class Who:
    """The answers to “who are you”: the trust's code, the role, what the laptop is called."""

    ods: str
    role: str
    laptop: str


@dataclass(frozen=True, slots=True)
class FolderTried:
    """What a shared folder can do, in sentences, and how many workspaces it holds."""

    usable: bool
    sentences: tuple[str, ...]
    workspaces: int


@dataclass(frozen=True, slots=True)
class Asking:
    """A laptop that asks to join: its name, its person and trust, and whether it is ours.

    `alike` says, in sentences, which of its names can be taken for names there are.
    """

    laptop: str
    person: str
    organisation_name: str
    ods: str
    ours: bool
    alike: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Who asks, in words."""
        return f"{self.person}, {self.organisation_name} ({self.laptop})"


class Doors:
    """What a window asks before there is a workspace, and about its shared folder."""

    def __init__(
        self, home: Path, keys: OpenKeys, sample_keys: Callable[[Path], KeyStore], store: OpenStore
    ) -> None:
        """Make workspaces in folders under `home`."""
        self._home = home
        self._keys = keys
        self._sample_keys = sample_keys
        self._store = store
        self._open: dict[Path, tuple[Workspace, Held]] = {}

    # --- opening and making ----------------------------------------------------------------

    def open(self, folder: Path, passphrase: str = "") -> Workspace:
        """Open the workspace in a folder; Refusal asks for a passphrase where one is needed."""
        if not folder.is_dir():
            raise NotPossible(
                code="not-a-workspace",
                words=f"The folder {folder} is not there.",
                remedy="Choose the folder of a workspace, found a new one, or join one.",
                field="workspace",
            )
        held = hold(folder)
        try:
            workspace = Workspace(folder, self._keys(folder, passphrase))
        except BaseException:
            held.release()
            raise
        self._open[folder] = (workspace, held)
        return workspace

    def close(self, workspace: Workspace) -> None:
        """Close a workspace opened here: its writer finishes, the rest is cancelled."""
        _, held = self._open.pop(workspace.folder)
        workspace.close()
        held.release()

    def close_all(self) -> None:
        """Close whatever is still open."""
        for workspace, _ in list(self._open.values()):
            self.close(workspace)

    def found(
        self,
        name: str,
        who: Who,
        path: str,
        passphrase: str = "",
        recovery: RecoveryKey | None = None,
    ) -> Path:
        """Found a workspace, publish it, and return its folder.

        A recovery key can sign from the beginning; whoever made it prints it.
        """
        title = filled(
            name,
            "name",
            "The workspace has no name.",
            "Give it one that every partner knows, for example “East Midlands Alliance”.",
        )
        founder = self.founder(who)
        store = self._usable(path)
        folder = self._free_folder(title)
        workspace = Workspace.found(
            folder,
            self._keys(folder, passphrase),
            name=title,
            founder=founder,
            store=path,
            slot=founder.ods.lower(),
            recovery=recovery,
        )
        _share_and_close(workspace, store)
        return folder

    def join(
        self,
        words: str,
        who: Who,
        path: str,
        passphrase: str = "",
        recovery: RecoveryKey | None = None,
    ) -> Path:
        """Ask to join the workspace whose eight words were read out; return its folder here.

        A trust's first laptop brings its recovery key along; whoever made it prints it.
        """
        founder = self.founder(who)
        store = self._usable(path)
        workspace_id, name = find_workspace(store, words)
        folder = self._free_folder(name)
        workspace = Workspace.ask_to_join(
            folder,
            self._keys(folder, passphrase),
            workspace=workspace_id,
            name=name,
            founder=founder,
            store=path,
            slot=founder.ods.lower(),
            recovery=recovery,
        )
        _share_and_close(workspace, store)
        return folder

    def explore(self, say: Say) -> Path:
        """Build the sample on this computer alone and return the lead provider's folder.

        Whatever stops it, nothing half-made stays behind.
        """
        root = self._free_folder("Sample")
        shared = root / _SHARED
        shared.mkdir(parents=True)

        def seat(code: str) -> Seat:
            folder = root / code.lower()
            return Seat(folder, self._sample_keys(folder), self._store(str(shared)), str(shared))

        try:
            for desk in build_sample(seat, say, worked=True):
                desk.workspace.close()
        except BaseException:
            shutil.rmtree(root, ignore_errors=True)
            raise
        return root / seated()[0].code.lower()

    def founder(self, who: Who) -> Founder:
        """Return who acts, checked; Refusal at the field that is wrong."""
        code = ods_code(who.ods, "ods")
        name = self.trust(code)
        if not name:
            raise Refusal(
                code="unknown-trust",
                words=f"No organisation in the list has the code {code}.",
                remedy="Check the ODS code of your trust: three letters and digits, "
                "for example RHA.",
                field="ods",
            )
        role = filled(
            who.role, "role", "Your role is missing.", "Say what you do, for example Finance lead."
        )
        laptop = filled(
            who.laptop,
            "laptop",
            "This laptop has no name.",
            "Name it so that partners know it, for example Finance laptop 1.",
        )
        return Founder(name, code, role, laptop)

    @staticmethod
    def trust(code: str) -> str:
        """Return what the trust of a code is called, or nothing."""
        return short_names().get(code.strip().upper(), "")

    # --- the shared folder -----------------------------------------------------------------

    def try_folder(self, path: str) -> FolderTried:
        """Say what a folder can do; nothing is left in it."""
        try:
            store = self._store(path)
            report = store.probe()
            held = len(workspaces(store))
        except CollabDeskError as fault:
            fault.field = fault.field or "store"
            raise
        return FolderTried(report.suitable, report.sentences, held)

    def share(
        self,
        workspace: Workspace,
        progress: Progress = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> SyncReport:
        """Exchange with the workspace's shared folder, once."""
        store = self._store(workspace.about.store)
        return share(workspace, store, progress=progress, cancelled=cancelled)

    @staticmethod
    def seal(workspace: Workspace) -> None:
        """Sign what was changed, so that it only has to be sent."""
        seal(workspace)

    def share_through(self, workspace: Workspace, path: str) -> None:
        """Use another shared folder from now on."""
        self._usable(path)
        workspace.use_store(path)

    def publish_again(self, workspace: Workspace) -> SyncReport:
        """Put everything this laptop holds into a folder that lost its content."""
        republish(workspace)
        return self.share(workspace)

    def enrol(self, workspace: Workspace, typed: Sequence[str]) -> tuple[str, ...]:
        """Admit the laptops whose words were read out; return who they say they are."""
        store = self._store(workspace.about.store)
        requests = enrol(workspace, store, typed)
        with suppress(NotPossible):
            self.share(workspace)
        return tuple(f"{r.person}, {r.org_name} ({r.label})" for r in requests)

    def at_folder(self, workspace: Workspace, work: Callable[[Store], Answer]) -> Answer:
        """Do something that looks into the workspace's shared folder."""
        return work(self._store(workspace.about.store))

    def asking(self, workspace: Workspace, typed: str, beside: bytes | None = None) -> Asking:
        """Return whose laptop asks to join with the words that were read out.

        `beside` is the laptop whose place it would take.
        """
        request = find_request(workspace, self._store(workspace.about.store), typed)
        ours = request.ods.strip().upper() == workspace.me().ods.upper()
        return Asking(
            request.label,
            request.person,
            request.org_name,
            request.ods,
            ours,
            alike(workspace.book, request, beside),
        )

    @staticmethod
    def laptop_words(workspace: Workspace) -> tuple[str, ...]:
        """Return the eight words of this laptop."""
        return laptop_words(workspace)

    @staticmethod
    def workspace_words(workspace: Workspace) -> tuple[str, ...]:
        """Return the eight words of the workspace."""
        return workspace_words(workspace)

    def _usable(self, path: str) -> Store:
        tried = self.try_folder(path)
        if not tried.usable:
            raise NotPossible(
                code="share-not-usable",
                words=next(iter(tried.sentences)),
                remedy="Choose another folder, or ask whoever runs it for the right to write.",
                field="store",
            )
        return self._store(path)

    def _free_folder(self, name: str) -> Path:
        plain = "".join(sign if sign.isalnum() else "-" for sign in name.casefold())
        stem = "-".join(part for part in plain.split("-") if part)[:40] or "workspace"
        number = 1
        while (self._home / f"{stem}-{number}").exists():
            number += 1
        return self._home / f"{stem}-{number}"


def _share_and_close(workspace: Workspace, store: Store) -> None:
    """Publish at once; where the folder has just gone, it goes out at the next sharing."""
    try:
        with suppress(NotPossible):
            share(workspace, store)
    finally:
        workspace.close()
