"""Numbers 800–999: workspace policy; what sharing itself keeps as operations."""

from __future__ import annotations

from collabdesk.sync.registry.model import Area, Column, Kind, Merge, Room, Scope, Table

POLICY = Table(
    800,
    "policy",
    "sharing",
    Scope.ORGANISATION,
    (
        Column(1, "key", Kind.TEXT, Merge.MONEY, required=True),
        Column(2, "value", Kind.TEXT, Merge.MONEY, required=True),
    ),
)

# Names the operation that wrote a sealed value by its dot: the value itself never changes.
SEALED_GRANT = Table(
    801,
    "sealed_grant",
    "reading",
    Scope.ORGANISATION,
    (
        Column(1, "author", Kind.LAPTOP, required=True, since=2),
        Column(2, "seq", Kind.INT, required=True, since=2),
        Column(3, "idx", Kind.INT, required=True, since=2),
        Column(4, "reader", Kind.LAPTOP, required=True, since=2),
        Column(5, "box", Kind.BYTES, required=True, since=2),
    ),
    since=2,
)

ROOM = Room(
    "sharing",
    range(800, 1000),
    areas=(Area(6, "sharing"), Area(7, "reading", since=2)),
    tables=(POLICY, SEALED_GRANT),
)
