"""Published access metrics: what was observed, against which standard."""
