"""Alembic's entry: run the steps on the connection the caller gives."""

from __future__ import annotations

from alembic import context

from collabdesk.storage.tables.durable import DURABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=DURABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
