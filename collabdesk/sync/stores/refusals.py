"""What a shared folder's faults are called in words; none of them loses anything."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Final

from collabdesk.errors import NotPossible
from collabdesk.sync.stores.disk import ACCESS_DENIED, SHARING

WAITING: Final = "Nothing is lost: your changes wait on this laptop."

_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_FULL_WINDOWS: Final = frozenset({39, 112, 1295})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FORBIDDEN_WINDOWS: Final = frozenset({ACCESS_DENIED, 19})
_BUSY: Final = frozenset({errno.EBUSY, errno.ETXTBSY, errno.EAGAIN, errno.EDEADLK})
_GONE: Final = frozenset(
    {
        getattr(errno, name)
        for name in ("ESTALE", "ENOTCONN", "EHOSTDOWN", "EHOSTUNREACH", "ENETUNREACH", "ENODEV")
        if hasattr(errno, name)
    }
)
_GONE_WINDOWS: Final = frozenset({21, 53, 55, 59, 64, 67, 121, 1231, 1236})


def share_not_found(root: Path) -> NotPossible:
    """Return the refusal for a shared folder that cannot be reached."""
    return NotPossible(
        code="share-not-found",
        words=f"The shared folder {root} cannot be reached. {WAITING}",
        remedy="Check the network or VPN and that the drive is connected, or choose the folder "
        "again on the Sharing page. CollabDesk tries again at the next sync.",
    )


def share_read_only(root: Path, where: str) -> NotPossible:
    """Return the refusal for a folder in which we may not write."""
    return NotPossible(
        code="share-read-only",
        words=f"CollabDesk may not write to {where} in the shared folder {root}. {WAITING}",
        remedy="Ask the share's administrator for the right to create and change files in your "
        "organisation's own folder there.",
    )


def share_full(root: Path) -> NotPossible:
    """Return the refusal for a folder without room."""
    return NotPossible(
        code="share-full",
        words=f"The shared folder {root} is full, so nothing more can be published. {WAITING}",
        remedy="Ask the share's administrator for more space, or remove files that are not "
        "CollabDesk's. CollabDesk tries again at the next sync.",
    )


def share_busy(root: Path, where: str) -> NotPossible:
    """Return the refusal for a file that another program will not let go of."""
    return NotPossible(
        code="share-busy",
        words=f"Another program is holding {where} in the shared folder {root}. {WAITING}",
        remedy="Wait until the virus scanner or sync client has finished; CollabDesk tries "
        "again at the next sync.",
    )


def share_fault(root: Path, where: str, reason: str) -> NotPossible:
    """Return the refusal for a fault the system names itself."""
    return NotPossible(
        code="share-fault",
        words=f"{where} in the shared folder {root} could not be written: {reason}. {WAITING}",
        remedy="Tell the share's administrator what is said here. CollabDesk tries again at the "
        "next sync.",
    )


def folder_not_readable(root: Path, where: str, reason: str) -> NotPossible:
    """Return the refusal for one folder that cannot be listed while the share is there."""
    return NotPossible(
        code="folder-not-readable",
        words=f"{where or 'The top'} of the shared folder {root} cannot be read: {reason}. "
        "Nothing is lost; what is in it waits there.",
        remedy="Ask the share's administrator for the right to read this folder.",
    )


def folder_flooded(root: Path, where: str, limit: int) -> NotPossible:
    """Return the refusal for a folder that somebody has filled with files."""
    return NotPossible(
        code="folder-not-readable",
        words=f"{where or 'The top'} of the shared folder {root} holds more than {limit:,} "
        "files. It was left out, and nothing is lost.",
        remedy="Ask the trust that owns this part of the folder to clear what is not CollabDesk's.",
    )


def write_refusal(error: OSError, root: Path, where: str) -> NotPossible:
    """Return the refusal for what the system said about writing at a path."""
    windows = getattr(error, "winerror", None)
    if error.errno in _GONE or windows in _GONE_WINDOWS:
        return share_not_found(root)
    if error.errno in _FULL or windows in _FULL_WINDOWS:
        return share_full(root)
    if windows in SHARING or error.errno in _BUSY:
        return share_busy(root, where)
    if error.errno in _FORBIDDEN or windows in _FORBIDDEN_WINDOWS:
        return share_read_only(root, where)
    return share_fault(root, where, error.strerror or str(error))
