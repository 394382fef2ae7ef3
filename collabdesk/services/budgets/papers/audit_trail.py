"""From a figure of the board down to the row of a file, each level adding up to the one above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import Account
from collabdesk.domain.money import format_pence
from collabdesk.errors import CollabDeskError, Refusal
from collabdesk.services.budgets.actuals.kept_rows import row_of
from collabdesk.services.budgets.closing.restated import Reading, Side, account_of, penny
from collabdesk.services.budgets.entered import line_name, service_lines
from collabdesk.services.budgets.forecast.outturn import outturn
from collabdesk.services.budgets.papers.audit_forecast import OF_FORECAST
from collabdesk.services.budgets.papers.audit_placed import OF_PLACEMENTS, placed_figures
from collabdesk.services.budgets.papers.audit_share import OF_SHARE, shared_out
from collabdesk.services.budgets.papers.audit_stops import (
    AuditRow,
    Level,
    Listing,
    Stop,
    Worked,
    adding,
)
from collabdesk.services.budgets.papers.board_figures import (
    BoardFigures,
    BoardLine,
    Figure,
    board_figures,
)
from collabdesk.services.budgets.shares.share_position import share_of
from collabdesk.services.sealed.opening import Opener
from collabdesk.storage.queries import actuals as files
from collabdesk.storage.queries.audit_trail import (
    SignedLine,
    lines_behind,
    lines_from,
    lines_of,
)
from collabdesk.storage.queries.ledger import journals
from collabdesk.storage.queries.positions import LedgerFilter, Sum, sums


def audit_level(
    reads: Connection, fiscal_year: str, stop: Stop | None, opener: Opener | None = None
) -> Listing:
    """Return a level of the way down; without a stop, the figures of the board.

    Figures of the risk share are there only with an `opener` that may open its terms.
    """
    if stop is None:
        return _board(reads, board_figures(reads, fiscal_year, opener))
    if stop.level is Level.PARTS:
        return _parts(reads, fiscal_year, stop, opener)
    return _LEVELS[stop.level](reads, fiscal_year, stop)


# --- the board -----------------------------------------------------------------------------


def _board(reads: Connection, found: BoardFigures) -> Listing:
    rows = [
        row
        for line in (found.headline, *found.lines)
        for row in (*_posted(line, found.month), *_worked_out(line, found))
    ]
    held = found.reserves
    for said, figure in (
        ("Envelope", held.envelope),
        ("Contingency", held.contingency),
        ("Investment", held.investment),
        ("Unallocated", held.unallocated),
    ):
        rows.append(_figure(said, figure, ""))
    rows += [*placed_figures(reads, found), *shared_out(found)]
    return Listing(tuple(rows), note=found.as_at)


def _posted(line: BoardLine, month: int) -> Iterator[AuditRow]:
    yield _figure(f"{line.name}: budget of the year", line.budget, line.name)
    if month:
        yield _figure(f"{line.name}: budget to M{month}", line.ytd_budget, line.name)
        yield _figure(f"{line.name}: actual to M{month}", line.ytd, line.name)


def _worked_out(line: BoardLine, found: BoardFigures) -> Iterator[AuditRow]:
    if found.month:
        to_date_p = line.ytd_budget.amount_p - line.ytd.amount_p
        yield _worked(line, f"variance to M{found.month}", to_date_p, Worked.TO_DATE)
    yield _worked(line, "forecast outturn", line.outturn_p, Worked.OUTTURN)
    year_end_p = line.budget.amount_p - line.outturn_p
    yield _worked(line, "variance at the year’s end", year_end_p, Worked.AT_YEAR_END)
    if line.moved_p is not None:
        yield _worked(line, "movement of the forecast", line.moved_p, Worked.MOVEMENT)


def _worked(line: BoardLine, said: str, amount_p: int, worked: Worked) -> AuditRow:
    words = f"{line.name}: {said}"
    below = Stop(Level.PARTS, words, LedgerFilter("", line.service_line), worked=worked)
    return AuditRow(words, amount_p, line=line.name, below=below)


def _figure(words: str, figure: Figure, line: str) -> AuditRow:
    on_lines = figure.source.account in {Account.LINE.value, Account.SPEND.value}
    level = Level.LINES if on_lines else Level.MONTHS
    below = Stop(level, words, figure.source, figure.sign)
    return AuditRow(words, figure.amount_p, line=line, below=below)


def _parts(reads: Connection, fiscal_year: str, stop: Stop, opener: Opener | None) -> Listing:
    """Return what a figure is worked out of."""
    found = outturn(reads, fiscal_year)
    worked = stop.worked or Worked.OUTTURN
    if worked in OF_SHARE:
        if opener is None:
            raise Refusal(
                code="confidential",
                words="The figures of the risk share are confidential.",
                remedy="Follow them on a laptop of the lead provider.",
            )
        return OF_SHARE[worked](share_of(reads, opener, found), stop)
    level = OF_FORECAST[worked] if worked in OF_FORECAST else OF_PLACEMENTS[worked]
    return level(reads, found, stop)


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
    return adding(tuple(sorted(rows, key=lambda one: one.what)))


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
    return adding(rows)


def _entries(reads: Connection, fiscal_year: str, stop: Stop) -> Listing:
    names = _names(reads)
    found = lines_behind(reads, fiscal_year, stop.source)
    return adding(tuple(_entry(one, names, stop.sign, journal=True) for one in found))


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
    return adding(tuple(rows))


def reading(  # noqa: PLR0913, PLR0917 - what names a figure of that view
    words: str, side: Side, read: Reading, row: bytes | None, provider: str, month: int | None
) -> Stop:
    """Return the stop at a figure as reported, restated or their difference; None is all."""
    source = LedgerFilter(account_of(side).value, row, provider)
    return Stop(Level.READING, words, source, reading=read.value, month=month)


def _journal(reads: Connection, _fiscal_year: str, stop: Stop) -> Listing:
    names = _names(reads)
    found = lines_of(reads, stop.journal)
    listed = adding(tuple(_entry(one, names, 1, journal=False) for one in found))
    what = found[0].what if found else ""
    return replace(listed, note=what)


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
