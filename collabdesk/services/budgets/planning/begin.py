"""Beginning in one step: a year with its first line, or a line on a new service line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.domain.budgets.phasing import Profile
from collabdesk.domain.budgets.plan import Spread, Version, add_line
from collabdesk.domain.budgets.providers import check_provider
from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow, RowRef
from collabdesk.domain.organisations import ods_code
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.commands import AddServiceLine, CreateBudgetVersion
from collabdesk.services.budgets.entered import plan_of, providers_known, version_named, version_of
from collabdesk.services.budgets.planning.drafts import add_service_line, create_version
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.wording import chosen
from collabdesk.storage.queries import budgets as stored

OPENING = "Opening allocation"


@dataclass(frozen=True, slots=True)
class NewLine:
    """A service line by code and name, planned at a provider; a known code is that line."""

    code: str
    name: str
    provider: str
    total_p: int = 0
    profile: str = "equal"


@dataclass(frozen=True, slots=True)
class SetUpYear:
    """Start a fiscal year: its draft, its opening allocation and its first line, or none of it."""

    fiscal_year: str
    name: str
    line: NewLine
    contingency_pct: str = "0"
    opening_p: int = 0


@dataclass(frozen=True, slots=True)
class AddNewLine:
    """Add a service line and plan it at a provider in a draft version."""

    version: bytes
    line: NewLine


def set_up_year(command: SetUpYear, reads: Connection, me: Actor) -> Outcome:
    """Start a year as one step to undo."""
    start = CreateBudgetVersion(command.fiscal_year, command.name, command.contingency_pct)
    (version,) = _inserts(create_version(start, reads, me))
    row = NewRow(version.key)
    year = str(version.cells["fiscal_year"])
    draft = Version(b"", year, str(version.cells["name"]), "draft")
    line = _first_line(draft, row, command.line, reads, me)
    made = [version, *_opening(row, command.opening_p), *line]
    return _made(made, f"Budget for {year} set up", ("budget_version", row))


def add_new_line(command: AddNewLine, reads: Connection, me: Actor) -> Outcome:
    """Add a service line with its plan as one step to undo."""
    draft = version_of(version_named(reads, command.version))
    made = _line(draft, command.version, command.line, reads, me)
    words = f"{command.line.name or command.line.code} at {command.line.provider} added"
    return _made(made, words, ("plan_line", NewRow(made[-1].key)))


def _opening(version: NewRow, amount_p: int) -> list[Insert]:
    if not amount_p:
        return []
    cells: dict[str, Cell] = {
        "version": version,
        "reference": OPENING,
        "recurrence": "recurrent",
        "amount_p": amount_p,
        "effective_month": 1,
        "position": 1,
    }
    return [Insert("allocation_move", OWN, cells, "move")]


def _first_line(
    draft: Version, row: NewRow, wanted: NewLine, reads: Connection, me: Actor
) -> list[Insert]:
    try:
        return _line(draft, row, wanted, reads, me)
    except Refusal as why:
        # The version has a name as well: a form must know which of the two is meant.
        field = "line" if why.field == "name" else why.field
        raise Refusal(code=why.code, words=why.words, remedy=why.remedy, field=field) from why


def _line(
    draft: Version, version: RowRef, wanted: NewLine, reads: Connection, me: Actor
) -> list[Insert]:
    code, profile = wanted.code.strip(), chosen(Profile, wanted.profile, "profile")
    provider = ods_code(wanted.provider, "provider")
    check_provider(provider, providers_known(reads), FiscalYear.parse(draft.fiscal_year))
    known = next(
        (one for one in stored.service_lines(reads) if one.code.casefold() == code.casefold()), None
    )
    made: list[Insert] = []
    line: RowRef
    if known is None:
        made = _inserts(add_service_line(AddServiceLine(code, wanted.name), reads, me))
        line = NewRow(made[0].key)
    else:
        line = known.row
    present = plan_of(reads, version) if isinstance(version, bytes) else ()
    key = LineKey(line, provider)
    planned = add_line(draft, present, key, Spread(wanted.total_p, profile), "planned")
    return [*made, replace(planned, cells={**planned.cells, "version": version})]


def _inserts(outcome: Outcome) -> list[Insert]:
    return [change for change in outcome.changes if isinstance(change, Insert)]


def _made(made: Sequence[Insert], words: str, record: tuple[str, RowRef]) -> Outcome:
    back = tuple(Delete(insert.table, NewRow(insert.key)) for insert in reversed(made))
    return Outcome(tuple(made), back, words, record)
