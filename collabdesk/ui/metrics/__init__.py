"""The Metrics room: published releases, standards, and trusts compared."""
