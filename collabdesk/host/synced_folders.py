"""Refuse to keep a workspace's database where something else copies or serves its files.

A database in a folder that a cloud program copies, or on a network drive, is read while half
written; locks there do not hold. Change sets are made for such folders, databases are not.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path, PurePath, PureWindowsPath

from collabdesk.errors import NotPossible

MOUNTS = Path("/proc/self/mountinfo")

# Folder names the programs choose for themselves.
_NAMED = (
    (re.compile(r"onedrive( ?- ?.+)?", re.IGNORECASE), "OneDrive"),
    (re.compile(r"sharepoint( ?- ?.+)?", re.IGNORECASE), "SharePoint"),
    (re.compile(r"dropbox( \(.+\))?", re.IGNORECASE), "Dropbox"),
    (re.compile(r"google ?drive( ?- ?.+)?|drivefs", re.IGNORECASE), "Google Drive"),
    (re.compile(r"icloud ?drive|com~apple~clouddocs", re.IGNORECASE), "iCloud Drive"),
    (re.compile(r"nextcloud|owncloud", re.IGNORECASE), "Nextcloud"),
    (re.compile(r"box( sync)?", re.IGNORECASE), "Box"),
)
# Files and folders they leave at the top of what they copy.
_MARKERS = (
    (".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive or SharePoint"),
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".tmp.drivedownload", "Google Drive"),
    (".tmp.driveupload", "Google Drive"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
    (".stfolder", "Syncthing"),
)
# `desktop.ini` in a copied folder names the program that owns it.
_OWNERS = (("onedrive", "OneDrive"), ("sharepoint", "SharePoint"), ("drivefs", "Google Drive"))
_NETWORK_KINDS = frozenset(
    {"afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.google-drive-ocamlfuse",
     "fuse.gvfsd-fuse", "fuse.onedriver", "fuse.rclone", "fuse.sshfs", "ncpfs", "nfs", "nfs4",
     "smb3", "smbfs"}
)  # fmt: skip
_WINDOWS_NETWORK_DRIVE = 4


def refuse_synced_folder(path: Path, *, mounts: Path = MOUNTS) -> None:
    """Raise NotPossible, in words, where `path` is copied by a cloud program or on a network."""
    place = path.absolute()
    keeper = cloud_program(place) or network_place(place, mounts=mounts)
    if keeper:
        raise NotPossible(
            code="synced-folder",
            words=f"The folder {place} belongs to {keeper}. A database there can be copied while "
            "it is being written, and be damaged.",
            remedy="Choose a folder on this computer's own disk for the workspace. The shared "
            "folder may be where it is: only change sets go there.",
            field="folder",
        )


def cloud_program(path: PurePath) -> str:
    """Name the cloud program that copies this folder; empty where none is recognised."""
    for folder in (path, *path.parents):
        found = _named(folder.name) or _marked(Path(folder))
        if found:
            return found
    return ""


def _named(name: str) -> str:
    return next((program for pattern, program in _NAMED if pattern.fullmatch(name)), "")


def _marked(folder: Path) -> str:
    for marker, program in _MARKERS:
        # ~/.dropbox is that program's own settings folder, found beside folders it leaves alone.
        if (folder / marker).exists() and not (marker == ".dropbox" and folder == Path.home()):
            return program
    try:
        text = (
            (folder / "desktop.ini")
            .read_bytes()[:8192]
            .replace(b"\0", b"")
            .lower()
            .decode("ascii", "ignore")
        )
    except OSError:
        return ""
    return next((program for sign, program in _OWNERS if sign in text), "")


def network_place(path: PurePath, *, mounts: Path = MOUNTS) -> str:
    """Say in words on which kind of network place a folder is; empty where it is local."""
    drive = PureWindowsPath(str(path)).drive
    if str(path).startswith("\\\\"):
        return f"the network place {drive}"
    if sys.platform == "win32":
        import ctypes

        kind = ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\")
        return f"the network drive {drive}" if kind == _WINDOWS_NETWORK_DRIVE else ""
    kind, where = _mount_of(Path(path), mounts)
    return f"the network place mounted at {where} ({kind})" if kind in _NETWORK_KINDS else ""


def _mount_of(path: Path, mounts: Path) -> tuple[str, str]:
    """Return kind and place of the mount that holds a path; two empty texts where unknown."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return "", ""
    best = ("", "")
    resolved = path.resolve()
    for line in lines:
        before, _, after = line.partition(" - ")
        where = before.split(" ")[4].replace("\\040", " ")
        if resolved.is_relative_to(where) and len(where) >= len(best[1]):
            best = (after.split(" ")[0], where)
    return best
