"""Refuse a coverage report in which a floor of the house is tested less than it must be."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FLOORS: Mapping[str, int] = {"collabdesk/domain/": 100, "collabdesk/sync/": 90}

SHOWN = 12

COUNTED = ("covered_lines", "num_statements", "covered_branches", "num_branches")


def share(files: Mapping[str, Any], floor: str) -> tuple[int, int]:
    """Add up what is covered and what there is, lines and branches together."""
    lines = branches = statements = arms = 0
    for name, measured in files.items():
        if name.startswith(floor):
            covered, of, taken, all_arms = (measured["summary"][key] for key in COUNTED)
            lines, statements = lines + covered, statements + of
            branches, arms = branches + taken, arms + all_arms
    return lines + branches, statements + arms


def gaps(files: Mapping[str, Any], floor: str) -> list[str]:
    """Name each file of a floor with what no test reaches: lines, and jumps from line to line."""
    rows = []
    for name, measured in sorted(files.items()):
        lines = [str(line) for line in measured["missing_lines"]]
        arms = [f"{start}→{end}" for start, end in measured.get("missing_branches", [])]
        if name.startswith(floor) and (lines or arms):
            rows.append(f"    {name}: lines {shortened(lines)}; branches {shortened(arms)}")
    return rows


def shortened(places: list[str]) -> str:
    """Write the first places and how many more there are."""
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    return (", ".join(places[:SHOWN]) or "none") + more


def judge(report: Mapping[str, Any]) -> tuple[bool, list[str]]:
    """Return whether every floor is kept, and the lines to print."""
    kept, said = True, []
    for floor, least in FLOORS.items():
        covered, total = share(report["files"], floor)
        enough = total > 0 and covered * 100 >= least * total
        exact = f"{covered} of {total} lines and branches"
        said.append(f"Coverage of {floor}: {exact}, at least {least} % wanted")
        if not enough:
            kept = False
            said.extend(gaps(report["files"], floor))
    return kept, said


def main(path: str) -> int:
    """Print the verdict on a coverage.py JSON report; 1 where a floor is broken."""
    kept, said = judge(json.loads(Path(path).read_text(encoding="utf-8")))
    sys.stdout.write("\n".join(said) + "\n")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
