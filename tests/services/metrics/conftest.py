from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collabdesk.services.metrics import HANDLERS
from collabdesk.services.metrics.derive import derive_observations
from collabdesk.services.metrics.importing import ReleaseImport
from collabdesk.services.metrics.reference import Reference, read_reference
from collabdesk.storage.queries.metrics import chunk
from tests.services.paper import RP7, Paper

RESOURCES = Path(__file__).parents[3] / "resources"
APRIL = RESOURCES / "samples" / "MHSDS_Data_4WW_AprPerf_2024_v2.csv.gz"
SEPTEMBER = RESOURCES / "samples" / "MHSDS_Data_4WW_SepPerf_2024.csv.gz"
PROFILE = (RESOURCES / "profiles" / "mhsds-4ww.toml").read_bytes()

Importer = Callable[[Path], bytes]


@pytest.fixture(scope="session")
def reference() -> Reference:
    return read_reference(
        [("mhsds-4ww.toml", PROFILE)],
        (RESOURCES / "measures" / "measures.csv").read_bytes(),
        (RESOURCES / "organisations" / "organisations.csv").read_bytes(),
    )


@pytest.fixture
def paper() -> Paper:
    return Paper(HANDLERS, RP7)


def bring_into(paper: Paper, reference: Reference, path: Path) -> bytes:
    job = ReleaseImport(paper.read, reference)
    job.choose(path)
    paper.run(job.confirm())
    release = paper.new["release"]
    with paper.write() as writes:
        derive_observations(writes, lambda name: chunk(writes, name))
    return release


@pytest.fixture
def bring(paper: Paper, reference: Reference) -> Importer:
    """Import a file and derive its figures; returns the release."""
    return lambda path: bring_into(paper, reference, path)
