"""The organisations CollabDesk is shipped with, and what they are called where room is short."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from collabdesk.exchange.reference import KnownOrganisation, read_organisations
from collabdesk.host.paths import resource


@cache
def registered() -> Mapping[str, KnownOrganisation]:
    """Return the NHS organisations of the shipped register, by ODS code."""
    content = resource("organisations/organisations.csv").read_bytes()
    return {known.code: known for known in read_organisations(content)}


@cache
def short_names() -> Mapping[str, str]:
    """Return the short names of the organisations CollabDesk knows, by ODS code."""
    return {code: known.short_name or known.name for code, known in registered().items()}
