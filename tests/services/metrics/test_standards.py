from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from collabdesk.services.metrics import SetStandard
from collabdesk.storage.queries.metrics import standards
from tests.services.paper import RP1, TODAY, Paper

BOARD = SetStandard(
    metric="MRS08b",
    kind="target",
    value="15 %",
    source="Alliance board paper 7",
    source_date=dt.date(2026, 4, 9),
    effective_from=dt.date(2024, 4, 1),
    unit="percent",
)


def values(paper: Paper) -> list[str]:
    with paper.read() as reads:
        return [standard.value for standard in standards(reads, "MRS08b")]


def test_a_standard_is_what_somebody_typed_with_source_and_date(paper: Paper) -> None:
    outcome = paper.run(BOARD)
    (row,) = paper.rows("standard")
    assert (row["value"], row["source"], row["source_date"]) == (
        "15",
        "Alliance board paper 7",
        "2026-04-09",
    )
    assert outcome.words == "Target of 15 % for MRS08b"
    paper.undo(outcome)
    assert paper.rows("standard") == []


def test_the_same_day_sets_the_value_and_undo_brings_the_old_one_back(paper: Paper) -> None:
    paper.run(BOARD)
    outcome = paper.run(replace(BOARD, value="20"))
    assert values(paper) == ["20"]
    paper.undo(outcome)
    assert values(paper) == ["15"]


def test_a_later_day_and_another_trust_add_one(paper: Paper) -> None:
    paper.run(replace(BOARD, value="20", effective_from=dt.date(2025, 4, 1)))
    paper.run(BOARD)
    paper.run(replace(BOARD, value="30", effective_from=dt.date(2026, 4, 1)), RP1)
    assert values(paper) == ["15", "20", "30"]


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        (replace(BOARD, metric=" "), "metric", "metric_missing"),
        (replace(BOARD, kind="wish"), "kind", "standard_kind"),
        (replace(BOARD, value="lots"), "value", "decimal"),
        (replace(BOARD, value="101"), "value", "standard_value"),
        (replace(BOARD, value="-1", unit="days"), "value", "standard_value"),
        (replace(BOARD, source=""), "source", "source_missing"),
        (replace(BOARD, source_date=None), "source_date", "source_date_missing"),
        (
            replace(BOARD, source_date=TODAY + dt.timedelta(days=1)),
            "source_date",
            "source_in_future",
        ),
        (replace(BOARD, effective_from=None), "effective_from", "effective_from_missing"),
    ],
)
def test_what_is_missing_or_impossible_is_refused_at_its_field(
    paper: Paper, wrong: SetStandard, field: str, code: str
) -> None:
    refusal = paper.refused(wrong)
    assert (refusal.field, refusal.code) == (field, code)
    assert paper.rows("standard") == []
