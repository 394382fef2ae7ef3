"""What a benchmark found, as lines on the screen and as a section of `docs/benchmarks.md`."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[1] / "docs" / "benchmarks.md"
HEAD: Final = """\
# Benchmarks

Every figure is set against something measured in the same run on the same machine, so that the
ratios hold on a slow machine as on a fast one. `make bench` runs all with short sizes;
`make bench ARGS="--full --write"` runs the full sizes and writes this page; names choose some:
`make bench ARGS="--full --write growth"` renews one section. Targets are those of the sync core.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure; `target` in words, `met` None where there is none, `note` says why if missed."""

    measure: str
    figure: str
    target: str = ""
    met: bool | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Met, missed, or nothing."""
        return {True: "met", False: "MISSED", None: ""}[self.met]


@dataclass(frozen=True, slots=True)
class Report:
    """What one benchmark found: a title, a sentence on how, and its figures."""

    title: str
    lines: Sequence[Line]
    how: str = ""

    @property
    def met(self) -> bool:
        """Tell whether no target was missed."""
        return all(line.met is not False for line in self.lines)

    def show(self) -> None:
        """Print the figures."""
        print(self.title)
        for line in self.lines:
            verdict = f"{line.target}: {line.verdict}" if line.target else ""
            print(f"  {line.measure:<48} {line.figure:>22}   {verdict}".rstrip())
            if line.note:
                print(f"      {line.note}")


def at_least(measure: str, ratio: float, target: float, note: str = "") -> Line:
    """Return a ratio that should not be smaller than its target."""
    met = ratio >= target
    return Line(measure, f"{ratio:.2f}", f"at least {target:.2f}", met, "" if met else note)


def at_most(measure: str, ratio: float, target: float, unit: str = "", note: str = "") -> Line:
    """Return a figure that should not be greater than its target."""
    met = ratio <= target
    words = f"at most {target:,g}{unit}"
    return Line(measure, f"{ratio:,.2f}{unit}", words, met, "" if met else note)


def rate(measure: str, count: int, seconds: float, what: str = "operations") -> Line:
    """Return how many a second."""
    return Line(measure, f"{count / seconds:,.0f} {what} a second")


def write(name: str, report: Report, *, full: bool) -> None:
    """Put a report into the page, in place of the section of this name."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else HEAD
    section = _section(name, report, full=full)
    pattern = re.compile(rf"<!-- {name} -->\n.*?<!-- end -->\n", re.DOTALL)
    if pattern.search(page):
        page = pattern.sub(lambda _: section, page)
    else:
        page = f"{page.rstrip()}\n\n{section}"
    PAGE.write_text(page, encoding="utf-8")


def _section(name: str, report: Report, *, full: bool) -> str:
    sizes = "full" if full else "short"
    where = f"{os.cpu_count()} cores, Python {platform.python_version()}, {sizes} sizes"
    rows = [
        f"| {line.measure} | {line.figure} | {line.target} | {line.verdict} |"
        for line in report.lines
    ]
    notes = [f"- *{line.measure}*: {line.note}" for line in report.lines if line.note]
    parts = [
        f"<!-- {name} -->",
        f"## {report.title}",
        "",
        *([report.how, ""] if report.how else []),
        f"`{name}`; {where}.",
        "",
        "| Measure | Figure | Target | |",
        "|---|---|---|---|",
        *rows,
        *(["", *notes] if notes else []),
        "<!-- end -->",
    ]
    return "\n".join(parts) + "\n"
