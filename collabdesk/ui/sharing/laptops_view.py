"""One partner's people and laptops, and what can be decided about the one chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow
from collabdesk.ui.grid.whole import put, whole_rows
from collabdesk.ui.parts import Elided, button, column, follow, give_icon, holder, row, words
from collabdesk.ui.sharing.standing_words import ago_words, seen_words, silence_of, silent_words
from collabdesk.ui.theme import Look
from collabdesk.ui.theme.tokens import LARGE_TEXT, Theme

if TYPE_CHECKING:
    from collabdesk.services.control.people import Seated
    from collabdesk.services.sharing.standing import Laptop

COLUMNS: Final = (
    GridColumn("laptop", "Laptop"),
    GridColumn("person", "Person"),
    GridColumn("seen", "Has seen up to"),
    GridColumn("heard", "Last heard"),
    GridColumn("standing", "Standing"),
)
INVITE: Final = "Invite a laptop…"


@dataclass(frozen=True)
class Possible:
    """A decision about the laptop chosen: its words, and why it cannot be taken here."""

    key: str
    words: str
    why_off: Callable[[Seated], str] = field(default=lambda _: "")


def _not_ours(seat: Seated) -> str:
    if seat.use == "retired":
        return "This laptop is retired."
    if not seat.ours:
        return f"An administrator of {seat.organisation_name} does this on their laptop."
    return ""


def _nobody_of_ours(seat: Seated) -> str:
    return "" if seat.ours else _not_ours(seat)


def _not_here(seat: Seated) -> str:
    return _not_ours(seat) or (
        "Another administrator's laptop does this to this one." if seat.mine else ""
    )


def _not_suspended(seat: Seated) -> str:
    if seat.use == "retired":
        return "This laptop is retired."
    if seat.mine:
        return "A laptop cannot suspend itself."
    return "It is suspended already." if seat.use == "suspended" else ""


POSSIBLE: Final = (
    Possible("replace", "Replace a lost laptop…", _nobody_of_ours),
    Possible("roles", "Change roles…", _not_ours),
    Possible("suspend", "Suspend…", _not_suspended),
    Possible("retire", "Retire…", _not_here),
)


class LaptopsView(QWidget):
    """A heading, what can be decided, and the table of laptops."""

    wanted = Signal(str, object)
    """A decision about a laptop: its key, and the laptop as listed."""

    def __init__(self, look: Look, invite: Callable[[], object]) -> None:
        """List nobody before a partner is chosen."""
        super().__init__()
        self._look = look
        self._seats: dict[object, Seated] = {}
        self.grid = Grid(look, "Laptops", COLUMNS, strip=False)
        self.name = Elided("", "heading")
        self.said = words("", "caption", "secondary", wrap=True)
        self.buttons: Mapping[str, QPushButton] = {
            one.key: button(one.words, self._ask(one.key), small=True) for one in POSSIBLE
        }
        self.invite = button(INVITE, invite, small=True)
        give_icon(look, self.invite, "add")
        self._doing = row(*self.buttons.values(), self.invite)
        head = row(self.name, holder(self._doing))
        head.setStretch(0, 1)
        self._head = head
        self.setLayout(
            column(holder(head, 16, 4, 16, 4), self.grid, holder(row(self.said), 16, 4, 16, 8))
        )
        self.grid.current_changed.connect(lambda key, _column: self._choose(key))
        follow(look, self, self._fit)
        self._choose(None)

    def _fit(self, theme: Theme) -> None:
        large = theme.text_size >= LARGE_TEXT
        for layout in (self._head, self._doing):
            down, across = layout.Direction.TopToBottom, layout.Direction.LeftToRight
            layout.setDirection(down if large else across)

    def _ask(self, key: str) -> Callable[[], None]:
        def ask() -> None:
            seat = self.chosen
            if seat is not None:
                self.wanted.emit(key, seat)

        return ask

    @property
    def chosen(self) -> Seated | None:
        """The laptop chosen in the table."""
        at = self.grid.view.currentIndex()
        return self._seats.get(self.grid.model.row_at(at.row()).key) if at.isValid() else None

    def show_partner(
        self, name: str, seats: Sequence[Seated], heard: Mapping[bytes, Laptop], now_ms: int
    ) -> None:
        """List a partner's laptops; the one chosen before stays chosen."""
        self.name.say(name)
        self._seats = {seat.key: seat for seat in seats}
        several = len({seat.organisation for seat in seats}) > 1
        rows = [_row(seat, heard.get(seat.key), now_ms, trust=several) for seat in seats]
        put(self.grid, rows)
        self.grid.measure()
        whole_rows(self._look, self.grid, len(rows))
        self._choose(self.chosen.key if self.chosen else None)

    def _choose(self, key: object) -> None:
        seat = self._seats.get(key)
        for one in POSSIBLE:
            why = one.why_off(seat) if seat else "Choose a laptop first."
            self.buttons[one.key].setEnabled(not why)
            self.buttons[one.key].setToolTip(why)
        self.said.setText(_about(seat) if seat else "")


def _about(seat: Seated) -> str:
    said = f"{seat.label} may act as {seat.roles_said}."
    if seat.signs:
        said += f" It signs for {seat.organisation_name}."
    return said


def _row(seat: Seated, laptop: Laptop | None, now_ms: int, *, trust: bool) -> GridRow:
    heard = laptop.heard_ms if laptop else 0
    behind = laptop.behind if laptop else 0
    gone = seat.use == "retired"
    cells = (
        GridCell(f"{seat.label} (this one)" if seat.mine else seat.label),
        GridCell(f"{seat.person}, {seat.organisation_name}" if trust else seat.person),
        GridCell("" if gone else "Not heard yet" if not heard else seen_words(behind)),
        GridCell("") if gone else _heard(heard, now_ms, mine=seat.mine),
        _standing(seat),
    )
    faded = CellState.CLOSED if gone else CellState.OPEN
    return GridRow(seat.key, tuple(cell.marked(faded) for cell in cells))


def _heard(heard_ms: int, now_ms: int, *, mine: bool) -> GridCell:
    if mine:
        return GridCell("Now")
    silence = silence_of(heard_ms, now_ms) if heard_ms else None
    if silence is None:
        return GridCell(ago_words(heard_ms, now_ms))
    return GridCell(silent_words(heard_ms, now_ms), state=CellState.CONCERN)


def _standing(seat: Seated) -> GridCell:
    if seat.use == "retired":
        return GridCell("Retired")
    if seat.use == "suspended":
        return GridCell("Suspended", state=CellState.CONCERN)
    said = ["Keeps the ledger"] if seat.keeps_ledger else []
    said += ["signs" if said else "Signs"] if seat.signs else []
    return GridCell(", ".join(said))
