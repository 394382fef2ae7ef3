"""The planned months of a draft version: lines added, amounts set, totals spread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.domain.budgets.month_states import MonthState, States, check_open, state_of
from collabdesk.domain.budgets.phasing import Profile, weights
from collabdesk.domain.budgets.plan import (
    Edit,
    PlanLine,
    Spread,
    Version,
    add_line,
    month_column,
    set_amounts,
    spread_total,
)
from collabdesk.domain.budgets.providers import check_provider
from collabdesk.domain.budgets.rephasing import rephase
from collabdesk.domain.budgets.settled import check_unchanged
from collabdesk.domain.changes import Cell, Delete, Insert, NewRow, SetCells
from collabdesk.domain.money import format_pence
from collabdesk.domain.organisations import ods_code
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.month_states import states
from collabdesk.services.budgets.commands import (
    AddPlanLine,
    AmountEdit,
    LoadPlan,
    PlannedLine,
    SetPlannedAmounts,
    SpreadTotal,
)
from collabdesk.services.budgets.entered import (
    line_name,
    plan_line_named,
    plan_line_of,
    plan_of,
    providers_known,
    service_line_named,
    service_lines,
    version_named,
    version_of,
)
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import counted
from collabdesk.storage.queries import budgets as stored


def add_plan_line(command: AddPlanLine, reads: Connection, _: Actor) -> Outcome:
    """Add one line to a draft version, its total phased over the months."""
    (insert,) = _inserts(reads, command.version, [command.line])
    line = service_line_named(reads, command.line.service_line, "service_line")
    provider = ods_code(command.line.provider, "provider")
    words = f"{line_name(line, provider)}: {format_pence(command.line.total_p)}"
    row = NewRow(insert.key)
    return Outcome((insert,), (Delete("plan_line", row),), words, ("plan_line", row))


def load_plan(command: LoadPlan, reads: Connection, _: Actor) -> Outcome:
    """Add many lines to a draft version, all or none."""
    inserts = _inserts(reads, command.version, command.lines)
    back = tuple(Delete("plan_line", NewRow(insert.key)) for insert in inserts)
    words = counted(len(inserts), "plan line") + " loaded"
    return Outcome(inserts, back, words, ("budget_version", command.version))


def _inserts(
    reads: Connection, version_row: bytes, wanted: Sequence[PlannedLine]
) -> tuple[Insert, ...]:
    version = version_of(version_named(reads, version_row))
    present = list(plan_of(reads, version_row))
    known, year = providers_known(reads), FiscalYear.parse(version.fiscal_year)
    inserts = []
    for number, line in enumerate(wanted):
        service_line_named(reads, line.service_line, "service_line")
        key = LineKey(line.service_line, ods_code(line.provider, "provider"))
        check_provider(key.provider, known, year)
        spread = _spread(line.total_p, line.profile, line.weights)
        inserts.append(add_line(version, present, key, spread, f"line-{number}"))
        present.append(PlanLine(b"", key, "", ()))
    return tuple(inserts)


def _spread(total_p: int, profile: str, weights: tuple[int, ...]) -> Spread:
    try:
        return Spread(total_p, Profile(profile), weights)
    except ValueError:
        raise Refusal(
            code="not_a_choice",
            words=f"“{profile}” is not a way to phase a total.",
            remedy="Choose equal, working days, calendar days or custom weights.",
            field="profile",
        ) from None


@dataclass(frozen=True, slots=True)
class RefusedEdit:
    """An edit that may not be made, and why; a preview marks its cell."""

    edit: AmountEdit
    why: Refusal


def set_planned_amounts(command: SetPlannedAmounts, reads: Connection, _: Actor) -> Outcome:
    """Set planned amounts, all or none, as one step to undo."""
    sheet = _Sheet(reads, command.edits)
    refused = list(sheet.refused())
    if refused:
        raise _first(refused)
    changes = sheet.changes()
    before = tuple(sheet.before(change) for change in changes)
    return Outcome(changes, before, sheet.words(changes), sheet.record())


def refused_edits(reads: Connection, command: SetPlannedAmounts) -> tuple[RefusedEdit, ...]:
    """Return the edits of a paste that may not be made; nothing is written."""
    return tuple(_Sheet(reads, command.edits).refused())


def _first(refused: Sequence[RefusedEdit]) -> Refusal:
    why = refused[0].why
    if len(refused) == 1:
        return why
    also = counted(len(refused) - 1, "other amount") + " cannot be set either."
    return Refusal(code=why.code, words=f"{why.words} {also}", remedy=why.remedy, field=why.field)


class _Sheet:
    """The edited lines as they stand."""

    def __init__(self, reads: Connection, edits: Iterable[AmountEdit]) -> None:
        self._edits = tuple(edits)
        self._together: tuple[SetCells, ...] | None = None
        self._rows = _whole_plans(reads, [edit.plan_line for edit in self._edits])
        lines = service_lines(reads)
        self._lines = {row: plan_line_of(line, lines) for row, line in self._rows.items()}
        named = {line.version for line in self._rows.values()}
        rows = {version: version_named(reads, version) for version in named}
        self._versions = {row: version_of(version) for row, version in rows.items()}
        self._months = {
            row: FiscalYear.parse(version.fiscal_year).months for row, version in rows.items()
        }
        # A what-if asks what would be; every other draft keeps to what was published.
        self._closed: dict[bytes, States] = {
            row: {} if version.kind == "what_if" else states(reads, version.fiscal_year)
            for row, version in rows.items()
        }

    def refused(self) -> Iterator[RefusedEdit]:
        together = self._may_be_set_together()
        for edit in self._edits:
            try:
                if not together:
                    self._check_alone(edit)
                self._check_month(edit)
            except Refusal as why:
                yield RefusedEdit(edit, why)

    def _may_be_set_together(self) -> bool:
        """Tell at once of a whole paste what is otherwise asked cell by cell."""
        if any(edit.plan_line not in self._lines for edit in self._edits):
            return False
        try:
            self._together = self._set(self._edits)
        except Refusal:
            return False
        return True

    def _set(self, edits: Iterable[AmountEdit]) -> tuple[SetCells, ...]:
        return tuple(
            change
            for version, of_version in self._by_version(edits).items()
            for change in set_amounts(self._versions[version], of_version)
        )

    def _check_alone(self, edit: AmountEdit) -> None:
        if edit.plan_line not in self._lines:
            raise Refusal(
                code="not_here",
                words="This line of the plan is not here: it was deleted, or has not arrived yet.",
                remedy="Look at the page again, and share to fetch what others have changed.",
                field="plan_line",
            )
        line = self._lines[edit.plan_line]
        set_amounts(self._version(edit.plan_line), [Edit(line, edit.month, edit.amount_p)])

    def _check_month(self, edit: AmountEdit) -> None:
        version, line = self._version(edit.plan_line), self._lines[edit.plan_line]
        now_p = line.months_p[edit.month - 1]
        # Of ten thousand cells few are asked more: what is said of one is not worked out for all.
        if now_p == edit.amount_p and edit.seen_p is None:
            return
        month, column = self._months[version.row][edit.month - 1], month_column(edit.month)
        if now_p != edit.amount_p:
            check_open(month, self._closed[version.row], column)
        if edit.seen_p is not None and edit.seen_p != now_p:
            check_unchanged(f"{month.label} of {line.name}", edit.seen_p, now_p, column)

    def _version(self, row: bytes) -> Version:
        return self._versions[self._rows[row].version]

    def changes(self) -> tuple[SetCells, ...]:
        changed = [
            edit
            for edit in self._edits
            if self._lines[edit.plan_line].months_p[edit.month - 1] != edit.amount_p
        ]
        if self._together is not None and len(changed) == len(self._edits):
            return self._together
        return self._set(changed)

    def _by_version(self, edits: Iterable[AmountEdit]) -> dict[bytes, list[Edit]]:
        found: dict[bytes, list[Edit]] = {}
        for edit in edits:
            made = Edit(self._lines[edit.plan_line], edit.month, edit.amount_p)
            found.setdefault(self._rows[edit.plan_line].version, []).append(made)
        return found

    def before(self, change: SetCells) -> SetCells:
        return _as_it_stood(self._rows[_row(change)], change)

    def words(self, changes: Sequence[SetCells]) -> str:
        cells = [(change, name) for change in changes for name in change.cells if name != "profile"]
        if len(cells) != 1:
            return counted(len(cells), "planned amount")
        ((change, column),) = cells
        return f"{self._lines[_row(change)].name}, {column.upper()}"

    def record(self) -> tuple[str, bytes] | None:
        first = next(iter(self._edits), None)
        return ("plan_line", first.plan_line) if first else None


def _whole_plans(reads: Connection, rows: Iterable[bytes]) -> dict[bytes, stored.PlanLine]:
    # A paste touches one version: its plan is read once, not line by line.
    found: dict[bytes, stored.PlanLine] = {}
    for row in rows:
        line = None if row in found else stored.plan_line(reads, row)
        if line:
            found |= {each.row: each for each in stored.plan_lines(reads, line.version)}
    return found


def _row(change: SetCells) -> bytes:
    if not isinstance(change.row, bytes):
        raise TypeError(change)
    return change.row


def _as_it_stood(line: stored.PlanLine, change: SetCells) -> SetCells:
    old: dict[str, Cell] = {name: getattr(line, name) for name in change.cells}
    return replace(change, cells=old)


def spread(command: SpreadTotal, reads: Connection, _: Actor) -> Outcome:
    """Replace the months of a line by a total phased over them."""
    row = plan_line_named(reads, command.plan_line)
    line = plan_line_of(row, service_lines(reads))
    version = version_named(reads, row.version)
    wanted = _spread(command.total_p, command.profile, command.weights)
    change = _kept(reads, version, line, spread_total(version_of(version), line, wanted), wanted)
    words = f"{line.name}: {format_pence(command.total_p)} spread"
    return Outcome((change,), (_as_it_stood(row, change),), words, ("plan_line", row.row))


def _kept(
    reads: Connection,
    version: stored.BudgetVersion,
    line: PlanLine,
    change: SetCells,
    wanted: Spread,
) -> SetCells:
    """Keep what was published for closed months, and spread the rest over the open ones."""
    year = FiscalYear.parse(version.fiscal_year)
    known: States = {} if version.kind == "what_if" else states(reads, year.label)
    shut = (m.number for m in year.months if state_of(m, known) is not MonthState.OPEN)
    closed = max(shut, default=0)
    if not closed:
        return change
    shares = weights(wanted.profile, year, wanted.custom)
    months = rephase(wanted.total_p, line.months_p, shares, closed)
    cells = {month_column(n): pence for n, pence in enumerate(months, 1)}
    return replace(change, cells={**change.cells, **cells})
