"""What was run so far: kept between runs, and told in docs/simulation.md."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from collabdesk.sync import verdicts
from tests.simulation.faults import Fault
from tests.simulation.run import Told

PAGE = Path("docs/simulation.md")
PROGRESS = Path("tests/simulation/progress.json")
REGRESSIONS = Path("tests/simulation/regressions/seeds.txt")


def code_hash(root: Path) -> str:
    """Return the digest of everything that was simulated: the package's sources."""
    digest = sha256()
    for path in sorted((root / "collabdesk").rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@dataclass
class Ledger:
    """Counts of one or several runs over the same code."""

    root: Path
    kept: bool
    code: str
    next_seed: int = 0
    first: int | None = None
    runs: int = 0
    core_seconds: float = 0
    faults: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    failures: dict[int, str] = field(default_factory=dict)

    @classmethod
    def open(cls, root: Path, *, kept: bool) -> Ledger:
        """Return the ledger; what an interrupted run left is taken up, or written down first."""
        code = code_hash(root)
        if not kept or not (root / PROGRESS).exists():
            return cls(root, kept, code)
        found = json.loads((root / PROGRESS).read_text(encoding="utf-8"))
        ledger = cls(root, kept, found["code"], found["next_seed"], found["first"], found["runs"])
        ledger.core_seconds = found["core_seconds"]
        ledger.faults.update(found["faults"])
        ledger.verdicts.update(found["verdicts"])
        ledger.failures = {int(seed): why for seed, why in found["failures"].items()}
        if found["code"] != code:
            ledger.close()
            ledger = cls(root, kept, code, found["next_seed"])
        return ledger

    def add(self, seeds: range, told: Iterable[Told], core_seconds: float) -> None:
        """Count a chunk of seeds, and keep the counts."""
        self.core_seconds += core_seconds
        self.first = seeds.start if self.first is None else self.first
        self.next_seed = seeds.stop
        for one in told:
            self.runs += 1
            self.faults.update({fault.name: many for fault, many in one.faults.items()})
            self.verdicts.update({str(number): many for number, many in one.verdicts.items()})
            if one.failure:
                self.failures[one.seed] = one.failure.splitlines()[0]
        self._save()

    def close(self) -> None:
        """Write a finished run down; nothing if seeds were only run again."""
        if not self.kept or not self.runs:
            return
        page = self.root / PAGE
        page.write_text(page.read_text(encoding="utf-8") + self._section(), encoding="utf-8")
        self._keep_failures()
        self.first, self.runs, self.core_seconds = None, 0, 0
        failed = dict(self.failures)
        self.failures.clear()
        self.faults.clear()
        self.verdicts.clear()
        self._save()
        self.failures = failed

    def _save(self) -> None:
        if not self.kept:
            return
        said = {
            "code": self.code,
            "next_seed": self.next_seed,
            "first": self.first,
            "runs": self.runs,
            "core_seconds": self.core_seconds,
            "faults": dict(sorted(self.faults.items())),
            "verdicts": dict(sorted(self.verdicts.items())),
            "failures": self.failures,
        }
        text = json.dumps(said, indent=1, sort_keys=True)
        (self.root / PROGRESS).write_text(f"{text}\n", encoding="utf-8")

    def _section(self) -> str:
        mean = self.faults.total() / self.runs
        failed = "; ".join(f"{seed}: {why}" for seed, why in sorted(self.failures.items()))
        ran = (
            f"Code `{self.code}`, {self.runs:,} runs, {mean:.1f} faults a run, "
            f"{self.core_seconds / 60:.0f} core-minutes, failed: {failed or 'none'}.\n"
        )
        lines = [
            f"\n### Seeds {self.first:,} to {self.next_seed - 1:,}\n",
            ran,
            f"Verdicts: {_counted(_verdict_words(self.verdicts))}.\n",
            f"Faults: {_counted(_fault_words(self.faults))}.\n",
        ]
        missing = self._missing()
        if missing:
            lines.append(f"Not seen: {', '.join(missing)}.\n")
        return "\n".join(lines)

    def _missing(self) -> list[str]:
        faults = [fault.value for fault in Fault if not self.faults[fault.name]]
        return faults + [str(number) for number in verdicts.WORDS if not self.verdicts[str(number)]]

    def _keep_failures(self) -> None:
        if not self.failures:
            return
        path = self.root / REGRESSIONS
        known = path.read_text(encoding="utf-8")
        added = [f"{seed}  {why}\n" for seed, why in sorted(self.failures.items())]
        path.write_text(known + "".join(added), encoding="utf-8")


def _fault_words(counts: Mapping[str, int]) -> Mapping[str, int]:
    return {fault.value: counts[fault.name] for fault in Fault if counts.get(fault.name)}


def _verdict_words(counts: Mapping[str, int]) -> Mapping[str, int]:
    return {
        str(number): counts[str(number)] for number in verdicts.WORDS if counts.get(str(number))
    }


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{words} {many:,}" for words, many in counts.items())
