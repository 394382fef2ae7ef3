"""An alliance of three that shares what is confidential, founded once and copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.sealed.scenes import Scene
from tests.support.alliance import Alliance, found_alliance


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Alliance:
    alliance = found_alliance(tmp_path_factory.mktemp("sealed") / "alliance")
    alliance.close()
    return alliance


@pytest.fixture
def scene(founded: Alliance, tmp_path: Path) -> Iterator[Scene]:
    copy = founded.copy_to(tmp_path / "alliance")
    yield Scene(copy)
    copy.close()
