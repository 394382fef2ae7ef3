"""The forecast outturn, why it moved, and what may still come."""
