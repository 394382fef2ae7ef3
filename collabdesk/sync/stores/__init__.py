"""Places where change sets are exchanged."""
