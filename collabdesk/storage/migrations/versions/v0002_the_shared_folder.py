"""What a laptop has noticed of the shared folder: heard, absent, damaged, set aside, alarming."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "set_aside",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("until_ms", sa.Integer),
    )
    op.create_table(
        "damage",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.Integer, nullable=False),
    )
    op.create_table(
        "heard",
        sa.Column("dev16", sa.LargeBinary, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.Integer, nullable=False),
    )
    op.create_table(
        "beacon",
        sa.Column("dev16", sa.LargeBinary, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("idx", sa.Integer, primary_key=True),
        sa.Column("segment", sa.LargeBinary, nullable=False),
        sa.Column("wall_ms", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.Integer, nullable=False),
        sa.Column("own_wall_ms", sa.Integer),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.Column("control", sa.LargeBinary, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
    )
    op.create_table(
        "control_seen",
        sa.Column("head", sa.LargeBinary, primary_key=True),
        sa.Column("at_ms", sa.Integer, nullable=False),
    )
    op.create_table(
        "named_absent",
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("dev16", sa.LargeBinary, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("since_ms", sa.Integer, nullable=False),
    )
    op.create_table(
        "heeded",
        sa.Column("record", sa.LargeBinary, primary_key=True),
        sa.Column("dev16", sa.LargeBinary, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
    )
    op.create_table(
        "noted_alarm",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("subject", sa.LargeBinary, primary_key=True),
        sa.Column("since_ms", sa.Integer, nullable=False),
        sa.Column("over_ms", sa.Integer),
        sa.Column("facts", sa.LargeBinary, nullable=False),
    )
