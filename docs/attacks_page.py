"""Makes docs/attacks.md of the attack catalogue: `make docs`."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from tests.attacks.catalogue import catalogue

PAGE: Final = Path(__file__).with_name("attacks.md")
_HEAD: Final = """\
# Attack catalogue

Made by `make docs` of the files in `tests/attacks/cases`, which `make test` runs: every attack
through the engine (a real workspace that shares through a real folder) and through the command
line. What is said here is what was checked. What it means for an organisation is in
[the threat model](threat-model.md).

*Expected* gives the verdict numbers of [the format](change-set-format.md#11-verdict-numbers)
(0: it counts), the code of a refused file, what became of a membership record, or the alarm."""
_SECOND_RELEASE: Final = (
    "Checkpoint files (row 32) and redaction (row 36) are not in this version. A file of such a "
    "kind has no effect; a change that says to be one is refused, or waits for a later version."
)
_SHOWN: Final = {
    "sync": "sharing",
    "status": "status",
    "alarm": "alarm",
    "verify": "verify",
    "inspect": "inspect",
    "enrol": "enrolling",
    "join": "joining",
}


def page() -> str:
    """Return the page."""
    cases = catalogue()
    parts = [
        _HEAD,
        _counted(cases),
        _summary(cases),
    ]
    for chapter, members in groupby(cases, key=lambda case: case["chapter"]):
        parts += [f"## {chapter}", _table(list(members))]
    return "\n\n".join(parts) + "\n"


def _counted(cases: list[dict[str, Any]]) -> str:
    rows = sorted({row for case in cases for row in case.get("rows", [])})
    listed = f"rows {rows[0]} to {rows[-1]} of the design's list, each at least once"
    return f"{len(cases)} attacks; {listed}. {_SECOND_RELEASE}"


def _summary(cases: list[dict[str, Any]]) -> str:
    counts = Counter(_outcome(case) for case in cases)
    lines = ["| what becomes of it | attacks |", "|---|---|"]
    return "\n".join(lines + [f"| {name} | {count} |" for name, count in counts.most_common()])


def _outcome(case: dict[str, Any]) -> str:
    if case.get("refusal"):
        return "the command is refused"
    if case.get("refused"):
        return "the file is refused"
    if case.get("alarms"):
        return "an alarm is shown"
    if any(number for number in _numbers(case) if number):
        return "the change is kept aside or refused, and named"
    if any(isinstance(verdict, str) for verdict in case.get("verdicts", {}).values()):
        return "it is left out or waits"
    if case.get("records") and "adopted" not in case["records"].values():
        return "the decision has no effect"
    return "it makes no difference" if not _numbers(case) else "it counts for what it rightly is"


def _numbers(case: dict[str, Any]) -> list[int]:
    verdicts = [v for v in case.get("verdicts", {}).values() if isinstance(v, list)]
    return [number for numbers in verdicts for number in numbers]


def _table(cases: list[dict[str, Any]]) -> str:
    lines = ["| row | attack | by | what holds | expected | a person is told |"]
    lines.append("|---|---|---|---|---|---|")
    return "\n".join(lines + [_line(case) for case in cases])


def _line(case: dict[str, Any]) -> str:
    rows = ", ".join(str(row) for row in case.get("rows", []))
    told = f"{_SHOWN[case['shown']]}: “{case['sentence'].rstrip('.')}”"
    said = (rows, case["title"], case["attacker"], case["holds"], _expected(case), told)
    return "| " + " | ".join(part.replace("|", "\\|") for part in said) + " |"


def _expected(case: dict[str, Any]) -> str:
    numbers = sorted(set(_numbers(case)) | set(case.get("verdicts_all", {}).values()))
    words = sorted({v for v in case.get("verdicts", {}).values() if isinstance(v, str)})
    parts = [
        "verdict " + ", ".join(map(str, numbers)) if numbers else "",
        ", ".join(words),
        "refused: " + ", ".join(sorted(set(case["refused"]))) if case.get("refused") else "",
        "record " + ", ".join(sorted(set(case["records"].values()))) if "records" in case else "",
        "alarm: " + ", ".join(case["alarms"]) if case.get("alarms") else "",
        f"command refused: {case['refusal']}" if case.get("refusal") else "",
    ]
    return "; ".join(part for part in parts if part) or "nothing changes"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Wrote {PAGE}")
