"""A release travels as its file, and every laptop derives the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from collabdesk.services.metrics.compare import compare
from collabdesk.services.metrics.importing import ReleaseImport
from collabdesk.services.metrics.reference import Reference
from collabdesk.storage.tables.derived import OBSERVATION
from tests.services.metrics.conftest import SEPTEMBER
from tests.support.alliance import Alliance, Desk, found_alliance


@pytest.fixture
def alliance(tmp_path: Path) -> Iterator[Alliance]:
    founded = found_alliance(tmp_path, ("b",))
    yield founded
    founded.close()


def figures(desk: Desk) -> list[tuple[object, ...]]:
    with desk.workspace.database.read() as reads:
        order = OBSERVATION.c.release, OBSERVATION.c.source_row
        return [tuple(found) for found in reads.execute(select(OBSERVATION).order_by(*order))]


def test_what_one_trust_imports_all_compare_alike(alliance: Alliance, reference: Reference) -> None:
    lead, b = alliance.desks["lead"], alliance.desks["b"]
    job = ReleaseImport(b.workspace.database.read, reference)
    job.choose(SEPTEMBER)
    command = job.confirm()
    done = b.run(command)
    assert done.record is not None
    b.workspace.rebuild().result()
    assert len(figures(b)) == command.examined.found.summary.rows
    alliance.share_all()
    assert figures(lead) == figures(b)
    trusts = {"RHA": "Nottinghamshire Healthcare", "RP7": "Lincolnshire Partnership"}
    assert lead.workspace.query(compare, "MRS10a", trusts).finding == (
        "From 10 days (Lincolnshire Partnership) to 75 days (Nottinghamshire Healthcare)"
    )
    b.workspace.undo().result()
    nothing = "No trust has a figure that may be shown"
    assert b.workspace.query(compare, "MRS10a", trusts).finding == nothing
    alliance.share_all()
    assert figures(lead) == []
    assert lead.workspace.query(compare, "MRS10a", trusts).finding == nothing
