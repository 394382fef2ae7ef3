"""Reports: the papers of each year, made from what the pages show; and what pages give away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QDialog, QWidget

from collabdesk.services.budgets.papers.export_formats import FORMATS, PACK_FORMATS, Format
from collabdesk.services.budgets.papers.pack_asked import PaperYear, paper_years
from collabdesk.ui.budgets.export_dialog import ExportDialog
from collabdesk.ui.budgets.scrolled import Scrolled
from collabdesk.ui.messages import Action
from collabdesk.ui.page import Heading, Page, PageAction, Surroundings
from collabdesk.ui.parts import Picture, button, column, holder, panel, row, rule, words
from collabdesk.ui.states import EmptyState, Shape, Way

if TYPE_CHECKING:
    from collabdesk.services.budgets.papers.exporting import Written
    from collabdesk.services.notices import Notice
    from collabdesk.ui.desk import Desk

_PACK: Final = PACK_FORMATS[0]
_YEAR: Final = next(one for one in FORMATS if one.key == "pdf")
_BOOK: Final = next(one for one in FORMATS if one.key == "xlsx")
_TABLES: Final = frozenset({"budget_version", "journal", "month_state"})
_PAPERS: Final = (
    (
        _PACK,
        "Board pack",
        (
            "Headline, service lines, activity, risks, investments and savings, decisions asked "
            "for, virements with their approvers, reconciliation; the risk share only when you "
            "add it. PDF, Word or Excel."
        ),
        "Make the board pack…",
    ),
    (
        _YEAR,
        "Budget of the year",
        "Where the envelope stands, every line at every provider, the months across. PDF or Word.",
        "Make the paper…",
    ),
    (
        _BOOK,
        "Workbook of the year",
        "Every posting as values, and a report that adds them up by formulas.",
        "Make the workbook…",
    ),
)
_ELSEWHERE: Final = (
    (
        "improvement",
        "Charts of a project",
        "Save a run chart as PNG or SVG, or copy it: its footer says source and period.",
    ),
    (
        "metrics",
        "Comparison of trusts",
        "Save the league chart as PNG or SVG, or copy its table into a spreadsheet.",
    ),
)


class ReportsPage(Page):
    """The place of papers: each year's with the ledger it would be stamped with."""

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """Listen for changes of the ledger."""
        super().__init__(around, "Reports")
        self.dialog: QDialog | None = None
        self.saved = words("", "bodyStrong", wrap=True)
        self._desk = desk
        self._years: tuple[PaperYear, ...] = ()
        desk.noticed.connect(self._hear)

    def arrive(self, _within: object = None) -> None:
        """Read which years papers can be made of."""
        workspace = self._desk.workspace
        self.fill(lambda: workspace.query(paper_years), self._show_years, "Reading the ledger")

    def ask(self, year: PaperYear, paper: Format) -> None:
        """Ask what the paper shall hold and where it goes."""
        dialog = ExportDialog(self.around, self._desk, year.fiscal_year, self.window(), paper)
        dialog.exported.connect(self._written)
        dialog.finished.connect(lambda _how: dialog.deleteLater())
        self.dialog = dialog
        dialog.open()

    def _hear(self, notice: Notice) -> None:
        if self.isVisible() and _TABLES & notice.changed.keys():
            self.arrive()

    def _written(self, written: Written) -> None:
        self.saved.setText(f"{written.words}, in {written.path.parent}.")
        self.saved.setVisible(True)

    def _show_years(self, years: tuple[PaperYear, ...]) -> None:
        if not years:
            self.heading = Heading("Reports")
            self.show_empty(self._empty())
        elif years != self._years or self.state != "full":
            self._years = years
            self.saved = words("", "bodyStrong", wrap=True)
            self.saved.setVisible(False)
            self.heading = self._head(years[0])
            self.show_full(self._content(years))

    def _head(self, newest: PaperYear) -> Heading:
        make = PageAction("Make the board pack…", lambda: self.ask(newest, _PACK))
        return Heading("Reports", f"{newest.fiscal_year} · {newest.stamp}", primary=make)

    def _content(self, years: tuple[PaperYear, ...]) -> QWidget:
        parts = [self.saved, *(self._year(year) for year in years), self._others()]
        box = column(*parts, None, gap=16)
        box.setContentsMargins(24, 16, 24, 16)
        return Scrolled(holder(box))

    def _year(self, year: PaperYear) -> QWidget:
        lines: list[QWidget] = [
            words(f"Papers of {year.fiscal_year}", "heading"),
            words(f"Each page says: {year.stamp}.", ink="secondary", wrap=True),
        ]
        for paper, title, said, verb in _PAPERS:
            make = button(verb, partial(self.ask, year, paper))
            make.setAccessibleName(f"{verb.removesuffix('…')}, {year.fiscal_year}")
            lines += [rule(), self._line("reports", title, said, make)]
        return _card(lines)

    def _others(self) -> QWidget:
        lines: list[QWidget] = [words("From the other pages", "heading")]
        for place, title, said in _ELSEWHERE:
            go = self._open(place)
            lines += [rule(), self._line(place, title, said, button(go.words, go.do))]
        return _card(lines)

    def _line(self, icon: str, title: str, said: str, verb: QWidget) -> QWidget:
        text = holder(
            column(words(title, "bodyStrong"), words(said, ink="secondary", wrap=True), gap=0)
        )
        inside = row(Picture(self.look, icon, "mark.accent", "icon.lead"), text, verb, gap=16)
        inside.setStretch(1, 1)
        return holder(inside, 0, 4, 0, 4)

    def _open(self, place: str) -> Action:
        return Action(f"Open {place.capitalize()}", lambda: self.go.emit(place, None))

    def _empty(self) -> EmptyState:
        return EmptyState(
            "There is no ledger to report on yet",
            "Papers are made of the posted budget: agree a version of it first. Every figure of a "
            "paper is one that the pages show, stamped with its ledger.",
            first=self._open("budgets"),
            ways=tuple(
                Way(place, title, said, self._open(place)) for place, title, said in _ELSEWHERE
            ),
            shape=Shape(
                ("Paper", "Ledger", "Made"),
                tuple(title for _, title, _, _ in _PAPERS),
                "Each page says which ledger its figures are of.",
            ),
        )


def _card(lines: list[QWidget]) -> QWidget:
    card = panel("card")
    inside = column(*lines, gap=8)
    inside.setContentsMargins(16, 12, 16, 12)
    card.setLayout(inside)
    return card
