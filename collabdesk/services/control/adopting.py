"""What was set aside and can be adopted: listed with author, reason and figures, adopted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from collabdesk.domain.money import format_pence
from collabdesk.services.control.commands import AdoptKeptAside
from collabdesk.services.control.naming import Names
from collabdesk.services.control.reissue import Place, is_journal, why_not
from collabdesk.services.sharing.standing import table_words
from collabdesk.services.sharing.times import Doubts
from collabdesk.services.titles import title_of
from collabdesk.services.workspace import Done, Workspace
from collabdesk.storage.queries.authors import cell
from collabdesk.storage.queries.control import Adopted, adoptions
from collabdesk.storage.queries.quarantine import Part, SetAside, set_aside
from collabdesk.sync import verdicts
from collabdesk.sync.operations import (
    ApproveRow,
    DeleteRow,
    InsertRow,
    PostMark,
    ResolveCell,
    SetRow,
    UndeleteRow,
    Value,
    WithdrawApproval,
)
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.registry.model import Column, Kind

_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Changes set aside together: who made them, why they do not count, what they say.

    `id` names them to `adopt`. `adopted` says who has adopted them already; `why_not` why
    they cannot be adopted on this laptop.
    """

    id: Place
    who: str
    reason: str
    lines: tuple[str, ...]
    wall_ms: int
    adopted: str
    why_not: str
    remedy: str
    doubtful: bool = False
    """Whether the clock it was made by was set wrong."""

    @property
    def can_adopt(self) -> bool:
        """Tell whether it can be adopted on this laptop."""
        return not self.adopted and not self.why_not


def quarantined(workspace: Workspace) -> list[Quarantined]:
    """Return what was set aside, oldest first."""
    if not workspace.founded:
        return []
    names = Names(workspace.book)
    keeps = workspace.book.keeper == workspace.about.key
    with workspace.database.read() as reads:
        already = {adopted.source: adopted for adopted in adoptions(reads)}
        doubts = Doubts(reads)
        found = [
            (item, _shown(workspace, reads, names, item, already, keeps_ledger=keeps))
            for item in set_aside(reads)
        ]
        return [replace(told, doubtful=doubts.of(item.segment)) for item, told in found]


def adopt(workspace: Workspace, items: Iterable[Place]) -> Done:
    """Make what was set aside one's own, in one step; Refusal in words where it cannot be."""
    return workspace.run(AdoptKeptAside(tuple(items)))


def findings(workspace: Workspace) -> tuple[str, ...]:
    """Return, in sentences, what was adopted twice, or adopted and has come back by itself."""
    names = Names(workspace.book) if workspace.founded else None
    if names is None:
        return ()
    with workspace.database.read() as reads:
        every = list(adoptions(reads))
        counted = Counter(adopted.source for adopted in every)
        said = [
            f"A change was adopted {times} times, by {_adopters(workspace, every, source, names)}: "
            "its figures may be counted twice."
            for source, times in sorted(counted.items())
            if times > 1
        ]
        said += [
            "A change that was adopted by "
            f"{_adopters(workspace, every, source, names)} counts by itself again: its figures "
            "may be counted twice."
            for source in sorted(counted)
            if _accepted(reads, source)
        ]
    return tuple(said)


def _shown(  # noqa: PLR0913 - all that the line tells
    workspace: Workspace,
    reads: Connection,
    names: Names,
    item: SetAside,
    already: Mapping[Place, Adopted],
    *,
    keeps_ledger: bool,
) -> Quarantined:
    adopted = next((already[p] for p in _places(item) if p in already), None)
    reason = why_not(item, keeps_ledger=keeps_ledger)
    return Quarantined(
        id=item.id,
        who=_who(workspace, item, names),
        reason=verdicts.WORDS[item.verdict],
        lines=_lines(reads, item),
        wall_ms=item.wall_ms,
        adopted=_laptop(workspace, adopted.device, names) if adopted else "",
        why_not=reason.words if reason else "",
        remedy=reason.remedy if reason else "",
    )


def _places(item: SetAside) -> list[Place]:
    return [(item.segment, part.idx) for part in item.parts]


def _who(workspace: Workspace, item: SetAside, names: Names) -> str:
    laptop = _laptop(workspace, item.device, names)
    if item.organisation is None or item.person is None:
        return laptop
    return f"{names.person(item.organisation, item.person)}, {laptop}"


def _laptop(workspace: Workspace, device: bytes, names: Names) -> str:
    key = workspace.book.known_devices.get(device)
    return names.laptop(key) if key else "a laptop not known here"


def _adopters(workspace: Workspace, every: Iterable[Adopted], source: Place, names: Names) -> str:
    devices = sorted({adopted.device for adopted in every if adopted.source == source})
    return " and ".join(_laptop(workspace, device, names) for device in devices)


def _accepted(reads: Connection, source: Place) -> bool:
    found = reads.exec_driver_sql(
        "SELECT o.verdict FROM operation o JOIN place p ON p.dev16 = o.dev16 AND p.seq = o.seq "
        "AND (o.branch = x'' OR o.branch = p.id) WHERE p.id = ? AND o.idx = ?",
        source,
    ).first()
    return found is not None and found[0] == verdicts.ACCEPTED


# --- what the changes say ----------------------------------------------------------------------


def _lines(reads: Connection, item: SetAside) -> tuple[str, ...]:
    if is_journal(item):
        mark = item.parts[0].op
        number = mark.number if isinstance(mark, PostMark) else 0
        said = [f"Journal {number}"]
        return tuple(said + [_line(reads, part) for part in item.parts[1:]])
    return tuple(_line(reads, part) for part in item.parts)


def _line(reads: Connection, part: Part) -> str:
    match part.op:
        case InsertRow(table=number, cells=cells):
            return f"New {_kind(number).lower()}: {_cells(number, cells)}"
        case SetRow(table=number, row=row, cells=cells):
            pairs = [(column, value) for column, value, _ in cells]
            return f"{_title(reads, number, row)}: {_cells(number, pairs)}"
        case ResolveCell(table=number, row=row, column=column, value=value):
            return f"{_title(reads, number, row)} settled: {_cells(number, [(column, value)])}"
        case DeleteRow(table=number, row=row):
            return f"{_title(reads, number, row)} deleted"
        case UndeleteRow(table=number, row=row):
            return f"{_title(reads, number, row)} brought back"
        case ApproveRow(table=number, row=row):
            return f"{_title(reads, number, row)} approved"
        case WithdrawApproval():
            return "An approval taken back"
        case _:
            return "A change"


def _title(reads: Connection, number: int, row: bytes) -> str:
    table = REGISTRY.tables.get(number)
    return title_of(reads, table.name, row) if table else "A record"


def _kind(number: int) -> str:
    table = REGISTRY.tables.get(number)
    return table_words(table.name) if table else "record"


def _cells(number: int, cells: Iterable[tuple[int, Value]]) -> str:
    table = REGISTRY.tables.get(number)
    if table is None:
        return "not readable here"
    known = [(table.by_number[at], value) for at, value in cells if at in table.by_number]
    known.sort(key=lambda pair: not (pair[0].search or pair[0].kind is Kind.PENCE))
    told = [
        f"{column.name.removesuffix('_p').replace('_', ' ')} {_value(column, value)}"
        for column, value in known
        if column.kind is not Kind.ROW
    ]
    more = len(told) - _SHOWN
    return ", ".join(told[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _value(column: Column, value: Value) -> str:
    if value is None:
        return "nothing"
    if column.kind is Kind.PENCE and isinstance(value, int):
        return format_pence(value)
    if isinstance(value, bytes):
        return "a confidential entry" if column.kind is not Kind.BLOB else "an attached file"
    return str(cell(column, value)).replace("_", " ")
