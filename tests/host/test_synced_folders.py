"""A database is kept out of folders that something else copies."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest

from collabdesk.errors import NotPossible
from collabdesk.host.synced_folders import cloud_program, network_place, refuse_synced_folder

MOUNTS = """\
21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
30 21 0:40 / /mnt/share rw,relatime shared:5 - cifs //server/share rw,vers=3.1.1
31 21 0:41 / /mnt/my\\040files rw - nfs4 server:/export rw
32 30 0:42 / /mnt/share/disk rw - ext4 /dev/sdb1 rw
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("path", "program"),
    [
        (r"C:\Users\someone\OneDrive\CollabDesk", "OneDrive"),
        (r"C:\Users\someone\OneDrive - Some NHS Trust\work\deep", "OneDrive"),
        (r"C:\Users\someone\Dropbox (Personal)\x", "Dropbox"),
        (r"C:\Users\someone\Google Drive\x", "Google Drive"),
        (r"C:\Users\someone\SharePoint\Documents", "SharePoint"),
        (r"C:\Users\someone\Documents\OneDrive notes.txt folder", ""),
        (r"C:\Users\someone\Boxes\x", ""),
        (r"C:\Users\someone\AppData\Local\CollabDesk", ""),
    ],
)
def test_folder_names_of_cloud_programs_are_known(path: str, program: str) -> None:
    assert cloud_program(PureWindowsPath(path)) == program


@pytest.mark.parametrize(
    ("marker", "program"),
    [
        (".dropbox.cache", "Dropbox"),
        (".tmp.drivedownload", "Google Drive"),
        (".stfolder", "Syncthing"),
        (".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive or SharePoint"),
    ],
)
def test_marks_they_leave_are_known_whatever_the_folder_is_called(
    tmp_path: Path, mounts: Path, marker: str, program: str
) -> None:
    library = tmp_path / "Some Trust - Finance"
    (library / "deep").mkdir(parents=True)
    (library / marker).touch()
    with pytest.raises(NotPossible) as refused:
        refuse_synced_folder(library / "deep" / "workspace", mounts=mounts)
    assert refused.value.code == "synced-folder"
    assert program in refused.value.words
    assert "only change sets go there" in refused.value.remedy


def test_a_sharepoint_library_is_known_by_its_desktop_ini(tmp_path: Path) -> None:
    (tmp_path / "desktop.ini").write_bytes(
        "[.ShellClassInfo]\r\nIconResource=C:\\Program Files\\Microsoft OneDrive\\x.exe".encode(
            "utf-16"
        )
    )
    assert cloud_program(tmp_path / "workspace") == "OneDrive"


def test_network_places_are_known(mounts: Path) -> None:
    assert "/mnt/share (cifs)" in network_place(Path("/mnt/share/work"), mounts=mounts)
    assert "(nfs4)" in network_place(Path("/mnt/my files/work"), mounts=mounts)
    assert network_place(Path("/mnt/share/disk/work"), mounts=mounts) == ""
    assert network_place(Path("/mnt/shared"), mounts=mounts) == ""
    typed = PureWindowsPath(r"\\server\share\work")
    assert network_place(typed, mounts=mounts) == r"the network place \\server\share"


def test_an_ordinary_folder_is_accepted(tmp_path: Path, mounts: Path) -> None:
    refuse_synced_folder(tmp_path / "CollabDesk", mounts=mounts)
    refuse_synced_folder(tmp_path / "CollabDesk", mounts=tmp_path / "unknown")
