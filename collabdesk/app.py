"""The composition root: the only module that knows every floor."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collabdesk.errors import NotPossible, Refusal
from collabdesk.host.paths import places

if TYPE_CHECKING:
    from collabdesk.host.key_store import KeyStore
    from collabdesk.services.workspace import Workspace
    from collabdesk.sync.stores.port import Store

PASSPHRASE: Final = "COLLABDESK_PASSPHRASE"  # noqa: S105 - names a variable
KEY_FILE: Final = "keys.sealed"


def key_store(folder: Path) -> KeyStore:
    """Return where this laptop's keys are: a sealed file beside the workspace, or the keyring."""
    sealed = folder / KEY_FILE
    if sealed.exists() or PASSPHRASE in os.environ:
        return sealed_keys(sealed, passphrase_of(sealed))
    from collabdesk.host.keyring_store import KeyringStore

    return KeyringStore()


def passphrase_of(sealed: Path) -> str:
    """Return the passphrase from the environment; Refusal if it is not given."""
    passphrase = os.environ.get(PASSPHRASE)
    if not passphrase:
        raise Refusal(
            code="passphrase-needed",
            words=f"The keys of this workspace are sealed in {sealed}.",
            remedy=f"Set {PASSPHRASE} to their passphrase and try again.",
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
