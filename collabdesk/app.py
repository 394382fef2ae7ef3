"""The composition root: the only module that knows every floor."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collabdesk.errors import NotPossible, Refusal
from collabdesk.host.paths import places

if TYPE_CHECKING:
    from collabdesk.host.key_store import KeyStore
    from collabdesk.services.doors import Doors
    from collabdesk.services.workspace import Workspace
    from collabdesk.sync.stores.port import Store

PASSPHRASE: Final = "COLLABDESK_PASSPHRASE"  # noqa: S105 - names a variable
KEY_FILE: Final = "keys.sealed"


SAMPLE_MARK: Final = "sample.txt"
_SAMPLE_OPENS: Final = "sample figures invented"  # it protects nothing: the sample is public


def key_store(folder: Path, passphrase: str = "") -> KeyStore:
    """Return where this laptop's keys are: a sealed file beside the workspace, or the keyring."""
    sealed = folder / KEY_FILE
    if passphrase or sealed.exists() or PASSPHRASE in os.environ or _prefers_passphrase():
        return sealed_keys(sealed, passphrase or passphrase_of(sealed))
    from collabdesk.host.keyring_store import KeyringStore

    return KeyringStore()


def sample_keys(folder: Path) -> KeyStore:
    """Return a key store for a workspace of invented figures; anybody may open it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SAMPLE_MARK).write_text(
        "Figures here are invented. The keys in this folder protect nothing: "
        f"they open with “{_SAMPLE_OPENS}”.\n",
        encoding="utf-8",
    )
    return sealed_keys(folder / KEY_FILE, _SAMPLE_OPENS)


def _prefers_passphrase() -> bool:
    from collabdesk.host.settings import this_computer

    return this_computer(places()).text("key_store") == "passphrase"


def passphrase_of(sealed: Path) -> str:
    """Return the passphrase from the environment; Refusal if it is not given."""
    passphrase = os.environ.get(PASSPHRASE)
    if not passphrase and (sealed.parent / SAMPLE_MARK).exists():
        return _SAMPLE_OPENS
    if not passphrase:
        raise Refusal(
            code="passphrase-needed",
            words=f"The keys of this workspace are sealed in {sealed}.",
            remedy=f"Type their passphrase, or set {PASSPHRASE} for the command line.",
            field="passphrase",
        )
    return passphrase


def sealed_keys(sealed: Path, passphrase: str) -> KeyStore:
    """Open or make a passphrase-sealed key file."""
    from collabdesk.host.passphrase_store import PassphraseStore

    if sealed.exists():
        return PassphraseStore.open(sealed, passphrase)
    sealed.parent.mkdir(parents=True, exist_ok=True)
    return PassphraseStore.create(sealed, passphrase)


def open_workspace(folder: Path, keys: KeyStore | None = None) -> Workspace:
    """Open the workspace in a folder."""
    from collabdesk.services.workspace import Workspace
    from collabdesk.storage.database import FILE_NAME

    if not (folder / FILE_NAME).is_file():
        raise NotPossible(
            code="not-a-workspace",
            words=f"There is no CollabDesk workspace in {folder}.",
            remedy="Name the folder of a workspace, or found one with “collabdesk new”.",
            field="workspace",
        )
    return Workspace(folder, keys or key_store(folder))


def open_store(path: str) -> Store:
    """Return the shared folder at a path; a client-synced one is written with more care."""
    from collabdesk.host.synced_folders import cloud_program
    from collabdesk.sync.stores.folder import FolderStore

    if not path:
        raise Refusal(
            code="no-shared-folder",
            words="No shared folder is chosen for this workspace.",
            remedy="Choose one in Sharing.",
            field="store",
        )
    root = Path(path)
    return FolderStore(root, synced=bool(cloud_program(root)))


def known_workspaces() -> list[Path]:
    """Return the folders of the workspaces on this computer, by name."""
    from collabdesk.storage.database import FILE_NAME

    root = places().workspaces
    if not root.is_dir():
        return []
    return sorted(folder for folder in root.iterdir() if (folder / FILE_NAME).is_file())


def start_window(folder: Path | None = None) -> int:
    """Open the window on a workspace, on the last one, or on first run; return the exit code."""
    from collabdesk.ui.start import run

    return run(load_doors, folder)


def load_doors() -> Doors:
    """Import what a workspace needs and return the way in: slow, so off the window's thread."""
    from collabdesk.services.doors import Doors

    return Doors(work_folder(), key_store, sample_keys, open_store)


def work_folder() -> Path:
    """Return the folder that holds workspaces: the one chosen in Settings, or this account's."""
    from collabdesk.host.settings import this_computer

    chosen = this_computer(places()).text("work_folder")
    return Path(chosen) if chosen else places().workspaces
