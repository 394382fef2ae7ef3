"""The forecast: every line by its method, what moved it, and what may still come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

from PySide6.QtWidgets import QStackedWidget, QWidget

from collabdesk.domain.budgets.forecast import Method
from collabdesk.domain.money import format_pounds
from collabdesk.services.budgets.forecast.forecast_commands import (
    ChooseForecasts,
    CloseRisk,
    ForecastChoice,
    GiveReasons,
    KeepForecast,
    MovementReason,
)
from collabdesk.services.budgets.forecast.outturn import ForecastLine, Outturn, RiskLine, outturn
from collabdesk.services.budgets.papers.audit_stops import Stop, Worked, of_line, spent
from collabdesk.ui.budgets import forecast_forms as forms
from collabdesk.ui.budgets.forecast_rows import (
    MOVEMENT,
    RISKS,
    LineKey,
    called,
    columns,
    movement_foot,
    movement_rows,
    risk_foot,
    risk_row,
    rows,
    told,
    total,
)
from collabdesk.ui.budgets.forecast_words import RISK_TELLING, TELLING, method_of, reason_of
from collabdesk.ui.budgets.part_view import About, PartView
from collabdesk.ui.budgets.places import Figure
from collabdesk.ui.budgets.rows import month_of
from collabdesk.ui.budgets.settling import Disputed, settle_first
from collabdesk.ui.budgets.wording import counted
from collabdesk.ui.desk import Desk
from collabdesk.ui.grid import CellEdit, Grid, Unit
from collabdesk.ui.grid.strip import Segments
from collabdesk.ui.page import PageAction, Surroundings
from collabdesk.ui.parts import Elided, Tone, chip, column, emptied, holder, panel, row
from collabdesk.ui.states import EmptyState, Shape

LINES: Final = "Lines"
WHY: Final = "Movement"
RISK: Final = "Risks and opportunities"
_LEAD_ONLY: Final = "The lead provider forecasts the year."
_WORKED: Final = {
    "outturn": ("Forecast outturn", Worked.LINE_OUTTURN),
    "variance": ("Variance at the year’s end", Worked.AT_YEAR_END),
}
Offers = tuple[tuple[PageAction, ...], PageAction | None]


class ForecastView(PartView):
    """The forecast of the year of the version on show."""

    inspected: ClassVar[bool] = True
    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "forecast",
            "forecast_version",
            "forecast_line",
            "forecast_movement",
            "risk",
            "month_state",
            "contract",
            "policy",
        }
    )

    def __init__(self, around: Surroundings, desk: Desk) -> None:
        """Build what does not depend on the year."""
        super().__init__(around, desk)
        self.found: Outturn | None = None
        self.tabs = Segments("Show", [LINES, WHY, RISK], LINES)
        self._said = Elided("", "caption", "secondary")
        self._chips = row(gap=8)
        self._lines = QWidget()
        self._lines_box = column(gap=0)
        self._lines.setLayout(self._lines_box)
        self.lines: Grid | None = None
        self._kind: tuple[object, ...] | None = None
        self._unit: Unit | None = None
        self.movement = Grid(around.look, "What moved the forecast", MOVEMENT, strip=False)
        self.risks = Grid(around.look, "Risks and opportunities", RISKS, strip=False)
        self._shown = QStackedWidget()
        self._whole = self.unseen(self._built())
        self.tabs.chosen.connect(self._show_tab)
        self.risks.drilled.connect(lambda _key, _column: self.change_risk())
        self.risks.current_changed.connect(lambda _key, _column: self.heading_changed.emit())
        for grid in (self.movement, self.risks):
            grid.status_changed.connect(self.status_changed)
            grid.said.connect(self.said)

    def _built(self) -> QWidget:
        bar = panel("toolStrip")
        line = row(self.tabs, holder(self._chips), self._said, gap=8)
        line.setStretch(2, 1)
        line.setContentsMargins(16, 4, 16, 4)
        bar.setLayout(line)
        for pane in (self._lines, self.movement, self.risks):
            self._shown.addWidget(pane)
        inside = column(bar, self._shown, gap=0)
        inside.setStretch(1, 1)
        made = holder(inside)
        made.setProperty("ground", "page")
        return made

    # Reading

    def read(self) -> None:
        """Read the forecast of the year of the version on show."""
        if self.plan is not None:
            year = self.plan.version.fiscal_year
            self.ask(outturn, year, done=self._take, words="Reading the forecast")

    def _take(self, found: Outturn) -> None:
        self.found = found
        if not found.lines:
            self.show_empty(replace(_empty(found.position.year.label), first=self.to_plan))
            return
        self._show_lines(found)
        self.movement.set_rows(movement_rows(found, self._trusts))
        self.movement.set_totals(movement_foot(found))
        if not self.movement.view.currentIndex().isValid():
            self.movement.view.go_to(0, 0)
        self._show_risks(found)
        self._show_chips(found)
        self.show_full(self._whole)

    def _show_lines(self, found: Outturn) -> None:
        made = rows(found, self._trusts)
        kind = (found.position.year.label, found.month, found.last)
        grid = self.lines
        known = [one.key for one in grid.model.all_rows()] if grid is not None else []
        if grid is not None and kind == self._kind and known == [one.key for one in made]:
            grid.exchange([*made, total(found)])
            return
        at = self.current
        focused = grid is not None and grid.view.hasFocus()
        grid = self._new_lines(found)
        self._kind = kind
        grid.set_rows(made)
        grid.set_totals([total(found)])
        grid.show_in(self._unit or Unit.THOUSANDS)
        if not grid.select(at, "method") and made:
            grid.select(made[0].key, "method")
        if focused:
            grid.view.setFocus()

    @property
    def _trusts(self) -> Mapping[str, str]:
        return self.room.trusts if self.room is not None else {}

    def _new_lines(self, found: Outturn) -> Grid:
        before, self.lines = self.lines, None
        if before is not None:
            before.hide()
            before.deleteLater()
        name = f"Forecast {found.position.year.label}"
        commit = self._commit if self._may else None
        grid = Grid(self.around.look, name, columns(found), commit=commit)
        grid.strip.unit_chosen.connect(self._keep_unit)
        grid.current_changed.connect(lambda _key, _column: self.heading_changed.emit())
        grid.drilled.connect(self._drill)
        grid.status_changed.connect(self.status_changed)
        grid.said.connect(self.said)
        grid.failed.connect(self.failed)
        self._lines_box.addWidget(grid)
        self.lines = grid
        return grid

    def _keep_unit(self, unit: Unit) -> None:
        self._unit = unit
        self.heading_changed.emit()

    def _show_risks(self, found: Outturn) -> None:
        at = self.current_risk
        wanted = self.where.record or (at.row if at is not None else None)
        self.risks.set_rows([risk_row(one) for one in found.risks])
        self.risks.set_totals([risk_foot(found)])
        if self.where.record in {one.row for one in found.risks}:
            self._shown.setCurrentIndex(2)
            self.tabs.show_chosen(RISK)
        if found.risks and not self.risks.select(wanted, "title"):
            self.risks.select(found.risks[0].row, "title")

    def _show_chips(self, found: Outturn) -> None:
        emptied(self._chips)
        marks = _marks(found)
        if marks:
            self._chips.addWidget(chip(*marks[0]))
        ends = found.outlook
        self._said.say(
            f"Forecast {format_pounds(found.outturn_p)} of {format_pounds(found.budget_p)}; "
            f"with what may come {format_pounds(ends.best_p)} to {format_pounds(ends.worst_p)}"
            + (f"; {counted(found.hidden, 'nil line')} hidden" if found.hidden else "")
            + "".join(f". {said}" for said, _ in marks[1:])
            + f". {found.position.as_at}."
        )

    # What is current

    @property
    def tab(self) -> str:
        """The pane on show."""
        return (LINES, WHY, RISK)[self._shown.currentIndex()]

    @property
    def current(self) -> object:
        """The key of the current line."""
        if self.lines is None or not self.lines.view.currentIndex().isValid():
            return None
        return self.lines.model.row_at(self.lines.view.currentIndex().row()).key

    @property
    def _column(self) -> str:
        at = self.lines.view.currentIndex() if self.lines is not None else None
        return self.lines.model.columns[at.column()].key if self.lines and at else ""

    @property
    def line(self) -> ForecastLine | None:
        """The current line."""
        key = self.current
        if self.found is None or not isinstance(key, LineKey):
            return None
        return next(
            (
                one
                for one in self.found.lines
                if (one.key.service_line, one.key.provider) == (key.service_line, key.provider)
            ),
            None,
        )

    @property
    def current_risk(self) -> RiskLine | None:
        """The current risk or opportunity."""
        at = self.risks.view.currentIndex()
        key = self.risks.model.row_at(at.row()).key if at.isValid() else None
        known = self.found.risks if self.found is not None else ()
        return next((one for one in known if one.row == key), None)

    def about(self) -> About | None:
        """Tell who chose the current line's method, or sized the current risk."""
        one, line = self.current_risk, self.line
        if self.tab == RISK and one is not None:
            return About(one.risk.kind.value.capitalize(), one.title, one.row, RISK_TELLING)
        if self.tab == LINES and line is not None:
            place = f"Forecast of {called(line, self._trusts)}"
            return About(place, told(line), line.row, TELLING)
        return None

    def take_keyboard(self) -> None:
        """Give the grid on show the keyboard."""
        grids = {LINES: self.lines, WHY: self.movement, RISK: self.risks}
        grid = grids[self.tab]
        if grid is not None:
            grid.view.setFocus()

    def _show_tab(self, said: str) -> None:
        self._shown.setCurrentIndex((LINES, WHY, RISK).index(said))
        self.take_keyboard()
        self.heading_changed.emit()

    # What it offers

    @property
    def words(self) -> str:
        """Say how far the year is and where it ends."""
        if self.found is None:
            return ""
        month, spread = self.found.month, self.found.budget_p - self.found.outturn_p
        where = f"M{month} closed." if month else "No month closed."
        side = "under" if spread >= 0 else "over"
        return f"{where} {format_pounds(abs(spread))} {side} budget."

    def offers(self) -> Offers:
        """Offer what goes with the pane on show."""
        if self.found is None or not self.found.lines:
            return (), None
        why = "" if self._may else _LEAD_ONLY
        if self.tab == RISK:
            return self._for_risks(why)
        method = PageAction("Method…", self.choose_method, why_off=why)
        if self.line is not None and self.line.contested:
            method = PageAction("Settle…", self.settle, "contested", why)
        line = self.line
        moved = line is not None and line.moved_p
        still = "" if moved else "The forecast of this line did not move."
        explain = PageAction("Explain movement…", self.explain, why_off=why or still)
        month = self.found.month
        off = why or ("" if month else "No month is closed yet.")
        said = f"Keep forecast of M{month}" if month else "Keep forecast"
        return (method, explain), PageAction(said, self.keep, why_off=off)

    def _for_risks(self, why: str) -> Offers:
        add = PageAction("Add risk…", self.add_risk, "add", why)
        one = self.current_risk
        if one is None:
            return (), add
        if one.contested:
            return (add,), PageAction("Settle…", self.settle, "contested", why)
        shut = why or ("" if one.open else "It is closed.")
        change = PageAction("Change…", self.change_risk, why_off=shut)
        close = PageAction("Close risk", self.close_risk, why_off=shut)
        return (change, close), add

    @property
    def _may(self) -> bool:
        me = self.room.me if self.room is not None else None
        return me is not None and me.is_lead

    # Doing

    def choose_method(self) -> None:
        """Ask how the current line is forecast."""
        line = self.line
        if self.found is not None and line is not None:
            self.open(forms.method_form(self.place, self.found, line, called(line, self._trusts)))

    def settle(self) -> None:
        """Ask which of the contested choices of the current line, or risk, shall stand."""
        line, risk = self.line, self.current_risk
        if self.tab == RISK and risk is not None:
            settle_first(self, (Disputed("risk", risk.row, risk.title, risk.contested),))
        elif line is not None and line.row is not None:
            place = f"Forecast of {called(line, self._trusts)}"
            found = (Disputed("forecast", line.row, place, line.contested),)
            settle_first(self, found, self._column)

    def explain(self) -> None:
        """Ask why the current line moved."""
        line = self.line
        if self.found is not None and line is not None and line.moved_p:
            self.open(forms.movement_form(self.place, self.found, line, called(line, self._trusts)))

    def keep(self) -> None:
        """Keep the forecast of the month closed last."""
        if self.found is not None:
            self.do(KeepForecast(self.found.position.year.label))

    def add_risk(self) -> None:
        """Ask for a risk or opportunity."""
        if self.room is not None and self.found is not None:
            year = self.found.position.year.label
            self.open(forms.risk_form(self.place, self.room, year, None))

    def change_risk(self) -> None:
        """Ask for other sizes of the current one."""
        one = self.current_risk
        if self.room is not None and self.found is not None and one is not None and one.open:
            year = self.found.position.year.label
            self.open(forms.risk_form(self.place, self.room, year, one))

    def close_risk(self) -> None:
        """Take the current one out of the outlook."""
        one = self.current_risk
        if one is not None:
            self.do(CloseRisk(one.row))

    def _drill(self, key: object, name: str) -> None:
        """Lead from a figure to what it is made of."""
        line = self.line
        if name == "budget" and line is not None and isinstance(key, LineKey):
            figure = Figure(
                f"Budget of {called(line, self._trusts)}", key.service_line, key.provider
            )
            self.go.emit(replace(self.where, figure=figure))
        elif (name == "ytd" or self._closed(name)) and line is not None:
            self.go.emit(replace(self.where, path=(self._spent(line, name),)))
        elif name in {"moved", "last"}:
            self.explain()
        elif name in _WORKED and line is not None and isinstance(key, LineKey):
            self.go.emit(replace(self.where, path=(self._worked(line, name),)))
        elif name in {"method", "rating"}:
            self.choose_method()

    def _closed(self, name: str) -> bool:
        month = name.removeprefix("m")
        return self.found is not None and month.isdigit() and int(month) <= self.found.month

    def _worked(self, line: ForecastLine, name: str) -> Stop:
        """Return where the drill into what is worked out begins."""
        said, worked = _WORKED[name]
        row = line.key.service_line if isinstance(line.key.service_line, bytes) else b""
        words = f"{said} of {called(line, self._trusts)}"
        return of_line(words, worked, row, line.key.provider)

    def _spent(self, line: ForecastLine, name: str) -> Stop:
        """Return where the drill into what was spent begins."""
        last = self.found.month if self.found is not None else 0
        one = None if name == "ytd" else int(name.removeprefix("m"))
        row = line.key.service_line if isinstance(line.key.service_line, bytes) else b""
        words = f"Spent on {called(line, self._trusts)}"
        return spent(words, row, line.key.provider, one or 1, one or last)

    def _commit(self, edits: list[CellEdit]) -> None:
        found = self.found
        if found is None:
            return
        year = found.position.year.label
        reasons = [
            MovementReason(edit.row.service_line, edit.row.provider, reason_of(str(edit.new)).value)
            for edit in edits
            if edit.column == "reason" and isinstance(edit.row, LineKey) and edit.new
        ]
        if reasons:
            self.do(GiveReasons(year, tuple(reasons)))
        choices = self._choices(edits)
        if not choices:
            return
        known = {(one.key.service_line, one.key.provider): one.reason for one in found.lines}
        bare = [
            one
            for one in choices
            if one.method == Method.MANUAL and not known.get((one.service_line, one.provider))
        ]
        if bare:
            self.open(forms.reason_form(self.place, year, choices))
        else:
            self.do(ChooseForecasts(year, tuple(choices)))

    def _choices(self, edits: list[CellEdit]) -> list[ForecastChoice]:
        """Return one choice for each line that was typed in; an amount is a forecast by hand."""
        methods: dict[LineKey, str] = {}
        months: dict[LineKey, list[tuple[int, int]]] = defaultdict(list)
        for edit in edits:
            month = month_of(edit.column)
            if not isinstance(edit.row, LineKey):
                continue
            if month is not None:
                amount_p = edit.new if isinstance(edit.new, int) else 0
                months[edit.row].append((month, amount_p))
            elif edit.column == "method" and edit.new:
                methods[edit.row] = method_of(str(edit.new)).value
        return [
            ForecastChoice(
                key.service_line,
                key.provider,
                Method.MANUAL.value if key in months else methods[key],
                "",
                tuple(months.get(key, ())),
            )
            for key in dict.fromkeys([*methods, *months])
        ]


def _marks(found: Outturn) -> list[tuple[str, Tone]]:
    """Return what stands out, the most pressing first."""
    made: list[tuple[str, Tone]] = []
    left = len(found.unexplained) if found.last is not None else 0
    if left:
        made.append((f"{counted(left, 'movement')} without a reason", "concern"))
    if found.without:
        made.append((f"{counted(len(found.without), 'line')} without a forecast", "concern"))
    if found.kept:
        made.append((f"Forecast of M{found.month} kept", "good"))
    elif found.kept_p is not None:
        made.append((f"Changed since M{found.month} was kept", "concern"))
    return made


def _empty(year: str) -> EmptyState:
    said = (
        f"Nothing is posted for {year} yet. Once its budget is agreed, each line is forecast here: "
        "what was spent in closed months, and the rest by the method chosen for the line."
    )
    shape = Shape(
        ("Line", "Forecast", "Variance"),
        ("Adult low secure, Nottinghamshire", "Perinatal, Leicestershire"),
        "Agree the budget version of the year first.",
    )
    return EmptyState("No forecast yet", said, shape=shape)
