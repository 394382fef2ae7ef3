"""From a figure of the board down to the row of a file, each level adding up to the one above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import Account
from collabdesk.domain.money import format_pence
from collabdesk.errors import CollabDeskError, Refusal
from collabdesk.services.budgets.actuals.kept_rows import row_of
from collabdesk.services.budgets.closing.restated import Reading, Side, account_of, penny
from collabdesk.services.budgets.entered import line_name, service_lines
from collabdesk.services.budgets.papers.board_figures import BoardFigures, Figure, board_figures
from collabdesk.storage.queries import actuals as files
from collabdesk.storage.queries.audit_trail import (
    SignedLine,
    lines_behind,
    lines_from,
    lines_of,
)
from collabdesk.storage.queries.authors import Author
from collabdesk.storage.queries.ledger import journals
from collabdesk.storage.queries.positions import LedgerFilter, Sum, sums


class Level(StrEnum):
    """How far down a stop is."""

    LINES = "lines"
    MONTHS = "months"
    ENTRIES = "entries"
    JOURNAL = "journal"
    SOURCE = "source"
    READING = "reading"


_ALL: Final = LedgerFilter("")


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop on the way down; which of its fields say where, depends on its level."""

    level: Level
    words: str
    source: LedgerFilter = _ALL
    sign: int = 1
    journal: int = 0
    file: bytes = b""
    file_row: int = 0
    reading: str = ""
    month: int | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of a level; `below` is where Enter leads, None at the end of the way."""

    what: str
    amount_p: int | None = None
    month: int | None = None
    kind: str = ""
    line: str = ""
    detail: str = ""
    people: tuple[Author, ...] = ()
    below: Stop | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What one level shows; `total_p` is what its rows come to where they add up."""

    rows: tuple[AuditRow, ...]
    total_p: int | None = None
    note: str = ""


def audit_level(reads: Connection, fiscal_year: str, stop: Stop | None) -> Listing:
    """Return a level of the way down; without a stop, the figures of the board."""
    if stop is None:
        return _board(board_figures(reads, fiscal_year))
    return _LEVELS[stop.level](reads, fiscal_year, stop)


# --- the board -----------------------------------------------------------------------------


def _board(found: BoardFigures) -> Listing:
    rows: list[AuditRow] = []
    for line in (found.headline, *found.lines):
        for said, figure in (
            ("budget of the year", line.budget),
            (f"budget to M{found.month}", line.ytd_budget),
            (f"actual to M{found.month}", line.ytd),
        ):
            if said.endswith("M0"):
                continue
            rows.append(_figure(f"{line.name}: {said}", figure, line.name))
    held = found.reserves
    for said, figure in (
        ("Envelope", held.envelope),
        ("Contingency", held.contingency),
        ("Investment", held.investment),
        ("Unallocated", held.unallocated),
    ):
        rows.append(_figure(said, figure, ""))
    return Listing(tuple(rows), note=found.as_at)


def _figure(words: str, figure: Figure, line: str) -> AuditRow:
    on_lines = figure.source.account in {Account.LINE.value, Account.SPEND.value}
    level = Level.LINES if on_lines else Level.MONTHS
    below = Stop(level, words, figure.source, figure.sign)
    return AuditRow(words, figure.amount_p, line=line, below=below)


# --- levels that add up --------------------------------------------------------------------


def _within(one: Sum, wanted: LedgerFilter) -> bool:
    return (
        one.account == wanted.account
        and wanted.service_line in {None, one.service_line}
        and wanted.provider in {"", one.provider}
        and (wanted.first or 1) <= (one.month or 1)
        and (wanted.last is None or (one.month or 1) <= wanted.last)
    )


def _lines(reads: Connection, fiscal_year: str, stop: Stop) -> Listing:
    held: dict[tuple[bytes | None, str], int] = defaultdict(int)
    for one in sums(reads, fiscal_year):
        if _within(one, stop.source):
            held[one.service_line, one.provider] += stop.sign * one.amount_p
    names = service_lines(reads)
    rows = []
    for (row, provider), amount_p in held.items():
        name = line_name(names.get(row or b""), provider)
        source = replace(stop.source, service_line=row, provider=provider)
        below = Stop(Level.MONTHS, name, source, stop.sign)
        rows.append(AuditRow(name, amount_p, line=name, below=below))
    return _adding(tuple(sorted(rows, key=lambda one: one.what)))


def _months(reads: Connection, fiscal_year: str, stop: Stop) -> Listing:
    held: dict[int, int] = defaultdict(int)
    for one in sums(reads, fiscal_year):
        if _within(one, stop.source):
            held[one.month or 0] += stop.sign * one.amount_p
    rows = tuple(
        AuditRow(
            f"M{month}",
            amount_p,
            month,
            below=Stop(
                Level.ENTRIES, f"M{month}", replace(stop.source, first=month, last=month), stop.sign
            ),
        )
        for month, amount_p in sorted(held.items())
    )
    return _adding(rows)


def _entries(reads: Connection, fiscal_year: str, stop: Stop) -> Listing:
    names = _names(reads)
    found = lines_behind(reads, fiscal_year, stop.source)
    return _adding(tuple(_entry(one, names, stop.sign, journal=True) for one in found))


def _reading(reads: Connection, fiscal_year: str, stop: Stop) -> Listing:
    """Return the ledger lines that add up to a month as it was reported, or as known now."""
    names, read = _names(reads), Reading(stop.reading)
    posted = {one.number: one.posting_month for one in journals(reads, fiscal_year)}
    side: Side = "actual" if stop.source.account == account_of("actual") else "budget"
    rows = []
    for one in lines_behind(reads, fiscal_year, stop.source):
        sign = read.of(penny(posted[one.number], one.month, side, stop.month))
        if sign:
            row = _entry(one, names, sign, journal=True)
            said = f"Posted in M{posted[one.number]}"
            rows.append(replace(row, detail=", ".join(filter(None, (said, row.detail)))))
    return _adding(tuple(rows))


def reading(  # noqa: PLR0913, PLR0917 - what names a figure of that view
    words: str, side: Side, read: Reading, row: bytes | None, provider: str, month: int | None
) -> Stop:
    """Return the stop at a figure as reported, restated or their difference; None is all."""
    source = LedgerFilter(account_of(side).value, row, provider)
    return Stop(Level.READING, words, source, reading=read.value, month=month)


def _journal(reads: Connection, _fiscal_year: str, stop: Stop) -> Listing:
    names = _names(reads)
    found = lines_of(reads, stop.journal)
    listed = _adding(tuple(_entry(one, names, 1, journal=False) for one in found))
    what = found[0].what if found else ""
    return replace(listed, note=what)


def _adding(rows: tuple[AuditRow, ...]) -> Listing:
    return Listing(rows, sum(row.amount_p or 0 for row in rows))


def _names(reads: Connection) -> Callable[[SignedLine], str]:
    lines = service_lines(reads)

    def name(one: SignedLine) -> str:
        if one.service_line is None:
            return ""
        return line_name(lines.get(one.service_line), one.provider)

    return name


def _entry(
    one: SignedLine, names: Callable[[SignedLine], str], sign: int, *, journal: bool
) -> AuditRow:
    below = _source_stop(one)
    if journal:
        below = Stop(Level.JOURNAL, f"Journal #{one.number}", journal=one.number)
    what = f"Journal #{one.number}: {one.what}" if journal else one.account
    row = "" if one.file_row is None else f"row {one.file_row}"
    detail = ", ".join(said for said in (one.reference, row) if said)
    amount_p = sign * one.amount_p
    return AuditRow(what, amount_p, one.month, one.kind, names(one), detail, one.people, below)


def _source_stop(one: SignedLine) -> Stop | None:
    if one.file is None or one.file_row is None:
        return None
    return source_stop(one.file, one.file_row)


def source_stop(file: bytes, row: int) -> Stop:
    """Return the stop at a row of a file."""
    return Stop(Level.SOURCE, f"Row {row} of the file", file=file, file_row=row)


def spent(words: str, row: bytes, provider: str, first: int, last: int) -> Stop:
    """Return the stop at what a line spent in some months."""
    return Stop(Level.MONTHS, words, LedgerFilter(Account.SPEND.value, row, provider, first, last))


# --- the file ------------------------------------------------------------------------------


def _source(reads: Connection, _fiscal_year: str, stop: Stop) -> Listing:
    file = files.source_file(reads, stop.file)
    if file is None:
        raise Refusal(
            code="file_unknown",
            words="The file this figure was taken from is not known here.",
            remedy="Share again, then look once more.",
        )
    rows = [
        AuditRow("File", detail=file.name),
        AuditRow("Whose", detail=file.source),
        AuditRow("Row", detail=str(stop.file_row)),
        AuditRow("SHA-256 of the file", detail=file.sha256.hex()),
    ]
    note = (
        "The file itself stays with whoever imported it; its hash says whether a copy is the same."
    )
    if file.file is not None:
        cells, note = _cells(reads, file, stop.file_row)
        rows.extend(cells)
    names = _names(reads)
    posted = lines_from(reads, stop.file, stop.file_row)
    for one in posted:
        said = f"{format_pence(one.amount_p)}, {names(one) or one.account}"
        rows.append(
            AuditRow(
                f"Posted in journal #{one.number}",
                None,
                one.month,
                one.kind,
                names(one),
                said,
                one.people,
                Stop(Level.JOURNAL, f"Journal #{one.number}", journal=one.number),
            )
        )
    return Listing(tuple(rows), note=note)


def _cells(reads: Connection, file: files.SourceFile, number: int) -> tuple[list[AuditRow], str]:
    try:
        cells = row_of(reads, file, number)
    except CollabDeskError as why:
        return [], f"{why.words} {why.remedy}"
    return [AuditRow(head, detail=text) for head, text in cells], "As it stands in the file."


_LEVELS: Final[Mapping[Level, Callable[[Connection, str, Stop], Listing]]] = {
    Level.LINES: _lines,
    Level.MONTHS: _months,
    Level.ENTRIES: _entries,
    Level.JOURNAL: _journal,
    Level.SOURCE: _source,
    Level.READING: _reading,
}
