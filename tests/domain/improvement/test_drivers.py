"""Driver diagrams have one aim, levels, and no circles."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.improvement.drivers import (
    LEVELS,
    Driver,
    DriverKind,
    Link,
    Strength,
    add_driver,
    link,
    orphans,
    reached,
)
from collabdesk.errors import Refusal

PROJECT, OTHER = b"p" * 16, b"q" * 16


def node(name: str, kind: DriverKind, project: bytes = PROJECT) -> Driver:
    return Driver(name.encode().ljust(16), project, kind, name)


AIM = node("aim", DriverKind.AIM)
PRIMARY = node("primary", DriverKind.PRIMARY_DRIVER)
SECONDARY = node("secondary", DriverKind.SECONDARY_DRIVER)
IDEA = node("idea", DriverKind.CHANGE_IDEA)


def test_nodes_take_their_place_among_those_of_their_level() -> None:
    change = add_driver(PROJECT, DriverKind.PRIMARY_DRIVER, " Access ", [AIM, PRIMARY])
    assert change.cells == {
        "project": PROJECT,
        "kind": "primary_driver",
        "text": "Access",
        "position": 2,
    }


def test_a_change_idea_starts_as_proposed() -> None:
    change = add_driver(PROJECT, DriverKind.CHANGE_IDEA, "Text reminders")
    assert (change.cells["idea_status"], change.cells["position"]) == ("proposed", 1)


def test_a_project_has_one_aim() -> None:
    with pytest.raises(Refusal) as refused:
        add_driver(PROJECT, DriverKind.AIM, "Another", [AIM])
    assert refused.value.code == "second_aim"
    assert add_driver(OTHER, DriverKind.AIM, "Its own", [AIM]).cells["project"] == OTHER


def test_a_node_needs_words() -> None:
    with pytest.raises(Refusal, match="primary driver has no words"):
        add_driver(PROJECT, DriverKind.PRIMARY_DRIVER, "")


@pytest.mark.parametrize(("above", "below"), list(product(DriverKind, DriverKind)))
def test_arrows_lead_to_the_next_level_alone(above: DriverKind, below: DriverKind) -> None:
    one, other = node("one", above), node("other", below)
    if LEVELS.index(below) == LEVELS.index(above) + 1:
        change = link(one, other, [], Strength.WEAK)
        assert change.cells == {
            "from_driver": one.row,
            "to_driver": other.row,
            "strength": "weak",
        }
        return
    with pytest.raises(Refusal) as refused:
        link(one, other, [])
    assert refused.value.code == "not_next_level"


@pytest.mark.parametrize(
    ("above", "below", "links", "code"),
    [
        (AIM, node("x", DriverKind.PRIMARY_DRIVER, OTHER), [], "other_project"),
        (AIM, PRIMARY, [Link(AIM.row, PRIMARY.row)], "link_exists"),
        (AIM, PRIMARY, [Link(PRIMARY.row, IDEA.row), Link(IDEA.row, AIM.row)], "circle"),
    ],
)
def test_other_arrows_are_refused(
    above: Driver, below: Driver, links: list[Link], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        link(above, below, links)
    assert (refused.value.code, refused.value.field) == (code, "to_driver")


def test_an_idea_may_serve_several_drivers_and_orphans_are_found() -> None:
    links = [Link(AIM.row, PRIMARY.row), Link(SECONDARY.row, IDEA.row)]
    assert orphans([AIM, PRIMARY, SECONDARY, IDEA], links) == (SECONDARY,)


ARROWS = st.lists(st.builds(Link, *[st.sampled_from([b"a", b"b", b"c", b"d"])] * 2))


@given(ARROWS)
def test_what_is_reached_is_closed_under_every_arrow(links: list[Link]) -> None:
    found = reached(b"a", links)
    assert b"a" in found
    assert all(step.below in found for step in links if step.above in found)
