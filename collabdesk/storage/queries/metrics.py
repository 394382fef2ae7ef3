"""Releases, the figures derived from their files, and the standards they are held to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, Row, Select, delete, select

from collabdesk.domain.metrics.observation import Flag, Key, Observation
from collabdesk.storage.queries.records import Record, record, records
from collabdesk.storage.tables.derived import OBSERVATION
from collabdesk.storage.tables.durable import BLOB
from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync.blobs import chunk_hashes

STATUS_ORDER = ("local", "provisional", "performance", "final")
ROWS_AT_ONCE = 5_000
NAMES_AT_ONCE = 500
_KEEP = "INSERT INTO observation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Record):
    """One published file as imported; `file` and `profile` name their chunks."""

    title: str
    file_name: str
    file: bytes
    profile: bytes
    profile_id: str
    status: str
    version: int
    period_start: dt.date
    period_end: dt.date
    rows: int
    licence: str

    @property
    def standing(self) -> tuple[int, int, bytes]:
        """What decides between releases of one period: the greatest is the current one."""
        return STATUS_ORDER.index(self.status), self.version, self.row


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard(Record):
    """What a metric is held to from a day on; `value` is decimal text."""

    metric: str
    kind: str
    value: str
    source: str
    source_date: dt.date
    effective_from: dt.date


@dataclass(frozen=True, slots=True)
class Published:
    """A figure with the release it comes from."""

    observation: Observation
    release: Release


def releases(reads: Connection) -> tuple[Release, ...]:
    """Return all releases, the newest period first and in it the current one first."""
    found = records(reads, "release", Release)
    return tuple(sorted(found, key=lambda r: (r.period_end, r.standing), reverse=True))


def release(reads: Connection, row: bytes) -> Release | None:
    """Return one release, or None."""
    return record(reads, "release", Release, row)


def standards(reads: Connection, metric: str) -> tuple[Standard, ...]:
    """Return the standards of a metric, the latest to take effect last."""
    found = records(reads, "standard", Standard, PROJECTIONS["standard"].c.metric == metric)
    return tuple(sorted(found, key=lambda s: (s.effective_from, s.source_date, s.row)))


def derived(reads: Connection) -> frozenset[bytes]:
    """Return the releases, live or not, that have derived figures."""
    return frozenset(reads.execute(select(OBSERVATION.c.release).distinct()).scalars())


def measured(reads: Connection, org_kind: str) -> frozenset[str]:
    """Return the codes of the measures that have figures of a kind of organisation."""
    wanted = select(OBSERVATION.c.measure).where(OBSERVATION.c.org_kind == org_kind)
    return frozenset(reads.execute(wanted.distinct()).scalars())


def forget(writes: Connection, gone: Iterable[bytes]) -> None:
    """Drop the figures of releases."""
    for row in gone:
        writes.execute(delete(OBSERVATION).where(OBSERVATION.c.release == row))


def keep(writes: Connection, row: bytes, figures: Iterable[Observation]) -> int:
    """Keep the figures of a release; return how many there are."""
    kept, each = 0, iter(figures)
    while some := [_kept(row, figure) for figure in islice(each, ROWS_AT_ONCE)]:
        writes.exec_driver_sql(_KEEP, some)
        kept += len(some)
    return kept


def missing_chunks(reads: Connection, *values: bytes) -> frozenset[bytes]:
    """Return the chunks that some blob values name and this computer does not hold."""
    wanted = [chunk for value in values for chunk in chunk_hashes(value)]
    here: set[bytes] = set()
    for at in range(0, len(wanted), NAMES_AT_ONCE):
        some = wanted[at : at + NAMES_AT_ONCE]
        here.update(reads.execute(select(BLOB.c.hash).where(BLOB.c.hash.in_(some))).scalars())
    return frozenset(wanted) - here


def chunk(reads: Connection, chunk_hash: bytes) -> bytes | None:
    """Return one chunk of a file, or None while this computer does not hold it."""
    found: bytes | None = reads.execute(
        select(BLOB.c.content).where(BLOB.c.hash == chunk_hash)
    ).scalar_one_or_none()
    return found


def figures(reads: Connection, row: bytes) -> Iterator[Observation]:
    """Iterate over the figures of one release in the order of its file."""
    query = select(OBSERVATION).where(OBSERVATION.c.release == row)
    for found in reads.execute(query.order_by(OBSERVATION.c.source_row)):
        yield _observation(found)


def published(
    reads: Connection,
    measures: Collection[str],
    org_kind: str,
    codes: Collection[str] | None = None,
) -> tuple[Published, ...]:
    """Return the current figure of each key: that of the release which stands highest.

    Without `codes` all organisations of the kind are returned. Rows for a part of an
    organisation's people (a secondary breakdown) are left out.
    """
    best: dict[Key, Published] = {}
    known = {found.row: found for found in releases(reads)}
    for found in reads.execute(_wanted(measures, org_kind, codes)):
        if found.release in known:
            figure = Published(_observation(found), known[found.release])
            held = best.setdefault(figure.observation.key, figure)
            if held.release.standing < figure.release.standing:
                best[figure.observation.key] = figure
    return tuple(best.values())


def _wanted(
    measures: Collection[str], org_kind: str, codes: Collection[str] | None
) -> Select[tuple[object, ...]]:
    query = select(OBSERVATION).where(
        OBSERVATION.c.measure.in_(measures),
        OBSERVATION.c.org_kind == org_kind,
        OBSERVATION.c.secondary == "",
    )
    return query if codes is None else query.where(OBSERVATION.c.org_code.in_(codes))


def _kept(row: bytes, figure: Observation) -> tuple[bytes | int | str | None, ...]:
    start, end = figure.period_start.isoformat(), figure.period_end.isoformat()
    return (
        row,
        figure.source_row,
        figure.measure,
        figure.org_kind,
        figure.org_code,
        figure.org_name,
        start,
        end,
        figure.secondary,
        figure.value,
        figure.flag.value,
    )


def _observation(found: Row[tuple[object, ...]]) -> Observation:
    cells = found._asdict()
    del cells["release"]
    return Observation(
        **cells
        | {
            "period_start": dt.date.fromisoformat(found.period_start),
            "period_end": dt.date.fromisoformat(found.period_end),
            "flag": Flag(found.flag),
        }
    )
