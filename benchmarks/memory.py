"""How much memory a piece of work takes above what was taken before it."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

_STATUS = Path("/proc/self/status")
_MIB = 1024


def peak_above(work: Callable[[], object]) -> float:
    """Do the work and return by how many MiB memory rose at its peak.

    Linux counts the peak anew; elsewhere it is the process's own, which can only be larger.
    """
    before = _resident()
    _forget_the_peak()
    work()
    return (_peak() - before) / _MIB


def _resident() -> int:
    return _field("VmRSS") or _peak()


def _peak() -> int:
    return _field("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _field(name: str) -> int:
    if not _STATUS.exists():
        return 0
    lines = _STATUS.read_text(encoding="ascii").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def _forget_the_peak() -> None:
    resets = Path("/proc/self/clear_refs")
    if resets.exists():
        resets.write_text("5", encoding="ascii")
