"""What the inspector says of a figure of the budget: who, when, from what to what, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from collabdesk.domain.budgets.cell_notes import WHOLE, cell_notes
from collabdesk.domain.changes import Cell
from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.amounts import Amount
from collabdesk.services.budgets.figure import Known
from collabdesk.services.budgets.planning.grid import GridCell, GridRow
from collabdesk.services.budgets.queries import Entry
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.services.figures import CellChange, Signed
from collabdesk.ui.budgets.places import Figure, Where
from collabdesk.ui.budgets.resolving import claims, contested_at, provider_row
from collabdesk.ui.budgets.rows import RowKey, month_of
from collabdesk.ui.budgets.wording import JOURNAL_KINDS, exact, month_label, signed, trust
from collabdesk.ui.contested import ContestedCard
from collabdesk.ui.desk import Desk
from collabdesk.ui.inspector import HistoryEntry, Linked, Note, Subject
from collabdesk.ui.inspector.signed import Telling, entries
from collabdesk.ui.theme import Look

_TOTALS = {
    "planned": "Total planned",
    "kept": "Contingency",
    "envelope": "Envelope",
    "left": "Left in envelope",
}


def figure_at(room: Room, plan: Plan, key: RowKey, column: str) -> Figure:
    """Return the figure of a cell as the ledger can be asked for it."""
    month = month_of(column)
    return Figure(
        place_words(room, plan, key, column),
        key.service_line if key.level in {"line", "provider"} else None,
        key.provider,
        month,
    )


def place_words(room: Room, plan: Plan, key: RowKey, column: str) -> str:
    """Say where a cell stands."""
    month = month_of(column)
    label = month_label(plan.version.fiscal_year, month) if month else plan.version.fiscal_year
    return f"{row_words(room, key)}, {label}"


def row_words(room: Room, key: RowKey) -> str:
    """Name a row of the grid."""
    if key.level in _TOTALS:
        return _TOTALS[key.level]
    name = next((one.name for one in room.lines if one.row == key.service_line), "Unknown line")
    return f"{name}, {trust(key.provider, room.trusts)}" if key.provider else name


def cell_subject(  # noqa: PLR0913, PLR0917 everything a cell is told from
    look: Look,
    desk: Desk,
    room: Room,
    plan: Plan,
    place: tuple[RowKey, str],
    known: Known,
    resolve: Callable[[], object],
) -> Subject:
    """Return what is true about a cell of the plan."""
    key, column = place
    month = month_of(column)
    contested = contested_at(plan, key, month)
    row = provider_row(plan, key)
    amount = row.months[month - 1].amount if row is not None and month else None

    def card() -> QWidget:
        made = ContestedCard(look, claims(contested.cell, desk) if contested else ())
        made.resolve_wanted.connect(resolve)
        return made

    return Subject(
        place_words(room, plan, key, column),
        _heading(plan, amount, contested=contested is not None),
        card if contested else None,
        history=cell_history(known.signed, desk, column, contested.cell if contested else None),
        linked=[
            *(_linked(plan, figure_at(room, plan, key, column), one) for one in known.entries),
            *(_part(room, one, column) for one in _parts(room, plan, key)),
        ],
        notes=line_notes(known.signed, desk, month or WHOLE),
        may_note=bool(key.plan_line),
    )


_NOTE = Telling(first="note")


def line_notes(found: Sequence[Signed], desk: Desk, month: int) -> list[Note]:
    """Return what was written on a month of a line, the newest first; 0 is on all of the line."""
    kept = (
        replace(one, changes=tuple(_about(c, month) for c in one.changes if c.column == "note"))
        for one in found
    )
    written = [
        one for one in kept if any(c.new not in c.old for c in one.changes) and one.kind != "insert"
    ]
    told = entries(written, desk, _NOTE)
    return [Note(one.after, f"{one.person}, {one.trust}", one.when) for one in told if one.after]


def _about(change: CellChange, month: int) -> CellChange:
    """Return a change of a line's note as one of the part about a month."""
    if month == WHOLE:
        return change
    old = tuple(cell_notes(str(one or "")).get(month, "") for one in change.old)
    return replace(change, old=old, new=cell_notes(str(change.new or "")).get(month, ""))


def _heading(plan: Plan, amount: Amount | None, *, contested: bool) -> str:
    if amount is None:
        return "Posted figure" if plan.grid.posted else "Worked out from its lines"
    if contested:
        return "Contested amount"
    return f"{exact(amount)} {'posted' if plan.grid.posted else 'planned'}"


def _linked(plan: Plan, figure: Figure, entry: Entry) -> Linked:
    journal = entry.journal
    return Linked(
        f"Journal #{journal.number}, {signed(entry.line.amount_p)}",
        f"{JOURNAL_KINDS.get(journal.kind, journal.kind)}, "
        f"{month_label(journal.fiscal_year, entry.line.month or journal.posting_month)}",
        Where("plan", plan.version.row, figure, journal.number),
    )


def _parts(room: Room, plan: Plan, key: RowKey) -> list[GridRow]:
    """Return what a sum adds up from: providers of a line, lines of a group or of the total."""
    if key.level == "line":
        return [
            row
            for row in plan.grid.rows
            if row.level == "provider" and row.service_line == key.service_line
        ]
    parents = {line.row: line.parent for line in room.lines}
    return [
        row
        for row in plan.grid.rows
        if row.level == "line"
        and (
            key.level == "planned"
            or (key.level == "group" and parents.get(row.service_line or b"") == key.service_line)
        )
    ]


def _part(room: Room, row: GridRow, column: str) -> Linked:
    month = month_of(column)
    amount = row.months[month - 1].amount if month else row.total
    name = trust(row.provider, room.trusts) if row.provider else row.name
    key = RowKey(row.level, row.service_line or b"", row.provider, row.plan_line or b"")
    return Linked(name, exact(amount), (key, column))


def cell_history(
    found: Sequence[Signed], desk: Desk, column: str, contested: GridCell | None = None
) -> list[HistoryEntry]:
    """Return the history of one amount of a record, the newest first; what stands is marked."""
    telling = Telling({column: ""}, {column: _money}, first=column)
    kept = (
        replace(one, changes=tuple(c for c in one.changes if c.column == column)) for one in found
    )
    told = [one for one in kept if one.changes or one.kind in {"delete", "undelete"}]
    standing = {_money(one.value) for one in contested.siblings} if contested else set()
    return [
        replace(entry, contested=entry.after in standing) for entry in entries(told, desk, telling)
    ]


def _money(cell: Cell) -> str:
    return format_pence(cell) if isinstance(cell, int) else "Nothing"


_MOVE = Telling(
    names={"amount_p": "Amount", "reference": "Reference"},
    values={"amount_p": _money},
    hidden=frozenset({"version", "position"}),
    first="amount_p",
)


def move_subject(desk: Desk, plan: Plan, row: bytes, found: Sequence[Signed]) -> Subject:
    """Return what is true about an allocation of the envelope."""
    steps = [plan.summary.opening] if plan.summary.opening else []
    step = next((one for one in [*steps, *plan.summary.letters] if one.row == row), None)
    if step is None:
        return Subject("", "This allocation is gone", may_note=False)
    return Subject(
        f"Allocation, {step.recurrence.replace('_', '-')}",
        f"{step.reference}: {exact(step.amount)}",
        history=entries(found, desk, _MOVE),
        may_note=False,
    )
