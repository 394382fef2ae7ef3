"""Real processes on one shared folder, killed at random: what was acknowledged is never lost.

    python -m tests.processes.killing --kills 300

Every laptop runs two lines of processes at once, `collabdesk sync` and edits; most processes are
killed (SIGKILL) at a random moment, the others let through. In the end everybody shares in peace:
then every laptop must hold all that was acknowledged, and all must agree and verify.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.processes.finding import findings
from tests.processes.fleet import Laptop, founded, killed

MOST: Final = 0.85
"""Of the processes: the share that is meant to be killed."""
EARLY: Final = 0.15
"""Of those: the share that is killed while still starting."""
EDITS: Final = 25
BUSY: Final = "in use by another program"
_SECONDS_TO_BEGIN: Final = 1.0


@dataclass
class Killing:
    """What is counted while processes are killed."""

    wanted: int
    seed: int
    kills: int = 0
    phases: Counter[str] = field(default_factory=Counter)
    let_through: Counter[str] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: Counter[str] = field(default_factory=Counter)
    _usual: dict[str, float] = field(default_factory=dict)

    def run(self, laptops: Sequence[Laptop]) -> None:
        """Kill until enough were killed."""
        lines = [
            threading.Thread(target=self._line, args=(laptop, kind, f"{self.seed} {at} {kind}"))
            for at, laptop in enumerate(laptops)
            for kind in ("sync", "edit")
        ]
        for line in lines:
            line.start()
        for line in lines:
            line.join()

    def _line(self, laptop: Laptop, kind: str, seed: str) -> None:
        chance = random.Random(seed)  # noqa: S311 - a run can be asked for again
        while self.kills < self.wanted and not self.unexpected:
            self._one(laptop, kind, chance)

    def _one(self, laptop: Laptop, kind: str, chance: random.Random) -> None:
        process = laptop.start(self._command(laptop, kind))
        assert process.stdout is not None
        meant, early = chance.random() < MOST, chance.random() < EARLY
        said: list[str] = []
        if not (meant and early):
            said.append(process.stdout.readline())
        began = time.monotonic()
        usual = _SECONDS_TO_BEGIN if meant and early else self._usual.get(kind, 0.2)
        try:
            process.wait(chance.uniform(0, usual) if meant else None)
        except subprocess.TimeoutExpired:
            process.kill()
        said += process.stdout.read().splitlines()
        process.stdout.close()
        process.wait()
        self._count(laptop, kind, process, said, time.monotonic() - began)

    def _command(self, laptop: Laptop, kind: str) -> list[str]:
        if kind == "sync":
            return laptop.line("sync")
        with self._lock:
            first = self._numbers[laptop.name]
            self._numbers[laptop.name] += EDITS
        script = [sys.executable, "-m", "tests.processes.edits", str(laptop.folder)]
        return [*script, laptop.name, str(first), str(EDITS)]

    def _count(
        self,
        laptop: Laptop,
        kind: str,
        process: subprocess.Popen[str],
        said: Sequence[str],
        seconds: float,
    ) -> None:
        told = [json.loads(line) for line in said if kind == "edit" and _whole(line)]
        with self._lock:
            laptop.acknowledged += [one for one in told if "kind" in one]
            if killed(process):
                self.kills += 1
                self.phases[_phase(kind, said, len(told))] += 1
            elif process.returncode == 0:
                self.let_through[kind] += 1
                self._usual[kind] = seconds
            elif BUSY not in " ".join(said):
                text = "\n".join(said)
                self.unexpected.append(f"{laptop.name} {kind} ended {process.returncode}: {text}")


def _whole(line: str) -> bool:
    return line.startswith("{") and line.rstrip().endswith("}")


def _phase(kind: str, said: Sequence[str], told: int) -> str:
    """Say how far a killed process had come."""
    if kind == "edit":
        return "editing" if told else "opening, to edit"
    steps = [line.strip("… \n") for line in said if line.startswith("…")]
    return f"sync: {steps[-1].lower()}" if steps else "opening, to sync"


def _account(
    killing: Killing, laptops: Sequence[Laptop], found: Sequence[str], seconds: int
) -> list[str]:
    acknowledged = sum(len(laptop.acknowledged) for laptop in laptops)
    through = ", ".join(f"{count} {kind}" for kind, count in sorted(killing.let_through.items()))
    return [
        f"{killing.kills} processes killed in {seconds} s (seed {killing.seed}):",
        *(f"  {count:5} {phase}" for phase, count in sorted(killing.phases.items())),
        f"Let through: {through}.",
        f"{acknowledged} edits were acknowledged on {len(laptops)} laptops.",
        *(f"WRONG: {fault}" for fault in found),
        "Something is wrong." if found else "Nothing was lost; all agree and verify.",
    ]


def main(words: Sequence[str]) -> int:
    """Kill as often as asked, tell what was found, and return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description="Kills processes at random and looks for losses.")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(words)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="collabdesk-kills-") as folder:
        laptops = founded(Path(folder))
        killing = Killing(options.kills, options.seed)
        killing.run(laptops)
        found = [*killing.unexpected, *findings(laptops)]
    told = _account(killing, laptops, found, round(time.monotonic() - began))
    sys.stdout.write("\n".join(told) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
