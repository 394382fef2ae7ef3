"""The runner: each case to the function of its topic, and the answer compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
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
    if case.fault:
        return CaseResult(case.name, case.topic, Verdict.DIFFER, (f"cannot be run: {case.fault}",))
    if case.topic not in TOPICS:
        verdict = Verdict.SET_ASIDE if case.tags & SET_ASIDE else Verdict.NOT_COVERED
        return CaseResult(case.name, case.topic, verdict)
    found = _differences(case)
    verdict = Verdict.DIFFER if found else Verdict.AGREE
    if case.tags & SET_ASIDE:
        verdict = Verdict.SET_ASIDE
    return CaseResult(case.name, case.topic, verdict, found)


def _differences(case: Case) -> tuple[str, ...]:
    wrong = next(_no_pence(case.inputs), "")
    if wrong:
        return (wrong,)
    error = case.expected.get("error")
    wanted = error if isinstance(error, str) else None
    try:
        computed = TOPICS[case.topic](case)
    except Refusal as refusal:
        # The words of a reference's error are its own; a code of ours has no spaces.
        if wanted is not None and (" " in wanted or wanted == refusal.code):
            return ()
        return (f"refused ({refusal.code}): {refusal.words}",)
    except KeyError as missing:
        return (f"could not be computed: {missing.args[0]} is missing",)
    except (ArithmeticError, LookupError, OSError, TypeError, ValueError) as error_:
        return (f"could not be computed from its inputs: {error_}",)
    if wanted is not None:
        return (f"computed, but a refusal was expected: {wanted}",)
    return tuple(differences(computed, case.expected, case.near))


def _no_pence(held: object, at: str = "") -> Iterator[str]:
    """Say what stands in inputs of money, whose names end in _p, and is no whole pence."""
    if isinstance(held, Mapping):
        for name, value in held.items():
            yield from _no_pence(value, str(name))
    elif isinstance(held, list):
        for value in held:
            yield from _no_pence(value, at)
    elif at.endswith("_p") and held is not None and (type(held) is not int):
        yield f"{at} is {json.dumps(held)}, where whole pence belong"
