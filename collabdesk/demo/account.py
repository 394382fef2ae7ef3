"""What the demonstration tells: a step at a time, and a whole at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from collabdesk.voice import Voice


@dataclass
class Step:
    """One step with its seconds and what was seen."""

    name: str
    seconds: float = 0.0
    seen: list[str] = field(default_factory=list)


@dataclass
class Replica:
    """What one trust's laptop reports at the end."""

    name: str
    state_root: str
    words: str
    operations: int
    segments: int
    verified: bool
    refused_files: list[dict[str, str]]
    contested_before: int
    contested_after: int


class Account:
    """Speaks progress lines while the demonstration runs and the account after it."""

    def __init__(self, voice: Voice) -> None:
        """Tell through a voice."""
        self.voice = voice
        self.steps: list[Step] = []
        self.replicas: list[Replica] = []
        self.faults: list[str] = []

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Announce a step, time it, and keep what is seen in it."""
        self.voice.progress(name)
        step = Step(name)
        self.steps.append(step)
        began = time.perf_counter()
        yield step
        step.seconds = time.perf_counter() - began

    def require(self, step: Step, *, holds: bool, words: str) -> None:
        """Note what was seen; what does not hold is a fault of the demonstration."""
        step.seen.append(words if holds else f"NOT SO: {words}")
        if not holds:
            self.faults.append(f"{step.name}: {words}")

    @property
    def sound(self) -> bool:
        """Tell whether everything was as it should be."""
        return not self.faults

    def tell(self, pictures: list[str], folder: str) -> None:
        """Say the account to a person, or to a machine."""
        self.voice.result(self._values(pictures, folder))
        line = self.voice.line
        line()
        line("What happened")
        for number, step in enumerate(self.steps, start=1):
            line(f"{number:>2}. {step.name} ({step.seconds:.1f} s)")
            for seen in step.seen:
                line(f"      {seen}")
        line()
        line("What each trust holds")
        for replica in self.replicas:
            line(f"  {replica.name}")
            line(f"      state {replica.state_root[:16]}…  “{replica.words}”")
            line(
                f"      {replica.operations} operations in {replica.segments} change sets, "
                f"{'every signature and table verified' if replica.verified else 'NOT VERIFIED'}"
            )
            for refused in replica.refused_files:
                line(f"      refused: {refused['path']}")
                line(f"               {refused['words']}")
        line()
        if pictures:
            line(f"{len(pictures)} pictures of the window are in {folder}.")
        line("All three trusts hold the same truth." if self.sound else "Something is wrong:")
        for fault in self.faults:
            line(f"  {fault}")

    def _values(self, pictures: list[str], folder: str) -> dict[str, Any]:
        return {
            "banner": "Sample: figures invented",
            "sound": self.sound,
            "faults": self.faults,
            "output": folder,
            "pictures": pictures,
            "steps": [
                {"name": s.name, "seconds": round(s.seconds, 3), "seen": s.seen} for s in self.steps
            ],
            "replicas": {
                r.name: {
                    "state_root": r.state_root,
                    "words": r.words,
                    "operations": r.operations,
                    "segments": r.segments,
                    "verified": r.verified,
                    "refused_files": r.refused_files,
                    "contested_before": r.contested_before,
                    "contested_after": r.contested_after,
                }
                for r in self.replicas
            },
        }
