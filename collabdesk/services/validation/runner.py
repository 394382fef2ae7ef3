"""The runner: each case to the function of its topic, and the answer compared."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from collabdesk.errors import NotPossible, Refusal
from collabdesk.services.validation.cases import Case, read_cases
from collabdesk.services.validation.compare import differences
from collabdesk.services.validation.report import CaseResult, FileReport, Verdict
from collabdesk.services.validation.topics import TOPICS

SET_ASIDE: Final = frozenset({"float_edge", "quirk", "oracle_crash", "optional"})
"""Tags of cases in which the reference itself is arguable."""


def run_files(paths: Iterable[Path], data_dir: Path | None = None) -> list[FileReport]:
    """Run files of worked cases; a file that cannot be read is reported, the others are run."""
    return [_run_file(path, data_dir) for path in paths]


def _run_file(path: Path, data_dir: Path | None) -> FileReport:
    try:
        cases = read_cases(path, data_dir)
    except NotPossible as problem:
        return FileReport(str(path), problem=problem)
    return FileReport(str(path), tuple(map(_run, cases)))


def _run(case: Case) -> CaseResult:
    if case.topic not in TOPICS:
        verdict = Verdict.SET_ASIDE if case.tags & SET_ASIDE else Verdict.NOT_COVERED
        return CaseResult(case.name, case.topic, verdict)
    found = _differences(case)
    verdict = Verdict.DIFFER if found else Verdict.AGREE
    if case.tags & SET_ASIDE:
        verdict = Verdict.SET_ASIDE
    return CaseResult(case.name, case.topic, verdict, found)


def _differences(case: Case) -> tuple[str, ...]:
    error = case.expected.get("error")
    wanted = error if isinstance(error, str) else None
    try:
        computed = TOPICS[case.topic](case)
    except Refusal as refusal:
        # The words of a reference's error are its own; a code of ours has no spaces.
        if wanted is not None and (" " in wanted or wanted == refusal.code):
            return ()
        return (f"refused ({refusal.code}): {refusal.words}",)
    except (ArithmeticError, LookupError, OSError, TypeError, ValueError) as error_:
        return (f"could not be computed: {error_!r}",)
    if wanted is not None:
        return (f"computed, but a refusal was expected: {wanted}",)
    return tuple(differences(computed, case.expected, case.near))
