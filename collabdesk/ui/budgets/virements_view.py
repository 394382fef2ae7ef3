"""Virements: where each stands, and the card on which one is approved."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QWidget

from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.entered import POTS
from collabdesk.services.budgets.queries import State, VirementLine
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.services.figures import Signed
from collabdesk.ui.budgets.places import Where
from collabdesk.ui.budgets.virement_diff import (
    diff_columns,
    diff_rows,
    held_sides,
    turned_month,
)
from collabdesk.ui.budgets.wording import month_label, people, roles, trust
from collabdesk.ui.desk import Desk
from collabdesk.ui.form import holder_of
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind, Unit
from collabdesk.ui.inspector import Linked, Subject
from collabdesk.ui.inspector.signed import Telling, entries
from collabdesk.ui.messages import Action
from collabdesk.ui.parts import Ink, Tone, button, chip, column, holder, row, words
from collabdesk.ui.states import EmptyState, EmptyView, Shape
from collabdesk.ui.theme import Look

_COLUMNS: Final = (
    GridColumn("state", "Where it stands"),
    GridColumn("amount", "Amount", kind=Kind.MONEY),
    GridColumn("from", "From"),
    GridColumn("to", "To"),
    GridColumn("month", "Month"),
)
_SCHEME: Final = (
    GridColumn("amount", "Amount"),
    GridColumn("needed", "Approvals by different people"),
    GridColumn("roles", "In the role of"),
)
_ROOMY: Final = 540
_DIFF_ROWS: Final = 6
_STATES: Final[dict[State, CellState]] = {
    State.CONTESTED: CellState.CONCERN,
    State.STALE: CellState.CONCERN,
    State.NEEDS_REAPPROVAL: CellState.CONCERN,
    State.NOT_ALLOWED: CellState.CONCERN,
    State.READY: CellState.GOOD,
    State.POSTED: CellState.LOCKED,
}
_TONES: Final[dict[State, Tone]] = {
    State.READY: "good",
    State.POSTED: "neutral",
    State.PROPOSED: "selected",
    State.PART_APPROVED: "selected",
}
_TELLING: Final = Telling(
    names={"amount_p": "Amount", "month": "Month", "reason": "Reason"},
    values={"amount_p": lambda cell: format_pence(cell) if isinstance(cell, int) else ""},
    hidden=frozenset(
        {
            "fiscal_year",
            "from_line",
            "to_line",
            "from_provider",
            "to_provider",
            "from_pot",
            "to_pot",
        }
    ),
    first="amount_p",
)


def direction(one: VirementLine, room: Room) -> tuple[str, str]:
    """Name the line or pot money comes from, and the one it goes to."""
    move = one.virement
    names = {line.row: line.name for line in room.lines}
    ends = (
        (move.from_line, move.from_provider, move.from_pot),
        (move.to_line, move.to_provider, move.to_pot),
    )
    source, target = (
        POTS[pot] if pot else f"{names.get(line, 'Unknown line')}, {trust(provider, room.trusts)}"
        for line, provider, pot in ends
    )
    return source, target


class VirementsView(QWidget):
    """The list, the newest first; those that wait for this person's approval lead it."""

    moved = Signal(object)
    drilled = Signal(object)
    status_changed = Signal(list)
    said = Signal(str)
    delegate_wanted = Signal()
    """Somebody wants to say who acts for them."""

    def __init__(self, look: Look, begin: Action) -> None:
        """List nothing yet; `begin` proposes the first one."""
        super().__init__()
        self.setProperty("ground", "page")
        self._look = look
        self.grid = Grid(look, "Virements", _COLUMNS, strip=False)
        shape = Shape(
            ("From one line to another", "Month", "Amount"),
            ("Low secure to Packages of care", "Perinatal to Low secure"),
            "A virement never changes the envelope: what one line gives, another receives.",
        )
        said = (
            "A virement moves agreed money from one line to another. Somebody proposes it, others "
            "approve it, and the laptop that keeps the ledger posts it."
        )
        self._empty = EmptyView(look, EmptyState("No virements yet", said, begin, shape=shape))
        self._said = words("", "heading")
        self._diff = Grid(look, "What the virement does, month by month", diff_columns())
        self._below = holder(
            column(holder(row(self._said, None), 16, 12, 16, 4), self._diff, gap=0)
        )
        self._scheme = Grid(look, "Who approves a virement", _SCHEME, strip=False)
        delegate = button("Name a delegate…", self.delegate_wanted.emit, small=True)
        title = words("Who approves a virement", "heading")
        heading = holder(row(title, None, delegate), 16, 12, 16, 4)
        self._who = holder(column(heading, self._scheme, gap=0))
        box = column(self.grid, self._below, self._who, self._empty, None, gap=0)
        box.setStretch(3, 1)
        self.setLayout(box)
        self._room: Room | None = None
        self.grid.current_changed.connect(lambda key, _column: self._move(key))
        self._diff.status_changed.connect(self._say_diff)
        self.grid.drilled.connect(lambda key, _column: self.drilled.emit(key))
        self.grid.status_changed.connect(self.status_changed)
        self.grid.said.connect(self.said)

    @property
    def current(self) -> bytes | None:
        """The virement that is current."""
        at = self.grid.view.currentIndex()
        key = self.grid.model.row_at(at.row()).key if at.isValid() else None
        return key if isinstance(key, bytes) else None

    def show_room(self, room: Room, wanted: bytes | None = None) -> None:
        """List the virements; the one wanted, or the current one, stays current."""
        key, self._room = wanted or self.current, room
        mine = {row for row, why in room.rights.approve.items() if why is None}
        listed = sorted(room.virements, key=lambda one: one.virement.row not in mine)
        self.grid.setVisible(bool(listed))
        self._below.setVisible(bool(listed))
        self._scheme.set_rows(_scheme(room))
        self._fit()
        self._empty.setVisible(not listed)
        self.grid.set_rows([_row(one, room) for one in listed])
        if listed and not self.grid.select(key, "amount"):
            self.grid.select(listed[0].virement.row, "amount")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the scheme out where the list needs the room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        theme = self._look.theme
        roomy = self.height() >= _ROOMY * theme.factor
        needed = theme.px("size.toolStrip") + theme.px("size.gridHeader")
        needed += _DIFF_ROWS * theme.px("size.gridRow") + 2
        self._diff.setMinimumHeight(needed if roomy else 0)
        self._who.setVisible(roomy and not self.grid.isHidden())

    def _say_diff(self, pairs: list[tuple[str, str]]) -> None:
        if self._diff.view.hasFocus():
            self.status_changed.emit(pairs)

    def _move(self, key: object) -> None:
        found = self._room.virements if self._room is not None else ()
        one = next((one for one in found if one.virement.row == key), None)
        if one is not None and self._room is not None:
            posted = one.state is State.POSTED
            self._said.setText("What it did" if posted else "What it would do")
            self._diff.set_rows(diff_rows(one, direction(one, self._room), self._room.plan))
            self._diff.show_in(Unit.POUNDS if self._diff.fits(Unit.POUNDS) else Unit.THOUSANDS)
            self._diff.select(self._diff.model.row_at(0).key, f"m{one.virement.month}")
        self.moved.emit(key)

    def take_keyboard(self) -> None:
        """Give the list the keyboard."""
        self.grid.view.setFocus()


def _scheme(room: Room) -> list[GridRow]:
    return [
        GridRow(place, (GridCell(amount), GridCell(str(tier.needed)), GridCell(roles(tier.roles))))
        for place, tier in enumerate(room.tiers)
        for amount in [
            "Any higher amount" if tier.upto_p is None else f"Up to {format_pence(tier.upto_p)}"
        ]
    ]


def _row(one: VirementLine, room: Room) -> GridRow:
    source, target = direction(one, room)
    move = one.virement
    cells = (
        GridCell(one.words, state=_STATES.get(one.state, CellState.OPEN)),
        GridCell(move.amount_p),
        GridCell(source),
        GridCell(target),
        GridCell(month_label(move.fiscal_year, move.month)),
    )
    return GridRow(move.row, cells)


class ApprovalCard(QFrame):
    """Both lines before and after, the reason, who has agreed, and the buttons to agree."""

    approved = Signal(str)
    withdrawn = Signal()
    change_wanted = Signal()
    withdrawal_wanted = Signal()

    def __init__(self, room: Room, plan: Plan | None, one: VirementLine) -> None:
        """Show one virement."""
        super().__init__()
        self.setProperty("panel", "card")
        self.setAccessibleName(f"Virement, {one.words}")
        self.text = QLineEdit()
        lines: list[QWidget | int | None] = [holder(row(_state_chip(one), None))]
        if one.state is not State.POSTED:
            lines.append(holder_of(_moves(room, plan, one)))
            month_p = turned_month(plan, one)
            if month_p is not None:
                said = f"M{one.virement.month} alone would hold {format_pence(month_p)}."
                lines.append(words(said, "caption", "concern", wrap=True))
        lines.append(words(f"“{one.virement.reason}”", wrap=True))
        lines += self._deciding(room, one)
        inside = column(*lines, gap=4)
        inside.setContentsMargins(12, 8, 12, 12)
        self.setLayout(inside)

    def _deciding(self, room: Room, one: VirementLine) -> list[QWidget | int | None]:
        key, rights = one.virement.row, room.rights
        if one.state is State.POSTED:
            return []
        lines: list[QWidget | int | None] = [_said(one)]
        why = rights.approve.get(key)
        buttons: list[QWidget] = []
        if key in rights.approve and why is None:
            self.text.setAccessibleName("Comment on the approval")
            self.text.setPlaceholderText("Comment, if you like")
            lines.append(self.text)
            agree = button("Approve", lambda: self.approved.emit(self.text.text()), "primary")
            buttons.append(agree)
        elif why is not None:
            lines.append(words(f"{why.words} {why.remedy}", "caption", "secondary", wrap=True))
        if key in rights.withdraw:
            buttons.append(button("Take approval back", self.withdrawn.emit))
        if key in rights.own:
            buttons.append(button("Change…", self.change_wanted.emit))
            buttons.append(button("Withdraw…", self.withdrawal_wanted.emit))
        if buttons:
            lines += [4, holder(row(*buttons, None))]
        return lines


def _state_chip(one: VirementLine) -> QWidget:
    short = one.words if len(one.words) < 32 else one.state.value.replace("_", " ").capitalize()  # noqa: PLR2004 what a narrow inspector holds
    return chip(short, _TONES.get(one.state, "concern"))


def _said(one: VirementLine) -> QWidget:
    needs = f"Needs {people(one.needed)} by {roles(one.roles)}; {one.counted} given."
    said = needs if one.needed else one.words
    if one.possible_split:
        said += " Several moves between these lines count together."
    return words(said, "caption", wrap=True)


def _moves(room: Room, plan: Plan | None, one: VirementLine) -> QGridLayout:
    cells = QGridLayout()
    cells.setContentsMargins(0, 0, 0, 0)
    cells.setVerticalSpacing(0)
    names = direction(one, room)
    for place, (name, now_p, change_p) in enumerate(held_sides(plan, one, names)):
        after: Ink = "concern" if now_p + change_p < 0 else "primary"
        cells.addWidget(words(name, "caption", "secondary", wrap=True), 2 * place, 0)
        amounts = row(
            words(f"{format_pence(now_p)} →", "caption", "secondary"),
            words(format_pence(now_p + change_p), "captionStrong", after),
            None,
            gap=4,
        )
        cells.addWidget(holder(amounts), 2 * place + 1, 0)
    return cells


def virement_subject(
    desk: Desk, room: Room, one: VirementLine, signed: tuple[Signed, ...], card: ApprovalCard
) -> Subject:
    """Return what the inspector says of a virement."""
    move = one.virement
    linked = [
        Linked(f"Journal #{found.number}", found.words, Where("journals", journal=found.number))
        for found in room.journals
        if found.number == one.journal
    ]
    return Subject(
        f"Virement, {month_label(move.fiscal_year, move.month)}, "
        f"{move.recurrence.replace('_', '-')}",
        format_pence(move.amount_p),
        lambda: card,
        history=entries(signed, desk, _TELLING),
        linked=linked,
        may_note=False,
    )
