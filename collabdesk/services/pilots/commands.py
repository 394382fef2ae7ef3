"""What a programme manager can do with programmes and pilots."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FigureStated:
    """A figure as an announcement states it; `value` is as typed and None if not stated."""

    name: str
    value: str | None
    unit: str = ""
    qualifier: str = "exactly"
    basis: str = "stated"
    source: str = ""


@dataclass(frozen=True, slots=True)
class RecordProgramme:
    """Record a programme with the figures stated about it."""

    title: str
    kind: str
    host: str = ""
    aims: str = ""
    source: str = ""
    figures: tuple[FigureStated, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordPilot:
    """Record a pilot of a programme; what is not stated stays empty."""

    programme: bytes
    reference: str
    name: str = ""
    lead: str = ""
    partners: str = ""
    theme: str = ""
    population: str = ""
    idea: str = ""
    aims: str = ""
    state: str = "idea"
    start: dt.date | None = None
    end: dt.date | None = None
    figures: tuple[FigureStated, ...] = ()


@dataclass(frozen=True, slots=True)
class MovePilot:
    """Move a pilot to the next state of its life."""

    pilot: bytes
    state: str
