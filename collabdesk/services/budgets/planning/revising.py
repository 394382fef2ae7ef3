"""A revised plan against the ledger it was copied from, and the year's money it shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from collabdesk.domain.budgets.ledger import Account, LineKey
from collabdesk.domain.budgets.plan import PlanLine, month_column
from collabdesk.domain.budgets.revision import Agreed, Step, revise, steps
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.month_states import states
from collabdesk.services.budgets.entered import (
    held,
    journal_line_of,
    line_name,
    plan_of,
    recurrence_of,
    service_lines,
    version_named,
    version_of,
)
from collabdesk.services.commands import Actor, Outcome
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.approvals import Past, inserted_at, money_dots
from collabdesk.storage.queries.authors import Authors
from collabdesk.storage.queries.ledger import PostedJournal, journals
from collabdesk.sync.registry import REGISTRY

REVISED = "revised"


def opening_of(reads: Connection, fiscal_year: str) -> PostedJournal | None:
    """Return the opening budget of a year in the ledger, or None before anything is agreed."""
    posted = journals(reads, fiscal_year, budget_only=True)
    return next((one for one in posted if one.kind == "opening"), None)


def money_of(reads: Connection, version: stored.BudgetVersion) -> stored.BudgetVersion:
    """Return the version whose allocations count: a revision shares those of its agreed year."""
    if version.kind != REVISED:
        return version
    opening = opening_of(reads, version.fiscal_year)
    return version_named(reads, opening.version) if opening and opening.version else version


def revised(version: stored.BudgetVersion, reads: Connection, me: Actor) -> Outcome:
    """Agree a revised version: post what it changes of the ledger it was copied from."""
    lines, before = plan_of(reads, version.row), copied_from(reads, version)
    change, journal = revise(
        version_of(version),
        lines,
        before,
        held(reads, version.fiscal_year),
        states(reads, version.fiscal_year),
    )
    _check_somebody_else(reads, lines, steps(lines, before), me)
    words = f"“{version.name}” agreed and what it changes posted; this cannot be undone"
    return Outcome((change, journal), (), words, ("budget_version", version.row))


def _check_somebody_else(
    reads: Connection, lines: Sequence[PlanLine], changed: Iterable[Step], me: Actor
) -> None:
    """Refuse to agree what one planned oneself: no one person moves agreed money."""
    authors, columns = Authors(reads), REGISTRY.table_names["plan_line"].by_name
    rows = {line.key: line.row for line in lines}
    for step in changed:
        row = rows.get(step.key)
        dots = money_dots(reads, row) if row is not None else {}
        wrote = map(authors.of, dots.get(columns[month_column(step.month)].number, ()))
        if any((one.organisation, one.person) == (me.organisation, me.person) for one in wrote):
            raise Refusal(
                code="own_figures",
                words=f"You planned M{step.month} of {step.name} in this revision, so you cannot "
                "agree it yourself.",
                remedy="Let somebody else type what changes on their laptop; then agree it here.",
                field="version",
            )


def copied_from(reads: Connection, version: stored.BudgetVersion) -> dict[LineKey, Agreed]:
    """Return the ledger's lines as they stood when the revision was copied from the agreed year."""
    seen = Past(reads, inserted_at(reads, _copy_of_agreed(reads, version).row))
    posted = journals(reads, version.fiscal_year, budget_only=True)
    before = [one for one in posted if one.dot in seen]
    if not any(one.kind == "opening" for one in before):
        raise _not_a_revision(version)
    months: dict[LineKey, list[int]] = defaultdict(lambda: [0] * 12)
    for journal in before:
        for line in map(journal_line_of, journal.lines):
            if line.account is Account.LINE and line.line and line.month:
                months[line.line][line.month - 1] += line.amount_p
    lines = service_lines(reads)
    found = {}
    for key, months_p in months.items():
        named = lines.get(key.service_line) if isinstance(key.service_line, bytes) else None
        kind = recurrence_of(named.recurrence if named else "")
        found[key] = Agreed(line_name(named, key.provider), tuple(months_p), kind)
    return found


def _copy_of_agreed(reads: Connection, version: stored.BudgetVersion) -> stored.BudgetVersion:
    """Return the copy that was made of the agreed year: this version, or what it comes from."""
    found = version
    while found.based_on:
        source = stored.budget_version(reads, found.based_on)
        if source is None or source.fiscal_year != version.fiscal_year:
            break
        if source.state == "agreed":
            return found
        found = source
    raise _not_a_revision(version)


def _not_a_revision(version: stored.BudgetVersion) -> Refusal:
    return Refusal(
        code="not_a_revision",
        words=(
            f"“{version.name}” was not copied from the agreed budget of {version.fiscal_year}: "
            "nobody can tell what it changes."
        ),
        remedy="Copy the agreed version as a revised budget, and plan the changes in that.",
        field="version",
    )
