"""Spells and placements on this laptop: kept and forgotten here, never part of a change set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

from collabdesk.domain.budgets.activity import Spell
from collabdesk.domain.budgets.out_of_area import Placement, Reason
from collabdesk.domain.budgets.pseudonyms import pseudonym
from collabdesk.domain.budgets.stays import Stay
from collabdesk.domain.budgets.terms import Counted
from collabdesk.domain.periods import date_words
from collabdesk.errors import Refusal
from collabdesk.services.notices import Notice
from collabdesk.services.wording import chosen, counted
from collabdesk.storage.queries import local_rows
from collabdesk.storage.queries.local_rows import (
    Kept,
    LocalPlacement,
    LocalSpell,
    local_placements,
    local_spells,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from collabdesk.services.workspace import Workspace

__all__ = [
    "Kept",
    "LocalPlacement",
    "LocalSpell",
    "check",
    "keep",
    "local_placements",
    "local_spells",
    "placement_of",
    "stay_of",
]


def stay_of(row: LocalSpell) -> Stay:
    """Return a kept spell as the rules speak of it."""
    return Stay(row.pseudonym, Counted(row.measure), Spell(row.admitted, row.discharged))


def placement_of(row: LocalPlacement) -> Placement:
    """Return a kept placement as the rules speak of it."""
    return Placement(
        row.pseudonym,
        row.service_line,
        Spell(row.admitted, row.discharged),
        row.price_p,
        row.distance_km,
        Reason(row.reason),
        row.review_due,
    )


def check(row: Kept) -> None:
    """Refuse a row that cannot be, with the field that is wrong."""
    pseudonym(row.pseudonym)
    if isinstance(row, LocalSpell):
        chosen(Counted, row.measure, "measure")
        stay_of(row)
    else:
        chosen(Reason, row.reason, "reason")
        placement_of(row)


def keep(workspace: Workspace, rows: Sequence[Kept], gone: Sequence[Kept] = ()) -> Future[str]:
    """Keep rows on this laptop and forget those that are gone for good: all of it, or nothing.

    The future holds words of what was done.
    """
    for row in rows:
        check(row)

    def work() -> str:
        with workspace.database.write() as connection:
            local_rows.forget(connection, gone)
            _check_apart(connection, rows)
            local_rows.keep(connection, rows)
        done = [f"{counted(len(rows), 'row')} kept"] if rows or not gone else []
        done += [f"{counted(len(gone), 'row')} forgotten"] if gone else []
        return _told(workspace, f"{', '.join(done)} on this laptop")

    return workspace.threads.write(work)


def _check_apart(reads: Connection, rows: Sequence[Kept]) -> None:
    """Refuse a person in two places, or twice in one, in the same night: it counts once."""
    replaced = {(type(row), row.number) for row in rows}
    there: dict[tuple[object, ...], list[Kept]] = defaultdict(list)
    kept_here: list[Kept] = [*local_spells(reads), *local_placements(reads)]
    for kept in kept_here:
        if (type(kept), kept.number) not in replaced:
            there[_counted_as(kept)].append(kept)
    for row in rows:
        same = there[_counted_as(row)]
        twice = next((one for one in same if _spell(one).shares_a_night(_spell(row))), None)
        if twice is not None:
            raise _two_at_once(row, twice)
        same.append(row)


def _counted_as(row: Kept) -> tuple[object, ...]:
    """Return what a night of a row counts for; on leave, a person also lies in no second bed."""
    person = row.pseudonym.strip().casefold()
    if isinstance(row, LocalPlacement):
        return "placement", person
    return "spell", person, row.contract, row.measure == Counted.BED_DAYS


def _spell(row: Kept) -> Spell:
    return Spell(row.admitted, row.discharged)


def _two_at_once(row: Kept, earlier: Kept) -> Refusal:
    until = f"until {date_words(earlier.discharged)}" if earlier.discharged else "with no end yet"
    where = f" at {earlier.provider}" if isinstance(earlier, LocalPlacement) else ""
    return Refusal(
        code="night_counted_twice",
        words=f"{row.pseudonym.strip()}, from {date_words(row.admitted)}, is here already for some "
        f"of these nights: from {date_words(earlier.admitted)}{where}, {until}.",
        remedy="End the earlier row on the day the later one begins, or leave one of them out.",
        field="admitted",
    )


def _told(workspace: Workspace, words: str) -> str:
    changed = {"local_spell": frozenset[bytes](), "local_placement": frozenset[bytes]()}
    workspace.notices.tell(Notice("local", changed, words))
    return words
