"""What every test stands on: Qt without a screen, and properties that take their time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collabdesk.services.workspace import Workspace
    from tests.support.sample_desk import BuiltSample

# Before anything imports Qt: pictures are drawn into memory, whatever display there is.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("COLLABDESK_TEST_PLATFORM", "offscreen")

# Two cores and twenty workers make single examples slow now and then; slowness is no failure.
settings.register_profile("workbench", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples on every run, so that a red build can be run again.
settings.register_profile("ci", settings.get_profile("workbench"), derandomize=True)
# Twenty times as many worlds: `pytest --hypothesis-profile=long tests/sync`.
settings.register_profile("long", settings.get_profile("workbench"), max_examples=2000)
settings.load_profile("ci" if os.environ.get("CI") else "workbench")


@pytest.fixture(scope="session")
def built_sample(tmp_path_factory: pytest.TempPathFactory) -> BuiltSample:
    """The sample alliance, built once; never opened, only copied."""
    from tests.support.sample_desk import build

    return build(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def sample(built_sample: BuiltSample, tmp_path: Path) -> BuiltSample:
    """This test's own copy of the sample alliance."""
    return built_sample.copy_to(tmp_path / "sample")


@pytest.fixture
def sample_workspace(sample: BuiltSample) -> Iterator[Workspace]:
    """The sample workspace open on the lead provider's laptop."""
    workspace = sample.open()
    yield workspace
    workspace.close()
