"""Steps for the durable tables, applied with Alembic after the file is copied aside."""
