"""System libraries, fonts and programs: try them, install what is missing where apt may."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from stop import Stop


@dataclass(frozen=True)
class Library:
    """A shared library that Qt or numpy loads, and the Debian package that holds it."""

    name: str
    package: str


# What Qt needs to draw, with or without a screen.
DRAWING = (
    Library("libglib-2.0.so.0", "libglib2.0-0"),
    Library("libEGL.so.1", "libegl1"),
    Library("libGL.so.1", "libgl1"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
    Library("libfontconfig.so.1", "libfontconfig1"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
)
# What Qt needs besides to open windows on an X display.
WINDOWS = (
    Library("libxcb-cursor.so.0", "libxcb-cursor0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Library("libxcb-shape.so.0", "libxcb-shape0"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
)
# The typeface the window is designed in; any other works where this one cannot be had.
FONT_PACKAGE = "fonts-inter"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
# The test of the operating system's keyring runs against a real Secret Service.
PROGRAMS = {"dbus-run-session": "dbus", "gnome-keyring-daemon": "gnome-keyring"}


def loads(library: Library) -> bool:
    """Say whether the dynamic loader finds the library."""
    try:
        ctypes.CDLL(library.name)
    except OSError:
        return False
    return True


def has_font() -> bool:
    """Say whether any outline font is installed."""
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    found = (file for folder in folders for kind in ("ttf", "otf") for file in fonts(folder, kind))
    return next(found, None) is not None


def fonts(folder: Path, kind: str) -> list[Path]:
    """List the fonts of a kind in a folder and the folders in it."""
    return list(folder.glob(f"**/*.{kind}")) if folder.is_dir() else []


def missing_libraries() -> list[str]:
    """Name the packages of libraries and fonts this computer lacks."""
    wanted = DRAWING + (WINDOWS if os.environ.get("DISPLAY") else ())
    packages = [library.package for library in wanted if not loads(library)]
    return packages if has_font() else [*packages, FONT_PACKAGE]


def missing_programs() -> list[str]:
    """Name the packages of the programs that the tests run and this computer lacks."""
    return sorted({package for program, package in PROGRAMS.items() if not shutil.which(program)})


def line(packages: list[str]) -> str:
    """Write the exact line that installs the packages."""
    return "sudo apt-get install --yes --no-install-recommends " + " ".join(packages)


def rights() -> list[str] | None:
    """Return what goes before apt-get so that it may install, or None where it may not."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def install(packages: list[str]) -> bool:
    """Install the packages with apt where it may; say whether that was done."""
    before = rights()
    if before is None:
        return False
    print("Installing system packages: " + " ".join(packages), flush=True)
    quiet = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2"]
    # A stale or missing list of packages is the usual reason for a refusal, so refresh it first;
    # whether that worked shows in what follows.
    _succeeds([*quiet, "update"])
    return _succeeds([*quiet, "install", "--yes", "--no-install-recommends", *packages], told=True)


def require(packages: list[str], purpose: str) -> None:
    """Install the packages, or stop with the line that does."""
    if packages and not install(packages):
        raise Stop(refusal(packages, purpose))


def refusal(packages: list[str], purpose: str) -> str:
    """Say what is missing, what for, and the line to run."""
    return (
        f"{purpose} needs system packages that are not here and could not be installed from this "
        f"account.\nRun this line, then the same command again:\n    {line(packages)}"
    )


def _succeeds(command: list[str], *, told: bool = False) -> bool:
    """Run quietly; where it failed and that matters, show what it said."""
    ended = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if told and ended.returncode:
        print(ended.stdout, flush=True)
    return ended.returncode == 0
