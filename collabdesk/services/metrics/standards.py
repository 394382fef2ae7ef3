"""Deciding on standards: a value, and where and when it was written down."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow, SetCells
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.metrics.commands import SetStandard
from collabdesk.services.wording import filled
from collabdesk.storage.queries import metrics as stored

KEY: Final = "standard"
KINDS: Final = {
    "standard": "national standard",
    "target": "target",
    "trajectory": "trajectory",
    "benchmark": "benchmark",
}
PERCENT: Final = "percent"
WHOLE: Final = 100


def set_standard(command: SetStandard, reads: Connection, me: Actor) -> Outcome:
    """Insert a standard, or set the value of the one that takes effect on the same day."""
    cells = _cells(command, me.today)
    same = _same(command, reads, me)
    words = f"{KINDS[command.kind].capitalize()} of {command.value.strip()} for {command.metric}"
    if same is None:
        return Outcome(
            (Insert("standard", OWN, cells, KEY),),
            (Delete("standard", NewRow(KEY)),),
            words,
            ("standard", NewRow(KEY)),
        )
    changed = {name: cells[name] for name in ("value", "source", "source_date")}
    before: dict[str, Cell] = {
        "value": same.value,
        "source": same.source,
        "source_date": same.source_date,
    }
    return Outcome(
        (SetCells("standard", same.row, changed),),
        (SetCells("standard", same.row, before),),
        words,
        ("standard", same.row),
    )


def _same(command: SetStandard, reads: Connection, me: Actor) -> stored.Standard | None:
    wanted = (me.organisation, command.kind, command.effective_from)
    return next(
        (
            standard
            for standard in stored.standards(reads, command.metric)
            if (standard.scope, standard.kind, standard.effective_from) == wanted
        ),
        None,
    )


def _cells(command: SetStandard, today: dt.date) -> dict[str, Cell]:
    return {
        "metric": filled(
            command.metric, "metric", "No metric is chosen.", "Choose the metric it is for."
        ),
        "kind": _kind(command.kind),
        "value": decimal_text(_value(command)),
        "source": filled(
            command.source,
            "source",
            "The standard has no source.",
            "Say where it is written, such as the title of the guidance or the board paper.",
        ),
        "source_date": _source_date(command.source_date, today),
        "effective_from": _given(
            command.effective_from, "effective_from", "from which day it applies"
        ),
    }


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise Refusal(
            code="standard_kind",
            words=f"“{kind}” is not a kind of standard.",
            remedy=f"Choose one of: {', '.join(KINDS.values())}.",
            field="kind",
        )
    return kind


def _value(command: SetStandard) -> Fraction:
    value = parse_decimal(command.value.strip().removesuffix("%").rstrip(), "value")
    if value < 0 or (command.unit == PERCENT and value > WHOLE):
        limit = "between 0 and 100" if command.unit == PERCENT else "0 or more"
        raise Refusal(
            code="standard_value",
            words=f"{command.metric} cannot be held to {decimal_text(value)}.",
            remedy=f"Enter a value {limit}.",
            field="value",
        )
    return value


def _source_date(day: dt.date | None, today: dt.date) -> dt.date:
    given = _given(day, "source_date", "when its source was published")
    if given > today:
        raise Refusal(
            code="source_in_future",
            words=f"The source is dated {given:%d/%m/%Y}, which is still to come.",
            remedy="Enter the day the source was published.",
            field="source_date",
        )
    return given


def _given(day: dt.date | None, field: str, what: str) -> dt.date:
    if day is None:
        raise Refusal(
            code=f"{field}_missing",
            words=f"The standard does not say {what}.",
            remedy="Enter the date, for example 01/04/2026.",
            field=field,
        )
    return day
