"""Spells and placements of people: they stay on this laptop and are in no change set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "local_spell",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("contract", sa.LargeBinary, nullable=False),
        sa.Column("pseudonym", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("admitted", sa.Text, nullable=False),
        sa.Column("discharged", sa.Text),
    )
    op.create_table(
        "local_placement",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("service_line", sa.LargeBinary, nullable=False),
        sa.Column("pseudonym", sa.Text, nullable=False),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("admitted", sa.Text, nullable=False),
        sa.Column("discharged", sa.Text),
        sa.Column("price_p", sa.Integer, nullable=False),
        sa.Column("distance_km", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("review_due", sa.Text),
    )
