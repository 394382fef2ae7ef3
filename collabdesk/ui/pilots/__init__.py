"""The Pilots room: programmes, pilots, and what each waits for."""
