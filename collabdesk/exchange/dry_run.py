"""What bringing a file in would do, told before anything is written."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

from collabdesk.domain.metrics.observation import Flag, Key, Observation, ReleaseSummary
from collabdesk.errors import Refusal
from collabdesk.exchange.delimited import NATIONAL, Parked, Read, duplicate_key, read
from collabdesk.exchange.foreign_text import CancelToken, ForeignFile, Progress
from collabdesk.exchange.profiles import Profile
from collabdesk.exchange.recognition import NameSays, name_says

MOST_SHOWN: Final = 20
COUNT: Final = "count"
PERCENT: Final = "percent"
ODS_KINDS: Final = frozenset(("provider", "icb", "sub_icb"))


@dataclass(frozen=True, slots=True)
class Revised:
    """A figure that would change: before and after, None where it is not shown."""

    key: Key
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What would change against the release shown today."""

    added: int
    gone: int
    revised: int
    same: int
    examples: tuple[Revised, ...]
    renamed: tuple[tuple[str, str, str], ...]
    organisations_gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DryRun:
    """The whole account; `blocked` gives reasons why the file may not be brought in."""

    summary: ReleaseSummary
    licence: str
    travels: str
    rows_in: int
    mapped: int
    parked: int
    changes: Changes
    warnings: tuple[str, ...]
    blocked: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    units: Mapping[str, str]
    known_orgs: Collection[str]
    multiple: int
    rows_in: int = 0
    mapped: int = 0
    flags: Counter[Flag] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)
    unknown_measures: Counter[str] = field(default_factory=Counter)
    unknown_orgs: Counter[str] = field(default_factory=Counter)
    measures: set[str] = field(default_factory=set)
    orgs: dict[tuple[str, str], str] = field(default_factory=dict)
    figures: dict[Key, tuple[str | None, int]] = field(default_factory=dict)
    duplicates: int = 0
    unrounded: int = 0
    start: dt.date = dt.date.max
    end: dt.date = dt.date.min
    blocked: list[str] = field(default_factory=list)

    def park(self, entry: Parked) -> None:
        self.rows_in += 1
        self.parked[entry.breakdown] += 1

    def add(self, entry: Read) -> None:
        figure = entry.observation
        self.rows_in += 1
        self.mapped += 1
        self.statuses[entry.status] += 1
        self.flags[figure.flag] += 1
        self.measures.add(figure.measure)
        self.orgs[figure.org_kind, figure.org_code] = figure.org_name
        self.start = min(self.start, figure.period_start)
        self.end = max(self.end, figure.period_end)
        self._codes(figure)
        self._once(figure)
        self._plausible(figure)

    def block(self, words: str) -> None:
        if len(self.blocked) < MOST_SHOWN:
            self.blocked.append(words)

    def _codes(self, figure: Observation) -> None:
        if figure.measure not in self.units:
            self.unknown_measures[figure.measure] += 1
        if figure.org_kind in ODS_KINDS and figure.org_code not in self.known_orgs:
            self.unknown_orgs[figure.org_code] += 1

    def _once(self, figure: Observation) -> None:
        _, first = self.figures.setdefault(figure.key, (figure.value, figure.source_row))
        if first != figure.source_row:
            self.duplicates += 1
            self.block(duplicate_key(figure, first).words)

    def _plausible(self, figure: Observation) -> None:
        if figure.value is None:
            return
        unit, value = self.units.get(figure.measure), Decimal(figure.value)
        if unit == PERCENT and not 0 <= value <= 100:  # noqa: PLR2004
            words = f"Row {figure.source_row}: {figure.measure} is a percentage of {value}."
            self.block(words)
        if unit == COUNT and figure.org_kind != NATIONAL and value % self.multiple:
            self.unrounded += 1


def dry_run(  # noqa: PLR0913 - the person's file, what is known, and the job's two handles
    source: bytes | Path,
    name: str,
    profile: Profile,
    *,
    known_measures: Mapping[str, str],
    known_orgs: Collection[str],
    previous: Iterable[Observation] = (),
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> DryRun:
    """Read the file through and account for it; `known_measures` maps code to unit.

    Refuses what cannot be read; what can be read and must not be brought in is `blocked`.
    """
    tally = _Tally(known_measures, known_orgs, profile.checks.sub_national_multiple_of)
    for entry in read(ForeignFile(name, source), profile, progress=progress, cancel=cancel):
        if isinstance(entry, Parked):
            tally.park(entry)
        else:
            tally.add(entry)
    told = name_says(name, profile)
    if not tally.mapped:
        raise _nothing_known(name, tally.parked)
    _block_disagreements(tally, told)
    changes = _changes(tally, previous)
    return DryRun(
        summary=_summary(tally, profile, told),
        licence=profile.licence.name,
        travels=profile.licence.travels.value,
        rows_in=tally.rows_in,
        mapped=tally.mapped,
        parked=tally.parked.total(),
        changes=changes,
        warnings=_warnings(tally, changes),
        blocked=tuple(tally.blocked),
    )


def _nothing_known(name: str, parked: Mapping[str, int]) -> Refusal:
    return Refusal(
        code="unknown-breakdown",
        words=f"{name}: no row is about a kind of organisation the profile knows: "
        f"{', '.join(sorted(parked)[:MOST_SHOWN])}.",
        remedy="Choose another profile, or add these to [breakdowns] in a copy of it.",
        field="file",
    )


def _block_disagreements(tally: _Tally, told: NameSays) -> None:
    stated = sorted(status for status in tally.statuses if status)
    if len(stated) > 1:
        tally.block(f"The rows state more than one status: {', '.join(stated)}.")
    if told.status and stated and stated != [told.status]:
        tally.block(f"The file's name says {told.status}, its rows say {stated[0]}.")
    if told.month and told.month.casefold() != _MONTHS[tally.end.month - 1]:
        tally.block(f"The file's name says {told.month}, its rows end on {tally.end:%d/%m/%Y}.")
    if told.year and told.year != f"{tally.end.year:04}":
        tally.block(f"The file's name says {told.year}, its rows end on {tally.end:%d/%m/%Y}.")


# Never the machine's own month names: the same file must be judged alike everywhere.
_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip


def _summary(tally: _Tally, profile: Profile, told: NameSays) -> ReleaseSummary:
    stated = sorted(status for status in tally.statuses if status)
    return ReleaseSummary(
        profile_id=profile.identity,
        title=profile.title,
        status=stated[0] if stated else told.status or "local",
        version=told.version,
        period_start=tally.start,
        period_end=tally.end,
        rows=tally.mapped,
        suppressed=tally.flags[Flag.SUPPRESSED],
        missing=tally.flags[Flag.MISSING],
        measures=len(tally.measures),
        organisations=len(tally.orgs),
        duplicates=tally.duplicates,
        unknown_measures=tuple(sorted(tally.unknown_measures)),
        unknown_organisations=tuple(sorted(tally.unknown_orgs)),
        unknown_breakdowns=tuple(sorted(tally.parked)),
    )


def _changes(tally: _Tally, previous: Iterable[Observation]) -> Changes:
    gone = revised = same = 0
    examples: list[Revised] = []
    before_names: dict[tuple[str, str], str] = {}
    for figure in previous:
        before_names[figure.org_kind, figure.org_code] = figure.org_name
        now = tally.figures.get(figure.key)
        if now is None:
            gone += 1
        elif now[0] == figure.value:
            same += 1
        else:
            revised += 1
            examples.append(Revised(figure.key, figure.value, now[0]))
    return Changes(
        added=len(tally.figures) - revised - same,
        gone=gone,
        revised=revised,
        same=same,
        examples=tuple(sorted(examples, key=_by_size)[:MOST_SHOWN]),
        renamed=_renamed(before_names, tally.orgs),
        organisations_gone=tuple(sorted(c for k, c in before_names if (k, c) not in tally.orgs)),
    )


def _by_size(change: Revised) -> tuple[Decimal, Key]:
    before, after = Decimal(change.before or 0), Decimal(change.after or 0)
    return -abs(after - before), change.key


def _renamed(
    before: Mapping[tuple[str, str], str], now: Mapping[tuple[str, str], str]
) -> tuple[tuple[str, str, str], ...]:
    both = (
        (code, before[kind, code], name)
        for (kind, code), name in now.items()
        if (kind, code) in before
    )
    return tuple(sorted(change for change in both if change[1] != change[2]))


def _warnings(tally: _Tally, changes: Changes) -> tuple[str, ...]:
    said: list[str] = []
    for counts, what in (
        (tally.unknown_measures, "Measures not in the catalogue"),
        (tally.unknown_orgs, "Organisations not in the reference list"),
        (tally.parked, "Breakdowns the profile does not know, left out"),
    ):
        if counts:
            first = ", ".join(sorted(counts)[:MOST_SHOWN])
            more = len(counts) - MOST_SHOWN
            tail = f" and {more} more" if more > 0 else ""
            said.append(f"{what}: {len(counts)}, in {counts.total():,} rows ({first}{tail}).")
    if tally.unrounded:
        words = f"Counts that are not multiples of {tally.multiple}, though the source rounds them"
        said.append(f"{words}: {tally.unrounded:,}.")
    if changes.organisations_gone:
        said.append(f"No figures from {', '.join(changes.organisations_gone[:MOST_SHOWN])} now.")
    said += [f"{code} is now called {new} (was {old})." for code, old, new in changes.renamed]
    return tuple(said)
