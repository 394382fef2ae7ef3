"""Organisations keep their code, change their name, and are followed by others."""

from __future__ import annotations

import datetime as dt

import pytest

from collabdesk.domain.organisations import (
    Directory,
    NamedFrom,
    Organisation,
    OrganisationKind,
    Succession,
    SuccessionKind,
    ods_code,
)
from collabdesk.errors import Refusal

CHANGED = dt.date(2024, 10, 1)
HAMPSHIRE = Organisation(
    "RW1",
    OrganisationKind.TRUST,
    (
        NamedFrom("Southern Health NHS Foundation Trust", dt.date(2011, 4, 1)),
        NamedFrom("Hampshire and Isle of Wight Healthcare NHS Foundation Trust", CHANGED),
    ),
    opened=dt.date(2011, 4, 1),
)
SOLENT = Organisation(
    "R1C",
    OrganisationKind.TRUST,
    (NamedFrom("Solent NHS Trust"),),
    closed=dt.date(2024, 9, 30),
)
LOST = Organisation(
    "R0X", OrganisationKind.TRUST, (NamedFrom("A closed trust"),), closed=dt.date(2020, 3, 31)
)
KNOWN = Directory(
    [HAMPSHIRE, SOLENT, LOST],
    [
        Succession("R1C", "RW1", CHANGED, SuccessionKind.MERGE),
        Succession("R1C", "RZZ", CHANGED, SuccessionKind.TRANSFER),
    ],
)


@pytest.mark.parametrize(("text", "code"), [(" rp7 ", "RP7"), ("T5U5X", "T5U5X"), ("209", "209")])
def test_codes_are_read(text: str, code: str) -> None:
    assert ods_code(text) == code


@pytest.mark.parametrize("text", ["", "R1", "R P7", "R-P7", "ABCDEFGHIJK"])
def test_other_text_is_no_code(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        ods_code(text)
    assert refused.value.code == "ods_code"


def test_a_rename_keeps_the_code_and_the_old_name_for_its_time() -> None:
    assert HAMPSHIRE.name.startswith("Hampshire")
    assert HAMPSHIRE.name_on(CHANGED).startswith("Hampshire")
    assert HAMPSHIRE.name_on(dt.date(2024, 9, 30)).startswith("Southern")
    assert HAMPSHIRE.name_on(dt.date(2000, 1, 1)).startswith("Southern")
    assert SOLENT.name_on(dt.date(2000, 1, 1)) == "Solent NHS Trust"


def test_a_known_code_is_found_open_or_closed() -> None:
    assert KNOWN.find("r1c") is SOLENT
    assert KNOWN.open_on("R1C", dt.date(2024, 9, 30)) is SOLENT
    assert list(KNOWN) == [LOST, SOLENT, HAMPSHIRE]


def test_an_unknown_code_is_refused_with_what_is_near() -> None:
    with pytest.raises(Refusal) as refused:
        KNOWN.find("RW2", "provider")
    assert (refused.value.code, refused.value.field) == ("ods_code_unknown", "provider")
    assert "Hampshire and Isle of Wight Healthcare NHS Foundation Trust (RW1)" in str(refused.value)
    with pytest.raises(Refusal) as refused:
        KNOWN.find("ZZZZZ")
    assert "Near it" not in refused.value.remedy


def test_a_closed_code_is_refused_with_its_successors() -> None:
    with pytest.raises(Refusal) as refused:
        KNOWN.open_on("R1C", CHANGED)
    assert refused.value.code == "ods_code_closed"
    assert "1 October 2024" in refused.value.words
    assert "(RW1), RZZ" in refused.value.remedy


def test_a_closed_code_without_successor_and_one_not_yet_open_are_refused() -> None:
    for code, day in (("R0X", CHANGED), ("RW1", dt.date(2011, 3, 31))):
        with pytest.raises(Refusal, match="Check code and date"):
            KNOWN.open_on(code, day)


def test_succession_is_known_both_ways() -> None:
    assert KNOWN.successors("R1C") == ("RW1", "RZZ")
    assert KNOWN.predecessors("RW1") == ("R1C",)
    assert KNOWN.predecessors("R1C") == ()
