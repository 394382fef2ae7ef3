"""One step per change of the durable tables."""
