"""What the general ledger's files left: codes that wait, files that are here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.budgets.actuals import CodeRule, rule_for
from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.errors import Refusal
from collabdesk.services.budgets.actuals.actuals import source_row_of, waiting_by_file
from collabdesk.services.budgets.actuals.actuals_commands import PostWaiting
from collabdesk.services.budgets.actuals.actuals_left import is_mapped_anew
from collabdesk.services.budgets.actuals.brought import KINDS, latest_files, unread_of
from collabdesk.services.budgets.actuals.mapping_rules import rules_of
from collabdesk.services.commands import Actor
from collabdesk.services.permission import refusal_of
from collabdesk.storage.queries import actuals as stored


@dataclass(frozen=True, slots=True)
class WaitingCode:
    """A code of a source with its rows that wait, and what it is mapped to by now, if at all."""

    source: str
    cost_centre: str
    subjective: str
    words: str
    months: tuple[int, ...]
    rows: int
    amount_p: int
    rule: CodeRule | None


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A file of the general ledger that is here; `waiting` of its rows wait.

    It is to be imported again where `unread` rows could not be read, or `remapped` says that
    the mapping has changed since.
    """

    row: bytes
    name: str
    kind: str
    source: str
    month: int
    rows: int
    control_p: int
    left_out_p: int
    waiting: int
    unread: int
    remapped: bool


@dataclass(frozen=True, slots=True)
class MappedCode:
    """A mapping as it stands; without a line the code is nobody's here, or contested."""

    row: bytes
    source: str
    cost_centre: str
    subjective: str
    from_month: int
    line: LineKey | None
    contested: bool

    @property
    def code(self) -> WaitingCode:
        """The code as a form asks about it: nothing of it waits."""
        rule = None
        if not self.contested:
            rule = CodeRule(self.cost_centre, self.subjective, self.from_month, self.line)
        months = (self.from_month,)
        return WaitingCode(self.source, self.cost_centre, self.subjective, "", months, 0, 0, rule)


@dataclass(frozen=True, slots=True)
class ActualsBoard:
    """A year's codes that wait, its files and its mapping.

    `post` says why waiting rows may not be posted now.
    """

    codes: tuple[WaitingCode, ...]
    files: tuple[LedgerFile, ...]
    mapping: tuple[MappedCode, ...]
    lead: bool
    keeps: bool
    post: Refusal | None = None

    @property
    def waiting(self) -> int:
        """How many rows wait."""
        return sum(code.rows for code in self.codes)

    @property
    def ready(self) -> int:
        """How many of them are mapped by now."""
        return sum(code.rows for code in self.codes if code.rule is not None)


def actuals_board(reads: Connection, who: Callable[[], Actor], fiscal_year: str) -> ActualsBoard:
    """Return what waits and what is here of a year; `who` says who acts, or refuses."""
    me: Actor | None
    post: Refusal | None
    try:
        me = who()
    except Refusal as why:
        me, post = None, why
    else:
        post = refusal_of(reads, PostWaiting(fiscal_year), me)
    return ActualsBoard(
        _codes(reads, fiscal_year),
        _files(reads, fiscal_year),
        _mapping(reads, fiscal_year),
        lead=me is not None and me.is_lead,
        keeps=me is not None and me.keeps_ledger,
        post=post,
    )


def _codes(reads: Connection, fiscal_year: str) -> tuple[WaitingCode, ...]:
    found: dict[tuple[str, str, str], list[stored.WaitingRow]] = {}
    for file, rows in waiting_by_file(reads, fiscal_year):
        for row in rows:
            key = (file.source, row.cost_centre, row.subjective)
            found.setdefault(key, []).append(row)
    rules = {source: rules_of(reads, source, fiscal_year) for source, _, _ in found}
    codes = [
        WaitingCode(
            *key,
            next((row.words for row in rows if row.words), ""),
            tuple(sorted({row.month for row in rows})),
            len(rows),
            sum(row.amount_p for row in rows),
            rule_for(source_row_of(rows[0]), rules[key[0]]),
        )
        for key, rows in found.items()
    ]
    return tuple(sorted(codes, key=lambda code: (code.rule is not None, -abs(code.amount_p))))


def _files(reads: Connection, fiscal_year: str) -> tuple[LedgerFile, ...]:
    waiting = {file.row: len(rows) for file, rows in waiting_by_file(reads, fiscal_year)}
    latest = {file.row for file in latest_files(reads, fiscal_year)}
    return tuple(
        LedgerFile(
            one.row,
            one.name,
            one.kind,
            one.source,
            one.month or 0,
            one.rows or 0,
            one.control_p or 0,
            one.left_out_p or 0,
            waiting.get(one.row, 0),
            unread_of(one) if one.row in latest else 0,
            one.row in latest and is_mapped_anew(reads, one),
        )
        for one in reversed(stored.source_files(reads, *KINDS))
        if one.fiscal_year == fiscal_year
    )


def _mapping(reads: Connection, fiscal_year: str) -> tuple[MappedCode, ...]:
    found = [
        MappedCode(
            one.row,
            one.source,
            one.cost_centre,
            one.subjective,
            one.from_month,
            None
            if one.left_out or one.service_line is None
            else LineKey(one.service_line, one.provider),
            bool(one.contested),
        )
        for one in stored.mappings(reads, fiscal_year)
    ]
    by_code = sorted(found, key=lambda one: (one.cost_centre, one.subjective, one.from_month))
    return tuple(sorted(by_code, key=lambda one: one.source))
