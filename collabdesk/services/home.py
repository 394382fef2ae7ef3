"""Where we stand, and what changed since this workspace was last left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.metrics.standards import Attainment
from collabdesk.services import membership
from collabdesk.services.budgets.queries import EnvelopeSummary, envelope_summary, versions
from collabdesk.services.improvement.queries import ProjectLine, project_list
from collabdesk.services.metrics.compare import Table, compare, with_unit
from collabdesk.services.needs import needs
from collabdesk.services.organisations import short_names
from collabdesk.services.pilots.queries import pilot_list
from collabdesk.services.sharing.standing import plural_words
from collabdesk.services.sharing.times import Doubts
from collabdesk.services.titles import PAGES, title_of
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.changes import ChangeGroup, changes_since
from collabdesk.storage.queries.changes import heads as stored_heads

MEASURES: Final = ("MRS08b", "MRS10a")
SHOWN: Final = 40
_PARTS: Final = {"driver_link", "journal_line", "stated_figure"}
_VERBS: Final[Mapping[str, str]] = {
    "insert": "added",
    "set": "changed",
    "delete": "removed",
    "undelete": "brought back",
    "resolve": "settled",
    "approve": "approved",
    "withdraw": "approval withdrawn",
    "post": "posted",
}


@dataclass(frozen=True, slots=True)
class MeasureStand:
    """One published measure: this trust's figure, and what the comparison says."""

    code: str
    name: str
    value: str
    finding: str
    attainment: Attainment | None


@dataclass(frozen=True, slots=True)
class PilotStage:
    """How many pilots are in one state, and what they wait for."""

    name: str
    count: int
    waits_for: str


@dataclass(frozen=True, slots=True)
class Stand:
    """Where we stand: money, measures, projects and pilots; None and empty where nothing is."""

    envelope: EnvelopeSummary | None
    measures: tuple[MeasureStand, ...]
    projects: tuple[ProjectLine, ...]
    pilots: tuple[PilotStage, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of what changed: when, what in bold, what became of it, by whom.

    `doubtful` tells that the laptop's clock was set wrong when it was made.
    """

    organisation: str
    mine: bool
    role: str
    wall_ms: int
    title: str
    said: str
    page: str
    place: tuple[str, bytes]
    doubtful: bool = False


def heads(reads: Connection) -> dict[str, int]:
    """Return the newest change set of each laptop, to be kept until the next visit."""
    return stored_heads(reads)


def stand(reads: Connection, workspace: Workspace) -> Stand:
    """Return where we stand."""
    return Stand(
        _envelope(reads),
        tuple(_measures(reads, workspace)),
        tuple(sorted(project_list(reads), key=lambda line: not _signals(line))),
        _pilots(reads),
    )


def _envelope(reads: Connection) -> EnvelopeSummary | None:
    found = versions(reads)
    agreed = [version for version in found if version.state == "agreed"]
    chosen = next(iter(agreed or found), None)
    return envelope_summary(reads, chosen.row) if chosen else None


def _measures(reads: Connection, workspace: Workspace) -> list[MeasureStand]:
    own, names = workspace.about.ods, short_names()
    people = membership.members(workspace.book).values() if workspace.founded else ()
    alliance = {own: names.get(own, own), **{m.ods: names.get(m.ods, m.ods) for m in people}}
    tables = [compare(reads, code, alliance) for code in MEASURES]
    return [_measure(table, own) for table in tables if table.period_end is not None]


def _measure(table: Table, own: str) -> MeasureStand:
    row = next((row for row in table.rows if row.code == own), None)
    value = row.value if row else None
    return MeasureStand(
        table.measure.code,
        table.measure.name,
        with_unit(value, table.measure.unit) if value is not None else "Cannot tell",
        table.finding,
        row.attainment if row else None,
    )


def _signals(line: ProjectLine) -> bool:
    return line.leading is not None and line.leading.signal


def _pilots(reads: Connection) -> tuple[PilotStage, ...]:
    lines = pilot_list(reads)
    counts = Counter(line.state for line in lines)
    waits = {line.state: line.waits_for for line in lines}
    return tuple(PilotStage(state, count, waits[state]) for state, count in counts.items())


def changed(
    reads: Connection, workspace: Workspace, seen: Mapping[str, int]
) -> tuple[Changed, ...]:
    """Return what was signed since the change sets seen, one's own trust first, newest first."""
    people = membership.members(workspace.book) if workspace.founded else {}
    own, doubts = workspace.about.ods, Doubts(reads)
    lines = []
    for group in _worth_telling(changes_since(reads, seen, SHOWN * 2))[:SHOWN]:
        member = people.get(group.device)
        name = member.organisation_name if member else "An unknown trust"
        role = member.role if member else ""
        title, said = _told(reads, group)
        lines.append(
            Changed(
                name,
                member is not None and member.ods == own,
                role,
                group.wall_ms or workspace.clock.now_ms(),
                title,
                said,
                PAGES[group.table],
                (group.table, group.row),
                doubts.of(group.segment),
            )
        )
    return tuple(sorted(lines, key=lambda line: (not line.mine, line.organisation)))


def _worth_telling(groups: list[ChangeGroup]) -> list[ChangeGroup]:
    """Leave out parts of other records, and edits of what the same change set added."""
    added = {(g.device, g.seq, g.table) for g in groups if g.kind == "insert"}
    return [
        group
        for group in groups
        if group.table not in _PARTS
        and (group.kind != "set" or (group.device, group.seq, group.table) not in added)
    ]


def _told(reads: Connection, group: ChangeGroup) -> tuple[str, str]:
    verb = _VERBS.get(group.kind, "changed")
    if group.records > 1:
        return f"{group.records:,} {plural_words(group.table)}", verb
    return title_of(reads, group.table, group.row), verb


def count_waiting(reads: Connection, workspace: Workspace) -> dict[str, tuple[int, str]]:
    """Return how many things wait on each page, and in words what was kept aside."""
    mine = needs(reads, workspace).mine
    counts = Counter(need.page for need in mine if need.kind not in {"aside", "wait"})
    aside = next((need.title for need in mine if need.kind == "aside"), "")
    pages = {page: (counts[page], "") for page in set(PAGES.values()) - {"settings"}}
    return {**pages, "home": (len(mine), ""), "sharing": (counts["sharing"], aside)}
