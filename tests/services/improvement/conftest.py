from __future__ import annotations

import pytest

from collabdesk.exchange.sample import read_sample
from collabdesk.exchange.sample_content import Project
from collabdesk.host.paths import resource
from collabdesk.services.improvement import HANDLERS
from tests.services.improvement.sample import Made, make
from tests.services.paper import RP1, Paper


@pytest.fixture(scope="session")
def told() -> Project:
    return read_sample(resource("samples/east-midlands.toml").read_bytes()).project


@pytest.fixture
def paper() -> Paper:
    return Paper(HANDLERS, RP1)


@pytest.fixture
def made(paper: Paper, told: Project) -> Made:
    """The sample's project, entered as a person would."""
    return make(paper, told)
