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

ROOM = Room(
    "sharing",
    range(800, 1000),
    areas=(Area(6, "sharing"),),
    tables=(POLICY,),
)
