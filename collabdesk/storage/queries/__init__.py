"""What screens and rules read, one module for each room; plain selects, frozen rows."""
