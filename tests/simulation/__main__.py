"""Runs seeds on every core, goes on where it stopped, and writes down what happened.

`python -m tests.simulation --seeds 20000` runs the next 20,000; `--only 77` runs one again and
writes nothing. One hash seed for all: sets are walked alike in every process.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.simulation.ledger import Ledger
from tests.simulation.run import Told, run
from tests.simulation.surroundings import root_folder

CHUNK = 200


def main() -> int:
    """Run what the command line asks for; return how many seeds failed, one at most."""
    asked = _asked()
    if os.environ.get("PYTHONHASHSEED") != "0":
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        again = [sys.executable, "-m", "tests.simulation", *sys.argv[1:]]
        os.execve(sys.executable, again, environment)  # noqa: S606 - itself
    root_folder()
    ledger = Ledger.open(Path.cwd(), kept=asked.first is None and not asked.only)
    first = ledger.next_seed if asked.first is None else asked.first
    last = first + asked.seeds
    began = time.monotonic()
    with multiprocessing.get_context("fork").Pool(asked.cores) as pool:
        if asked.only:
            told = list(_told(pool.imap(run, map(int, asked.only.split(",")))))
            sys.stdout.writelines(f"{one.seed} {one.digest}\n" for one in told if asked.digests)
            return 1 if any(one.failure for one in told) else 0
        for start in range(first, last, CHUNK):
            chunk = range(start, min(start + CHUNK, last))
            start_s = time.monotonic()
            told = list(_told(pool.imap_unordered(run, chunk, chunksize=5)))
            ledger.add(chunk, told, (time.monotonic() - start_s) * asked.cores)
            _say(ledger, chunk.stop - first, time.monotonic() - began)
    ledger.close()
    return 1 if ledger.failures else 0


def _told(runs: Iterator[Told]) -> Iterator[Told]:
    for told in runs:
        if told.failure:
            sys.stdout.write(f"seed {told.seed}: {told.failure}\n")
            sys.stdout.flush()
        yield told


def _say(ledger: Ledger, done: int, seconds: float) -> None:
    mean = ledger.faults.total() / max(1, ledger.runs)
    sys.stdout.write(
        f"{done} seeds, {len(ledger.failures)} failed, {mean:.1f} faults a seed, "
        f"{seconds / done:.2f} s a seed\n"
    )
    sys.stdout.flush()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--from", dest="first", type=int, default=None)
    parser.add_argument("--only", default="", help="these seeds, by commas")
    parser.add_argument("--digests", action="store_true", help="say what each of them came to")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
