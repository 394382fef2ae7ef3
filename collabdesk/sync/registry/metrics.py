"""Numbers 600–799: published access metrics and the standards they are held to."""

from __future__ import annotations

from collabdesk.sync.registry.model import Area, Column, Kind, Merge, Room, Scope, Table, members

RELEASE_STATUS = members("release_status", "provisional", "performance", "final", "local")
STANDARD_KIND = members("standard_kind", "standard", "target", "trajectory", "benchmark")

RELEASE = Table(
    600,
    "release",
    "metrics",
    Scope.ORGANISATION,
    (
        Column(1, "title", Kind.TEXT, Merge.MONEY, required=True, search=True),
        Column(2, "file_name", Kind.TEXT, Merge.MONEY, required=True, search=True),
        Column(3, "file", Kind.BLOB, Merge.MONEY, required=True),
        Column(4, "profile", Kind.BLOB, Merge.MONEY, required=True),
        Column(5, "profile_id", Kind.TEXT, Merge.MONEY, required=True),
        Column(6, "status", Kind.ENUM, Merge.MONEY, required=True, members=RELEASE_STATUS),
        Column(7, "version", Kind.INT, Merge.MONEY, required=True),
        Column(8, "period_start", Kind.DATE, Merge.MONEY, required=True),
        Column(9, "period_end", Kind.DATE, Merge.MONEY, required=True),
        Column(10, "rows", Kind.INT, Merge.MONEY, required=True),
        Column(11, "licence", Kind.TEXT, Merge.MONEY, required=True),
    ),
)
STANDARD = Table(
    601,
    "standard",
    "metrics",
    Scope.ORGANISATION,
    (
        Column(1, "metric", Kind.TEXT, Merge.MONEY, required=True, search=True),
        Column(2, "kind", Kind.ENUM, Merge.MONEY, required=True, members=STANDARD_KIND),
        Column(3, "value", Kind.DECIMAL, Merge.MONEY, required=True),
        Column(4, "source", Kind.TEXT, Merge.MONEY, required=True, search=True),
        Column(5, "source_date", Kind.DATE, Merge.MONEY, required=True),
        Column(6, "effective_from", Kind.DATE, Merge.MONEY, required=True),
    ),
)

ROOM = Room(
    "metrics",
    range(600, 800),
    areas=(Area(5, "metrics"),),
    tables=(RELEASE, STANDARD),
)
