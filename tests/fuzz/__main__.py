"""Fuzzes all targets, two at a time: `python -m tests.fuzz --seconds 600 [TARGET …]`."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.fuzz.seeds import CORPUS
from tests.fuzz.targets import TARGETS

ROOT: Final = Path(__file__).parents[2]
CRASHERS: Final = Path(__file__).parent / "crashers"
LOG: Final = ROOT / "docs" / "fuzz.md"
AT_A_TIME: Final = 2
MOST_MEMORY_MB: Final = 1024
SLOW_SECONDS: Final = 20
_DONE: Final = re.compile(r"Done (\d+) runs")
_COVERED: Final = re.compile(r"cov: (\d+)")


@dataclass(frozen=True)
class Fuzzed:
    """What one target did."""

    target: str
    executions: int
    edges: int
    found: str


def fuzz(target: str, seconds: int) -> Fuzzed:
    """Fuzz one target in a process of its own, from a copy of its corpus."""
    CRASHERS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="collabdesk-fuzz-") as folder:
        shutil.copytree(CORPUS / target, folder, dirs_exist_ok=True)
        options = (
            f"-max_total_time={seconds}",
            f"-artifact_prefix={CRASHERS}/{target}-",
            f"-rss_limit_mb={MOST_MEMORY_MB}",
            f"-timeout={SLOW_SECONDS}",
            "-max_len=8192",
        )
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.one", target, folder, *options],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    return _read(target, done.returncode, done.stderr + done.stdout)


def _read(target: str, code: int, said: str) -> Fuzzed:
    runs, covered = _DONE.search(said), _COVERED.findall(said)
    found = "" if code == 0 and runs else said[-2_000:]
    return Fuzzed(target, int(runs[1]) if runs else 0, int(covered[-1]) if covered else 0, found)


def main() -> int:
    """Fuzz, say what came out, and add it to docs/fuzz.md if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="for each target")
    parser.add_argument("--log", action="store_true", help=f"add a row each to {LOG.name}")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    options = parser.parse_args()
    chosen = options.targets or list(TARGETS)
    found = False
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for one in pool.map(lambda target: fuzz(target, options.seconds), chosen):
            found = found or bool(one.found)
            outcome = one.found or "nothing found"
            sys.stdout.write(f"{one.target:<12}{one.executions:>12,} executions  {outcome}\n")
            sys.stdout.flush()
            if options.log:
                _log(one, options.seconds)
    return int(found)


def _log(one: Fuzzed, seconds: int) -> None:
    day = dt.datetime.now(tz=dt.UTC).date().isoformat()
    outcome = "see the findings" if one.found else "nothing"
    cells = (day, one.target, str(seconds), f"{one.executions:,}", f"{one.edges:,}", outcome)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"| {' | '.join(cells)} |\n")


if __name__ == "__main__":
    sys.exit(main())
