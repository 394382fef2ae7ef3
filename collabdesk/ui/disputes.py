"""Any contested figure as the question that settles it, for pages without a view of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QWidget

from collabdesk.ui.contested import Claim, Dispute, Effect, ResolveDialog
from collabdesk.ui.grid import GridColumn, Kind
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.domain.changes import Cell
    from collabdesk.services.figures import CellSiblings, Sibling
    from collabdesk.ui.desk import Desk

EXPLANATION = (
    "Each was entered before its author had seen the other. Choosing keeps all of them in the "
    "history."
)


def ask_to_resolve(
    parent: QWidget, look: Look, desk: Desk, cell: CellSiblings, place: str
) -> ResolveDialog:
    """Open the question about a contested figure; keeping one sends the command."""
    dialog = ResolveDialog(look, dispute_of(cell, desk, place), parent)
    dialog.accepted.connect(partial(_settle, dialog, desk, cell))
    dialog.open()
    return dialog


def _settle(dialog: ResolveDialog, desk: Desk, cell: CellSiblings) -> None:
    from collabdesk.services.contested import ResolveContested

    chosen = dialog.resolution
    if chosen is not None:
        value = cast("Cell", chosen.value)
        command = ResolveContested(cell.table, cell.row, cell.column, value, chosen.reason)
        desk.submit(desk, command)


def dispute_of(cell: CellSiblings, desk: Desk, place: str) -> Dispute:
    """Return the claims of a cell in order, the lower figure first."""
    standing = sorted(cell.siblings, key=lambda one: str(one.value).rjust(24))
    claims = [_claim(cell, one, desk) for one in standing]
    return Dispute(
        place,
        _entered(cell),
        EXPLANATION,
        claims,
        _reader(cell.column),
        partial(_effects, cell, claims),
    )


def _entered(cell: CellSiblings) -> str:
    if not cell.more:
        return "entered by two people at the same time"
    shown = len(cell.siblings)
    return f"jammed: {shown} of {shown + cell.more} figures are shown, and all are kept"


def _claim(cell: CellSiblings, one: Sibling, desk: Desk) -> Claim:
    from collabdesk.services.needs import value_words

    member = desk.people.get(one.author.device)
    return Claim(
        one.value,
        value_words(cell.column, one.value),
        member.role if member else "Unknown person",
        member.organisation_name if member else "unknown trust",
        moment_words(one.author.wall_ms),
        member.laptop if member else "unknown laptop",
        verified=bool(one.author.segment),
    )


def _effects(cell: CellSiblings, claims: Sequence[Claim], chosen: object) -> Sequence[Effect]:
    from collabdesk.services.needs import value_words

    before = " or ".join(claim.written for claim in claims)
    after = value_words(cell.column, cast("Cell", chosen)) if chosen is not None else "–"
    return (Effect("This figure", before, after),)


def _reader(column: str) -> Callable[[str], tuple[object, str]]:
    money = column.endswith("_p") or (column[:1] == "m" and column[1:].isdigit())
    declared = GridColumn(column, "figure", kind=Kind.MONEY if money else Kind.TEXT)

    def read(text: str) -> tuple[object, str]:
        value = declared.parse(text)
        return value, declared.exact(value)

    return read


def moment_words(wall_ms: int) -> str:
    """Write a moment for people: the time today, else the day and time."""
    when = dt.datetime.fromtimestamp(wall_ms / 1000, tz=dt.UTC).astimezone()
    if when.date() == dt.datetime.now().astimezone().date():
        return f"today {when:%H:%M}"
    return f"{when.day} {when:%B %Y %H:%M}"
