"""The deliberate defects still fit the program; one of them is caught here and now."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.defects import DEFECTS, Defect
from tests.simulation.seeded_bugs import changed, source_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_every_defect_fits_the_program(defect: Defect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    source = source_of(defect)
    broken = changed(defect, source)
    assert broken != source
    compile(broken, defect.module, "exec")


def test_a_defect_is_caught() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.simulation.seeded_bugs", "--one", "drop a predecessor"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not told.stdout.startswith("[0,"), told.stdout
