"""A budget workbook brought into a draft: read and shown first, then written in one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.domain.budgets.month_states import States, check_open
from collabdesk.domain.budgets.phasing import Profile, phase
from collabdesk.domain.budgets.plan import DRAFT_PLAN, Version, month_column
from collabdesk.domain.budgets.providers import check_provider
from collabdesk.domain.changes import OWN, Cell, Change, Delete, Insert, NewRow, RowRef, SetCells
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import NotPossible, Refusal
from collabdesk.exchange.allocations import Unit, unit_named
from collabdesk.exchange.budget_sheet import BudgetRow, BudgetSheet, Known, read_budget
from collabdesk.exchange.sheets import LeftOut, Sheet, read_book
from collabdesk.services.budgets.closing.month_states import states
from collabdesk.services.budgets.entered import providers_known, version_named, version_of
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.organisations import short_names
from collabdesk.services.wording import counted
from collabdesk.storage.queries import budgets as stored

Reads = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class BringBudget:
    """Write the lines of a file into a draft version; lines the file does not have stay."""

    version: bytes
    rows: tuple[BudgetRow, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """What bringing a file in would do."""

    sheet: BudgetSheet
    new: int
    changed: int
    same: int
    new_lines: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    sheets: tuple[Sheet, ...] = ()


class BudgetImport:
    """One file from choosing it to the command; nothing is written before that."""

    def __init__(self, reads: Reads, version: bytes) -> None:
        """Stand ready to bring a file into a draft; `reads` opens a reading connection."""
        self._reads, self._version = reads, version
        self._command: BringBudget | None = None

    def choose(self, path: Path, unit: str = "", title: str = "") -> Account:
        """Read a file and say what it would change; not on a window's thread.

        `unit` is £, £000 or £m; without one the figures count what the file's head states.
        `title` names a sheet; without one it is the first that holds a budget.
        """
        self._command = None
        content = _content(path)
        with self._reads() as reads:
            sheets = read_book(path.name, content).sheets
            sheet = _sheet(sheets, title, unit_named(unit) if unit else None, _known(reads))
            version = version_of(version_named(reads, self._version))
            _check_draft(version)
            good, bad = _judged(reads, version, sheet.rows)
            work = _Work(reads, version, good)
            shut = {one.row for one in work.left_out}
            good = [row for row in good if row.number not in shut]
        self._command = BringBudget(self._version, tuple(good), path.name)
        return Account(
            sheet,
            len(work.inserts),
            len(work.sets),
            len(good) - len(work.inserts) - len(work.sets),
            tuple(work.lines),
            (*sheet.left_out, *bad, *work.left_out),
            sheets,
        )

    def confirm(self) -> BringBudget:
        """Return the command that brings the chosen file in."""
        if self._command is None or not self._command.rows:
            raise Refusal(
                code="nothing_chosen",
                words="No row of a file can be brought in.",
                remedy="Choose a file with rows that are not left out.",
                field="file",
            )
        return self._command


def bring_budget(command: BringBudget, reads: Connection, me: Actor) -> Outcome:
    """Write the rows of a file into a draft, as one step to undo."""
    check_lead(me, "brings budgets in from a file")
    version = version_of(version_named(reads, command.version))
    _check_draft(version)
    _, bad = _judged(reads, version, command.rows)
    work = _Work(reads, version, command.rows)
    if bad or work.left_out:
        raise (*bad, *work.left_out)[0].why
    lines = tuple(work.lines.values())
    changes: tuple[Change, ...] = (*lines, *work.inserts, *(change for change, _ in work.sets))
    made = (*lines, *work.inserts)
    back: tuple[Change, ...] = (
        *(before for _, before in work.sets),
        *(Delete(one.table, NewRow(one.key)) for one in reversed(made)),
    )
    words = f"{counted(len(work.inserts) + len(work.sets), 'line')} from {command.name}"
    return Outcome(changes, back, words, ("budget_version", version.row))


def _check_draft(version: Version) -> None:
    if version.state != "draft":
        raise Refusal(
            code="version_not_draft",
            words=f"“{version.name}” is {version.state}; its planned amounts no longer change.",
            remedy="Choose a draft, or copy a version to start one.",
            field="version",
        )


def _judged(
    reads: Connection, version: Version, rows: Sequence[BudgetRow]
) -> tuple[list[BudgetRow], list[LeftOut]]:
    known, year = providers_known(reads), FiscalYear.parse(version.fiscal_year)
    good: list[BudgetRow] = []
    bad: list[LeftOut] = []
    for row in rows:
        try:
            check_provider(row.provider, known, year)
        except Refusal as why:
            bad.append(LeftOut(row.number, "Provider", row.provider, why))
        else:
            good.append(row)
    return good, bad


@dataclass
class _Work:
    """What rows come to against what a draft holds."""

    reads: Connection
    version: Version
    rows: Sequence[BudgetRow]
    lines: dict[str, Insert] = field(default_factory=dict)
    inserts: list[Insert] = field(default_factory=list)
    sets: list[tuple[SetCells, SetCells]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.year = FiscalYear.parse(self.version.fiscal_year)
        free = version_named(self.reads, self.version.row).kind == "what_if"
        self.closed: States = {} if free else states(self.reads, self.year.label)
        known = {line.code.casefold(): line.row for line in stored.service_lines(self.reads)}
        present = {
            LineKey(line.service_line, line.provider): line
            for line in stored.plan_lines(self.reads, self.version.row)
        }
        position = 1 + max((x.position or 0 for x in stored.service_lines(self.reads)), default=0)
        for row in self.rows:
            at: RowRef | None = known.get(row.code.casefold())
            if at is None:
                at = self._new_line(row, position)
            kept = present.get(LineKey(at, row.provider))
            self._plan(row, at, kept)

    def _check_closed(self, cells: Mapping[str, Cell], kept: stored.PlanLine | None) -> None:
        """Refuse another amount for a month that is closed: what was published stays."""
        for month in self.year.months:
            name = month_column(month.number)
            before = (getattr(kept, name) if kept else None) or 0
            if cells[name] != before:
                check_open(month, self.closed, name)

    def _new_line(self, row: BudgetRow, position: int) -> RowRef:
        key = f"line {row.code.casefold()}"
        if row.code.casefold() not in {code.casefold() for code in self.lines}:
            cells: dict[str, Cell] = {
                "code": row.code,
                "name": row.name,
                "kind": "service",
                "position": position + len(self.lines),
                "recurrence": row.recurrence or "recurrent",
            }
            self.lines[row.code] = Insert("service_line", OWN, cells, key)
        return NewRow(key)

    def _plan(self, row: BudgetRow, line: RowRef, kept: stored.PlanLine | None) -> None:
        cells = _cells(row, self.year)
        try:
            self._check_closed(cells, kept)
        except Refusal as why:
            column = why.field.upper()
            self.left_out.append(LeftOut(row.number, column, f"{row.code} {row.provider}", why))
            return
        if kept is None:
            named: dict[str, Cell] = {
                "version": self.version.row,
                "service_line": line,
                "provider": row.provider,
            }
            key = f"row {row.number}"
            self.inserts.append(Insert("plan_line", DRAFT_PLAN, {**named, **cells}, key))
            return
        if kept.contested:
            raise Refusal(
                code="contested",
                words=f"{row.name} at {row.provider} is contested.",
                remedy="Settle it first, with a reason; then bring the file again.",
                field="provider",
            )
        before: dict[str, Cell] = {name: getattr(kept, name) for name in cells}
        other = {name: cell for name, cell in cells.items() if (before[name] or 0) != cell}
        # How equal amounts came about is no difference.
        if other.keys() - {"profile"}:
            change = SetCells("plan_line", kept.row, other)
            old = {name: before[name] for name in other}
            self.sets.append((change, replace(change, cells=old)))


def _cells(row: BudgetRow, year: FiscalYear) -> Mapping[str, Cell]:
    profile = Profile.CUSTOM if row.months_p else Profile.EQUAL
    months = row.months_p or phase(row.total_p, Profile.EQUAL, year)
    cells: dict[str, Cell] = {"profile": profile.value}
    return cells | {month_column(n): pence for n, pence in enumerate(months, 1)}


def _known(reads: Connection) -> Known:
    """Return what lines and providers are called here, and by everybody."""
    lines = {line.name.casefold(): line.code for line in stored.service_lines(reads)}
    named = {name.casefold(): code for code, name in short_names().items()}
    named |= {one.name.casefold(): one.code for one in providers_known(reads).values()}
    return Known(lines, named)


def _sheet(sheets: Sequence[Sheet], wanted: str, unit: Unit | None, known: Known) -> BudgetSheet:
    """Read the sheet that is named, or the first that holds a budget: many begin with a cover."""
    meant = [one for one in sheets if one.title == wanted] if wanted else []
    for sheet in () if meant else sheets:
        with suppress(Refusal):
            return read_budget(sheet, unit, known)
    return read_budget((meant or sheets)[0], unit, known)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise NotPossible(
            code="file_not_readable",
            words=f"{path.name or 'The file'} cannot be read.",
            remedy="Choose a file that is on this computer.",
            field="file",
        ) from fault
