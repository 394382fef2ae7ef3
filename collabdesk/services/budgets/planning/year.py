"""Setting a year up: its rates, its envelopes and what they open with."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.budgets.envelope import (
    Convention,
    Opening,
    late_uplift,
    opening_allocation,
)
from collabdesk.domain.budgets.providers import Provider, check_dates
from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow, RowRef, SetCells
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.domain.money import format_pence
from collabdesk.domain.organisations import ods_code
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.entered import providers_listed, version_named
from collabdesk.services.budgets.planning.drafts import (
    check_member,
    check_takes_money,
    envelope_named,
    next_position,
)
from collabdesk.services.budgets.planning.recorded import (
    Named,
    check_kind,
    check_new,
    check_opens_once,
)
from collabdesk.services.budgets.planning.revising import money_of
from collabdesk.services.budgets.planning.year_commands import (
    AddEnvelope,
    AddOpening,
    KeepProvider,
    RecordUplift,
    SetFiscalYear,
)
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import chosen, filled, plain
from collabdesk.storage.queries import planning as stored
from collabdesk.storage.queries.budgets import allocation_moves
from collabdesk.sync.registry.budgets.planning import RECURRENCE


def set_fiscal_year(command: SetFiscalYear, reads: Connection, me: Actor) -> Outcome:
    """Keep the rates of a year; allocations already recorded stay as they are."""
    check_lead(me, "keeps the settings of the year")
    year = FiscalYear.parse(command.fiscal_year).label
    cells: dict[str, Cell] = {
        "convention": chosen(Convention, command.convention, "convention").value,
        "cost_uplift_pct": _pct(command.cost_uplift_pct, "cost_uplift_pct"),
        "efficiency_pct": _pct(command.efficiency_pct, "efficiency_pct"),
    }
    words = f"Rates of {year}"
    kept = year_settings(reads, year)
    if kept is not None:
        before: dict[str, Cell] = {name: getattr(kept, name) for name in cells}
        change, back = (SetCells("fiscal_year", kept.row, c) for c in (cells, before))
        return Outcome((change,), (back,), words, ("fiscal_year", kept.row))
    return _made("fiscal_year", {"fiscal_year": year, **cells}, words)


def year_settings(reads: Connection, fiscal_year: str) -> stored.FiscalYearRow | None:
    """Return what is set for a year, or None."""
    found = (one for one in stored.fiscal_years(reads) if one.fiscal_year == fiscal_year)
    return next(found, None)


def _pct(text: str, field: str) -> str:
    return decimal_text(parse_decimal(text.strip() or "0", field))


def add_envelope(command: AddEnvelope, reads: Connection, me: Actor) -> Outcome:
    """Add a commissioner's envelope to a year."""
    check_lead(me, "keeps the envelopes")
    year = FiscalYear.parse(command.fiscal_year).label
    name = filled(
        command.commissioner,
        "commissioner",
        "The envelope has no commissioner.",
        "Name whose money it is, for example NHS England Midlands.",
    )
    check_member(RECURRENCE, command.recurrence, "recurrence")
    present = stored.envelopes(reads, year)
    if any(_same(one, name, command.recurrence) for one in present):
        kind = command.recurrence.replace("_", "-")
        raise Refusal(
            code="envelope_exists",
            words=f"{year} has a {kind} envelope of {name} already.",
            remedy="Record the allocation in that one.",
            field="commissioner",
        )
    cells: dict[str, Cell] = {
        "fiscal_year": year,
        "commissioner": name,
        "recurrence": command.recurrence,
        "position": 1 + max((one.position or 0 for one in present), default=0),
    }
    return _made("envelope", cells, f"Envelope of {name}")


def _same(one: stored.EnvelopeRow, name: str, recurrence: str) -> bool:
    return (one.commissioner.casefold(), one.recurrence) == (name.casefold(), recurrence)


def keep_provider(command: KeepProvider, reads: Connection, me: Actor) -> Outcome:
    """Put a provider on the list, or change what the list says of it."""
    check_lead(me, "keeps the list of providers")
    code = ods_code(command.code, "code")
    name = filled(command.name, "name", "The provider has no name.", "Name it as people do.")
    heir = plain(command.succeeded_by, "succeeded_by").upper()
    known = providers_listed(reads)
    check_dates(Provider(code, name, command.starts, command.ends, heir), known)
    cells: dict[str, Cell] = {
        "name": name,
        "starts": command.starts,
        "ends": command.ends,
        "succeeded_by": heir or None,
    }
    words = f"Provider {name}"
    kept = next((one for one in stored.providers(reads) if one.code == code), None)
    if kept is not None:
        before: dict[str, Cell] = {column: getattr(kept, column) or None for column in cells}
        change, back = (SetCells("provider", kept.row, c) for c in (cells, before))
        return Outcome((change,), (back,), words, ("provider", kept.row))
    return _made("provider", {"code": code, **cells}, words)


def add_opening(command: AddOpening, reads: Connection, me: Actor) -> Outcome:
    """Record what an envelope opens with."""
    check_lead(me, "records allocations")
    version = money_of(reads, version_named(reads, command.version))
    check_takes_money(version)
    envelope = envelope_named(reads, command.envelope, version.fiscal_year)
    if version.state == "agreed":
        raise Refusal(
            code="year_already_agreed",
            words=f"“{version.name}” is agreed; its opening allocation is in the ledger.",
            remedy="Record what comes now as a letter.",
            field="version",
        )
    check_opens_once(allocation_moves(reads, version.row), envelope)
    settings = year_settings(reads, version.fiscal_year)
    cells = opening_cells(version.row, envelope.row, envelope, command, settings)
    cells["position"] = next_position(reads, version.row)
    words = f"Opening allocation of {envelope.commissioner}"
    return _made("allocation_move", cells, words)


def opening_cells(
    version: RowRef,
    envelope: RowRef,
    of: stored.EnvelopeRow,
    command: AddOpening,
    settings: stored.FiscalYearRow | None,
) -> dict[str, Cell]:
    """Return an opening allocation as it is kept: the baseline, the rates and what they make."""
    cells: dict[str, Cell] = {
        "version": version,
        "reference": plain(command.reference, "reference") or f"Opening, {of.commissioner}",
        "recurrence": of.recurrence,
        "amount_p": command.baseline_p,
        "effective_month": 1,
        "envelope": envelope,
        "kind": "opening",
        "baseline_p": command.baseline_p,
    }
    if of.recurrence == "recurrent" and settings is not None:
        cells |= {
            "amount_p": uplifted(command.baseline_p, settings).opening_p,
            "cost_uplift_pct": settings.cost_uplift_pct,
            "efficiency_pct": settings.efficiency_pct,
            "convention": settings.convention,
        }
    return cells


def uplifted(baseline_p: int, settings: stored.FiscalYearRow) -> Opening:
    """Uplift a recurrent baseline by the rates of a year."""
    return opening_allocation(
        baseline_p,
        settings.cost_uplift_pct or "0",
        settings.efficiency_pct or "0",
        Convention(settings.convention),
    )


def record_uplift(command: RecordUplift, reads: Connection, me: Actor) -> Outcome:
    """Record a late change of uplift; in an agreed year it waits to be posted."""
    check_lead(me, "records allocations")
    version = money_of(reads, version_named(reads, command.version))
    check_takes_money(version)
    FiscalYear.parse(version.fiscal_year).month(command.effective_month)
    reference = filled(
        command.reference,
        "reference",
        "The uplift has no reference.",
        "Give the letter's reference, for example Pay award June.",
    )
    month = command.effective_month
    late = late_uplift(command.baseline_p, command.old_pct, command.new_pct, month, month)
    if not late.adjustment_p:
        raise Refusal(
            code="amount_nil",
            words="The new uplift brings the same money as the old one.",
            remedy="Check the baseline and the two percentages.",
            field="new_pct",
        )
    if command.envelope is not None:
        envelope = envelope_named(reads, command.envelope, version.fiscal_year)
        check_kind("recurrent", envelope, "envelope")
    named = Named(
        reference, "recurrent", command.envelope, command.letter_date, command.evidence_sha256
    )
    check_new(reads, version.row, named)
    cells: dict[str, Cell] = {
        "version": version.row,
        "reference": reference,
        "recurrence": "recurrent",
        "amount_p": late.adjustment_p,
        "letter_date": command.letter_date,
        "effective_month": month,
        "position": next_position(reads, version.row),
        "envelope": command.envelope,
        "kind": "uplift",
        "baseline_p": command.baseline_p,
        "old_uplift_pct": _pct(command.old_pct, "old_pct"),
        "cost_uplift_pct": _pct(command.new_pct, "new_pct"),
        "evidence_sha256": command.evidence_sha256,
        "evidence_name": command.evidence_name or None,
        "pass_on": command.pass_on or None,
    }
    words = f"Uplift “{reference}” of {format_pence(late.adjustment_p)}"
    return _made("allocation_move", cells, words)


def _made(table: str, cells: dict[str, Cell], words: str) -> Outcome:
    row = NewRow(table)
    insert = Insert(table, OWN, cells, row.key)
    return Outcome((insert,), (Delete(table, row),), words, (table, row))
