"""A version made from another: a revision or a what-if of the same year, or next year's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import Account, LineKey, Recurrence
from collabdesk.domain.budgets.phasing import Profile, phase
from collabdesk.domain.budgets.plan import DRAFT_PLAN, month_column
from collabdesk.domain.budgets.providers import heir_of
from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow, RowRef
from collabdesk.domain.periods import FiscalYear
from collabdesk.services.budgets.commands import CreateBudgetVersion
from collabdesk.services.budgets.entered import (
    journal_line_of,
    plan_of,
    providers_known,
    version_named,
)
from collabdesk.services.budgets.planning.drafts import create_version
from collabdesk.services.budgets.planning.letters import waiting_letters
from collabdesk.services.budgets.planning.revising import REVISED, money_of, opening_of
from collabdesk.services.budgets.planning.year import opening_cells, uplifted, year_settings
from collabdesk.services.budgets.planning.year_commands import AddOpening, CopyVersion
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import counted
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries import planning
from collabdesk.storage.queries.ledger import journals

Months = dict[LineKey, list[int]]
_CARRIED: Final = (
    "reference",
    "recurrence",
    "amount_p",
    "letter_date",
    "effective_month",
    "position",
    "envelope",
    "kind",
    "baseline_p",
    "cost_uplift_pct",
    "efficiency_pct",
    "convention",
    "old_uplift_pct",
    "evidence_sha256",
    "evidence_name",
)


def copy_version(command: CopyVersion, reads: Connection, me: Actor) -> Outcome:
    """Start a version from another one, as one step to undo."""
    source = version_named(reads, command.source)
    year = FiscalYear.parse(command.fiscal_year)
    start = CreateBudgetVersion(
        year.label, command.name, source.contingency_pct or "0", command.kind
    )
    (version,) = (c for c in create_version(start, reads, me).changes if isinstance(c, Insert))
    version = Insert(
        version.table, version.scope, {**version.cells, "based_on": source.row}, version.key
    )
    row = NewRow(version.key)
    if year.label == source.fiscal_year:
        shares = command.kind == REVISED and opening_of(reads, year.label) is not None
        money = [] if shares else _same_moves(reads, source, row)
        made = [*money, *_same_lines(reads, source, row)]
    else:
        made = [*_next_money(reads, source, year, row), *_next_lines(reads, command, source, row)]
    lines = sum(one.table == "plan_line" for one in made)
    words = f"“{source.name}” copied to “{command.name.strip()}” with {counted(lines, 'line')}"
    everything = (version, *made)
    back = tuple(Delete(one.table, NewRow(one.key)) for one in reversed(everything))
    return Outcome(everything, back, words, ("budget_version", row))


def _same_moves(reads: Connection, source: stored.BudgetVersion, row: RowRef) -> list[Insert]:
    waiting = {move.row for move in waiting_letters(reads, source.fiscal_year)}
    return [
        Insert(
            "allocation_move",
            OWN,
            {"version": row} | {name: getattr(move, name) or None for name in _CARRIED},
            f"move-{number}",
        )
        for number, move in enumerate(stored.allocation_moves(reads, money_of(reads, source).row))
        if move.row not in waiting
    ]


def _same_lines(reads: Connection, source: stored.BudgetVersion, row: RowRef) -> list[Insert]:
    found = _posted(reads, source, recurrent=False) or {
        line.key: list(line.months_p) for line in plan_of(reads, source.row)
    }
    profiles = _profiles(reads, source)
    return [
        _line(number, row, key, profiles.get(key, Profile.CUSTOM), months)
        for number, (key, months) in enumerate(found.items())
    ]


def _next_money(
    reads: Connection, source: stored.BudgetVersion, year: FiscalYear, row: RowRef
) -> list[Insert]:
    """Return the envelopes carried on and what each opens with: last year's recurrent money."""
    baselines: dict[bytes | None, int] = defaultdict(int)
    for move in stored.allocation_moves(reads, money_of(reads, source).row):
        if move.recurrence == Recurrence.RECURRENT:
            baselines[move.envelope] += move.amount_p
    before = {one.row: one for one in planning.envelopes(reads, source.fiscal_year)}
    present = {
        (one.commissioner, one.recurrence): one for one in planning.envelopes(reads, year.label)
    }
    made: list[Insert] = []
    for number, (envelope, baseline_p) in enumerate(baselines.items()):
        old = before.get(envelope or b"")
        if old is None:
            made.append(_loose_opening(number, row, baseline_p))
            continue
        kept = present.get((old.commissioner, old.recurrence))
        if kept is None:
            made.append(_envelope(number, year, old))
        at: RowRef = kept.row if kept else NewRow(f"envelope-{number}")
        asked = AddOpening(b"", b"", baseline_p)
        cells = opening_cells(row, at, old, asked, year_settings(reads, year.label))
        made.append(_move(number, cells))
    return made


def _loose_opening(number: int, row: RowRef, baseline_p: int) -> Insert:
    cells: dict[str, Cell] = {
        "version": row,
        "reference": "Opening allocation",
        "recurrence": "recurrent",
        "amount_p": baseline_p,
        "effective_month": 1,
        "kind": "opening",
        "baseline_p": baseline_p,
    }
    return _move(number, cells)


def _move(number: int, cells: Mapping[str, Cell]) -> Insert:
    return Insert("allocation_move", OWN, {**cells, "position": number + 1}, f"move-{number}")


def _envelope(number: int, year: FiscalYear, old: planning.EnvelopeRow) -> Insert:
    cells: dict[str, Cell] = {
        "fiscal_year": year.label,
        "commissioner": old.commissioner,
        "recurrence": old.recurrence,
        "position": old.position,
    }
    return Insert("envelope", OWN, cells, f"envelope-{number}")


def _next_lines(
    reads: Connection, command: CopyVersion, source: stored.BudgetVersion, row: RowRef
) -> list[Insert]:
    """Return last year's recurrent money line by line, phased over the new year."""
    year = FiscalYear.parse(command.fiscal_year)
    totals, known = _recurrent_totals(reads, source), providers_known(reads)
    settings = year_settings(reads, year.label) if command.uplift_lines else None
    merged: dict[LineKey, int] = defaultdict(int)
    for key, total_p in totals.items():
        heir = LineKey(key.service_line, heir_of(key.provider, known, year))
        merged[heir] += uplifted(total_p, settings).opening_p if settings else total_p
    profiles = _profiles(reads, source)
    return [
        _line(number, row, key, profile, phase(total_p, profile, year))
        for number, (key, total_p) in enumerate(merged.items())
        for profile in [_plain(profiles.get(key))]
    ]


def _plain(profile: Profile | None) -> Profile:
    return Profile.EQUAL if profile in {None, Profile.CUSTOM} else Profile(profile)


def _recurrent_totals(reads: Connection, source: stored.BudgetVersion) -> dict[LineKey, int]:
    posted = _posted(reads, source, recurrent=True)
    if posted:
        return {key: sum(months) for key, months in posted.items()}
    return {
        line.key: sum(line.months_p)
        for line in plan_of(reads, source.row)
        if line.recurrence is Recurrence.RECURRENT
    }


def _posted(reads: Connection, source: stored.BudgetVersion, *, recurrent: bool) -> Months:
    found: Months = defaultdict(lambda: [0] * 12)
    if source.state != "agreed":
        return found
    for journal in journals(reads, source.fiscal_year, budget_only=True):
        for line in map(journal_line_of, journal.lines):
            wanted = not recurrent or line.recurrence is Recurrence.RECURRENT
            if line.account is Account.LINE and line.line and line.month and wanted:
                found[line.line][line.month - 1] += line.amount_p
    return found


def _profiles(reads: Connection, source: stored.BudgetVersion) -> dict[LineKey, Profile]:
    return {
        LineKey(line.service_line, line.provider): Profile(line.profile)
        for line in stored.plan_lines(reads, source.row)
    }


def _line(
    number: int, row: RowRef, key: LineKey, profile: Profile, months: Sequence[int]
) -> Insert:
    cells: dict[str, Cell] = {
        "version": row,
        "service_line": key.service_line,
        "provider": key.provider,
        "profile": profile.value,
    }
    cells |= {month_column(n): pence for n, pence in enumerate(months, 1)}
    return Insert("plan_line", DRAFT_PLAN, cells, f"line-{number}")
