"""What the parts of a board pack have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from collabdesk.domain.money import round_half_away
from collabdesk.exchange.paper.blocks import Block, Column, Note, Row, Table, Text

_POUNDS: Final = 100


def said(name: str) -> str:
    """Return the name of a choice in words, as ``Part approved``."""
    return name.replace("_", " ").capitalize()


def table(
    caption: str, columns: tuple[Column, ...], rows: Sequence[Row], otherwise: str
) -> tuple[Block, ...]:
    """Return a table, or without rows the sentence that says so."""
    return (Table(caption, columns, tuple(rows)),) if rows else (Text(otherwise),)


def may_not_sum(columns: Iterable[tuple[Sequence[int], int]]) -> tuple[Note, ...]:
    """Return the footnote if anywhere the printed pounds do not add up to their total."""
    untrue = any(sum(map(_whole, parts)) != _whole(total) for parts, total in columns)
    note = "Figures may not sum: each is rounded to whole pounds by itself, totals from the pence."
    return (Note(note),) if untrue else ()


def _whole(pence: int) -> int:
    return round_half_away(Fraction(pence, _POUNDS))
