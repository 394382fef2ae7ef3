"""What the engine works out from the signed bytes: places, verdicts, live siblings.

No constraint here can refuse a valid operation; all of it can be dropped and rebuilt.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, text

DERIVED: Final = MetaData()

PLACE: Final = Table(
    "place",
    DERIVED,
    Column("id", LargeBinary, primary_key=True),
    Column("dev16", LargeBinary, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("lamport", Integer, nullable=False),
    Column("past", LargeBinary, nullable=False),
    Column("cites", LargeBinary, nullable=False),
    Column("seen", LargeBinary, nullable=False),
    Column("organisation", LargeBinary),
    Column("person", LargeBinary),
    Index("place_seq", "dev16", "seq"),
    Index("place_cites", "cites", "dev16", "seq"),
)
CITATION: Final = Table(
    "citation",
    DERIVED,
    Column("name", LargeBinary, primary_key=True),
    Column("epoch_number", Integer, nullable=False),
    Column("epoch", LargeBinary, nullable=False),
    Column("roster_number", Integer, nullable=False),
    Column("roster", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
WAITING: Final = Table(
    "waiting",
    DERIVED,
    Column("id", LargeBinary, primary_key=True),
    Column("missing", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
FORK: Final = Table(
    "fork",
    DERIVED,
    Column("dev16", LargeBinary, primary_key=True),
    Column("seq", Integer, nullable=False),
    sqlite_with_rowid=False,
)
OPERATION: Final = Table(
    "operation",
    DERIVED,
    Column("dev16", LargeBinary, primary_key=True),
    Column("seq", Integer, primary_key=True),
    # Empty, save where the device signed two ways: then the segment's id tells dots apart.
    Column("branch", LargeBinary, primary_key=True),
    Column("idx", Integer, primary_key=True),
    Column("kind", Integer, nullable=False),
    Column("tbl", Integer),
    Column("row", LargeBinary),
    Column("verdict", Integer, nullable=False),
    Index("operation_row", "row"),
    # Approvals, withdrawals, journals and releases are few, and asked for by their kind.
    Index("operation_signed", "kind", sqlite_where=text("kind BETWEEN 6 AND 9")),
    # What waits for a newer version is asked for before every edit, and mostly there is none.
    Index("operation_newer", "verdict", sqlite_where=text("verdict = 11")),
    sqlite_with_rowid=False,
)
ROW: Final = Table(
    "row",
    DERIVED,
    Column("row", LargeBinary, primary_key=True),
    Column("tbl", Integer),
    Column("scope", LargeBinary, nullable=False),
    Column("dev16", LargeBinary, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("idx", Integer, nullable=False),
    Column("verdict", Integer, nullable=False),
    sqlite_with_rowid=False,
)
CELL: Final = Table(
    "cell",
    DERIVED,
    Column("row", LargeBinary, primary_key=True),
    Column("col", Integer, primary_key=True),
    Column("dev16", LargeBinary, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("idx", Integer, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    Column("lamport", Integer, nullable=False),
    sqlite_with_rowid=False,
)
TOMBSTONE: Final = Table(
    "tombstone",
    DERIVED,
    Column("row", LargeBinary, primary_key=True),
    Column("dev16", LargeBinary, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("idx", Integer, primary_key=True),
    Column("seen", LargeBinary, nullable=False),
    Column("undone", Integer, nullable=False),
    sqlite_with_rowid=False,
)
APPROVAL: Final = Table(
    "approval",
    DERIVED,
    Column("dev16", LargeBinary, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("idx", Integer, primary_key=True),
    Column("row", LargeBinary, nullable=False),
    Column("organisation", LargeBinary, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("dots", LargeBinary, nullable=False),
    Column("withdrawn", Integer, nullable=False),
    Index("approval_row", "row"),
    sqlite_with_rowid=False,
)
POST: Final = Table(
    "post",
    DERIVED,
    Column("dev16", LargeBinary, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("idx", Integer, primary_key=True),
    Column("term", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("link", LargeBinary, nullable=False),
    Column("source", LargeBinary),
    Column("header", LargeBinary),
    Index("post_source", "source"),
    # Every reading of the ledger goes from a journal to its number.
    Index("post_header", "header"),
    # Every posting and every reading asks for the last one.
    Index("post_order", "term", "seq", "idx"),
    Index("post_number", "number"),
    sqlite_with_rowid=False,
)
RELEASED: Final = Table(
    "released",
    DERIVED,
    Column("dev16", LargeBinary, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("idx", Integer, primary_key=True),
    Column("term", Integer, nullable=False),
    sqlite_with_rowid=False,
)
CONTESTED: Final = Table(
    "contested",
    DERIVED,
    Column("row", LargeBinary, primary_key=True),
    Column("col", Integer, primary_key=True),
    Column("tbl", Integer, nullable=False),
    Column("siblings", Integer, nullable=False),
    sqlite_with_rowid=False,
)
OBSERVATION: Final = Table(
    "observation",
    DERIVED,
    Column("release", LargeBinary, primary_key=True),
    Column("source_row", Integer, primary_key=True),
    Column("measure", Text, nullable=False),
    Column("org_kind", Text, nullable=False),
    Column("org_code", Text, nullable=False),
    Column("org_name", Text, nullable=False),
    Column("period_start", Text, nullable=False),
    Column("period_end", Text, nullable=False),
    Column("secondary", Text, nullable=False),
    Column("value", Text),
    Column("flag", Text, nullable=False),
    Index("observation_measure", "measure", "org_kind", "period_end", "org_code"),
    sqlite_with_rowid=False,
)
