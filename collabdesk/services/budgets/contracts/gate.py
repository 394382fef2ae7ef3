"""The gate that figures about people pass, as the partners have agreed it."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.domain.statistics.suppression import Gate
from collabdesk.errors import Refusal
from collabdesk.services.policy import policy_value


def gate(reads: Connection) -> Gate:
    """Return the gate by the signed settings; what this version cannot read, it does not loosen."""
    usual = Gate()
    below = _number(reads, "suppress_below", usual.below)
    return Gate(below, _number(reads, "suppress_rounding", usual.nearest))


def _number(reads: Connection, key: str, otherwise: int) -> int:
    try:
        found = policy_value(reads, key)
    except Refusal:
        return otherwise
    return found if isinstance(found, int) else otherwise
