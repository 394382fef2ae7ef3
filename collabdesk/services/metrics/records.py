"""The records the Metrics page reads, under the names they are spoken of by."""

from __future__ import annotations

from collabdesk.storage.queries.metrics import Release, Standard

__all__ = ["Release", "Standard"]
