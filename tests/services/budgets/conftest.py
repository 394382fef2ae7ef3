from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.budgets.office import Office
from tests.services.budgets.outturn import under_way
from tests.support.alliance import Alliance, found_alliance


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    alliance = found_alliance(tmp_path)
    yield Office(alliance)
    alliance.close()


@pytest.fixture
def drafting(office: Office) -> Office:
    """An office with a draft that plans £240,000 and £120,000, known to everybody."""
    return _drafting(office)


@pytest.fixture(scope="session")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The same, made once for the tests in which every command is refused."""
    alliance = found_alliance(tmp_path_factory.mktemp("unchanged"))
    yield _drafting(Office(alliance))
    alliance.close()


@pytest.fixture(scope="session")
def unchanged_ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with an agreed budget, for the tests in which every command is refused."""
    alliance = found_alliance(tmp_path_factory.mktemp("ledger"))
    office = _drafting(Office(alliance))
    office.agree()
    office.share()
    yield office
    alliance.close()


@pytest.fixture(scope="session")
def half_year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office after six closed months, made once for tests that only read or are refused."""
    alliance = found_alliance(tmp_path_factory.mktemp("half-year"))
    yield under_way(alliance)
    alliance.close()


@pytest.fixture(scope="session")
def half_year_closed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Alliance, Office]:
    """The same, closed, so that it can be copied."""
    alliance = found_alliance(tmp_path_factory.mktemp("midyear") / "alliance")
    office = under_way(alliance)
    alliance.close()
    return alliance, office


@pytest.fixture
def midyear(half_year_closed: tuple[Alliance, Office], tmp_path: Path) -> Iterator[Office]:
    """An office after six closed months, for a test to change."""
    alliance, office = half_year_closed
    copy = alliance.copy_to(tmp_path / "alliance")
    yield replace(office, alliance=copy)
    copy.close()


@pytest.fixture
def agreed(drafting: Office) -> Office:
    """The office after its budget was agreed and posted."""
    drafting.agree()
    drafting.share()
    return drafting


def _drafting(office: Office) -> Office:
    office.begin()
    office.plan("ASL", "RHA", 24_000_000)
    office.plan("PER", "RHA", 12_000_000)
    office.share()
    return office


@pytest.fixture(scope="session")
def contracting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with an agreed budget that writes contracts with one partner, made once.

    Tests add contracts of their own to it, and look at those alone.
    """
    alliance = found_alliance(tmp_path_factory.mktemp("contracting"), ("a",))
    office = _drafting(Office(alliance))
    office.agree()
    office.share()
    yield office
    alliance.close()
