"""The inspector says who said what, and opens the signed change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from collabdesk.ui.contested import Claim, ContestedCard
from collabdesk.ui.inspector import HistoryEntry, Inspector, Linked, Note, Subject
from collabdesk.ui.inspector.history import WRONG_CLOCK
from collabdesk.ui.theme import Look
from tests.ui.hands import keys, named, press, settle, show, texts

ENTRY = HistoryEntry(
    "£1,208,300",
    "£1,236,400",
    "Finance lead",
    "Lincolnshire Partnership",
    "12/10/2026 16:41",
    "Finance laptop 2",
    change_set=("segment", 7),
    contested=True,
    reason="Discharges slipped",
)
CLAIMS = (
    Claim(1, "£1,212,000", "Finance lead", "Nottinghamshire Healthcare", "15:58", "Laptop 1"),
    Claim(2, "£1,236,400", "Finance lead", "Lincolnshire Partnership", "16:41", "Laptop 2"),
)


@pytest.fixture
def inspector(qtbot: QtBot, look: Look) -> Inspector:
    made = Inspector(look)
    qtbot.addWidget(made)
    made.resize(264, 600)
    show(made)
    return made


def test_nothing_chosen_says_what_to_do(inspector: Inspector) -> None:
    assert "Choose a figure to see who says so" in texts(inspector)


def test_history_names_person_trust_laptop_and_time(inspector: Inspector) -> None:
    inspector.show_subject(Subject("Low secure, M8", "Forecast", history=(ENTRY,)))
    said = texts(inspector)
    assert {
        "£1,208,300 →",
        "£1,236,400",
        "Finance lead, Lincolnshire Partnership",
        "12/10/2026 16:41, Finance laptop 2",
        "“Discharges slipped”",
    } <= set(said)
    assert named(inspector, "History 1").isChecked()


def test_a_time_that_can_hardly_be_right_is_told_in_words(inspector: Inspector) -> None:
    entry = replace(ENTRY, doubt=WRONG_CLOCK)
    inspector.show_subject(Subject("Low secure, M8", "Forecast", history=(entry,)))
    assert WRONG_CLOCK in texts(inspector)
    assert "clock was set wrong" in entry.spoken
    inspector.show_subject(Subject("Low secure, M8", "Forecast", history=(ENTRY,)))
    assert WRONG_CLOCK not in texts(inspector)


def test_the_verified_mark_opens_the_change_set(inspector: Inspector) -> None:
    opened: list[object] = []
    inspector.change_set_wanted.connect(opened.append)
    inspector.show_subject(Subject("Low secure, M8", "Forecast", history=(ENTRY,)))
    press(inspector, "Verified")
    assert opened == [("segment", 7)]


def test_a_change_not_checked_yet_does_not_claim_to_be(inspector: Inspector) -> None:
    waiting = HistoryEntry("", "£1", "QI lead", "A trust", "today", "Laptop", verified=False)
    inspector.show_subject(Subject("x", "Forecast", history=(waiting,)))
    settle()
    assert named(inspector, "Not verified yet").isVisible()
    assert waiting.spoken == "Nothing to £1, QI lead, A trust, today, Laptop"


def test_notes_and_links(inspector: Inspector) -> None:
    written, followed = list[str](), list[object]()
    inspector.note_written.connect(written.append)
    inspector.link_wanted.connect(followed.append)
    inspector.show_subject(
        Subject(
            "x",
            "Forecast",
            notes=(Note("Agreed", "QI lead", "today"),),
            linked=(Linked("V-031", "Virement, £180,000", 31),),
        )
    )
    press(inspector, "Notes 1")
    keys(inspector.note, "Checked by telephone")
    press(inspector, "Add note")
    press(inspector, "Add note")
    assert written == ["Checked by telephone"]
    inspector.choose_tab("Linked")
    press(inspector, "V-031")
    assert followed == [31]


def test_a_new_subject_replaces_the_old_one(inspector: Inspector) -> None:
    inspector.show_subject(Subject("Low secure, M8", "Forecast", history=(ENTRY,)))
    inspector.show_subject(Subject("Out of area, M9", "Budget"))
    assert "£1,236,400" not in texts(inspector)
    assert "No changes yet. The first entry starts the history." in texts(inspector)


def test_the_card_shows_both_figures_and_one_button(qtbot: QtBot, look: Look) -> None:
    card, asked = ContestedCard(look, CLAIMS), list[bool]()
    qtbot.addWidget(card)
    card.resolve_wanted.connect(lambda: asked.append(True))
    show(card)
    assert {"Two figures, neither lost", "£1,212,000", "£1,236,400"} <= set(texts(card))
    assert "Nottinghamshire Healthcare" in card.accessibleName()
    press(card, "Resolve…")
    assert asked == [True]
