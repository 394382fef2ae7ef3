"""A cell with very many values: bounded on the screen, bounded in a resolve, and none lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from collabdesk.domain.changes import Resolve
from collabdesk.storage.queries import common
from collabdesk.storage.queries.common import MOST_SHOWN, contested_cells
from collabdesk.sync import drafting
from tests.support.bench import Bench, bench
from tests.support.paper_alliance import PaperAlliance, amount, plan_line

PARTNERS = tuple(f"p{n}" for n in range(MOST_SHOWN + 6))


@pytest.fixture
def jammed() -> Iterator[tuple[Bench, bytes]]:
    """Seventy partners who each set one figure without having seen the others'."""
    alliance = PaperAlliance(*PARTNERS)
    lead = alliance["lead"]
    first = lead.write(plan_line(1))
    written = [
        alliance[name].write(amount(first.row(0), pence, first.dot(0)), after=[first])
        for pence, name in enumerate(PARTNERS, 2)
    ]
    with bench(alliance, scribe=lead) as made:
        made.receive(first, *written)
        yield made, first.row(0)


def test_a_jammed_cell_shows_the_highest_and_counts_the_rest(jammed: tuple[Bench, bytes]) -> None:
    made, row = jammed
    (cell,) = contested_cells(made.connection)
    assert (len(cell.siblings), cell.more) == (MOST_SHOWN, 6)
    assert len(made.live(row, 11)) == len(PARTNERS)


def test_a_resolve_lists_as_many_as_it_may_and_the_rest_stays_contested(
    jammed: tuple[Bench, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, row = jammed
    monkeypatch.setattr(drafting, "MAX_RESOLVED", 50)
    made.engine.commit([Resolve("plan_line", row, "m1", 5, "agreed")])
    assert len(made.live(row, 11)) == len(PARTNERS) - 50 + 1
    (cell,) = common.contested_cells(made.connection)
    assert cell.more == 0
