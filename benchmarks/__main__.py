"""Run every benchmark, or those named: `python -m benchmarks [--full] [--write] [first_paint]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from benchmarks.options import Options
from benchmarks.table import write

NAMES: Final = (
    "apply_segments",
    "single_operations",
    "verify_stage",
    "local_edit",
    "bytes_per_operation",
    "verdict_flip",
    "growth",
    "first_join",
    "verify_finds",
    "peers",
    "first_paint",
    "grid_open",
    "paste",
    "year_of_journals",
)


def main(words: Sequence[str]) -> int:
    """Run the benchmarks and return 1 if any misses its target."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--full", action="store_true", help="the sizes of a release: half an hour")
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md")
    asked = parser.parse_args(words)
    unknown = sorted(set(asked.names) - set(NAMES))
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}")
    met = [_run(name, asked) for name in NAMES if not asked.names or name in asked.names]
    return 0 if all(met) else 1


def _run(name: str, asked: argparse.Namespace) -> bool:
    report = import_module(f"benchmarks.{name}").run(Options(full=asked.full))
    report.show()
    if asked.write:
        write(name, report, full=asked.full)
    return bool(report.met)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
