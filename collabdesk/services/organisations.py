"""What trusts are called where room is short."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from collabdesk.exchange.reference import read_organisations
from collabdesk.host.paths import resource


@cache
def short_names() -> Mapping[str, str]:
    """Return the short names of the organisations CollabDesk knows, by ODS code."""
    content = resource("organisations/organisations.csv").read_bytes()
    return {known.code: known.short_name or known.name for known in read_organisations(content)}
