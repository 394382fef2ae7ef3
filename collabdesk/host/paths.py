"""Where things are on this computer: shipped resources, and the folders CollabDesk keeps."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from collabdesk.errors import NotPossible

HOME_VARIABLE = "COLLABDESK_HOME"
POLICY_VARIABLE = "COLLABDESK_POLICY"

_PACKAGE = Path(__file__).resolve().parents[1]


def resource(name: str) -> Path:
    """Return the path of a shipped file or folder, `name` as written under resources/.

    A wheel or a frozen program carries them inside the package; a checkout has them at its root.
    """
    for folder in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        if (folder / name).exists():
            return folder / name
    raise NotPossible(
        code="resource-missing",
        words=f"CollabDesk's own file resources/{name} is missing.",
        remedy="The program is damaged or half installed: install it again. Your work is safe.",
    )


@dataclass(frozen=True, slots=True)
class Places:
    """The folders CollabDesk uses for one person on this computer; made when first needed."""

    work: Path
    settings: Path
    cache: Path
    machine: Path

    @property
    def workspaces(self) -> Path:
        """Return the folder that holds one folder for each workspace."""
        return self.work / "workspaces"

    @property
    def logs(self) -> Path:
        """Return the folder of crash reports and logs."""
        return self.work / "logs"

    @property
    def keys(self) -> Path:
        """Return the file of keys sealed by a passphrase, where that is how keys are kept."""
        return self.work / "keys.sealed"

    def workspace(self, name: str) -> Path:
        """Return the folder of the workspace with this folder name."""
        if not name or name in {".", ".."} or set(name) & set('/\\:*?"<>|'):
            raise NotPossible(
                code="workspace-folder-name",
                words=f'"{name}" cannot be the name of a workspace\'s folder.',
                remedy='Leave out / \\ : * ? " < > and |.',
                field="name",
            )
        return self.workspaces / name


def places() -> Places:
    """Return this person's folders: local to the computer, never in a roaming profile.

    COLLABDESK_HOME puts everything under one folder; COLLABDESK_POLICY names the folder of what
    the organisation has set.
    """
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("CollabDesk", appauthor=False, roaming=False)
    machine = Path(os.environ.get(POLICY_VARIABLE) or dirs.site_config_path)
    home = os.environ.get(HOME_VARIABLE)
    if home:
        root = Path(home).absolute()
        return Places(root, root / "settings", root / "cache", machine)
    return Places(dirs.user_data_path, dirs.user_config_path, dirs.user_cache_path, machine)
