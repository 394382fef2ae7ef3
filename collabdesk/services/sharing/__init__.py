"""Exchanging change sets through a shared folder: publish, collect, heal, verify."""
