"""Actuals from the general ledger: mapped, agreed with a control total, posted, or kept waiting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from sqlalchemy import Connection

from collabdesk.domain.budgets.actuals import (
    CodeRule,
    Posted,
    Sorted,
    SourceRow,
    check_control,
    difference,
    journals_of,
    rule_for,
    sort_rows,
)
from collabdesk.domain.budgets.ledger import Heading, JournalKind, JournalLine, LineKey, post
from collabdesk.domain.budgets.providers import check_provider
from collabdesk.domain.changes import (
    OWN,
    Cell,
    Change,
    Delete,
    Insert,
    NewRow,
    RowRef,
    SetCells,
)
from collabdesk.domain.money import format_pence
from collabdesk.domain.organisations import ods_code
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.actuals.actuals_commands import (
    ImportTrialBalance,
    MapCode,
    PostWaiting,
)
from collabdesk.services.budgets.actuals.brought import (
    check_brought_once,
    files_of,
    known_source,
    record_of,
    with_marks,
)
from collabdesk.services.budgets.actuals.mapping_rules import rules_of
from collabdesk.services.budgets.closing.month_states import open_month
from collabdesk.services.budgets.entered import providers_known, service_line_named
from collabdesk.services.budgets.put import Putting
from collabdesk.services.budgets.rights import check_keeper, check_lead
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.services.wording import counted, filled, plain
from collabdesk.storage.queries import actuals as stored

AT_ONCE: Final = 1_500
"""Lines and rows of one step; a longer file takes several, each resting on what stands."""
FILE: Final = NewRow("file")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Import:
    """What an import comes to, worked out against what stands: nothing is written yet."""

    sorted: Sorted
    lines: tuple[JournalLine, ...]
    file: stored.SourceFile | None
    overtaken: tuple[stored.WaitingRow, ...] = ()
    fresh: tuple[SourceRow, ...] = ()
    posting_month: int = 0
    record: str = ""

    @property
    def retold(self) -> bool:
        """Tell whether the file is known otherwise so far: what it was mapped by, say."""
        return self.file is not None and self.file.reading != self.record

    @property
    def recount(self) -> bool:
        """Tell whether more or less is left out than the file says so far."""
        return self.file is not None and self.file.left_out_p != self.sorted.left_out_p

    @property
    def steps(self) -> int:
        """How many lines and rows are still to be written."""
        return len(self.lines) + len(self.overtaken) + len(self.fresh)

    @property
    def changes_nothing(self) -> bool:
        """Tell whether all of the file stands already."""
        return not (self.steps or self.file is None or self.recount or self.retold)


def plan_import(reads: Connection, command: ImportTrialBalance) -> Import:
    """Work out what an import would post, what would wait, and what it would take back."""
    rules = rules_of(reads, command.source, command.fiscal_year)
    found = sort_rows(command.rows, rules)
    spent = stored.posted_spend(reads, command.fiscal_year, command.source, command.month)
    posted = Posted({(r, LineKey(line, at)): amount for (r, line, at), amount in spent.items()})
    whole = not command.unread
    apart = difference(found.mapped, posted, command.month, whole=whole)
    lines = tuple(line for line in apart if line.amount_p)
    before = files_of(reads, command.source, command.fiscal_year, command.month)
    latest = before[-1] if before else None
    same = latest if latest is not None and latest.sha256 == command.sha256 else None
    waiting = [
        row for row in stored.waiting_rows(reads) if row.source_file in {one.row for one in before}
    ]
    wanted = {_known_by(row): row for row in found.waiting}
    kept = {_known_by(row) for row in waiting if same and row.source_file == same.row}
    month = command.month
    return Import(
        found,
        lines,
        same,
        tuple(
            row
            for row in waiting
            if not (same and row.source_file == same.row) or _known_by(row) not in wanted
        ),
        tuple(row for key, row in wanted.items() if key not in kept),
        open_month(reads, command.fiscal_year, month) if lines else month,
        record_of(reads, command),
    )


def still_to_come(reads: Connection, command: object) -> int:
    """Return how much of an import is not written yet; 0 once all of it stands."""
    return plan_import(reads, command).steps if isinstance(command, ImportTrialBalance) else 0


def _known_by(row: SourceRow | stored.WaitingRow) -> tuple[object, ...]:
    number = row.number if isinstance(row, SourceRow) else row.source_row
    codes = (row.cost_centre, row.subjective, row.reference, row.words)
    return (number, row.month, row.amount_p, *codes)


def import_trial_balance(command: ImportTrialBalance, reads: Connection, me: Actor) -> Outcome:
    """Post what is new or differs of one month; what has no mapping waits and is never lost."""
    check_keeper(me, "imports and posts actuals")
    wanted = _checked(command, reads)
    plan = plan_import(reads, wanted)
    if plan.changes_nothing:
        return Outcome((), (), f"{command.name} is here already; nothing changes")
    writing = _Writing(wanted.fiscal_year, wanted.month, plan.file.row if plan.file else FILE)
    if plan.file is None:
        writing.changes.append(Insert("source_file", OWN, _file_cells(wanted, plan), FILE.key))
    elif plan.recount or plan.retold:
        known: dict[str, Cell] = {"left_out_p": plan.sorted.left_out_p, "reading": plan.record}
        writing.changes.append(SetCells("source_file", plan.file.row, known))
    room = _Room(AT_ONCE)
    for old in room.for_some(plan.overtaken):
        writing.changes.append(Delete("waiting_row", old.row))
    for number, row in enumerate(room.for_some(plan.fresh)):
        writing.changes.append(_waits(row, writing.file, number))
    now = room.for_some(plan.lines)
    writing.post(f"{wanted.source}, {command.name}", now, plan.posting_month)
    record: tuple[str, RowRef] = ("source_file", writing.file)
    return Outcome(tuple(writing.changes), (), _words(plan, now, command.name), record)


class _Room:
    """How much one step still takes."""

    def __init__(self, left: int) -> None:
        self._left = left

    def for_some(self, things: Sequence[T]) -> tuple[T, ...]:
        """Return as many as there is room for."""
        some = tuple(things[: self._left])
        self._left -= len(some)
        return some


def _checked(command: ImportTrialBalance, reads: Connection) -> ImportTrialBalance:
    year = FiscalYear.parse(command.fiscal_year)
    year.month(command.month)
    if not command.rows:
        raise Refusal(
            code="no_rows",
            words=f"{command.name} has no row of the month that can be posted.",
            remedy="Check the month, and the rows that are left out.",
            field="file",
        )
    check_control(sum(row.amount_p for row in command.rows), command.control_p)
    source = filled(
        command.source,
        "source",
        "The file needs to say which ledger it is from.",
        "Name the source, for example the Trust's general ledger; its mapping is kept under it.",
    )
    known = known_source(reads, year.label, source)
    checked = replace(command, source=known, fiscal_year=year.label)
    check_brought_once(reads, checked)
    return checked


def _file_cells(command: ImportTrialBalance, plan: Import) -> dict[str, Cell]:
    return {
        "kind": "transactions" if command.transactions else "trial_balance",
        "name": plain(command.name, "file"),
        "sha256": command.sha256,
        "source": command.source,
        "fiscal_year": command.fiscal_year,
        "month": command.month,
        "rows": len(command.rows),
        "control_p": command.control_p,
        "left_out_p": plan.sorted.left_out_p,
        "reading": plan.record,
    }


def _waits(row: SourceRow, file: RowRef, number: int) -> Insert:
    cells: dict[str, Cell] = {
        "source_file": file,
        "source_row": row.number,
        "cost_centre": plain(row.cost_centre, "cost_centre"),
        "subjective": plain(row.subjective, "subjective"),
        "month": row.month,
        "amount_p": row.amount_p,
        "reference": plain(row.reference, "reference") or None,
        "words": plain(row.words, "words") or None,
    }
    return Insert("waiting_row", OWN, cells, f"waiting-{number}")


@dataclass
class _Writing:
    """The changes of one step, and the journals it posts."""

    fiscal_year: str
    month: int
    file: RowRef
    changes: list[Change] = field(default_factory=list)

    def post(self, words: str, lines: Sequence[JournalLine], posting_month: int) -> None:
        """Post lines as journals of a readable size."""
        parts = journals_of(lines)
        for number, part in enumerate(parts, start=1):
            of = f" ({number} of {len(parts)})" if len(parts) > 1 else ""
            heading = Heading(
                self.fiscal_year,
                JournalKind.ACTUAL,
                posting_month,
                f"Actuals of M{self.month} from {words}{of}",
                effective_month=self.month,
                source_file=self.file,
                key=f"journal-{len(self.changes)}",
            )
            self.changes.append(post(heading, part))


def _words(plan: Import, now: Sequence[JournalLine], name: str) -> str:
    said = [f"{name}: {counted(len(now), 'line')} posted"]
    if now:
        said[0] += f", {format_pence(sum(line.amount_p for line in now))} in all"
    if plan.sorted.waiting:
        said.append(
            f"{counted(len(plan.sorted.waiting), 'row')} of "
            f"{format_pence(plan.sorted.waiting_p)} to be mapped"
        )
    left = plan.steps - AT_ONCE
    if left > 0:
        said.append(f"{left:,} still to come")
    return "; ".join(said)


# --- mapping, and posting what waited --------------------------------------------------------


def map_code(command: MapCode, reads: Connection, me: Actor) -> Outcome:
    """Keep a mapping; the same code from the same month is set anew."""
    check_lead(me, "maps the codes of its general ledger")
    year = FiscalYear.parse(command.fiscal_year)
    month = year.month(command.from_month)
    centre = filled(
        command.cost_centre,
        "cost_centre",
        "A mapping needs a cost centre.",
        "Enter the code as it stands in the file.",
    )
    cells: dict[str, Cell] = {
        "source": known_source(reads, year.label, command.source),
        "fiscal_year": year.label,
        "from_month": month.number,
        "cost_centre": centre,
        "subjective": plain(command.subjective, "subjective"),
        **_target(command, reads, year),
    }
    putting = Putting()
    putting.put("code_mapping", _same_code(reads, cells), cells)
    whose = "left out" if command.left_out else "mapped"
    return putting.outcome(f"{_code(cells)} {whose} from M{month.number}")


def _target(command: MapCode, reads: Connection, year: FiscalYear) -> dict[str, Cell]:
    if command.left_out:
        return {"service_line": None, "provider": "", "left_out": True}
    if command.service_line is None:
        raise Refusal(
            code="service_line_missing",
            words="The code needs a service line, or to be left out.",
            remedy="Choose whose spending it is.",
            field="service_line",
        )
    line = service_line_named(reads, command.service_line, "service_line")
    provider = ods_code(command.provider, "provider")
    check_provider(provider, providers_known(reads), year)
    return {"service_line": line.row, "provider": provider, "left_out": False}


def _same_code(reads: Connection, cells: dict[str, Cell]) -> stored.CodeMapping | None:
    wanted = _plainly(cells["from_month"], cells["cost_centre"], cells["subjective"])
    kept = stored.mappings(reads, str(cells["fiscal_year"]), str(cells["source"]))
    same = (
        one for one in kept if _plainly(one.from_month, one.cost_centre, one.subjective) == wanted
    )
    return next(same, None)


def _plainly(*code: object) -> tuple[str, ...]:
    """Return a code as it is compared: C1 and c1 are one."""
    return tuple(str(part).casefold() for part in code)


def _code(cells: dict[str, Cell]) -> str:
    subjective = str(cells["subjective"]) or "(every subjective)"
    return f"{cells['cost_centre']!s} {subjective}"


def post_waiting(command: PostWaiting, reads: Connection, me: Actor) -> Outcome:
    """Post the waiting rows that have a mapping by now, file by file."""
    check_keeper(me, "posts actuals")
    year = FiscalYear.parse(command.fiscal_year).label
    changes: list[Change] = []
    posted = total_p = 0
    room = _Room(AT_ONCE)
    for file, rows in waiting_by_file(reads, year):
        by_number = {row.source_row: row for row in rows}
        rules = rules_of(reads, file.source, year)
        found = sort_rows(map(source_row_of, rows), rules)
        mapped, out = room.for_some(found.mapped), room.for_some(found.left_out)
        month = file.month or 1
        lines = difference(mapped, Posted(), month)
        if lines:
            writing = _Writing(year, month, file.row, changes)
            words = f"{file.source}, {file.name}, mapped later"
            writing.post(words, lines, open_month(reads, year, month))
        settled = (*(row for row, _ in mapped), *out)
        if settled:
            changes.append(SetCells("source_file", file.row, _retold(file, settled, out, rules)))
        changes += [Delete("waiting_row", by_number[row.number].row) for row in settled]
        posted, total_p = posted + len(lines), total_p + sum(line.amount_p for line in lines)
    words = f"{counted(posted, 'row')} that waited posted, {format_pence(total_p)} in all"
    return Outcome(tuple(changes), (), words if changes else "No row that waits is mapped yet")


def _retold(
    file: stored.SourceFile,
    settled: Iterable[SourceRow],
    out: Iterable[SourceRow],
    rules: Sequence[CodeRule],
) -> dict[str, Cell]:
    used = (rule_for(row, rules) for row in settled)
    return {
        "left_out_p": (file.left_out_p or 0) + sum(row.amount_p for row in out),
        "reading": with_marks(file.reading, {rule.mark for rule in used if rule}),
    }


def waiting_by_file(
    reads: Connection, fiscal_year: str
) -> Iterator[tuple[stored.SourceFile, tuple[stored.WaitingRow, ...]]]:
    """Iterate over the files of a year that have rows waiting."""
    waiting = stored.waiting_rows(reads)
    for file in stored.source_files(reads, "trial_balance", "transactions"):
        rows = tuple(row for row in waiting if row.source_file == file.row)
        if rows and file.fiscal_year == fiscal_year:
            yield file, rows


def source_row_of(row: stored.WaitingRow) -> SourceRow:
    """Return a row that waits as it stood in its file."""
    return SourceRow(
        row.source_row,
        row.cost_centre,
        row.subjective,
        row.month,
        row.amount_p,
        row.reference,
        row.words,
    )


HANDLERS: Final[Handlers] = {
    ImportTrialBalance: import_trial_balance,
    MapCode: map_code,
    PostWaiting: post_waiting,
}
