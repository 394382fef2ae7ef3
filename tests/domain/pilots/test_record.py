"""Programmes, pilots and their figures are recorded as announced."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from collabdesk.domain.pilots.lifecycle import PilotState
from collabdesk.domain.pilots.record import (
    PilotDraft,
    ProgrammeDraft,
    ProgrammeKind,
    record_pilot,
    record_programme,
    state_figure,
)
from collabdesk.domain.quantities import NOT_STATED, PENCE, Basis, Qualifier, Quantity
from collabdesk.errors import Refusal

ROW = b"g" * 16


def test_a_programme_is_recorded_with_what_is_stated() -> None:
    change = record_programme(ProgrammeDraft(" A fund ", ProgrammeKind.FUND, source="A page"))
    assert (change.table, change.key) == ("programme", "programme")
    assert change.cells == {"title": "A fund", "kind": "fund", "source": "A page"}


def test_a_pilot_is_recorded_under_its_reference() -> None:
    draft = PilotDraft(
        " P1-04 ", lead="NHS Cumbria", state=PilotState.COMPLETED, start=dt.date(2009, 4, 1)
    )
    assert record_pilot(ROW, draft, {"P1-03"}).cells == {
        "programme": ROW,
        "reference": "P1-04",
        "state": "completed",
        "lead": "NHS Cumbria",
        "start": dt.date(2009, 4, 1),
    }


@pytest.mark.parametrize(
    ("draft", "code", "field"),
    [
        (PilotDraft(" "), "reference_missing", "reference"),
        (PilotDraft("P1-03"), "reference_taken", "reference"),
        (
            PilotDraft("P1-04", start=dt.date(2009, 4, 1), end=dt.date(2009, 3, 31)),
            "end_before_start",
            "end",
        ),
    ],
)
def test_a_pilot_that_breaks_a_rule_is_refused(draft: PilotDraft, code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        record_pilot(ROW, draft, {"P1-03"})
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_figure_keeps_its_qualifier_basis_and_source() -> None:
    over = Quantity(Decimal("700.0"), Qualifier.OVER, "applications", source="over 700")
    assert state_figure(ROW, "expressions of interest", over, b"p" * 16).cells == {
        "programme": ROW,
        "pilot": b"p" * 16,
        "name": "expressions of interest",
        "value": "700",
        "unit": "applications",
        "qualifier": "over",
        "basis": "stated",
        "source": "over 700",
    }


def test_a_figure_that_is_not_stated_has_no_value() -> None:
    cells = state_figure(ROW, "fund", NOT_STATED).cells
    assert cells == {
        "programme": ROW,
        "name": "fund",
        "qualifier": "not_stated",
        "basis": "not_stated",
    }


def test_a_figure_needs_a_name() -> None:
    derived = Quantity(Decimal(1), Qualifier.EXACTLY, PENCE, Basis.DERIVED)
    with pytest.raises(Refusal) as refused:
        state_figure(ROW, "", derived)
    assert refused.value.field == "name"
