"""Two hundred seeds, the seeds that failed once, and that a seed is always the same run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REGRESSIONS = Path(__file__).parent / "regressions" / "seeds.txt"


def simulate(*arguments: str) -> str:
    """Run seeds in a process of their own, in which sets are walked alike every time."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "--cores", "1", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, f"{told.stdout[-3_000:]}\n{told.stderr[-2_000:]}"
    return told.stdout


@pytest.mark.parametrize("first", [0, 50, 9_600, 9_650])
def test_whatever_breaks_all_hold_one_truth(first: int) -> None:
    told = simulate("--from", str(first), "--seeds", "50")
    assert ", 0 failed, " in told


def test_seeds_that_failed_once_fail_no_more() -> None:
    lines = REGRESSIONS.read_text(encoding="utf-8").splitlines()
    seeds = [line.split()[0] for line in lines if line and not line.startswith("#")]
    simulate("--only", ",".join(seeds))


def test_a_seed_is_always_the_same_run() -> None:
    assert simulate("--only", "3,8", "--digests") == simulate("--only", "3,8", "--digests")
