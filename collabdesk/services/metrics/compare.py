"""Trusts compared on one published measure: who meets the standard, and who cannot be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.decimals import fixed_text, parse_decimal
from collabdesk.domain.metrics.catalogue import CATALOGUE, Better, PublishedMeasure, Unit
from collabdesk.domain.metrics.league import FLAG_WORDS, Entry, league
from collabdesk.domain.metrics.observation import Flag, Observation
from collabdesk.domain.metrics.standards import (
    FEWEST,
    Attainment,
    Range,
    attainment,
    published_range,
)
from collabdesk.domain.periods import MONTH_NAMES
from collabdesk.errors import Refusal
from collabdesk.storage.queries import metrics as stored

PROVIDER: Final = "provider"
NATIONAL: Final = ("national", "England")
ROUNDED: Final = 1
"""Two whole percentages this far apart may be one figure, rounded twice."""


@dataclass(frozen=True, slots=True)
class Row:
    """One trust in its place; `note` says why something is not there."""

    code: str
    name: str
    rank: int | None
    value: Fraction | None
    flag: Flag
    denominator: int | None
    near: Range | None
    attainment: Attainment | None
    before: Fraction | None
    change: Fraction | None
    change_words: str
    note: str
    release: stored.Release | None


@dataclass(frozen=True, slots=True)
class Table:
    """The league table with its finding; `national` is England's figure."""

    measure: PublishedMeasure
    period_start: dt.date | None
    period_end: dt.date | None
    before_end: dt.date | None
    standard: stored.Standard | None
    national: Fraction | None
    rows: tuple[Row, ...]
    finding: str


def compare(
    reads: Connection,
    measure: PublishedMeasure | str,
    organisations: Mapping[str, str] | None = None,
    period_end: dt.date | None = None,
    before: dt.date | None = None,
) -> Table:
    """Compare trusts; suppressed and missing ones stand last and are said to be so.

    `organisations` holds their names by code, without it all providers of the files are
    compared. Without a period it is the latest, without one before it the latest earlier.
    """
    measure = known_measure(measure) if isinstance(measure, str) else measure
    wanted = [code for code in (measure.code, measure.denominator) if code]
    found = stored.published(reads, wanted, PROVIDER, organisations)
    ends = _ends(found, measure)
    end = period_end or max(ends, default=None)
    before_end = before or max((e for e in ends if end and e < end), default=None)
    standard = _standard(reads, measure.code, end)
    now, earlier = _figures(found, end), _figures(found, before_end)
    names = _names(now) if organisations is None else organisations
    entries = [_entry(code, name, now, measure) for code, name in names.items()]
    rows = tuple(
        _row(placed.entry, placed.rank, measure, standard, (now, earlier), before_end)
        for placed in league(entries, measure.better)
    )
    starts = {p.observation.period_start for (_, m), p in now.items() if m == measure.code}
    return Table(
        measure=measure,
        period_start=min(starts, default=None),
        period_end=end,
        before_end=before_end,
        standard=standard,
        national=_national(reads, measure, end),
        rows=rows,
        finding=finding(measure, rows, standard),
    )


def known_measure(code: str) -> PublishedMeasure:
    """Return a measure CollabDesk compares from the start, by its code."""
    try:
        return CATALOGUE[code]
    except KeyError as error:
        raise Refusal(
            code="unknown_measure",
            words=f"CollabDesk does not know how {code} is to be compared.",
            remedy=f"Choose one of: {', '.join(CATALOGUE)}.",
            field="measure",
        ) from error


def _names(now: _Figures) -> Mapping[str, str]:
    return {code: published.observation.org_name for (code, _), published in now.items()}


_Figures = Mapping[tuple[str, str], stored.Published]


def _ends(found: Iterable[stored.Published], measure: PublishedMeasure) -> set[dt.date]:
    figures = (published.observation for published in found)
    return {figure.period_end for figure in figures if figure.measure == measure.code}


def _figures(found: Iterable[stored.Published], end: dt.date | None) -> _Figures:
    """Return the figures of one period by organisation and measure."""
    held: dict[tuple[str, str], stored.Published] = {}
    for published in sorted(found, key=lambda p: p.observation.key):
        figure = published.observation
        if figure.period_end == end:
            held[figure.org_code, figure.measure] = published
    return held


def _standard(reads: Connection, metric: str, end: dt.date | None) -> stored.Standard | None:
    in_force = [s for s in stored.standards(reads, metric) if end and s.effective_from <= end]
    return in_force[-1] if in_force else None


def _national(reads: Connection, measure: PublishedMeasure, end: dt.date | None) -> Fraction | None:
    kind, code = NATIONAL
    found = _figures(stored.published(reads, [measure.code], kind, [code]), end)
    figure = found.get((code, measure.code))
    return None if figure is None else _value(figure.observation)


def _value(figure: Observation) -> Fraction | None:
    return None if figure.value is None else Fraction(figure.value)


def _entry(code: str, name: str, now: _Figures, measure: PublishedMeasure) -> Entry:
    found = now.get((code, measure.code))
    if found is None:
        return Entry(code, name, None, Flag.MISSING)
    return Entry(code, name, _value(found.observation), found.observation.flag)


def _row(  # noqa: PLR0913, PLR0917 - a place, what it is held against and two periods
    entry: Entry,
    rank: int | None,
    measure: PublishedMeasure,
    standard: stored.Standard | None,
    figures: tuple[_Figures, _Figures],
    before_end: dt.date | None,
) -> Row:
    now, earlier = figures
    people = _people(entry.code, now, measure)
    near = _near(entry.value, people, measure)
    past = earlier.get((entry.code, measure.code))
    before = None if past is None else _value(past.observation)
    change = None if entry.value is None or before is None else entry.value - before
    source = now.get((entry.code, measure.code))
    return Row(
        code=entry.code,
        name=entry.name,
        rank=rank,
        value=entry.value,
        flag=entry.flag,
        denominator=people,
        near=near,
        attainment=None if standard is None else _held(entry.value, measure, standard, near),
        before=before,
        change=change,
        change_words=_change_words(change, measure, before_end),
        note=FLAG_WORDS[entry.flag] or _why_no_interval(measure, people),
        release=None if source is None else source.release,
    )


def _people(code: str, now: _Figures, measure: PublishedMeasure) -> int | None:
    """Return how many people a share is of, as the same file states it."""
    found, share = now.get((code, measure.denominator)), now.get((code, measure.code))
    if found is None or share is None or found.release.row != share.release.row:
        return None
    value = _value(found.observation)
    return None if value is None else int(value)


def _near(value: Fraction | None, people: int | None, measure: PublishedMeasure) -> Range | None:
    if value is None or measure.unit is not Unit.PERCENT:
        return None
    return published_range(value, people)


def _held(
    value: Fraction | None,
    measure: PublishedMeasure,
    standard: stored.Standard,
    near: Range | None,
) -> Attainment:
    if measure.unit is Unit.PERCENT and near is None:
        return Attainment.CANNOT_TELL
    return attainment(value, Fraction(standard.value), measure.better, near)


def _why_no_interval(measure: PublishedMeasure, people: int | None) -> str:
    if measure.unit is not Unit.PERCENT:
        return ""
    if people is None:
        return "no interval: how many people it is of is not published"
    return f"no interval: fewer than {FEWEST} people, rounded" if people < FEWEST else ""


def _change_words(change: Fraction | None, measure: PublishedMeasure, since: dt.date | None) -> str:
    if change is None or since is None:
        return ""
    when = month_words(since)
    if change == 0:
        return f"as in {when}"
    if measure.unit is Unit.PERCENT and abs(change) <= ROUNDED:
        return f"not told apart from {when}: the figures are rounded"
    unit = {Unit.PERCENT: "points", Unit.DAYS: "days"}.get(measure.unit, "")
    size = f"{figure_text(abs(change))} {unit}".strip()
    way = "more" if change > 0 else "fewer" if measure.unit is Unit.DAYS else "less"
    return f"{size} {way} than in {when}{_better_words(change, measure.better)}"


def _better_words(change: Fraction, better: Better) -> str:
    if better is Better.NEUTRAL:
        return ""
    return ": better" if (change > 0) == (better is Better.HIGHER) else ": worse"


def month_words(end: dt.date) -> str:
    """Name the month a period ends in."""
    return f"{MONTH_NAMES[end.month - 1]} {end.year}"


def figure_text(value: Fraction) -> str:
    """Print a figure with at most one decimal."""
    return fixed_text(value, 1).removesuffix(".0")


def with_unit(value: Fraction, unit: Unit) -> str:
    """Print a figure with its unit, as ``15%`` or ``42 days``."""
    text = figure_text(value)
    return {Unit.PERCENT: f"{text}%", Unit.DAYS: f"{text} days"}.get(unit, text)


def finding(
    measure: PublishedMeasure, rows: Sequence[Row], standard: stored.Standard | None
) -> str:
    """Say in one sentence what the table shows."""
    known = [row for row in rows if row.value is not None]
    if not known:
        return "No trust has a figure that may be shown"
    if standard is not None and measure.better is not Better.NEUTRAL:
        return _against(measure, rows, parse_decimal(standard.value))
    best, worst = known[0], known[-1]
    hidden = len(rows) - len(known)
    tail = f"; {_number(hidden).lower()} cannot be shown" if hidden else ""
    ends = [
        f"{with_unit(row.value or Fraction(0), measure.unit)} ({row.name})" for row in (best, worst)
    ]
    return (f"From {ends[0]} to {ends[1]}" if len(known) > 1 else f"Only {ends[0]}") + tail


def _against(measure: PublishedMeasure, rows: Sequence[Row], standard: Fraction) -> str:
    counts = {
        held: sum(row.attainment is held for row in rows)
        for held in (Attainment.MET, Attainment.NOT_MET, Attainment.CANNOT_TELL)
    }
    met, missed, unclear = counts.values()
    at = with_unit(standard, measure.unit)
    clears = ("clears", "clear") if measure.better is Better.HIGHER else ("is within", "are within")
    parts = [
        f"{_number(met)} {clears[met != 1]} {at}",
        f"{_number(missed).lower()} {'falls' if missed == 1 else 'fall'} short",
        f"{_number(unclear).lower()} cannot be told",
    ]
    return ", ".join(part for part, n in zip(parts, (1, missed, unclear), strict=True) if n)


_NUMBERS: Final = (
    "None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
)  # fmt: skip


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
