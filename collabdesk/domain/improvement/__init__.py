"""Improvement: projects, driver diagrams, PDSA cycles, measures and what charts find."""
