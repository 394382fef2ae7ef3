"""Find a Python that CollabDesk supports, or say in words which one to install."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass

from stop import Stop

SUPPORTED = ((3, 13), (3, 12), (3, 11))

QUESTION = "import sys; print(*sys.version_info[:3], int(sys.implementation.name == 'cpython'))"


@dataclass(frozen=True)
class Interpreter:
    """A Python found on this computer."""

    path: str
    version: tuple[int, ...]
    cpython: bool = True

    @property
    def supported(self) -> bool:
        """Say whether CollabDesk runs on it."""
        return self.cpython and self.version[:2] in SUPPORTED

    @property
    def name(self) -> str:
        """Name its minor version as commands and packages do: python3.12."""
        return "python{}.{}".format(*self.version[:2])

    def __str__(self) -> str:
        """Write it for a person."""
        kind = "Python" if self.cpython else "a Python other than CPython,"
        return f"{self.path} ({kind} {'.'.join(str(part) for part in self.version)})"


def ask(path: str) -> Interpreter | None:
    """Ask the program at `path` which Python it is; None where it does not answer."""
    try:
        said = subprocess.run(
            [path, "-c", QUESTION], capture_output=True, text=True, check=True, timeout=60
        ).stdout.split()
        return Interpreter(path, tuple(int(part) for part in said[:3]), said[3] == "1")
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None


def running() -> Interpreter:
    """Describe the Python that runs this script."""
    cpython = sys.implementation.name == "cpython"
    return Interpreter(sys.executable, tuple(sys.version_info[:3]), cpython)


def candidates(chosen: str = "") -> list[Interpreter]:
    """List the Pythons to consider, best first; a chosen one is the only one."""
    if chosen:
        found = ask(chosen)
        return [found] if found else []
    names = ["python{}.{}".format(*version) for version in SUPPORTED]
    paths = [path for path in map(shutil.which, names) if path]
    return [running(), *filter(None, map(ask, paths))]


def suitable(found: list[Interpreter], chosen: str = "") -> Interpreter:
    """Return the first supported Python, or stop and say what to install."""
    for interpreter in found:
        if interpreter.supported:
            return interpreter
    raise Stop(refusal(found, chosen))


def refusal(found: list[Interpreter], chosen: str = "") -> str:
    """Say which Pythons were found, why none will do, and what to do."""
    seen = ", ".join(str(one) for one in found) or f"nothing that runs at {chosen or 'python3'}"
    return (
        "CollabDesk needs Python 3.11, 3.12 or 3.13.\n"
        f"Found here: {seen}.\n"
        "Install a supported Python, for example:\n"
        "    sudo apt-get install --yes python3.11\n"
        "or name the one you have, and run the same command again:\n"
        "    PYTHON=/path/to/python3.12 make demo"
    )
