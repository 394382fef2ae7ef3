"""What nothing else can bring back: signed bytes, records, drafts of the open segment.

These tables alone are migrated; everything else is dropped and rebuilt.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text

DURABLE: Final = MetaData()

SETTING: Final = Table(
    "setting",
    DURABLE,
    Column("key", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
RECORD: Final = Table(
    "record",
    DURABLE,
    Column("id", LargeBinary, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
RECORD_SIGNATURE: Final = Table(
    "record_signature",
    DURABLE,
    Column("record", LargeBinary, primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    Column("signature", LargeBinary, primary_key=True),
)
SEGMENT: Final = Table(
    "segment",
    DURABLE,
    Column("id", LargeBinary, primary_key=True),
    Column("dev16", LargeBinary, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("lamport", Integer, nullable=False),
    Column("wall_ms", Integer, nullable=False),
    Column("file", LargeBinary, nullable=False),
    Index("segment_place", "dev16", "seq"),
)
OPEN_SEGMENT: Final = Table(
    "open_segment",
    DURABLE,
    Column("seq", Integer, primary_key=True),
    Column("header", LargeBinary, nullable=False),
)
OPEN_OPERATION: Final = Table(
    "open_operation",
    DURABLE,
    Column("idx", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
OUTBOX: Final = Table(
    "outbox",
    DURABLE,
    Column("path", Text, primary_key=True),
    Column("file", LargeBinary, nullable=False),
    Column("position", Integer, nullable=False),
)
HEAD: Final = Table(
    "greatest_head",
    DURABLE,
    Column("dev16", LargeBinary, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("id", LargeBinary, nullable=False),
)
BLOB: Final = Table(
    "blob",
    DURABLE,
    Column("hash", LargeBinary, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
REFUSED_FILE: Final = Table(
    "refused_file",
    DURABLE,
    Column("path", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("first_seen_ms", Integer, nullable=False),
    Column("healed", Integer, nullable=False),
)
SEEN_FILE: Final = Table(
    "seen_file",
    DURABLE,
    Column("path", Text, primary_key=True),
    Column("id", LargeBinary, nullable=False),
    Index("seen_file_id", "id"),
)
MISSING_FILE: Final = Table(
    "missing_file",
    DURABLE,
    Column("name", Text, primary_key=True),
    Column("since_ms", Integer, nullable=False),
)
EVENT: Final = Table(
    "event",
    DURABLE,
    Column("number", Integer, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False),
)
SET_ASIDE: Final = Table(
    "set_aside",
    DURABLE,
    Column("path", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    # NULL: until a record is newly kept; else until this time of the own clock.
    Column("until_ms", Integer),
)
DAMAGE: Final = Table(
    "damage",
    DURABLE,
    Column("path", Text, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("at_ms", Integer, nullable=False),
)
HEARD: Final = Table(
    "heard",
    DURABLE,
    Column("dev16", LargeBinary, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("at_ms", Integer, nullable=False),
)
BEACON: Final = Table(
    "beacon",
    DURABLE,
    Column("dev16", LargeBinary, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("idx", Integer, primary_key=True),
    Column("segment", LargeBinary, nullable=False),
    Column("wall_ms", Integer, nullable=False),
    Column("at_ms", Integer, nullable=False),
    # What the author's clock said of the newest own change set the beacon has in its past.
    Column("own_wall_ms", Integer),
    Column("state", LargeBinary, nullable=False),
    Column("control", LargeBinary, nullable=False),
    Column("found", Text, nullable=False),
)
CONTROL_SEEN: Final = Table(
    "control_seen",
    DURABLE,
    Column("head", LargeBinary, primary_key=True),
    Column("at_ms", Integer, nullable=False),
)
NAMED_ABSENT: Final = Table(
    "named_absent",
    DURABLE,
    Column("id", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("dev16", LargeBinary, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("since_ms", Integer, nullable=False),
)
HEEDED: Final = Table(
    "heeded",
    DURABLE,
    Column("record", LargeBinary, primary_key=True),
    Column("dev16", LargeBinary, nullable=False),
    Column("seq", Integer, nullable=False),
)
NOTED_ALARM: Final = Table(
    "noted_alarm",
    DURABLE,
    Column("kind", Text, primary_key=True),
    Column("subject", LargeBinary, primary_key=True),
    Column("since_ms", Integer, nullable=False),
    Column("over_ms", Integer),
    Column("facts", LargeBinary, nullable=False),
)
# About people, by pseudonym: these rows are never part of a change set.
LOCAL_SPELL: Final = Table(
    "local_spell",
    DURABLE,
    Column("number", Integer, primary_key=True),
    Column("contract", LargeBinary, nullable=False),
    Column("pseudonym", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("admitted", Text, nullable=False),
    Column("discharged", Text),
)
LOCAL_PLACEMENT: Final = Table(
    "local_placement",
    DURABLE,
    Column("number", Integer, primary_key=True),
    Column("service_line", LargeBinary, nullable=False),
    Column("pseudonym", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("admitted", Text, nullable=False),
    Column("discharged", Text),
    Column("price_p", Integer, nullable=False),
    Column("distance_km", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("review_due", Text),
)
