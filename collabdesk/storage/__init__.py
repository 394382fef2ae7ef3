"""SQLite: operation log, projections, queries."""
