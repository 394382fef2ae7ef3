"""Published statistical methods, each matched to its reference results."""
