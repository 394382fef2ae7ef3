from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collabdesk.exchange.profiles import Profile, parse_profile

RESOURCES = Path(__file__).parents[2] / "resources"
HEADER = (
    "REPORTING_PERIOD_START,REPORTING_PERIOD_END,STATUS,BREAKDOWN,PRIMARY_LEVEL,"
    "PRIMARY_LEVEL_DESCRIPTION,SECONDARY_LEVEL,SECONDARY_LEVEL_DESCRIPTION,"
    "MEASURE_ID,MEASURE_NAME,MEASURE_VALUE\n"
)
ROW = {
    "start": "01/04/2024",
    "end": "30/04/2024",
    "status": "Performance",
    "breakdown": "Provider",
    "code": "RP7",
    "name": "LINCOLNSHIRE PARTNERSHIP NHS FOUNDATION TRUST",
    "secondary": "NONE",
    "secondary_name": "NONE",
    "measure": "MRS10a",
    "measure_name": "Median time (days)",
    "value": "14",
}

RowWriter = Callable[..., str]


@pytest.fixture(scope="session")
def resources() -> Path:
    return RESOURCES


@pytest.fixture(scope="session")
def profile_bytes() -> bytes:
    return (RESOURCES / "profiles" / "mhsds-4ww.toml").read_bytes()


@pytest.fixture(scope="session")
def profile(profile_bytes: bytes) -> Profile:
    return parse_profile(profile_bytes)


@pytest.fixture(scope="session")
def row() -> RowWriter:
    def write(**cells: str) -> str:
        return ",".join((ROW | cells).values()) + "\n"

    return write


@pytest.fixture(scope="session")
def table(row: RowWriter) -> Callable[..., bytes]:
    def write(*rows: str, encoding: str = "utf-8") -> bytes:
        return (HEADER + "".join(rows or (row(),))).encode(encoding)

    return write
