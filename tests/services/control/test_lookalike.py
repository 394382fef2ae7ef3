"""Names that could be taken for others are told wherever somebody is let in; none is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.services.control import decisions
from collabdesk.services.control.lookalike import alike, alike_in, alike_laptops, seen_as
from collabdesk.services.membership import Founder
from collabdesk.services.sharing.enrolment import enrol
from collabdesk.sync.join import JoinRequest
from tests.services.control.desks import enrolled, key_of, org_of, spoken
from tests.support.alliance import TRUSTS, Alliance, ask

LINCOLNSHIRE = TRUSTS["a"][0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ward laptop 1", "ward LAPTOP l"),
        ("Ward laptop 10", "Ward Iaptop 1O"),
        ("Ward laptop", "Ward-laptop"),
        ("Ward laptop", "Ward  laptop "),
        ("Modern Matron", "Modem Matron"),
        ("Night ward", "Night vvard"),
        ("Café desk", "Cafe desk"),
        ("Desk", "clesk"),
        ("RP5", "RPS"),
    ],
)
def test_what_a_hurried_eye_takes_for_the_same(one: str, other: str) -> None:
    assert seen_as(one) == seen_as(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ward laptop 1", "Ward laptop 2"), ("Ward manager", "Ward matron"), ("RP1", "RT5")],
)
def test_what_nobody_takes_for_the_same(one: str, other: str) -> None:
    assert seen_as(one) != seen_as(other)


@given(st.text(max_size=30))
def test_case_and_spaces_change_nothing_of_how_a_plain_name_is_seen(name: str) -> None:
    assert seen_as(f" {name} ") == seen_as(name)
    assert seen_as(seen_as(name)) == seen_as(seen_as(seen_as(name)))


def request(
    alliance: Alliance,
    org_name: str = LINCOLNSHIRE,
    ods: str = TRUSTS["a"][1],
    label: str = "Ward laptop",
) -> JoinRequest:
    """Return what a further laptop of a partner would ask."""
    lead = alliance.desks["lead"].workspace.about
    return JoinRequest(
        lead.workspace, bytes(32), bytes(32), "Ward manager", org_name, ods, label, ""
    )


def test_a_stranger_who_is_called_like_a_partner_is_told(alliance: Alliance) -> None:
    book = alliance.desks["lead"].workspace.book
    (said,) = alike(book, request(alliance, org_name=LINCOLNSHIRE.upper(), ods="RXM"))
    assert "can be taken for “Lincolnshire Partnership" in said
    assert "(RP7)" in said
    (said,) = alike(book, request(alliance, org_name="Derbyshire Healthcare", ods="RTS"))
    assert "The code RTS of Derbyshire Healthcare can be taken for RT5 of Leicestershire" in said
    assert alike(book, request(alliance, org_name="Derbyshire Healthcare", ods="RXM")) == ()


def test_a_person_and_a_laptop_of_ones_own_are_told(alliance: Alliance) -> None:
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop 1")
    book = alliance.desks["a"].workspace.book
    same = request(alliance, label="Ward laptop 2")
    assert alike(book, same) == ()
    (said,) = alike(book, replace(same, person="Ward rnanager"))
    assert "If they are one person, choose Ward manager." in said
    (said,) = alike(book, replace(same, label="ward laptop l"))
    assert "can be taken for Ward laptop 1 of Ward manager" in said
    assert alike(book, replace(same, label="Ward laptop 1"), key_of(second)) == ()


def test_who_signs_a_membership_is_told_too(alliance: Alliance) -> None:
    lead, b = alliance.desks["lead"], alliance.desks["b"]
    c = ask(
        alliance,
        "c",
        founder=Founder("Lincolnshire Partnership NHS Foundatlon Trust", "RXM", "QI lead", "Desk"),
    )
    lead.share()
    enrol(lead.workspace, lead.store, [spoken(c)])
    for desk in (lead, c, lead, b):
        desk.share()
    (waits,) = decisions.drafted(b.workspace)
    assert any("can be taken for “Lincolnshire Partnership" in said for said in waits.changes)
    assert waits.can_sign


def test_a_membership_and_a_list_that_bring_nothing_new_say_nothing(alliance: Alliance) -> None:
    enrolled(alliance, "a2", "a", "Ward manager", "QI lead laptop l")
    a = alliance.desks["a"]
    book = a.workspace.book
    roster = book.roster(org_of(a))
    assert roster is not None
    assert alike_in(book.epoch, book.epoch) == ()
    assert alike_laptops(roster, roster) == ()
    first = replace(roster, devices=tuple(d for d in roster.devices if d.key == key_of(a)))
    assert alike_laptops(first, roster) == (
        "QI lead laptop l is named like QI lead laptop 1 of QI lead.",
    )
