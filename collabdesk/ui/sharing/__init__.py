"""Sharing: who has seen what, what waits, what was kept aside, and the words to read aloud."""
