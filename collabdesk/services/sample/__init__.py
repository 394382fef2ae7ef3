"""The sample alliance: real trusts, people as roles, invented figures, real commands."""
