"""One pilot: where it stands, what comes next, and what is stated about it and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea

from collabdesk.domain.periods import date_words
from collabdesk.domain.pilots.lifecycle import PilotState
from collabdesk.services.pilots.queries import (
    NOT_STATED,
    FigureLine,
    PilotPage,
    ProgrammeLine,
)
from collabdesk.ui.form import holder_of
from collabdesk.ui.grid import CellState, Grid, GridCell, GridColumn, GridRow, Kind
from collabdesk.ui.grid.whole import whole_rows
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import Ink, button, chip, column, emptied, holder, row, words
from collabdesk.ui.pilots.lifecycle_path import LifecyclePath

COLUMNS: Final = (
    GridColumn("name", "What is stated", strong=True),
    GridColumn("figure", "Figure"),
    GridColumn("about", "About"),
    GridColumn("source", "Where it is said"),
)
PROGRAMMES: Final = (
    GridColumn("title", "Programme", strong=True),
    GridColumn("kind", "Sort"),
    GridColumn("pilots", "Pilots", kind=Kind.NUMBER),
    GridColumn("host", "Host"),
    GridColumn("source", "Announced in"),
)


class RecordView(QScrollArea):
    """The record of the pilot the cursor is on."""

    move_wanted = Signal(object, str)
    """The pilot's row and the state it shall move to."""

    def __init__(self, around: Surroundings) -> None:
        """Show nothing yet."""
        super().__init__()
        self._look = around.look
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._head, self._moves = row(gap=8), row(gap=8)
        self.path = LifecyclePath(around.look)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(8)
        self._facts.setColumnStretch(1, 1)
        self._facts.setContentsMargins(0, 0, 0, 0)
        self.figures = Grid(around.look, "Figures stated", COLUMNS, strip=False)
        self.programmes = Grid(around.look, "Programmes", PROGRAMMES, strip=False)
        facts = holder(column(holder_of(self._facts), None), 16, 8, 16, 8)
        whole = column(
            holder(self._head, 16, 12, 16, 0),
            holder(row(self.path), 16, 8, 16, 0),
            holder(self._moves, 16, 4, 16, 4),
            facts,
            self.figures,
            holder(row(words("Programmes", "heading"), None), 16, 8, 16, 4),
            self.programmes,
            None,
            gap=0,
        )
        inside = holder(whole)
        inside.setProperty("ground", "page")
        self.setWidget(inside)

    def show_page(
        self, page: PilotPage, why_shut: str, programmes: Sequence[ProgrammeLine]
    ) -> None:
        """Show a pilot over the programmes; `why_shut` says why it cannot be moved here."""
        line = page.line
        state = PilotState(line.pilot.state)
        emptied(self._head)
        name = line.name if line.name != NOT_STATED else "Name not stated"
        title = words(f"{line.pilot.reference}: {name}", "heading", wrap=True)
        self._head.addWidget(title, 1)
        if line.contested:
            self._head.addWidget(chip("Contested", "contested"))
        waits = f"{line.state.capitalize()}: waits for {line.waits_for}" if line.waits_for else ""
        self._head.addWidget(chip(waits or line.state.capitalize(), "neutral"))
        self.path.show_state(state)
        self._show_moves(page, why_shut)
        self._show_facts(page)
        rows = [
            *(_row(one, "This pilot") for one in page.figures),
            *(_row(one, "Its programme") for one in page.programme_figures),
        ]
        self.figures.set_rows(rows)
        self.figures.setVisible(bool(rows))
        whole_rows(self._look, self.figures, len(rows))
        self.programmes.set_rows([_programme(one) for one in programmes])
        whole_rows(self._look, self.programmes, len(programmes))

    def _show_moves(self, page: PilotPage, why_shut: str) -> None:
        emptied(self._moves)
        if not page.next_states:
            said = "Its life has ended; nothing comes next."
            self._moves.addWidget(words(said, ink="secondary"))
        else:
            self._moves.addWidget(words("Move on to", ink="secondary"))
        for state, said in page.next_states:
            move = partial(self.move_wanted.emit, page.line.pilot.row, state)
            one = button(said.capitalize(), move, small=True)
            one.setAccessibleName(f"Move to {said}")
            one.setEnabled(not why_shut)
            one.setToolTip(why_shut)
            self._moves.addWidget(one)
        if why_shut and page.next_states:
            self._moves.addWidget(words(why_shut, "caption", "secondary"))
        self._moves.addStretch(1)

    def _show_facts(self, page: PilotPage) -> None:
        emptied(self._facts)
        pilot, programme = page.line.pilot, page.programme
        runs = " to ".join(date_words(d) if d else "?" for d in (pilot.start, pilot.end))
        facts = (
            ("Programme", f"{programme.title}, {programme.host or 'host not stated'}"),
            ("Announced in", programme.source),
            ("Lead", page.line.lead),
            ("Partners", pilot.partners),
            ("Theme", page.line.theme),
            ("For whom", pilot.population),
            ("Idea", pilot.idea),
            ("Aims", pilot.aims),
            ("Runs", runs.replace("?", NOT_STATED) if pilot.start or pilot.end else ""),
        )
        for place, (name, said) in enumerate(facts):
            label = words(name, "captionStrong", "secondary")
            self._facts.addWidget(label, place, 0, Qt.AlignmentFlag.AlignTop)
            ink: Ink = "secondary" if said in {"", NOT_STATED} else "primary"
            text = words(first_up(said or NOT_STATED), ink=ink, wrap=True)
            self._facts.addWidget(text, place, 1)


def first_up(said: str) -> str:
    """Return words with a capital at their head."""
    return said[:1].upper() + said[1:]


def _programme(line: ProgrammeLine) -> GridRow:
    programme = line.programme
    cells = (
        GridCell(programme.title),
        GridCell(first_up(programme.kind.replace("_", " "))),
        GridCell(line.pilots),
        GridCell(programme.host or first_up(NOT_STATED)),
        GridCell(programme.source or first_up(NOT_STATED)),
    )
    return GridRow(programme.row, cells)


def _row(figure: FigureLine, about: str) -> GridRow:
    state = CellState.CONTESTED if figure.contested else CellState.OPEN
    cells = (
        GridCell(figure.name),
        GridCell(first_up(figure.words), state=state),
        GridCell(about),
        GridCell(first_up(figure.source)),
    )
    return GridRow(figure.figure.row, cells)
