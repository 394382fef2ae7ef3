"""The ledger: its journals, the lines a figure adds up from, and one journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.queries import Entry, LedgerCheck, PostedJournal, PostedLine
from collabdesk.services.budgets.room import Room
from collabdesk.ui.budgets.folding import Folding
from collabdesk.ui.budgets.wording import (
    ACCOUNTS,
    JOURNAL_KINDS,
    counted,
    laptop,
    month_label,
    trust,
    when,
)
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import Grid, GridCell, GridColumn, GridRow, Kind, RowKind
from collabdesk.ui.inspector import HistoryEntry, Subject
from collabdesk.ui.parts import chip, column, emptied, holder, panel, row, words
from collabdesk.ui.theme import Look

AT_ONCE: Final = 1_000
"""How many rows are shown before the window answers again."""
_MONEY: Final = Kind.MONEY
_JOURNALS: Final = (
    GridColumn("number", "Journal"),
    GridColumn("kind", "Kind"),
    GridColumn("amount", "Moved", kind=_MONEY),
    GridColumn("month", "Posted in"),
    GridColumn("check", "Check"),
    GridColumn("when", "Signed"),
    GridColumn("words", "What"),
)
_ENTRIES: Final = (
    GridColumn("number", "Journal"),
    GridColumn("line", "Line"),
    GridColumn("month", "Month"),
    GridColumn("amount", "Amount", kind=_MONEY, signed=True),
    GridColumn("kind", "Kind"),
    GridColumn("words", "What"),
)
_LINES: Final = (
    GridColumn("account", "Account"),
    GridColumn("line", "Line"),
    GridColumn("month", "Month"),
    GridColumn("debit", "Debit", kind=_MONEY),
    GridColumn("credit", "Credit", kind=_MONEY),
    GridColumn("kind", "Kind"),
)


class _Listed(QWidget):
    """A heading with what was checked, over a grid that is only read."""

    drilled = Signal(object)
    back = Signal()
    moved = Signal(object)
    status_changed = Signal(list)
    said = Signal(str)

    def __init__(self, look: Look, title: str, columns: Sequence[GridColumn]) -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self.grid = Grid(look, title, columns)
        self._head: QHBoxLayout = row(gap=8)
        self._head.setContentsMargins(16, 8, 16, 8)
        bar = panel("toolStrip")
        bar.setLayout(self._head)
        self.box = column(bar, self.grid, gap=0)
        self.box.setStretch(1, 1)
        self.setLayout(self.box)
        self._money = next(one.key for one in columns if one.kind is _MONEY)
        self._coming: Iterator[GridRow] = iter(())
        self._sought: tuple[object, object] | None = None
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._go_on)
        self.grid.drilled.connect(lambda key, _column: self.drilled.emit(key))
        self.grid.current_changed.connect(lambda key, _column: self.moved.emit(key))
        self.grid.status_changed.connect(self.status_changed)
        self.grid.said.connect(self.said)
        _key(self, "Backspace", self.back.emit)

    @property
    def current(self) -> object:
        """The key of the current row."""
        at = self.grid.view.currentIndex()
        return self.grid.model.row_at(at.row()).key if at.isValid() else None

    def say(self, *parts: QLabel) -> None:
        """Show words and chips over the grid."""
        emptied(self._head)
        short, long = parts[:-1], parts[-1:]
        self._head.addWidget(Folding(holder(row(*short, None)), *long) if short else long[0])
        self._head.addStretch(1)

    def list(self, rows: Iterable[GridRow], totals: Sequence[GridRow] = ()) -> None:
        """Show rows and totals; the current one stays.

        Of very many the first are shown at once and the others in turns of the window's loop.
        """
        key = self.current
        self._coming = iter(rows)
        first = list(islice(self._coming, AT_ONCE))
        self.grid.set_rows(first)
        self.grid.set_totals(totals)
        self._sought = None
        if first and not self.grid.select(key, self._money):
            self.grid.select(first[0].key, self._money)
            self._sought = (first[0].key, key)
        if len(first) == AT_ONCE:
            self._next.start(0)

    def _go_on(self) -> None:
        further = list(islice(self._coming, AT_ONCE))
        self.grid.model.append(further)
        if self._sought is not None and self.current == self._sought[0]:
            self.grid.select(self._sought[1], self._money)
        if len(further) == AT_ONCE:
            self._next.start(0)

    def take_keyboard(self) -> None:
        """Give the grid the keyboard."""
        self.grid.view.setFocus()


class JournalsView(_Listed):
    """Every journal of the year, the newest first, with the check of the whole ledger."""

    def __init__(self, look: Look) -> None:
        """List nothing yet."""
        super().__init__(look, "Journals", _JOURNALS)
        self._room: Room | None = None
        self._said = words("", "heading")
        self._lines = Grid(look, "Lines of the current journal", _LINES, strip=False)
        self._below = holder(
            column(holder(row(self._said, None), 16, 12, 16, 4), self._lines, gap=0)
        )
        self.box.addWidget(self._below, 1)
        self.box.setStretch(1, 0)
        self._lines.status_changed.connect(self.status_changed)
        self.grid.current_changed.connect(lambda key, _column: self._show_lines(key))

    def show_room(self, room: Room) -> None:
        """Show the journals of the year on show."""
        said = words(room.check.stamp.words, "heading")
        self.say(said, *check_chips(room.check))
        self._room = room
        wrong = frozenset((*room.check.unbalanced, *room.check.broken))
        self.list(_journal(one, wrong=one.number in wrong) for one in reversed(room.journals))

    def _show_lines(self, number: object) -> None:
        room = self._room
        found = room.journals if room is not None else ()
        journal = next((one for one in found if one.number == number), None)
        self._below.setVisible(journal is not None)
        if journal is not None and room is not None:
            self._said.setText(f"Journal #{journal.number}, line by line")
            self._lines.set_rows([_posted(line, journal, room) for line in _shown(journal)])
            self._lines.set_totals([_both_sides(journal)])


class FigureView(_Listed):
    """The ledger lines that add up to a figure."""

    def __init__(self, look: Look) -> None:
        """List nothing yet."""
        super().__init__(look, "Ledger lines of the figure", _ENTRIES)

    def show_entries(self, title: str, entries: Sequence[Entry], trusts: Mapping[str, str]) -> None:
        """Show the lines with their sum."""
        self.say(words(title, "heading"), words(_add_up(len(entries)), ink="secondary"))
        blank = GridCell()
        sum_p = sum(one.line.amount_p for one in entries)
        total = (GridCell("Total"), blank, blank, GridCell(sum_p), blank, blank)
        self.list(
            [_entry(place, one, trusts) for place, one in enumerate(entries)],
            [GridRow("total", total, RowKind.TOTAL)],
        )


class JournalView(_Listed):
    """One journal: both sides, and that they balance."""

    def __init__(self, look: Look, desk: Desk) -> None:
        """List nothing yet."""
        super().__init__(look, "Lines of the journal", _LINES)
        self._desk = desk

    def show_journal(self, room: Room, journal: PostedJournal) -> None:
        """Show a journal."""
        author = journal.author
        self.say(
            words(f"Journal #{journal.number}", "heading"),
            _balance(journal),
            words(f"{journal.words} · {self._desk.who(author)}, {when(author)}", ink="secondary"),
        )
        made = [_posted(line, journal, room) for line in _shown(journal)]
        self.list(made, [_both_sides(journal)])


def check_chips(check: LedgerCheck) -> tuple[QLabel, ...]:
    """Say in chips what re-reading the ledger found."""
    if not check.journals:
        return (chip("Nothing posted yet"),)
    if check.holds:
        return (
            chip("Every journal balances", "good"),
            _links(check),
            chip("The parts add up to the envelope", "good"),
        )
    found = (
        *(f"Journal #{number} does not balance" for number in check.unbalanced),
        *(f"The link of journal #{number} does not fit" for number in check.broken),
        *(f"{year} does not add up to its envelope" for year in check.years_out),
    )
    return tuple(chip(words_, "danger") for words_ in found)


def _links(check: LedgerCheck) -> QLabel:
    if check.checked_to < check.stamp.number:
        return chip(f"Links fit up to #{check.checked_to:,}; the rest is being checked")
    return chip("Every link fits", "good")


def _shown(journal: PostedJournal) -> list[PostedLine]:
    return [line for line in journal.lines if line.amount_p]


def _both_sides(journal: PostedJournal) -> GridRow:
    debit = sum(line.amount_p for line in journal.lines if line.amount_p > 0)
    credit = -sum(line.amount_p for line in journal.lines if line.amount_p < 0)
    blank = GridCell()
    cells = (GridCell("Total"), blank, blank, GridCell(debit), GridCell(credit), blank)
    return GridRow("total", cells, RowKind.TOTAL)


def _balance(journal: PostedJournal) -> QLabel:
    out_p = sum(line.amount_p for line in journal.lines)
    return chip("Balances", "good") if not out_p else chip("Does not balance", "danger")


def _journal(journal: PostedJournal, *, wrong: bool) -> GridRow:
    moved_p = sum(line.amount_p for line in journal.lines if line.amount_p > 0)
    cells = (
        GridCell(f"#{journal.number}"),
        GridCell(JOURNAL_KINDS.get(journal.kind, journal.kind.capitalize())),
        GridCell(moved_p),
        GridCell(month_label(journal.fiscal_year, journal.posting_month)),
        GridCell("Does not fit" if wrong else "Balances"),
        GridCell(when(journal.author)),
        GridCell(journal.words),
    )
    return GridRow(journal.number, cells)


def _entry(place: int, entry: Entry, trusts: Mapping[str, str]) -> GridRow:
    journal, line = entry.journal, entry.line
    name = entry.name.removesuffix(line.provider) + trust(line.provider, trusts)
    cells = (
        GridCell(f"#{journal.number}"),
        GridCell(name),
        GridCell(month_label(journal.fiscal_year, line.month) if line.month else ""),
        GridCell(line.amount_p),
        GridCell(JOURNAL_KINDS.get(journal.kind, journal.kind.capitalize())),
        GridCell(journal.words),
    )
    return GridRow((journal.number, place), cells)


def _posted(line: PostedLine, journal: PostedJournal, room: Room) -> GridRow:
    names = {one.row: one.name for one in room.lines}
    at = f", {trust(line.provider, room.trusts)}" if line.provider else ""
    cells = (
        GridCell(ACCOUNTS.get(line.account, line.account.capitalize())),
        GridCell(names.get(line.service_line or b"", "") + at),
        GridCell(month_label(journal.fiscal_year, line.month) if line.month else ""),
        GridCell(line.amount_p if line.amount_p > 0 else None),
        GridCell(-line.amount_p if line.amount_p < 0 else None),
        GridCell(line.recurrence.replace("_", "-").capitalize()),
    )
    return GridRow(line.row, cells)


def _add_up(number: int) -> str:
    return f"adds up from {counted(number, 'ledger line')}"


def _key(widget: QWidget, keys: str, do: Callable[[], object]) -> None:
    shortcut = QShortcut(QKeySequence(keys), widget)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(do)


def journal_subject(desk: Desk, journal: PostedJournal) -> Subject:
    """Return what the inspector says of a journal."""
    moved_p = sum(line.amount_p for line in journal.lines if line.amount_p > 0)
    member = desk.people.get(journal.author.device)
    entry = HistoryEntry(
        before="",
        after=f"Ledger #{journal.number}",
        person=member.role if member else "Unknown person",
        trust=member.organisation_name if member else "unknown laptop",
        when=when(journal.author),
        laptop=laptop(journal.author, desk),
        verified=bool(journal.author.segment),
        what="Posted by the keeper of the ledger",
    )
    kind = JOURNAL_KINDS.get(journal.kind, journal.kind.capitalize())
    place = f"{kind}, {month_label(journal.fiscal_year, journal.posting_month)}"
    heading = f"Journal #{journal.number}: {format_pence(moved_p)} on each side"
    return Subject(place, heading, history=[entry], may_note=False)
