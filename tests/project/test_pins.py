"""The locks hold every declared pin, hashed, and no address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)")


def pins(path: Path) -> dict[str, str]:
    """Read name and version of each pin of a requirements file."""
    found = filter(None, map(PIN.match, path.read_text(encoding="utf-8").splitlines()))
    return {match[1].lower().replace("_", "-"): match[2] for match in found}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_is_hashed_and_none_has_an_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    for block in re.split(r"\n(?=\S)", text):
        assert block.startswith("#") or "--hash=sha256:" in block, block.splitlines()[0]


@pytest.mark.parametrize(
    ("declared", "lock"),
    [
        ("runtime.in", "requirements.txt"),
        ("runtime.in", "requirements-dev.txt"),
        ("development.in", "requirements-dev.txt"),
    ],
)
def test_the_locks_say_what_is_declared(declared: str, lock: str) -> None:
    wanted, locked = pins(ROOT / "packaging" / declared), pins(ROOT / lock)
    assert wanted
    assert {name: locked.get(name) for name in wanted} == wanted


def test_the_development_lock_contains_the_run_time_lock() -> None:
    product, development = pins(ROOT / "requirements.txt"), pins(ROOT / "requirements-dev.txt")
    assert product.items() <= development.items()
