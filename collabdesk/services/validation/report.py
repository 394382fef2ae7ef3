"""What came of running a file of worked cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from collabdesk.errors import CollabDeskError


class Verdict(StrEnum):
    """What came of one case; a case set aside by its tag never fails."""

    AGREE = "agree"
    DIFFER = "differ"
    NOT_COVERED = "not_covered"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, and where the computed values differ from the expected ones."""

    name: str
    topic: str
    verdict: Verdict
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: its cases, or the problem that kept it from being run."""

    path: str
    results: tuple[CaseResult, ...] = ()
    problem: CollabDeskError | None = None

    def named(self, verdict: Verdict) -> tuple[CaseResult, ...]:
        """Return the cases with a verdict."""
        return tuple(result for result in self.results if result.verdict is verdict)

    @property
    def words(self) -> tuple[str, ...]:
        """The report as lines to print: the counts, then what differs and what is not covered."""
        if self.problem is not None:
            return (f"{self.path}: {self.problem}",)
        counts = ", ".join(
            f"{len(self.named(verdict))} {verdict.value.replace('_', ' ')}"
            for verdict in (Verdict.AGREE, Verdict.DIFFER, Verdict.NOT_COVERED)
        )
        return (
            f"{self.path}: {counts}",
            *self._aside(),
            *(
                f"  differs: {result.name} {result.topic}: {difference}"
                for result in self.named(Verdict.DIFFER)
                for difference in result.differences
            ),
            *(
                f"  not covered: {result.name} {result.topic}"
                for result in self.named(Verdict.NOT_COVERED)
            ),
        )

    def _aside(self) -> tuple[str, ...]:
        aside = self.named(Verdict.SET_ASIDE)
        if not aside:
            return ()
        differing = [result.name for result in aside if result.differences]
        names = f": {', '.join(differing)}" if differing else ""
        return (
            f"  set aside by their tags: {len(aside)}, of which {len(differing)} differ{names}",
        )

    @property
    def plain(self) -> dict[str, object]:
        """The report for machines."""
        return {
            "file": self.path,
            "problem": None if self.problem is None else str(self.problem),
            **{verdict.value: len(self.named(verdict)) for verdict in Verdict},
            "cases": [
                {
                    "id": result.name,
                    "topic": result.topic,
                    "verdict": result.verdict.value,
                    "differences": list(result.differences),
                }
                for result in self.results
                if result.verdict is not Verdict.AGREE
            ],
        }


def passed(reports: Iterable[FileReport], *, allow_uncovered: bool = False) -> bool:
    """Tell whether every file was run, nothing differs, and everything is covered."""
    failing = {Verdict.DIFFER} if allow_uncovered else {Verdict.DIFFER, Verdict.NOT_COVERED}
    return all(
        report.problem is None and not any(result.verdict in failing for result in report.results)
        for report in reports
    )
