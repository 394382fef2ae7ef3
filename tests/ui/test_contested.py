"""Which figure should stand? Nothing is chosen beforehand and the reason is required."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from collabdesk.domain.money import format_pounds, parse_money_or_sum
from collabdesk.ui.contested import Claim, Dispute, Effect, Resolution, ResolveDialog
from collabdesk.ui.theme import Look
from tests.ui.hands import click, keys, press, show, texts

LOW, HIGH, REST = 1_212_000_00, 1_236_400_00, 13_147_000_00
CLAIMS = (
    Claim(
        LOW,
        "£1,212,000",
        "Finance lead",
        "Nottinghamshire Healthcare",
        "15:58",
        "Laptop 1",
        "Two discharges agreed.",
    ),
    Claim(
        HIGH,
        "£1,236,400",
        "Finance lead",
        "Lincolnshire Partnership",
        "16:41",
        "Laptop 2",
        verified=False,
    ),
)


def read(text: str) -> tuple[object, str]:
    pence = parse_money_or_sum(text)
    return pence, format_pounds(pence)


def effects(value: object) -> list[Effect]:
    before = f"{format_pounds(REST + LOW)} to {format_pounds(REST + HIGH)}"
    after = format_pounds(REST + value) if isinstance(value, int) else "Not yet chosen"
    return [Effect("Low secure, outturn", before, after)]


@pytest.fixture
def dialog(qtbot: QtBot, look: Look) -> ResolveDialog:
    explained = "Both were entered before either laptop had seen the other’s change."
    dispute = Dispute("Low secure, M8 Nov 2026", "£1,208,300", explained, CLAIMS, read, effects)
    made = ResolveDialog(look, dispute)
    qtbot.addWidget(made)
    show(made)
    return made


def test_nothing_is_chosen_at_first(dialog: ResolveDialog) -> None:
    assert not any(choice.radio.isChecked() for choice in dialog.choices)
    assert not dialog.keep.isEnabled()
    assert dialog.keep.text() == "Keep"
    assert dialog.resolution is None
    assert "Not yet chosen" in texts(dialog)


def test_both_claims_stand_side_by_side_with_their_authors(dialog: ResolveDialog) -> None:
    first, second = dialog.choices
    assert first.y() == second.y()
    assert first.width() == pytest.approx(second.width(), abs=1)
    said = texts(dialog)
    assert "Finance lead, Nottinghamshire Healthcare" in said
    assert {"“Two discharges agreed.”", "Signature verified", "Signature not checked yet"} <= set(
        said
    )


def test_a_figure_without_a_reason_cannot_be_kept(dialog: ResolveDialog) -> None:
    click(dialog.choices[1].radio)
    assert dialog.keep.text() == "Keep £1,236,400"
    assert not dialog.keep.isEnabled()
    keys(dialog.reason, "   ")
    assert not dialog.keep.isEnabled()
    keys(dialog.reason, "Confirmed by telephone")
    assert dialog.keep.isEnabled()
    assert dialog.resolution == Resolution(HIGH, "Confirmed by telephone")


def test_totals_show_before_and_after(dialog: ResolveDialog) -> None:
    click(dialog.choices[0].radio)
    said = texts(dialog)
    assert "£14,359,000 to £14,383,400" in said
    assert "£14,359,000" in said


def test_another_figure_is_read_exactly(dialog: ResolveDialog) -> None:
    keys(dialog.figure, "=2448400/2")
    assert dialog.another.isChecked()
    keys(dialog.reason, "Halfway, agreed by both")
    assert dialog.keep.text() == "Keep £1,224,200"
    assert dialog.resolution == Resolution(1_224_200_00, "Halfway, agreed by both")


def test_another_figure_that_is_no_money_is_refused_at_the_field(dialog: ResolveDialog) -> None:
    keys(dialog.reason, "A reason")
    keys(dialog.figure, "1.005")
    assert not dialog.keep.isEnabled()
    assert any("1.005" in one and "cannot be read as money" in one for one in texts(dialog))


def test_keep_accepts_and_cancel_leaves_both(qtbot: QtBot, dialog: ResolveDialog) -> None:
    with qtbot.waitSignal(dialog.asked_authors):
        press(dialog, "Ask the authors")
    click(dialog.choices[0].radio)
    keys(dialog.reason, "Agreed")
    with qtbot.waitSignal(dialog.accepted):
        press(dialog, "Keep £1,212,000")
    show(dialog)
    with qtbot.waitSignal(dialog.rejected):
        press(dialog, "Cancel")
