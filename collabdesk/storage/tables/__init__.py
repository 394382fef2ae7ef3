"""Tables: what lasts, what is derived from it, and one projection per registry table."""
