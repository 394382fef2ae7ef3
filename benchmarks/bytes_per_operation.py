"""How many bytes an operation takes in the shared folder, on the committed workload."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Final

from benchmarks.options import Options
from benchmarks.table import Line, Report, at_most
from benchmarks.workload import ledger_share, on_paper
from tests.support.paper_alliance import Written

TOGETHER: Final = 40
ALONE: Final = 1.1
ROUNDS: Final = 60
_WARM: Final = 2
HOW: Final = (
    "Whole files (header, signature, body) over operations. The mix is the demonstration's "
    "(`benchmarks/mix.json`), no two amounts and no two texts alike, five moved heads in each "
    "header. Of the recorded operations {share:.0%} stand in journals, so change sets of journals "
    "and of all else are weighted by that."
)


def run(options: Options) -> Report:
    """Write the workload together and alone, and weigh it."""
    rounds = options.size(ROUNDS, ROUNDS // 6)
    share = ledger_share()
    journals, rest = _sizes(rounds, 100)
    _, alone = _sizes(rounds, 1)
    together = share * journals + (1 - share) * rest
    lines = [
        Line("a journal's operation, 100 together", f"{journals:.1f} B"),
        Line("any other operation, 100 together", f"{rest:.1f} B"),
        at_most("the recorded mix, 100 together", together, TOGETHER, " B"),
        at_most("one operation alone", alone / 1024, ALONE, " KiB"),
    ]
    return Report("Bytes an operation", lines, HOW.format(share=share))


def _sizes(rounds: int, operations: int) -> tuple[float, float]:
    """Return the mean bytes an operation of the ledger keeper's change sets, and of the others'."""
    _, workload = on_paper()
    laptops = len(workload.scribes)
    written = list(workload.segments((rounds + _WARM) * laptops, operations))[_WARM * laptops :]
    keeper = workload.scribes[0].dev
    journals = [one for one in written if one.dev == keeper]
    return _mean(journals, operations), _mean([o for o in written if o.dev != keeper], operations)


def _mean(written: Sequence[Written], operations: int) -> float:
    return statistics.fmean(len(one.file) for one in written) / operations
