"""Settling figures that two people set at the same time, and texts that one of them lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.changes import Cell, NewRow, Resolve, Sealed, SetCells
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.services.budgets.policy import policy
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.services.wording import filled
from collabdesk.storage.queries.common import Sibling, siblings, table_of
from collabdesk.storage.tables.projections import wire
from collabdesk.sync.meaning import fits
from collabdesk.sync.registry.model import Column, Kind


@dataclass(frozen=True, slots=True)
class ResolveContested:
    """One value in place of the contested ones, theirs or another, with the reason."""

    table: str
    row: bytes
    column: str
    value: Cell
    reason: str


@dataclass(frozen=True, slots=True)
class KeepText:
    """One of the texts that stand in a cell, so that nobody is told of the other any more."""

    table: str
    row: bytes
    column: str
    value: Cell


def resolve_contested(command: ResolveContested, reads: Connection, me: Actor) -> Outcome:
    """Settle a contested figure; every figure and the reason stay in its history."""
    column = _column(reads, command.table, command.row, command.column)
    standing = siblings(reads, command.row, command.column)
    if len(standing) < 2:  # noqa: PLR2004 - two make a contest
        raise Refusal(
            code="not_contested",
            words="This figure is no longer contested: somebody has settled it.",
            remedy="Look at the figure again before changing it.",
            field=command.column,
        )
    _check_third_person(reads, standing, me, command.column)
    _check_value(column, command.value)
    reason = filled(
        command.reason,
        "reason",
        "A contested figure is settled with a reason, and there is none.",
        "Say in a sentence why this figure is right.",
    )
    change = Resolve(command.table, command.row, command.column, command.value, reason)
    words = f"Contested figure settled at {_told(column, command.value)}; this cannot be undone"
    return Outcome((change,), (), words, (command.table, command.row))


def keep_text(command: KeepText, reads: Connection, _: Actor) -> Outcome:
    """Write one of the texts that stand in a cell once more, so that it alone stands."""
    _column(reads, command.table, command.row, command.column)
    standing = siblings(reads, command.row, command.column)
    if command.value not in {one.value for one in standing}:
        raise Refusal(
            code="not_standing",
            words="This text no longer stands beside another: somebody has changed it since.",
            remedy="Look at the record again, and type what it should say.",
            field=command.column,
        )
    change = SetCells(command.table, command.row, {command.column: command.value})
    back = SetCells(command.table, command.row, {command.column: standing[0].value})
    return Outcome((change,), (back,), "Text restored", (command.table, command.row))


def _column(reads: Connection, table: str, row: bytes, name: str) -> Column:
    found = table_of(reads, row)
    if found is None or found.name != table or name not in found.by_name:
        raise Refusal(
            code="not_here",
            words="This record is not here: it was deleted, or has not arrived yet.",
            remedy="Look at the page again, and share to fetch what others have changed.",
            field=name,
        )
    return found.by_name[name]


def _check_third_person(
    reads: Connection, standing: tuple[Sibling, ...], me: Actor, field: str
) -> None:
    authors = {(one.author.organisation, one.author.person) for one in standing}
    if (me.organisation, me.person) in authors and not policy(reads).own_dispute:
        raise Refusal(
            code="own_dispute",
            words="One of these figures is yours; this workspace asks a third person to settle.",
            remedy="Ask somebody who entered neither figure.",
            field=field,
        )


def _check_value(column: Column, value: Cell) -> None:
    if column.read.restricted and isinstance(value, Sealed):
        # One of those that stand; whether it is of its kind shows when it is opened.
        return
    try:
        wired = wire(column, value)
        known = column.kind is Kind.ENUM and type(wired) is int
        possible = known or fits(column.kind, wired)
    except KeyError:
        possible = False
    if isinstance(value, NewRow) or not (possible or (value is None and not column.required)):
        raise Refusal(
            code="not_a_value",
            words=f"{value!r} cannot stand in this cell.",
            remedy="Choose one of the figures shown, or enter another of the same kind.",
            field=column.name,
        )


def _told(column: Column, value: Cell) -> str:
    if column.read.restricted:
        return "a confidential value"
    if column.kind is Kind.PENCE and isinstance(value, int):
        return format_pence(value)
    return "nothing" if value is None else str(value).replace("_", " ")


HANDLERS: Final[Handlers] = {ResolveContested: resolve_contested, KeepText: keep_text}
