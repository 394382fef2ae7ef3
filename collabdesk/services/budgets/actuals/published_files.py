"""Published files that are kept whole, so that every partner reads the same figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.actuals import CodeRule, SourceRow, sort_rows
from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow, Undelete
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import NotPossible, Refusal
from collabdesk.exchange.allocations import Allocation
from collabdesk.exchange.sheets import Sheet, read_sheet, text_of
from collabdesk.services.budgets.actuals.actuals_commands import KeepFile, TakeFileAway
from collabdesk.services.budgets.actuals.mapping_rules import rules_of
from collabdesk.services.budgets.actuals.published_reading import (
    ALLOCATIONS,
    SPEND,
    allocations_in,
    kept_already,
    spend_in,
)
from collabdesk.services.budgets.actuals.sheet_choice import sheet_of
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.services.wording import counted, filled
from collabdesk.storage.queries import actuals as stored
from collabdesk.storage.queries.metrics import chunk
from collabdesk.sync.blobs import blob_value, chunks, reassemble

_FILE: Final = NewRow("file")


def keep_file(command: KeepFile, reads: Connection, _: Actor) -> Outcome:
    """Keep a published file whole; the same bytes again change nothing."""
    here = kept_already(reads, command.content, sheet_of(command.reading))
    if here is not None:
        return Outcome((), (), f"{command.name} is here already; nothing changes")
    source = filled(
        command.source, "source", "The file needs to say whose it is.", "Name the body."
    )
    digest = sha256(command.content).digest()
    cells: dict[str, Cell] = {
        "kind": command.kind,
        "name": command.name,
        "sha256": digest,
        "source": source,
        "fiscal_year": command.fiscal_year or None,
        "month": command.month,
        "rows": command.rows,
        "control_p": command.control_p,
        "file": blob_value(_hashes(command.content)),
        "reading": command.reading,
    }
    return Outcome(
        (Insert("source_file", OWN, cells, _FILE.key),),
        (Delete("source_file", _FILE),),
        f"Import of {command.name}: {counted(command.rows, 'row')}",
        ("source_file", _FILE),
        (command.content,),
    )


def _hashes(content: bytes) -> tuple[bytes, ...]:
    return tuple(sha256(part).digest() for part in chunks(BytesIO(content)))


def take_file_away(command: TakeFileAway, reads: Connection, me: Actor) -> Outcome:
    """Take a kept file of one's own away."""
    found = stored.source_file(reads, command.file)
    if found is None or found.kind not in {SPEND, ALLOCATIONS} or found.scope != me.organisation:
        raise Refusal(
            code="not_yours",
            words="This file is not one that your organisation keeps here.",
            remedy="Whoever brought it in can take it away.",
            field="file",
        )
    words = f"{found.name} taken away"
    back = (Undelete("source_file", found.row),)
    return Outcome((Delete("source_file", found.row),), back, words, ("source_file", found.row))


# --- reading what is kept --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A kept file in a list; `scope` is whoever brought it."""

    row: bytes
    kind: str
    name: str
    source: str
    rows: int
    total_p: int
    scope: bytes


def kept_files(reads: Connection) -> tuple[KeptFile, ...]:
    """Return the published files that are kept, the newest first."""
    return tuple(
        KeptFile(
            one.row, one.kind, one.name, one.source, one.rows or 0, one.control_p or 0, one.scope
        )
        for one in reversed(stored.source_files(reads, SPEND, ALLOCATIONS))
    )


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A line of what a kept file says: a code's spending in a month, or a body's allocation.

    `line` is whose a code is by the mapping; an allocation has no month,
    but the `number` of its row in the file.
    """

    what: str
    rows: int
    amount_p: int
    kind: str = ""
    fiscal_year: str = ""
    month: int = 0
    line: LineKey | None = None
    left_out: bool = False
    number: int = 0


def rows_of(reads: Connection, file: bytes) -> tuple[PublishedRow, ...]:
    """Return what a kept file says, spending added up by month and code."""
    kept = _named(reads, file)
    sheet, reading = _sheet(reads, kept), json.loads(kept.reading or "{}")
    if kept.kind == ALLOCATIONS:
        found = allocations_in(sheet, reading)
        return tuple(
            PublishedRow(one.name, 1, one.amount_p, number=one.number) for one in found.rows
        )
    totals: dict[tuple[str, int, str, str], list[int]] = {}
    for row in spend_in(sheet, reading).rows:
        year = FiscalYear.of(row.month.first).label
        totals.setdefault((year, row.month.number, row.area, row.kind), []).append(row.amount_p)
    rules = {year: rules_of(reads, kept.source, year) for year, _, _, _ in totals}
    return tuple(_total(key, totals[key], rules[key[0]]) for key in sorted(totals))


def allocation_rows(
    reads: Connection, file: bytes
) -> tuple[stored.SourceFile, tuple[Allocation, ...]]:
    """Return a kept table of allocations and its rows; refused for any other file."""
    kept = _named(reads, file)
    if kept.kind != ALLOCATIONS:
        raise Refusal(
            code="no_allocations",
            words=f"{kept.name} is no table of allocations.",
            remedy="Choose a file that says what bodies are allocated.",
            field="file",
        )
    found = allocations_in(_sheet(reads, kept), json.loads(kept.reading or "{}"))
    return kept, found.rows


def _total(
    key: tuple[str, int, str, str], amounts: list[int], rules: Sequence[CodeRule]
) -> PublishedRow:
    year, month, area, kind = key
    row = SourceRow(0, area, kind, month, sum(amounts))
    found = sort_rows([row], rules)
    return PublishedRow(
        area,
        len(amounts),
        row.amount_p,
        kind,
        year,
        month,
        found.mapped[0][1] if found.mapped else None,
        bool(found.left_out),
    )


def kept_row(reads: Connection, file: bytes, number: int) -> tuple[tuple[str, str], ...]:
    """Return one row of a kept file as (heading, text); refused where the file has no such row."""
    kept = _named(reads, file)
    sheet = _sheet(reads, kept)
    found = next((row for row in sheet.rows if row.number == number), None)
    if found is None:
        raise Refusal(
            code="no_such_row",
            words=f"{kept.name} has no row {number}.",
            remedy="Ask whoever imported it.",
            field="row",
        )
    heads = [text_of(cell) for cell in sheet.header]
    heads += [f"Column {n + 1}" for n in range(len(heads), len(found.cells))]
    return tuple(
        (head or f"Column {n + 1}", text_of(cell))
        for n, (head, cell) in enumerate(zip(heads, found.cells, strict=False))
    )


def _named(reads: Connection, row: bytes) -> stored.SourceFile:
    found = stored.source_file(reads, row)
    if found is None or found.file is None:
        raise Refusal(
            code="not_here",
            words="This file is not here: it was taken away.",
            remedy="Look at the list again.",
            field="file",
        )
    return found


def _sheet(reads: Connection, kept: stored.SourceFile) -> Sheet:
    def fetch(digest: bytes) -> bytes:
        held = chunk(reads, digest)
        if held is None:
            raise NotPossible(
                code="file-not-arrived",
                words=f"{kept.name} has not arrived in full yet.",
                remedy="Share again; its figures are shown once it is here.",
            )
        return held

    content = b"".join(reassemble(kept.file or b"", fetch))
    return read_sheet(kept.name, content, sheet_of(kept.reading))


HANDLERS: Final[Handlers] = {KeepFile: keep_file, TakeFileAway: take_file_away}
