"""Proves the simulation itself: each deliberate defect must be caught within 500 seeds.

A few need more chances to meet than 500 seeds give; the suite that tries all orders, or all
that can be said, must catch those.

Every defect runs in a process of its own, in which one module of the program is changed as
it is imported; nothing on the disk is. `python -m tests.simulation.seeded_bugs` prints the
table and writes docs/seeded-bugs.md.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from tests.simulation.defects import DEFECTS, Defect

MOST = 500
PAGE = Path("docs/seeded-bugs.md")
_ABOUT = (
    "`make seeded-bugs` changes a line of the program in memory and runs the simulation "
    f"(simulation.md) until a seed fails; each must be caught within {MOST}. The few that need "
    "more chances to meet than that are caught by a test that tries every order, or all that can "
    "be said; it is run with the defect likewise.\n"
)


@dataclass(frozen=True)
class Caught:
    """How a defect was caught: after how many seeds (0 if it was not), by which, and its words."""

    defect: Defect
    taken: int
    seed: int
    words: str


class StaleDefect(LookupError):
    """The program has changed: what a defect would change is not there."""


def changed(defect: Defect, source: str) -> str:
    """Return a module's source with the defect in it."""
    for old, new in defect.changes:
        if source.count(old) != 1:
            raise StaleDefect(
                f"{defect.name}: {old!r} is in {defect.module} {source.count(old)} times"
            )
        source = source.replace(old, new)
    return source


def source_of(defect: Defect) -> str:
    """Return the source of the module a defect is about."""
    return (Path(*defect.module.split(".")).with_suffix(".py")).read_text(encoding="utf-8")


class _Loader(importlib.machinery.SourceFileLoader):
    defect: Defect

    def path_stats(self, path: str | bytes) -> dict[str, float]:
        raise OSError(path)  # so that no compiled copy is used or left

    def get_data(self, path: str | bytes) -> bytes:
        return changed(self.defect, super().get_data(str(path)).decode()).encode()


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, defect: Defect) -> None:
        self.defect = defect

    def find_spec(
        self, name: str, path: object = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self.defect.module:
            return None
        place = str(Path(*name.split(".")).with_suffix(".py").absolute())
        loader = _Loader(name, place)
        loader.defect = self.defect
        return importlib.util.spec_from_file_location(name, place, loader=loader)


def hunt(defect: Defect, most: int) -> tuple[int, int, str]:
    """Run seeds with a defect until one fails; return how many that took, which, and its words.

    Worlds that keep books and worlds that do not come in turn: a defect may show in either.
    """
    sys.meta_path.insert(0, _Finder(defect))
    from tests.simulation.run import BOOKS_KEPT_FROM, run

    for taken in range(most):
        seed = taken // 2 + BOOKS_KEPT_FROM * (taken % 2)
        try:
            failure = run(seed).failure
        except Exception as error:  # noqa: BLE001 - not even a world can be founded
            failure = f"{type(error).__name__}: {error}"
        if failure:
            return taken + 1, seed, failure.splitlines()[0]
    return 0, 0, ""


def prove(defect: Defect) -> tuple[int, int, str]:
    """Run the test that must fail with a defect; return as `hunt` does, 1 if it did."""
    sys.meta_path.insert(0, _Finder(defect))
    ended = pytest.main(["-q", "-x", "-n0", "-p", "no:cacheprovider", defect.proof])
    return int(ended is pytest.ExitCode.TESTS_FAILED), 0, f"`{defect.proof}`"


def in_a_process(defect: Defect) -> Caught:
    """Hunt for a defect in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.simulation.seeded_bugs", "--one", defect.name],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        return Caught(defect, 0, 0, told.stderr.strip().splitlines()[-1])
    caught = Caught(defect, *json.loads(told.stdout.splitlines()[-1]))
    sys.stdout.write(f"{defect.name}: {_when(caught)} {caught.words[:90]}\n")
    sys.stdout.flush()
    return caught


def _when(caught: Caught) -> str:
    if not caught.taken:
        return "NOT CAUGHT"
    return "by a test" if caught.defect.proof else f"seed {caught.seed}, number {caught.taken}"


def page(found: list[Caught]) -> str:
    """Return the page that tells which defect was caught when."""
    lines = [
        "# Deliberate defects\n",
        _ABOUT,
        "| defect | in | caught at | by |",
        "|---|---|---|---|",
    ]
    for one in found:
        said = one.words.replace("|", "/")[:100]
        module = one.defect.module.removeprefix("collabdesk.")
        lines.append(f"| {one.defect.name} | `{module}` | {_when(one)} | {said} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Hunt for every defect, or for one; return 1 if one was not caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.seeded_bugs")
    parser.add_argument("--one", default="")
    parser.add_argument("--most", type=int, default=MOST)
    asked = parser.parse_args()
    if asked.one:
        (defect,) = (d for d in DEFECTS if d.name == asked.one)
        found = prove(defect) if defect.proof else hunt(defect, asked.most)
        sys.stdout.write(json.dumps(found) + "\n")
        return 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        table = list(pool.map(in_a_process, DEFECTS))
    PAGE.write_text(page(table), encoding="utf-8")
    return 0 if all(one.taken for one in table) else 1


if __name__ == "__main__":
    sys.exit(main())
