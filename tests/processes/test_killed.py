"""What was acknowledged survives a killed process, and everybody converges."""

from __future__ import annotations

from pathlib import Path

from tests.processes.finding import findings
from tests.processes.fleet import founded
from tests.processes.killing import Killing

KILLS = 6


def test_nothing_acknowledged_is_lost_when_processes_are_killed(tmp_path: Path) -> None:
    laptops = founded(tmp_path, 2)
    killing = Killing(KILLS, seed=7)
    killing.run(laptops)
    assert killing.unexpected == []
    assert killing.kills >= KILLS
    assert any(laptop.acknowledged for laptop in laptops)
    assert findings(laptops) == []
