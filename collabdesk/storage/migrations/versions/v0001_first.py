"""The durable tables of the first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "setting",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "record",
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "record_signature",
        sa.Column("record", sa.LargeBinary, primary_key=True),
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("signature", sa.LargeBinary, primary_key=True),
    )
    op.create_table(
        "segment",
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("dev16", sa.LargeBinary, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("lamport", sa.Integer, nullable=False),
        sa.Column("wall_ms", sa.Integer, nullable=False),
        sa.Column("file", sa.LargeBinary, nullable=False),
    )
    op.create_index("segment_place", "segment", ["dev16", "seq"])
    op.create_table(
        "open_segment",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("header", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "open_operation",
        sa.Column("idx", sa.Integer, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("file", sa.LargeBinary, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
    )
    op.create_table(
        "greatest_head",
        sa.Column("dev16", sa.LargeBinary, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("id", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "blob",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "refused_file",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("first_seen_ms", sa.Integer, nullable=False),
        sa.Column("healed", sa.Integer, nullable=False),
    )
    op.create_table(
        "seen_file",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("id", sa.LargeBinary, nullable=False),
    )
    op.create_index("seen_file_id", "seen_file", ["id"])
    op.create_table(
        "missing_file",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("since_ms", sa.Integer, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at_ms", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
    )
