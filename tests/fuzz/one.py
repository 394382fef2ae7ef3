"""Fuzzes one target until its time is up: `python -m tests.fuzz.one TARGET [libFuzzer options]`."""

from __future__ import annotations

import importlib
import sys
from typing import Any


def main() -> None:
    """Let Atheris watch which lines of the readers each input reaches."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["collabdesk.sync"]):
        from tests.fuzz.targets import TARGETS
    name, *options = sys.argv[1:]
    target = TARGETS[name]

    def once(data: bytes) -> None:
        target(data)

    atheris.Setup([sys.argv[0], *options], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
