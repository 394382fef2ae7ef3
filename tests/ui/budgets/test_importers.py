"""A long month of the ledger goes in by steps, all of it, whatever is pressed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collabdesk.services.budgets.actuals import actuals
from collabdesk.services.budgets.actuals.actuals_commands import MapCode
from collabdesk.storage.queries.actuals import posted_spend, waiting_rows
from collabdesk.ui.budgets.importers import LedgerImporter
from collabdesk.ui.workers import Stopped
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance


class Cancelling:
    """Progress of somebody who presses Cancel once the first step is done."""

    cancelled = False

    def __init__(self) -> None:
        self.said = 0

    def say(self, words: str, done: int = 0, total: int = 0) -> None:
        """Let the reading and the first step pass."""
        self.said += 1
        if "to come" in words:
            raise Stopped


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    alliance = found_alliance(tmp_path / "alliance", ())
    made = Office(alliance)
    made.begin()
    made.plan("ASL", "RHA", 24_000_000)
    made.agree()
    yield made
    alliance.close()


def test_what_was_begun_is_finished(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actuals, "AT_ONCE", 2)
    lead = office.alliance.desks["lead"].workspace
    office.run(MapCode("GL", YEAR, 1, "C1", "", office.lines["ASL"], "RHA"))
    path = tmp_path / "M1.csv"
    rows = "".join(f"C1,{n},M1,{n}\n" for n in range(1, 6))
    path.write_text(f"Cost centre,Subjective,Period,Amount\n{rows}C2,1,M1,7\n", "utf-8")
    importer, progress = LedgerImporter(lead, YEAR), Cancelling()
    importer.dry_run(path, progress)
    importer.answer({"source": "GL", "month": "1", "control": "22"})
    run = importer.dry_run(path, progress)
    assert run.verb == "Post 6 rows"
    assert importer.carry_out(run, progress) == "5 lines posted in 3 steps; 1 row to be mapped"
    assert sum(lead.query(posted_spend, YEAR, "GL", 1).values()) == 1_500
    assert [row.amount_p for row in lead.query(waiting_rows)] == [700]
