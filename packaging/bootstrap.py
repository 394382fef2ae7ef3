"""Prepare this computer to run CollabDesk (`runtime`) or to test it (`development`).

`make` calls this first. It needs nothing but a Python's standard library, may be run as often as
one likes, and ends early only with words that say what to do. PYTHON names another Python to
use, COLLABDESK_ENVIRONMENT another folder than .venv.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import environment
import system_packages
from stop import Stop


def main(arguments: list[str]) -> int:
    """Prepare for the named group; 0 ready, 1 stopped with words, 2 bad usage."""
    if len(arguments) != 1 or arguments[0] not in environment.PINS:
        print("usage: python3 packaging/bootstrap.py runtime|development", file=sys.stderr)
        return 2
    try:
        prepare(arguments[0])
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    return 0


def prepare(group: str) -> None:
    """Prepare system packages, then the environment, then the programs the tests run."""
    folder = Path(os.environ.get("COLLABDESK_ENVIRONMENT") or environment.ROOT / ".venv")
    place = environment.Environment(folder.absolute())
    chosen = os.environ.get("PYTHON", "")
    # All at once, so that whoever must ask an administrator asks once.
    packages = environment.missing_packages(place, chosen) + system_packages.missing_libraries()
    system_packages.require(packages, "CollabDesk")
    environment.prepare(place, group, chosen)
    if group == "development":
        prepare_programs()


def prepare_programs() -> None:
    """Install what the keyring test runs; where that cannot be, that test fails with words."""
    programs = system_packages.missing_programs()
    if programs and not system_packages.install(programs):
        print(system_packages.refusal(programs, "The keyring test"), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
