"""The registry: one declaration of every number, each its own, each in its room's range."""

from __future__ import annotations

from itertools import combinations

import pytest

from collabdesk.sync.registry import OPERATION_KINDS, REGISTRY, REGISTRY_VERSION, ROLES, Registry
from collabdesk.sync.registry.model import (
    ITSELF,
    OWNER_AND_LEAD,
    Column,
    Kind,
    Members,
    Merge,
    Room,
    Scope,
    Side,
    Table,
)

VERSION_TWO = {9: "release", 16: "beacon", 17: "heed", 18: "adopt"}


def test_this_version_is_two() -> None:
    assert REGISTRY.version == REGISTRY_VERSION == 2


def test_every_room_has_a_range_of_its_own() -> None:
    for one, other in combinations(REGISTRY.rooms, 2):
        assert not set(one.numbers) & set(other.numbers)
    assert [room.name for room in REGISTRY.rooms] == [
        "budgets",
        "improvement",
        "pilots",
        "metrics",
        "sharing",
    ]


def test_every_table_lies_in_its_rooms_range_under_its_own_number_and_name() -> None:
    tables = [(room, table) for room in REGISTRY.rooms for table in room.tables]
    assert all(table.number in room.numbers for room, table in tables)
    assert len({table.number for _, table in tables}) == len(tables)
    assert len({table.name for _, table in tables}) == len(tables)
    assert all(REGISTRY.room_of(table.name) == room.name for room, table in tables)


@pytest.mark.parametrize("table", REGISTRY.tables.values(), ids=lambda table: table.name)
def test_the_columns_of_a_table(table: Table) -> None:
    assert len({column.number for column in table.columns}) == len(table.columns)
    assert len({column.name for column in table.columns}) == len(table.columns)
    assert table.area in REGISTRY.areas
    assert table.scope
    for column in table.columns:
        assert 1 <= column.since <= REGISTRY_VERSION
        assert (column.kind is Kind.ENUM) == (column.members is not None)
        assert column.refers in ("", *REGISTRY.table_names)
        assert not column.refers or column.kind is Kind.ROW
        assert column.kind is not Kind.PENCE or column.merge in (Merge.MONEY, Merge.LEDGER)
        assert not column.search or column.kind is Kind.TEXT
        assert column.read.words
    assert 1 <= table.since <= REGISTRY_VERSION
    assert all(column.since >= table.since for column in table.columns)


def test_ledger_tables_are_all_of_class_l() -> None:
    ledger = [table for table in REGISTRY.tables.values() if table.ledger]
    assert {table.ledger for table in ledger} == {"header", "line"}
    assert all(c.merge is Merge.LEDGER for table in ledger for c in table.columns)
    assert all(table.insert_only for table in ledger)


PLAIN_KINDS = {Kind.BOOL, Kind.INT, Kind.PENCE, Kind.TEXT, Kind.DECIMAL, Kind.DATE, Kind.ENUM}
RESTRICTED = [table for table in REGISTRY.tables.values() if table.sealed]


@pytest.mark.parametrize("table", RESTRICTED, ids=lambda table: table.name)
def test_a_restricted_column_can_be_sealed_and_its_readers_found(table: Table) -> None:
    roles = {role.name for role in ROLES}
    for number, read in table.sealed.items():
        column = table.by_number[number]
        assert column.kind in PLAIN_KINDS, "bytes in a restricted cell are a sealed value"
        assert not column.search, "what is sealed is in no index"
        assert not column.required
        assert not table.insert_only
        assert {role for circle in read.circles for role in circle.roles} <= roles
        for named in (read.party, read.item):
            open_column = table.by_name.get(named)
            assert named in ("", ITSELF) or (open_column and open_column.number not in table.sealed)
        assert bool(read.party) == any(circle.side is Side.PARTY for circle in read.circles)


def test_what_is_restricted_today() -> None:
    assert {table.name for table in RESTRICTED} == {
        "share_partner",
        "share_statement",
        "proposal",
        "assessment",
    }


def test_the_class_of_a_table_holds_for_its_columns() -> None:
    columns = (Column(1, "a", Kind.INT), Column(2, "b", Kind.INT, read=OWNER_AND_LEAD))
    assert Table(5, "line", "lines", Scope.SHARED, columns).sealed == {2: OWNER_AND_LEAD}
    whole = Table(5, "line", "lines", Scope.SHARED, columns, read=OWNER_AND_LEAD)
    assert whole.sealed == {1: OWNER_AND_LEAD, 2: OWNER_AND_LEAD}


def test_members_are_numbered_once() -> None:
    for table in REGISTRY.tables.values():
        for column in table.columns:
            if column.members:
                numbers = [number for number, _, _ in column.members.members]
                names = [name for _, name, _ in column.members.members]
                assert (len(set(numbers)), len(set(names))) == (len(numbers), len(names))


def test_members_are_found_both_ways() -> None:
    colours = Members("colour", ((1, "red", 1), (2, "green", 2)))
    assert (colours.number("green"), colours.named(1), colours.since(2)) == (2, "red", 2)
    assert colours.since(3) is None
    with pytest.raises(KeyError):
        colours.number("blue")
    with pytest.raises(KeyError):
        colours.named(3)


def test_all_kinds_have_numbers_and_those_without_behaviour_are_of_version_two() -> None:
    assert [kind.number for kind in OPERATION_KINDS] == [*range(10), 16, 17, 18]
    later = {kind.number: kind.name for kind in OPERATION_KINDS if kind.since == 2}
    assert later == VERSION_TWO


def test_roles_name_areas_that_exist() -> None:
    assert len({role.number for role in ROLES}) == len(ROLES)
    assert all(grant.area in REGISTRY.areas for role in ROLES for grant in role.grants)


def test_areas_and_shared_areas_have_numbers_of_their_own() -> None:
    areas = [area.number for area in REGISTRY.areas.values()]
    assert len(set(areas)) == len(areas)
    shared = [area.number for room in REGISTRY.rooms for area in room.shared_areas]
    assert len(set(shared)) == len(shared) == len(REGISTRY.shared_areas)


def a_table(number: int, name: str = "line") -> Table:
    return Table(number, name, "lines", Scope.SHARED, (Column(1, "a", Kind.INT),))


@pytest.mark.parametrize("numbers", [(5, 5), (5, 50)])
def test_a_number_claimed_twice_or_out_of_range_is_refused(numbers: tuple[int, int]) -> None:
    tables = (a_table(numbers[0]), a_table(numbers[1], "other"))
    with pytest.raises(ValueError, match="is not free in lines"):
        Registry(1, (Room("lines", range(1, 10), tables=tables),))
