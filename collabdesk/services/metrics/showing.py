"""Everything the Metrics page shows, read in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.metrics.catalogue import CATALOGUE, PublishedMeasure, Unit
from collabdesk.services.figures import Author, history
from collabdesk.services.metrics.compare import PROVIDER, Table, compare
from collabdesk.services.metrics.queries import (
    ReleaseLine,
    periods,
    published_measure,
    release_list,
)
from collabdesk.services.metrics.shipped import shipped_reference
from collabdesk.services.organisations import short_names
from collabdesk.storage.queries import budgets as budgeted
from collabdesk.storage.queries import metrics as stored

COMPARED: Final = (Unit.PERCENT, Unit.DAYS)
"""Counts are not compared: they say how large a trust is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be compared; without a measure or period the first of those there are."""

    measure: str = ""
    period_end: dt.date | None = None
    everybody: bool = False
    """All providers of the files instead of those of the alliance."""


@dataclass(frozen=True, slots=True)
class ReleaseSeen:
    """A release with who brought it in."""

    line: ReleaseLine
    by: Author


@dataclass(frozen=True, slots=True)
class MetricsSeen:
    """Releases, what can be compared, and the comparison asked for."""

    releases: tuple[ReleaseSeen, ...]
    measures: tuple[PublishedMeasure, ...]
    periods: tuple[dt.date, ...]
    table: Table | None
    overview: tuple[Table, ...] = ()
    """Every measure for the alliance's own trusts, in the period of the table."""


def metrics_seen(reads: Connection, asked: Asked, members: Collection[str]) -> MetricsSeen:
    """Return the page for a question; `members` are the codes of the alliance's trusts."""
    lines = release_list(reads)
    releases = tuple(ReleaseSeen(line, _author(reads, line)) for line in lines)
    measures, ends = comparable(reads), periods(reads)
    wanted = next((m for m in measures if m.code == asked.measure), next(iter(measures), None))
    if wanted is None:
        return MetricsSeen(releases, measures, ends, None)
    own = peers(reads, members)
    end = asked.period_end if asked.period_end in ends else next(iter(ends), None)
    table = compare(reads, wanted, None if asked.everybody else own, end)
    overview = tuple(compare(reads, measure, own, end) for measure in measures)
    return MetricsSeen(releases, measures, ends, table, overview)


def comparable(reads: Connection) -> tuple[PublishedMeasure, ...]:
    """Return the shares and times that providers have figures of, the best known first."""
    reference, first = shipped_reference(), list(CATALOGUE)
    codes = stored.measured(reads, PROVIDER) & reference.measures.keys()
    known = [published_measure(reference, code) for code in sorted(codes)]
    compared = [CATALOGUE.get(one.code, one) for one in known if one.unit in COMPARED]
    return tuple(sorted(compared, key=lambda m: (m.code not in first, m.code)))


def peers(reads: Connection, members: Collection[str]) -> Mapping[str, str]:
    """Return the short names of the members and of every provider they plan to pay, by code."""
    paid = {
        line.provider
        for version in budgeted.budget_versions(reads)
        for line in budgeted.plan_lines(reads, version.row)
    }
    names = short_names()
    return {code: names.get(code, code) for code in sorted(paid | set(members)) if code}


def _author(reads: Connection, line: ReleaseLine) -> Author:
    return history(reads, line.release.row)[0].author
