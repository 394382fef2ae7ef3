"""Innovation programmes and pilots: what is recorded, and the way a pilot goes."""
