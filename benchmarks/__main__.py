"""Run every benchmark, or those named: `python -m benchmarks first_paint`."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

import benchmarks


def main(wanted: list[str]) -> int:
    """Run the benchmarks and return 1 if any misses its target."""
    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    chosen = [name for name in names if name != "__main__" and (not wanted or name in wanted)]
    met = [import_module(f"benchmarks.{name}").run() for name in chosen]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
