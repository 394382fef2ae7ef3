"""An older program beside a newer one: what it cannot read waits, and is not written over."""

from __future__ import annotations

import pytest

from collabdesk.domain.changes import Delete, SetCells
from collabdesk.errors import Refusal
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.registry import REGISTRY, Registry
from tests.support.bench import Bench
from tests.support.paper_alliance import Op, PaperAlliance, Written, plan_line, service_line

OLDER = Registry(1, REGISTRY.rooms)
PLAN, LINE, NAME, JUNE = 13, 11, 2, 13


def beside_a_newer_one(*ops: Op) -> tuple[Bench, Written]:
    """Return an older laptop that holds what a newer one did to a plan line and a service line."""
    alliance = PaperAlliance("a")
    lead, partner = alliance["lead"], alliance["a"]
    first = lead.write(plan_line(1, 2, 3), service_line(lead.org))
    second = partner.write(*(_at(op, first) for op in ops), after=[first], schema=2)
    bench = Bench(alliance.workspace, alliance.records, OLDER, lead)
    received = bench.engine.receive([first.file, second.file])
    assert (received.refused, received.linked) == ([], 2)
    return bench, first


def _at(op: Op, first: Written) -> Op:
    """Put the row meant by its index in the place of the index."""
    if isinstance(op, list) and len(op) > 4 and isinstance(op[3], int):
        return [*op[:3], first.row(op[3]), *op[4:]]
    return op


def edit(bench: Bench, first: Written) -> None:
    bench.engine.commit([SetCells("plan_line", first.row(0), {"m3": 500})])


@pytest.mark.parametrize(
    "op",
    [
        [2, 2, PLAN, 0, [[JUNE, 777, []]]],
        [2, 2, PLAN, 0, [[9_999, "a column of later", []]]],
        [5, 2, PLAN, 0, JUNE, 777, [], "a resolve of later"],
        [3, 2, PLAN, 0, []],
        [2, 2, PLAN, 0, "a shape of later"],
    ],
    ids=["an amount", "an unknown column", "a resolve", "a delete", "an unknown shape"],
)
def test_a_row_with_a_held_change_of_money_is_not_edited(op: list[object]) -> None:
    bench, first = beside_a_newer_one(op)
    with pytest.raises(Refusal, match="newer version") as refused:
        edit(bench, first)
    assert refused.value.code == "changed-by-newer-version"
    assert "Update CollabDesk" in refused.value.remedy
    with pytest.raises(Refusal, match="newer version"):
        bench.engine.commit([Delete("plan_line", first.row(0))])


@pytest.mark.parametrize(
    "op",
    [
        [2, 2, LINE, 1, [[NAME, "Another name", []]]],
        [16, 2, bytes(32), bytes(32)],
        [99, 2, "a kind of later"],
    ],
    ids=["a text", "a beacon", "an unknown kind"],
)
def test_other_held_changes_stop_nobody(op: list[object]) -> None:
    bench, first = beside_a_newer_one(op)
    edit(bench, first)
    bench.engine.commit([SetCells("service_line", first.row(1), {"name": "Mine"})])


def test_another_row_is_edited_as_ever() -> None:
    bench, first = beside_a_newer_one([2, 2, PLAN, 0, [[JUNE, 777, []]]])
    bench.engine.commit([SetCells("service_line", first.row(1), {"name": "Mine"})])


def test_a_change_that_waits_with_a_newer_one_counts_too() -> None:
    bench, first = beside_a_newer_one(
        [0, 2], [2, 1, PLAN, 0, [[JUNE, 777, []]]], [99, 2, "a kind of later"]
    )
    with pytest.raises(Refusal, match="newer version"):
        edit(bench, first)


def test_after_the_update_the_row_is_edited_and_the_change_stands() -> None:
    bench, first = beside_a_newer_one([2, 2, PLAN, 0, [[JUNE, 777, []]]])
    bench.registry = REGISTRY
    bench.replica = SqliteReplica(bench.connection, "slot", REGISTRY)
    bench.engine.rebuild()
    edit(bench, first)
    live = bench.replica.log.cells([first.row(0)])[first.row(0)][JUNE]
    assert {sibling.value for sibling in live.values()} == {500}


def test_a_version_below_the_floor_of_the_cited_epoch_is_quarantined() -> None:
    alliance = PaperAlliance("a")
    lead, partner = alliance["lead"], alliance["a"]
    floor = alliance.adopt(floor=2)
    alliance.cite(floor)
    older = partner.write(plan_line(1), schema=1)
    newer = lead.write(plan_line(2), schema=2)
    bench = Bench(alliance.workspace, alliance.records)
    bench.engine.receive([older.file, newer.file])
    query = "SELECT dev16, verdict FROM operation"
    found = {tuple(row) for row in bench.connection.exec_driver_sql(query)}
    assert found == {(partner.dev, 26), (lead.dev, 0)}
