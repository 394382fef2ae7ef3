"""Confidential entries: sealed as they are entered, opened by those who may read them."""

from __future__ import annotations

from typing import Final

from collabdesk.services.commands import Handlers
from collabdesk.services.sealed.granting import GrantReading, grant_reading

HANDLERS: Final[Handlers] = {GrantReading: grant_reading}

__all__ = ["HANDLERS", "GrantReading"]
