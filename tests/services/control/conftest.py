"""Alliances whose membership is changed: each test gets a copy of a founded one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.alliance import Alliance, found_alliance


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Alliance:
    alliance = found_alliance(tmp_path_factory.mktemp("original") / "alliance")
    alliance.close()
    return alliance


@pytest.fixture
def alliance(original: Alliance, tmp_path: Path) -> Iterator[Alliance]:
    """Three partners that have seen everything."""
    copy = original.copy_to(tmp_path / "alliance")
    yield copy
    copy.close()
