"""This computer: folders, policy, key store."""
