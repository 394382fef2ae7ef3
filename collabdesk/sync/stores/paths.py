"""Which paths a store will touch; all others are a mistake of ours, never a wish of a file."""

from __future__ import annotations

import re
from typing import Final

from collabdesk.sync.codec import has_refused_code_point
from collabdesk.sync.names import MAX_NAME

Parts = list[str]

MAX_BELOW: Final = 112
MAX_DEPTH: Final = 6
README: Final = "README.txt"
STAGING: Final = "t"

_PART: Final = re.compile(r"[a-z0-9-](?:[a-z0-9.-]*[a-z0-9-])?", re.ASCII)
_WORKSPACE: Final = re.compile(r"cd1-[a-z2-7]{26}", re.ASCII)
_FORBIDDEN: Final = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f\ud800-\udfff]')
_DEVICE: Final = re.compile(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\..*)?", re.IGNORECASE
)


def is_found_name(name: str) -> bool:
    """Tell whether a name found in a folder may be opened, on any system, and shown."""
    return (
        0 < len(name) <= MAX_NAME
        and name not in {".", ".."}
        and _FORBIDDEN.search(name) is None
        and not has_refused_code_point(name)
        and _DEVICE.fullmatch(name) is None
    )


def check_folder(folder: str) -> Parts:
    """Return the parts of a folder's path; "" is the place itself."""
    if not folder:
        return []
    parts = folder.split("/")
    _require(_are_ours(parts), folder)
    return parts


def check_own(path: str) -> Parts:
    """Return the parts of a path we may write to."""
    parts = path.split("/")
    _require(len(parts) > 1, path)
    readme = len(parts) == 2 and parts[1] == README  # noqa: PLR2004 - folder and name
    _require(_are_ours(parts[:1] if readme else parts), path)
    return parts


def check_found(path: str) -> Parts:
    """Return the parts of a path we may read; its name may be a copy's."""
    folder, _, name = path.rpartition("/")
    _require(bool(folder) and is_found_name(name), path)
    return [*check_folder(folder), name]


def check_removable(path: str) -> Parts:
    """Return the parts of a path we may remove: below an organisation's slot only."""
    parts = check_found(path)
    _require(_in_slot(parts), path)
    return parts


def staging_folder(parts: Parts) -> Parts:
    """Return the folder in which a file is made ready before it is moved to its place."""
    return [*(parts[:3] if _in_slot(parts) else parts[:-1]), STAGING]


def _in_slot(parts: Parts) -> bool:
    return len(parts) > 3 and parts[1] == "o"  # noqa: PLR2004 - workspace, o, slot, a name


def _are_ours(parts: Parts) -> bool:
    below = parts[1:]
    return (
        _WORKSPACE.fullmatch(parts[0]) is not None
        and len(below) <= MAX_DEPTH
        and len("/".join(below)) <= MAX_BELOW
        and all(_PART.fullmatch(part) and not _DEVICE.fullmatch(part) for part in below)
    )


def _require(holds: bool, path: str) -> None:  # noqa: FBT001 - a test and its subject
    if not holds:
        message = f"not a path of ours: {path!r}"
        raise ValueError(message)
